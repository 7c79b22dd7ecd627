#include "sim/state/clock.h"

#include "serve/machine_clock.h"

void clock_init(struct sim_clock *clock, double rate)
{
    pthread_mutex_init(&clock->lock, NULL);
    clock->base_ms = wall_ms();
    clock->base_steady_ms = steady_ms();
    clock->rate = rate;
}

static int64_t now_locked(const struct sim_clock *clock)
{
    double elapsed = (double)(steady_ms() - clock->base_steady_ms);
    return clock->base_ms + (int64_t)(elapsed * clock->rate);
}

/* Makes the present moment the base, so that rate or time can change from here. */
static void rebase(struct sim_clock *clock)
{
    clock->base_ms = now_locked(clock);
    clock->base_steady_ms = steady_ms();
}

int64_t clock_now_ms(struct sim_clock *clock)
{
    pthread_mutex_lock(&clock->lock);
    int64_t now = now_locked(clock);
    pthread_mutex_unlock(&clock->lock);
    return now;
}

double clock_rate(struct sim_clock *clock)
{
    pthread_mutex_lock(&clock->lock);
    double rate = clock->rate;
    pthread_mutex_unlock(&clock->lock);
    return rate;
}

void clock_step(struct sim_clock *clock, int64_t step_ms)
{
    pthread_mutex_lock(&clock->lock);
    rebase(clock);
    clock->base_ms += step_ms;
    pthread_mutex_unlock(&clock->lock);
}

void clock_set_rate(struct sim_clock *clock, double rate)
{
    pthread_mutex_lock(&clock->lock);
    rebase(clock);
    clock->rate = rate;
    pthread_mutex_unlock(&clock->lock);
}

void clock_set(struct sim_clock *clock, int64_t now_ms)
{
    pthread_mutex_lock(&clock->lock);
    rebase(clock);
    clock->base_ms = now_ms;
    pthread_mutex_unlock(&clock->lock);
}
