/*
 * When the next request may leave: one pacing is shared by all connections of a
 * run. It holds the pause after throttling, the slow start after that pause,
 * the cap of requests per minute, and the back-off between tries.
 */
#ifndef BACM_BULK_PACING_H
#define BACM_BULK_PACING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <bacm/bulk.h>

/* For a call without a deadline. */
#define BULK_NO_DEADLINE INT64_MAX

/* Time, replaceable so that tests need not wait. */
struct bulk_clock {
    int64_t (*now_ms)(void *user); /* never goes back */
    /* Wait on cond until it is signalled or the time has come; may return early. */
    void (*wait_until)(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t until_ms, void *user);
    void *user;
};

/* CLOCK_MONOTONIC; conditions must have been made by bulk_cond_init(). */
extern const struct bulk_clock bulk_system_clock;

/* A condition that waits on CLOCK_MONOTONIC; false when out of memory. */
bool bulk_cond_init(pthread_cond_t *cond);

struct bulk_pacing {
    struct bulk_clock clock;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    unsigned short random[3];

    int64_t throttle_wait_ms;
    int64_t backoff_ms;
    int64_t backoff_cap_ms;
    int64_t cap_interval_ms; /* between requests, from the cap per minute */

    bool canceled;
    int64_t paused_until_ms;
    int64_t slow_interval_ms; /* between requests, in the slow start after a pause */
    int64_t last_request_ms;
    int64_t owed_ms; /* for requests that were not announced */

    unsigned in_flight;
    unsigned backing_off;
    int64_t backoff_until_ms; /* the earliest end, while somebody backs off */
    unsigned waiting;         /* for their turn to send */
};

enum bulk_pace {
    BULK_PACE_GO = 0,
    BULK_PACE_CANCELED,
    BULK_PACE_DEADLINE /* the wait would end after the deadline */
};

/* Clock NULL: the system's. False when out of memory. */
bool bulk_pacing_init(struct bulk_pacing *pacing, const bacm_bulk_options *options,
                      const struct bulk_clock *clock);
void bulk_pacing_destroy(struct bulk_pacing *pacing);

int64_t bulk_pacing_now(struct bulk_pacing *pacing);

/* Before a request: wait for its turn. After BULK_PACE_GO bulk_pacing_leave() must follow. */
enum bulk_pace bulk_pacing_enter(struct bulk_pacing *pacing, int64_t deadline_ms);

/* After a request. */
enum bulk_reply {
    BULK_REPLY_GOOD,      /* the service did its work, whatever it said of the links */
    BULK_REPLY_THROTTLED, /* all connections pause */
    BULK_REPLY_BAD        /* none, or a fault */
};
/* No request leaves before ms are over, as the service asks. */
void bulk_pacing_pause(struct bulk_pacing *pacing, int64_t ms);
void bulk_pacing_leave(struct bulk_pacing *pacing, enum bulk_reply reply);

/* One more request was made than announced, for instance GetUser for the role. */
void bulk_pacing_charge(struct bulk_pacing *pacing);

/* Before try number attempt + 1; attempt is 1 after the first failure. */
enum bulk_pace bulk_pacing_backoff(struct bulk_pacing *pacing, unsigned attempt,
                                   int64_t deadline_ms);

/* End all waits, now and for ever. */
void bulk_pacing_cancel(struct bulk_pacing *pacing);

struct bulk_pacing_state {
    bacm_bulk_wait wait;
    uint64_t wait_ms;
    unsigned in_flight;
};
struct bulk_pacing_state bulk_pacing_state(struct bulk_pacing *pacing);

#endif
