#include "lib/base/clock.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

int64_t bacm_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- the time of a Date header ------------------------------------------------------ */

/* The one form that RFC 9110 lets senders use: each part has its place. */
static const char date_form[] = "Aaa, 00 Aaa 0000 00:00:00 GMT";

enum { DAY_AT = 5, MONTH_AT = 8, YEAR_AT = 12, HOUR_AT = 17, MINUTE_AT = 20, SECOND_AT = 23 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_date_form(const char *text)
{
    for (size_t i = 0; i < sizeof date_form; i++) {
        const bool fits = is_digit(date_form[i])                       ? is_digit(text[i])
                          : date_form[i] == 'A' || date_form[i] == 'a' ? is_letter(text[i])
                                                                       : text[i] == date_form[i];

        if (!fits) /* also where the text ends */
            return false;
    }
    return true;
}

static int number_at(const char *text, size_t digits)
{
    int number = 0;

    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

/* 0 to 11; -1 when no month is called so. Not by strptime(), to which names are the locale's. */
static int month_at(const char *text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (int i = 0; i < 12; i++) {
        if (memcmp(months + (ptrdiff_t)i * 3, text, 3) == 0)
            return i;
    }
    return -1;
}

int64_t bacm_http_date_ms(const char *text)
{
    enum { LEAST_YEAR = 2000, FIRST_YEAR = 1900, MS = 1000 };
    struct tm utc;
    int day;
    time_t time;

    if (!has_date_form(text))
        return 0;
    memset(&utc, 0, sizeof utc);
    utc.tm_year = number_at(text + YEAR_AT, 4) - FIRST_YEAR;
    utc.tm_mon = month_at(text + MONTH_AT);
    utc.tm_mday = day = number_at(text + DAY_AT, 2);
    utc.tm_hour = number_at(text + HOUR_AT, 2);
    utc.tm_min = number_at(text + MINUTE_AT, 2);
    utc.tm_sec = number_at(text + SECOND_AT, 2);
    if (utc.tm_year < LEAST_YEAR - FIRST_YEAR || utc.tm_mon < 0 || utc.tm_hour > 23 ||
        utc.tm_min > 59 || utc.tm_sec > 60)
        return 0;
    time = timegm(&utc);
    /* A day that the month does not have has become one of the next; a leap second may. */
    return utc.tm_mday == day || number_at(text + SECOND_AT, 2) == 60 ? (int64_t)time * MS : 0;
}

/* --- waits ------------------------------------------------------------------------------ */

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
