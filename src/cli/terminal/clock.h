/*
 * The clock that waits are measured by.
 */
#ifndef BACM_CLI_TERMINAL_CLOCK_H
#define BACM_CLI_TERMINAL_CLOCK_H

#include <stdint.h>

/* Milliseconds of the monotonic clock. */
int64_t clock_ms(void);

#endif
