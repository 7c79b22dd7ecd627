#include "cli/terminal/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/terminal/message.h"
#include "cli/terminal/text.h"

FILE *trace_open(const char *path)
{
    FILE *file = NULL;
    int fd;

    if (strcmp(path, "-") == 0)
        return stderr;
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd >= 0)
        file = fdopen(fd, "w");
    if (file == NULL) {
        message_error("--trace: %s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
    }
    return file;
}

static const char *kind_name(bacm_trace_kind kind)
{
    switch (kind) {
    case BACM_TRACE_CONNECT:
        return "connect";
    case BACM_TRACE_REQUEST:
        return "request";
    case BACM_TRACE_REPLY:
        return "reply";
    default:
        return "close";
    }
}

static void write_head(FILE *file, bacm_trace_kind kind)
{
    struct timespec now;
    struct tm utc;
    char text[32];

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    fprintf(file, "--- %s.%03ldZ %s\n", text, now.tv_nsec / 1000000, kind_name(kind));
}

/* What goes to a terminal must not govern it. */
static void write_clean(FILE *file, const char *data, size_t size)
{
    char *copy = strndup(data, size);
    char *clean = copy != NULL ? text_clean(copy, true) : NULL;

    if (clean != NULL)
        fputs(clean, file);
    free(clean);
    free(copy);
}

void trace_write(bacm_trace_kind kind, const char *data, size_t size, void *user)
{
    FILE *file = user;

    write_head(file, kind);
    if (file == stderr)
        write_clean(file, data, size);
    else
        fwrite(data, 1, size, file);
    if (size == 0 || data[size - 1] != '\n')
        fputc('\n', file);
    fflush(file);
}

void trace_close(FILE *file)
{
    if (file == NULL || file == stderr)
        return;
    if (ferror(file) | fclose(file))
        message_error("--trace: the file could not be written whole");
}
