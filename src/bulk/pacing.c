#include "bulk/pacing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/*
 * After a pause requests leave one by one: first this share of the pause apart
 * (1 s after 60 s), half of that after each good reply, and freely at the end.
 */
#define SLOW_START_SHARE  60
#define SLOW_START_END_MS 16

#define MS_PER_MINUTE 60000

static int64_t system_now(void *user)
{
    struct timespec now;

    (void)user;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void system_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t until_ms, void *user)
{
    struct timespec until = {.tv_sec = (time_t)(until_ms / 1000),
                             .tv_nsec = (long)(until_ms % 1000) * 1000000L};

    (void)user;
    pthread_cond_timedwait(cond, mutex, &until);
}

const struct bulk_clock bulk_system_clock = {system_now, system_wait, NULL};

bool bulk_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;
    int failed;

    if (pthread_condattr_init(&attributes) != 0)
        return false;
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    failed = pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
    return failed == 0;
}

/* Jitter need not be secret, only different in each process. */
static void seed(unsigned short state[3], int64_t now)
{
    if (getrandom(state, 3 * sizeof *state, GRND_NONBLOCK) == (ssize_t)(3 * sizeof *state))
        return;
    for (int i = 0; i < 3; i++)
        state[i] = (unsigned short)(now >> (16 * i));
}

bool bulk_pacing_init(struct bulk_pacing *pacing, const bacm_bulk_options *options,
                      const struct bulk_clock *clock)
{
    unsigned per_minute = options->requests_per_minute;

    memset(pacing, 0, sizeof *pacing);
    pacing->clock = clock ? *clock : bulk_system_clock;
    pacing->throttle_wait_ms = options->throttle_wait_ms;
    pacing->backoff_ms = options->backoff_ms;
    pacing->backoff_cap_ms = options->backoff_cap_ms;
    if (per_minute)
        pacing->cap_interval_ms = ((int64_t)MS_PER_MINUTE + per_minute - 1) / per_minute;
    pacing->last_request_ms = INT64_MIN / 2;
    seed(pacing->random, bulk_pacing_now(pacing));
    if (pthread_mutex_init(&pacing->mutex, NULL) != 0)
        return false;
    if (!bulk_cond_init(&pacing->changed)) {
        pthread_mutex_destroy(&pacing->mutex);
        return false;
    }
    return true;
}

void bulk_pacing_destroy(struct bulk_pacing *pacing)
{
    pthread_cond_destroy(&pacing->changed);
    pthread_mutex_destroy(&pacing->mutex);
}

int64_t bulk_pacing_now(struct bulk_pacing *pacing)
{
    return pacing->clock.now_ms(pacing->clock.user);
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* When the next request may leave, as things stand. */
static int64_t turn_ms(const struct bulk_pacing *pacing)
{
    int64_t interval = larger(pacing->cap_interval_ms, pacing->slow_interval_ms);

    return larger(pacing->paused_until_ms, pacing->last_request_ms + interval + pacing->owed_ms);
}

static void wait_until(struct bulk_pacing *pacing, int64_t until_ms)
{
    pacing->clock.wait_until(&pacing->changed, &pacing->mutex, until_ms, pacing->clock.user);
}

/* Whoever waits asks again after each wake-up: the pause may have grown, a slot may be gone. */
static enum bulk_pace wait_for_turn(struct bulk_pacing *pacing, int64_t deadline_ms)
{
    while (!pacing->canceled) {
        int64_t turn = turn_ms(pacing);
        int64_t now = bulk_pacing_now(pacing);

        if (larger(turn, now) >= deadline_ms)
            return BULK_PACE_DEADLINE;
        if (turn <= now)
            return BULK_PACE_GO;
        wait_until(pacing, turn);
    }
    return BULK_PACE_CANCELED;
}

enum bulk_pace bulk_pacing_enter(struct bulk_pacing *pacing, int64_t deadline_ms)
{
    enum bulk_pace pace;

    pthread_mutex_lock(&pacing->mutex);
    pacing->waiting++;
    pace = wait_for_turn(pacing, deadline_ms);
    pacing->waiting--;
    if (pace == BULK_PACE_GO) {
        pacing->last_request_ms = bulk_pacing_now(pacing);
        pacing->owed_ms = 0;
        pacing->in_flight++;
    }
    pthread_mutex_unlock(&pacing->mutex);
    return pace;
}

/* A good reply of a request that left before the pause says nothing of the time after it. */
static void speed_up(struct bulk_pacing *pacing)
{
    if (!pacing->slow_interval_ms || bulk_pacing_now(pacing) < pacing->paused_until_ms)
        return;
    pacing->slow_interval_ms /= 2;
    if (pacing->slow_interval_ms < SLOW_START_END_MS)
        pacing->slow_interval_ms = 0;
    pthread_cond_broadcast(&pacing->changed);
}

static void pause_all(struct bulk_pacing *pacing)
{
    int64_t until = bulk_pacing_now(pacing) + pacing->throttle_wait_ms;

    pacing->paused_until_ms = larger(pacing->paused_until_ms, until);
    pacing->slow_interval_ms = pacing->throttle_wait_ms / SLOW_START_SHARE;
}

void bulk_pacing_pause(struct bulk_pacing *pacing, int64_t ms)
{
    pthread_mutex_lock(&pacing->mutex);
    pacing->paused_until_ms = larger(pacing->paused_until_ms, bulk_pacing_now(pacing) + ms);
    pthread_mutex_unlock(&pacing->mutex);
}

void bulk_pacing_leave(struct bulk_pacing *pacing, enum bulk_reply reply)
{
    pthread_mutex_lock(&pacing->mutex);
    pacing->in_flight--;
    if (reply == BULK_REPLY_THROTTLED)
        pause_all(pacing);
    else if (reply == BULK_REPLY_GOOD)
        speed_up(pacing);
    pthread_mutex_unlock(&pacing->mutex);
}

void bulk_pacing_charge(struct bulk_pacing *pacing)
{
    pthread_mutex_lock(&pacing->mutex);
    pacing->owed_ms += pacing->cap_interval_ms;
    pthread_mutex_unlock(&pacing->mutex);
}

/* Random between 0 and the back-off of this attempt, both included: full jitter. */
static int64_t jitter(struct bulk_pacing *pacing, unsigned attempt)
{
    int64_t limit = pacing->backoff_ms;

    for (unsigned i = 1; i < attempt && limit < pacing->backoff_cap_ms; i++)
        limit *= 2;
    if (limit > pacing->backoff_cap_ms)
        limit = pacing->backoff_cap_ms;
    return (int64_t)(erand48(pacing->random) * (double)(limit + 1));
}

static enum bulk_pace sit_out(struct bulk_pacing *pacing, int64_t until_ms, int64_t deadline_ms)
{
    if (until_ms >= deadline_ms)
        return BULK_PACE_DEADLINE;
    while (!pacing->canceled && bulk_pacing_now(pacing) < until_ms)
        wait_until(pacing, until_ms);
    return pacing->canceled ? BULK_PACE_CANCELED : BULK_PACE_GO;
}

enum bulk_pace bulk_pacing_backoff(struct bulk_pacing *pacing, unsigned attempt,
                                   int64_t deadline_ms)
{
    enum bulk_pace pace;
    int64_t until;

    pthread_mutex_lock(&pacing->mutex);
    until = bulk_pacing_now(pacing) + jitter(pacing, attempt);
    if (!pacing->backing_off || until < pacing->backoff_until_ms)
        pacing->backoff_until_ms = until;
    pacing->backing_off++;
    pace = sit_out(pacing, until, deadline_ms);
    pacing->backing_off--;
    pthread_mutex_unlock(&pacing->mutex);
    return pace;
}

void bulk_pacing_cancel(struct bulk_pacing *pacing)
{
    pthread_mutex_lock(&pacing->mutex);
    pacing->canceled = true;
    pthread_cond_broadcast(&pacing->changed);
    pthread_mutex_unlock(&pacing->mutex);
}

static uint64_t left(int64_t until_ms, int64_t now)
{
    return until_ms > now ? (uint64_t)(until_ms - now) : 0;
}

struct bulk_pacing_state bulk_pacing_state(struct bulk_pacing *pacing)
{
    struct bulk_pacing_state state = {BACM_BULK_WAIT_NOTHING, 0, 0};
    int64_t now;

    pthread_mutex_lock(&pacing->mutex);
    now = bulk_pacing_now(pacing);
    state.in_flight = pacing->in_flight;
    if (pacing->waiting && now < pacing->paused_until_ms) {
        state.wait = BACM_BULK_WAIT_THROTTLE;
        state.wait_ms = left(pacing->paused_until_ms, now);
    } else if (!pacing->in_flight && pacing->backing_off) {
        state.wait = BACM_BULK_WAIT_BACKOFF;
        state.wait_ms = left(pacing->backoff_until_ms, now);
    } else if (!pacing->in_flight && pacing->waiting) {
        state.wait = pacing->slow_interval_ms > pacing->cap_interval_ms ? BACM_BULK_WAIT_THROTTLE
                                                                        : BACM_BULK_WAIT_RATE;
        state.wait_ms = left(turn_ms(pacing), now);
    }
    pthread_mutex_unlock(&pacing->mutex);
    return state;
}
