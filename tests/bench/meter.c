#include "bench/meter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "bench/support.h"

enum { WARM_UP_CALLS = 3 };

static double seconds(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static void run_calls(const struct bench_job *job, long calls)
{
    for (long i = 0; i < calls; i++) {
        long understood = bench_call();
        long expected = job->links;

        if (understood != expected)
            bench_die("a reply with %ld links was understood as %ld", expected, understood);
    }
}

/* callgrind collects inside this function only. */
__attribute__((noinline)) static void bench_measured(const struct bench_job *job)
{
    run_calls(job, job->calls);
}

static void measure(const struct bench_job *job)
{
    struct rusage before;
    struct rusage after;
    struct timespec begun;
    struct timespec ended;
    double wall;

    getrusage(RUSAGE_SELF, &before);
    clock_gettime(CLOCK_MONOTONIC, &begun);
    bench_measured(job);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    getrusage(RUSAGE_SELF, &after);
    wall = (double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) / 1e9;
    printf("{\"calls\":%ld,\"wall\":%.9f,\"user\":%.6f,\"system\":%.6f}\n", job->calls, wall,
           seconds(&after.ru_utime) - seconds(&before.ru_utime),
           seconds(&after.ru_stime) - seconds(&before.ru_stime));
}

int main(int argc, char **argv)
{
    struct bench_job job;

    if (argc != 8)
        bench_die("usage: %s OPERATION LINKS URL CA_FILE keep|new CALLS REQUEST_FILE", argv[0]);
    job.operation = argv[1];
    job.links = atoi(argv[2]);
    job.url = argv[3];
    job.ca_file = strncmp(job.url, "https:", 6) == 0 ? argv[4] : NULL;
    job.keep_alive = strcmp(argv[5], "keep") == 0;
    job.calls = atol(argv[6]);
    job.request_file = argv[7];
    if (job.links < 1 || job.calls < 1)
        bench_die("LINKS and CALLS must be above 0");
    bench_open(&job);
    run_calls(&job, WARM_UP_CALLS);
    measure(&job);
    bench_close();
    return 0;
}
