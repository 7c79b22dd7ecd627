/* The clocks of the machine. */
#ifndef BACM_SERVE_MACHINE_CLOCK_H
#define BACM_SERVE_MACHINE_CLOCK_H

#include <stdint.h>

/* Monotonic milliseconds, for deadlines; wall-clock milliseconds since 1970. */
int64_t steady_ms(void);
int64_t wall_ms(void);

#endif
