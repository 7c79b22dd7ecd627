/*
 * The service's time. It says when a link was modified, and when that was seen from here
 * only its own clock tells: each reply has a Date. The machine's clock may be wrong or be
 * set at any time; what is measured here runs on the one that nobody sets, which also goes
 * on while the machine sleeps.
 */
#ifndef BACM_BULK_SERVICE_CLOCK_H
#define BACM_BULK_SERVICE_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* A moment, as far as it is known. */
struct bulk_moment {
    int64_t steady_ms;  /* on the clock that nobody sets; 0: not in this boot */
    int64_t service_ms; /* on the service's clock, at the earliest; 0: not known yet */
    int64_t wall_ms;    /* on the machine's clock, for people */
};

struct bulk_service_clock {
    pthread_mutex_t lock;
    int64_t tolerance_ms; /* how far the service's own clocks may be apart */
    bool known;
    bool contradicted; /* dates were further apart: nothing is told any more */
    int64_t least_ms;  /* service's time less steady time is between these two */
    int64_t most_ms;
};

bool bulk_service_clock_init(struct bulk_service_clock *clock, int64_t tolerance_ms);
void bulk_service_clock_destroy(struct bulk_service_clock *clock);

/* A reply with this Date (ms since 1970, whole seconds) to a request that was made between. */
void bulk_service_clock_note(struct bulk_service_clock *clock, int64_t date_ms, int64_t begun_ms,
                             int64_t ended_ms);

/* The earliest that a moment can have been on the service's clock; 0: nobody knows. */
int64_t bulk_service_clock_at(struct bulk_service_clock *clock, const struct bulk_moment *moment);

int64_t bulk_steady_ms(void);
struct bulk_moment bulk_moment_now(struct bulk_service_clock *clock);

#endif
