/*
 * Linked into bacm with --wrap: it redacts nothing. A test that finds no secret
 * in what bacm writes must find them in what this one writes.
 */
#include "lib/base/redact.h"

int __wrap_bacm_redact(struct bacm_buffer *out, const char *message, size_t size,
                       const char *const *secrets, size_t count);
void __wrap_bacm_redact_text(char *text, size_t capacity, const char *const *secrets, size_t count);

int __wrap_bacm_redact(struct bacm_buffer *out, const char *message, size_t size,
                       const char *const *secrets, size_t count)
{
    (void)secrets;
    (void)count;
    return bacm_buffer_add(out, message, size);
}

void __wrap_bacm_redact_text(char *text, size_t capacity, const char *const *secrets, size_t count)
{
    (void)text;
    (void)capacity;
    (void)secrets;
    (void)count;
}
