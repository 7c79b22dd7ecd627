/*
 * The simulator's time: real, running N times as fast, or standing still until
 * it is stepped. Link states move by it; network time-outs do not.
 */
#ifndef BACM_SIM_STATE_CLOCK_H
#define BACM_SIM_STATE_CLOCK_H

#include <pthread.h>
#include <stdint.h>

struct sim_clock {
    pthread_mutex_t lock;
    int64_t base_ms; /* simulated time at base_steady_ms */
    int64_t base_steady_ms;
    double rate; /* 0: moved by hand only */
};

void clock_init(struct sim_clock *clock, double rate);
int64_t clock_now_ms(struct sim_clock *clock);
double clock_rate(struct sim_clock *clock);
void clock_step(struct sim_clock *clock, int64_t step_ms);
void clock_set_rate(struct sim_clock *clock, double rate);
void clock_set(struct sim_clock *clock, int64_t now_ms);

#endif
