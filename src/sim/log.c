#include "sim/log.h"

#include "serve/machine_clock.h"
#include "sim/state/complain.h"
#include "sim/state/datetime.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool log_open(struct log *log, const char *path)
{
    *log = (struct log){.fd = -1};
    pthread_mutex_init(&log->lock, NULL);
    if (!path)
        return true;
    log->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log->fd < 0)
        complain("cannot open the log %s: %s", path, strerror(errno));
    return log->fd >= 0;
}

void log_close(struct log *log)
{
    if (log->fd >= 0)
        close(log->fd);
    for (size_t i = 0; i < LOG_RECENT_LINES; i++)
        free(log->recent[i]);
    pthread_mutex_destroy(&log->lock);
}

static bool write_line(int fd, char *line)
{
    size_t length = strlen(line);
    line[length] = '\n'; /* the NUL's place; put back below */
    ssize_t written = write(fd, line, length + 1);
    line[length] = '\0';
    if (written == (ssize_t)length + 1)
        return true;
    complain("cannot write the log: %s", written < 0 ? strerror(errno) : "the line was cut");
    return false;
}

bool log_write(struct log *log, json_t *record)
{
    char now[DATETIME_TEXT_SIZE];
    bool written = false;
    pthread_mutex_lock(&log->lock);
    datetime_format(wall_ms(), now);
    json_t *line_record =
        json_pack("{s:I,s:s+}", "seq", (json_int_t)log->sequence + 1, "time", now, "Z");
    if (line_record && json_object_update(line_record, record) == 0) {
        char *line = json_dumps(line_record, JSON_COMPACT);
        if (line) {
            log->sequence++;
            written = log->fd < 0 || write_line(log->fd, line);
            size_t slot = (size_t)(log->sequence % LOG_RECENT_LINES);
            free(log->recent[slot]);
            log->recent[slot] = line;
        }
    }
    pthread_mutex_unlock(&log->lock);
    json_decref(line_record);
    json_decref(record);
    return written;
}

json_t *log_recent(struct log *log, int64_t after)
{
    json_t *lines = json_array();
    pthread_mutex_lock(&log->lock);
    int64_t first = log->sequence - LOG_RECENT_LINES + 1;
    if (first < after + 1)
        first = after + 1;
    if (first < 1)
        first = 1;
    for (int64_t i = first; i <= log->sequence; i++) {
        const char *line = log->recent[i % LOG_RECENT_LINES];
        if (line)
            json_array_append_new(lines, json_loads(line, 0, NULL));
    }
    pthread_mutex_unlock(&log->lock);
    return lines;
}

void log_token_label(const char *secret, char label[LOG_TOKEN_LABEL_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (EVP_Digest(secret, strlen(secret), digest, &length, EVP_sha256(), NULL) != 1) {
        snprintf(label, LOG_TOKEN_LABEL_SIZE, "sha256:?");
        return;
    }
    snprintf(label, LOG_TOKEN_LABEL_SIZE, "sha256:%02x%02x%02x%02x%02x%02x", digest[0], digest[1],
             digest[2], digest[3], digest[4], digest[5]);
}
