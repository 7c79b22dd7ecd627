/*
 * Time and waits on the clock that nobody sets.
 */
#ifndef BACM_LIB_BASE_CLOCK_H
#define BACM_LIB_BASE_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Milliseconds of the monotonic clock. */
int64_t bacm_monotonic_ms(void);

/* The time of a Date header as milliseconds since 1970; 0 when the text is none. */
int64_t bacm_http_date_ms(const char *text);

/* A condition for bacm_monotonic_wait(); false when there is no room for one. */
bool bacm_monotonic_cond_init(pthread_cond_t *condition);

/* Wait for the condition, whose lock is held; false at limit_ms. May wake for nothing. */
bool bacm_monotonic_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t limit_ms);

#endif
