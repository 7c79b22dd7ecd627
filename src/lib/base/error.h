/*
 * Filling the error object. Every function that sets one returns the status,
 * so that a refusal is one statement: return bacm_fail(error, STATUS, ...).
 */
#ifndef BACM_LIB_BASE_ERROR_H
#define BACM_LIB_BASE_ERROR_H

#include <bacm/error.h>

/* Clear an error object; NULL is allowed. */
void bacm_error_clear(bacm_error *error);

__attribute__((format(printf, 3, 4))) bacm_status bacm_fail(bacm_error *error, bacm_status status,
                                                            const char *format, ...);

/* Out of memory needs no format, and must not need memory. */
bacm_status bacm_fail_memory(bacm_error *error);

__attribute__((format(printf, 2, 3))) void bacm_error_hint(bacm_error *error, const char *format,
                                                           ...);

#endif
