#include "cli/terminal/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* A handler reaches nothing but static objects. */
static bacm_bulk *volatile running;
static volatile sig_atomic_t caught;

/* Only where it does not wait: a terminal may be stopped, and a pipe full that nobody reads. */
static void tell(void)
{
    static const char text[] = "\nbacm: finishing the calls in flight; once more leaves at once\n";
    struct pollfd ready = {.fd = STDERR_FILENO, .events = POLLOUT};
    ssize_t written;

    if (poll(&ready, 1, 0) != 1 || !(ready.revents & POLLOUT))
        return;
    written = write(STDERR_FILENO, text, sizeof text - 1);
    (void)written;
}

static void handle(int number)
{
    const int saved = errno;

    if (caught != 0)
        _exit(128 + number);
    caught = number;
    bacm_bulk_cancel(running);
    tell();
    errno = saved;
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
