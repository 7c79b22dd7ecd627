#include "lib/base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t bacm_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The one form that RFC 9110 lets senders use; not by strptime(), to which names are the locale's.
 */
int64_t bacm_http_date_ms(const char *text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char month[4] = "", zone[4] = "";
    const char *found;
    struct tm utc;

    memset(&utc, 0, sizeof utc);
    if (sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d %3[A-Z]", &utc.tm_mday, month,
               &utc.tm_year, &utc.tm_hour, &utc.tm_min, &utc.tm_sec, zone) != 7)
        return 0;
    found = strlen(month) == 3 ? strstr(months, month) : NULL;
    if (!found || (found - months) % 3 || strcmp(zone, "GMT") != 0 || utc.tm_year < 2000)
        return 0;
    utc.tm_mon = (int)(found - months) / 3;
    utc.tm_year -= 1900;
    return (int64_t)timegm(&utc) * 1000;
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
