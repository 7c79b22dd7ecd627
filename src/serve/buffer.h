/*
 * Growable bytes. A failed allocation is remembered and later appends do
 * nothing, so that a writer checks once at the end instead of after each piece.
 */
#ifndef BACM_SERVE_BUFFER_H
#define BACM_SERVE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *data; /* NUL-terminated as soon as something was appended */
    size_t length;
    size_t capacity;
    bool failed;
};

void buffer_append(struct buffer *buffer, const void *data, size_t length);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Empty it and keep its memory for the next use. */
void buffer_clear(struct buffer *buffer);
void buffer_free(struct buffer *buffer);

/* Its text, "" when nothing was appended. */
const char *buffer_string(const struct buffer *buffer);

#endif
