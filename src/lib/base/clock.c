#include "lib/base/clock.h"

#include <errno.h>
#include <time.h>

int64_t bacm_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool bacm_monotonic_cond_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    bool ready;

    if (pthread_condattr_init(&attributes) != 0)
        return false;
    ready = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
            pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return ready;
}

bool bacm_monotonic_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t limit_ms)
{
    const struct timespec limit = {(time_t)(limit_ms / 1000), (long)(limit_ms % 1000) * 1000000};

    return pthread_cond_timedwait(condition, lock, &limit) != ETIMEDOUT;
}
