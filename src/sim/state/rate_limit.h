/* How many calls a user may make within a sliding minute of simulated time. */
#ifndef BACM_SIM_STATE_RATE_LIMIT_H
#define BACM_SIM_STATE_RATE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

struct rate_user;

struct rate_limit {
    int64_t calls_per_minute; /* 0: no limit */
    struct rate_user *users;
};

/* Counts a call; false when it is one too many, which then does not count. */
bool rate_limit_take(struct rate_limit *limit, int64_t user_id, int64_t now_ms);
void rate_limit_clear(struct rate_limit *limit);

#endif
