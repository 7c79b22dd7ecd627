/*
 * Runs a command some times and prints what each run took, one line of JSON a
 * run. It is small, so that the memory of a run is the command's own: a child
 * counts the memory of the process that started it as its peak.
 *
 *     bench-measure TIMES COMMAND [ARGUMENT ...]
 *
 * The command's output goes to /dev/null; its exit status must be 0.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static int fail(const char *what)
{
    fprintf(stderr, "bench-measure: %s\n", what);
    return 1;
}

static int run(char **command, char **environment)
{
    posix_spawn_file_actions_t actions;
    struct timespec begun;
    struct timespec ended;
    struct rusage usage;
    int status = 0;
    pid_t child;

    if (posix_spawn_file_actions_init(&actions) != 0 ||
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0) != 0)
        return fail("no memory");
    clock_gettime(CLOCK_MONOTONIC, &begun);
    if (posix_spawnp(&child, command[0], &actions, NULL, command, environment) != 0)
        return fail("the command cannot be started");
    if (wait4(child, &status, 0, &usage) != child)
        return fail("the command is lost");
    clock_gettime(CLOCK_MONOTONIC, &ended);
    posix_spawn_file_actions_destroy(&actions);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail("the command failed");
    printf("{\"wall\":%.6f,\"user\":%.6f,\"system\":%.6f,\"peak_kib\":%ld}\n",
           (double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) / 1e9,
           seconds(&usage.ru_utime), seconds(&usage.ru_stime), usage.ru_maxrss);
    return 0;
}

int main(int argc, char **argv)
{
    extern char **environ;
    long times = argc > 2 ? atol(argv[1]) : 0;
    int failed = times < 1 ? fail("usage: bench-measure TIMES COMMAND [ARGUMENT ...]") : 0;

    while (!failed && times-- > 0)
        failed = run(argv + 2, environ);
    return failed;
}
