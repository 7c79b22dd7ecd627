/*
 * A lane: one connection with its thread, and the way of one call through it.
 */
#ifndef BACM_BULK_LANE_H
#define BACM_BULK_LANE_H

#include <stdatomic.h>

#include "bulk/pacing.h"
#include "bulk/row.h"

/* The operations that a call needs; tests put a service of their own. */
struct bulk_service {
    bacm_status (*add)(bacm_link_results **out, bacm_client *client,
                       const bacm_client_link *const *links, size_t n, bacm_error *error);
    bacm_status (*search)(bacm_link_page **out, bacm_client *client, const bacm_link_search *search,
                          unsigned page_index, bacm_error *error);
};

/* What all lanes of a run share. */
struct bulk_shared {
    struct bulk_service service;
    struct bulk_pacing pacing;
    struct bulk_service_clock clock;
    unsigned tries;
    unsigned give_up_after;
    int64_t deadline_ms;
    _Atomic int64_t own_customer_id; /* from GetUser; 0: not asked yet */
    atomic_uint_fast64_t calls;      /* counts of the summary */
    atomic_uint_fast64_t searches;
    atomic_uint_fast64_t lost;
    atomic_uint_fast64_t throttled;
};

struct bulk_lane {
    struct bulk_shared *shared;
    bacm_client *client;
};

/* How a call has ended. */
enum bulk_end {
    BULK_END_DECIDED = 0, /* every row is decided by the service */
    BULK_END_EXHAUSTED,   /* tries or time used up; error tells the last reason */
    BULK_END_FATAL,       /* error would meet every other call too */
    BULK_END_CANCELED
};

/* Rows that are sent together. */
struct bulk_call {
    struct bulk_call *next;
    struct bulk_row *rows[BACM_MAX_LINKS_PER_CALL];
    size_t count;
    _Atomic int64_t started_ms; /* the first request may leave; 0: not yet */
    enum bulk_end end;
    bacm_error error;
};

/*
 * Bring a call to its end: afterwards every row of it is decided, be it as
 * unknown or as not sent.
 */
void bulk_call_run(struct bulk_lane *lane, struct bulk_call *call);

#endif
