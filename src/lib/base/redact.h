/*
 * Secrets never reach a trace or an error: they are replaced here.
 */
#ifndef BACM_LIB_BASE_REDACT_H
#define BACM_LIB_BASE_REDACT_H

#include <stddef.h>

/* A growing message; bytes is never NUL-terminated. */
struct bacm_buffer {
    char *bytes;
    size_t size;
    size_t capacity;
};

/* Make room for that many bytes more; 0, or -1 when out of memory. */
int bacm_buffer_reserve(struct bacm_buffer *buffer, size_t size);
/* Append; 0, or -1 when out of memory. Old contents are cleansed when moved. */
int bacm_buffer_add(struct bacm_buffer *buffer, const char *bytes, size_t size);
/* Cleanse and empty, keeping nothing. */
void bacm_buffer_clear(struct bacm_buffer *buffer);

/* A shorter value is no secret: it stands in any word. */
enum { BACM_LEAST_SECRET_BYTES = 4 };

/*
 * Append message to out with each secret replaced by "[redacted]": the values
 * themselves, as they are and as XML text escapes them, and the contents of
 * elements that hold secrets whatever their value. secrets may hold NULLs.
 */
int bacm_redact(struct bacm_buffer *out, const char *message, size_t size,
                const char *const *secrets, size_t count);

/* The same in place for a NUL-terminated text of an error object. */
void bacm_redact_text(char *text, size_t capacity, const char *const *secrets, size_t count);

#endif
