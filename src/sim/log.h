/*
 * The request log: one JSON object a line, in the order of the sequence
 * numbers, written before the reply is sent. Tests take it as the judge of what
 * the service was asked and what it did.
 */
#ifndef BACM_SIM_LOG_H
#define BACM_SIM_LOG_H

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define LOG_TOKEN_LABEL_SIZE 24
#define LOG_RECENT_LINES     100

struct log {
    pthread_mutex_t lock;
    int fd; /* -1: kept in memory only */
    int64_t sequence;
    char *recent[LOG_RECENT_LINES]; /* a ring, the newest at sequence % size */
};

/* Path NULL: no file. False after a message on stderr. */
bool log_open(struct log *log, const char *path);
void log_close(struct log *log);

/*
 * Writes the record with seq and time put in front; takes the reference.
 * False when the line could not be written whole: nothing may be answered then.
 */
bool log_write(struct log *log, json_t *record);

/* The newest lines after sequence number `after`, as a JSON array text to be freed. */
json_t *log_recent(struct log *log, int64_t after);

/* What stands for a secret in the log: the start of its SHA-256. */
void log_token_label(const char *secret, char label[LOG_TOKEN_LABEL_SIZE]);

#endif
