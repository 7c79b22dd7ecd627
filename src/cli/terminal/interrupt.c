#include "cli/terminal/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* A handler reaches nothing but static objects. */
static bacm_bulk *volatile running;
static volatile sig_atomic_t caught;

static void handle(int number)
{
    static const char text[] = "\nbacm: finishing the calls in flight; once more leaves at once\n";
    ssize_t written;

    if (caught != 0)
        _exit(128 + number);
    caught = number;
    written = write(STDERR_FILENO, text, sizeof text - 1);
    (void)written;
    bacm_bulk_cancel(running);
}

static void set_handler(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void interrupt_begin(bacm_bulk *bulk)
{
    running = bulk;
    caught = 0;
    set_handler(handle);
}

void interrupt_end(void)
{
    set_handler(SIG_DFL);
    running = NULL;
}

int interrupt_signal(void)
{
    return caught;
}
