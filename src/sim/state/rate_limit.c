#include "sim/state/rate_limit.h"

#include <stdlib.h>

#define MINUTE_MS 60000

/* The times of a user's last calls, a ring as long as the limit. */
struct rate_user {
    struct rate_user *next;
    int64_t user_id;
    int64_t taken;
    int64_t times[];
};

static struct rate_user *find_user(struct rate_limit *limit, int64_t user_id)
{
    for (struct rate_user *user = limit->users; user; user = user->next) {
        if (user->user_id == user_id)
            return user;
    }
    struct rate_user *user =
        calloc(1, sizeof *user + (size_t)limit->calls_per_minute * sizeof user->times[0]);
    if (!user)
        return NULL;
    user->user_id = user_id;
    user->next = limit->users;
    limit->users = user;
    return user;
}

bool rate_limit_take(struct rate_limit *limit, int64_t user_id, int64_t now_ms)
{
    if (limit->calls_per_minute == 0)
        return true;
    struct rate_user *user = find_user(limit, user_id);
    if (!user)
        return false;
    int64_t *oldest = &user->times[user->taken % limit->calls_per_minute];
    if (user->taken >= limit->calls_per_minute && now_ms - *oldest < MINUTE_MS)
        return false;
    *oldest = now_ms;
    user->taken++;
    return true;
}

void rate_limit_clear(struct rate_limit *limit)
{
    while (limit->users) {
        struct rate_user *user = limit->users;
        limit->users = user->next;
        free(user);
    }
}
