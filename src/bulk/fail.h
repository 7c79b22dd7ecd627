/*
 * Filling the error object on the public side of libbacm. Each function returns
 * the status, so that a refusal is one statement.
 */
#ifndef BACM_BULK_FAIL_H
#define BACM_BULK_FAIL_H

#include <bacm/error.h>

void bulk_error_clear(bacm_error *error);

__attribute__((format(printf, 3, 4))) bacm_status bulk_fail(bacm_error *error, bacm_status status,
                                                            const char *format, ...);

bacm_status bulk_fail_memory(bacm_error *error);

/* Add what to do about it to an error that is already set. */
void bulk_hint(bacm_error *error, const char *hint);

#endif
