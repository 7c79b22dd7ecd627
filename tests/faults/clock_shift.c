/*
 * Preloaded into a program: the machine's clock is wrong by CLOCK_SHIFT seconds, which may be
 * below 0. With CLOCK_STEP_MS it is right for so many milliseconds of the program and is set
 * then, as somebody or a time service sets a clock. The clocks that nobody sets go on.
 */
/* FORTIFY has inline forms of these functions. */
#undef _FORTIFY_SOURCE

#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long begun_ms;

static void read_clock(clockid_t id, struct timespec *now)
{
    syscall(SYS_clock_gettime, id, now);
}

static long steady_ms(void)
{
    struct timespec now;

    read_clock(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

__attribute__((constructor)) static void begin(void)
{
    begun_ms = steady_ms();
}

static long number(const char *name)
{
    const char *text = getenv(name);

    return text ? strtol(text, NULL, 10) : 0;
}

static long shift(void)
{
    return steady_ms() - begun_ms >= number("CLOCK_STEP_MS") ? number("CLOCK_SHIFT") : 0;
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    const long result = syscall(SYS_clock_gettime, id, now);

    if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
        now->tv_sec += shift();
    return (int)result;
}

time_t time(time_t *out)
{
    struct timespec now;

    read_clock(CLOCK_REALTIME, &now);
    now.tv_sec += shift();
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec read;

    (void)zone;
    read_clock(CLOCK_REALTIME, &read);
    now->tv_sec = read.tv_sec + shift();
    now->tv_usec = read.tv_nsec / 1000;
    return 0;
}
