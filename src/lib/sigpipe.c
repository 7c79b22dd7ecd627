#include "lib/sigpipe.h"

#include <time.h>

void bacm_sigpipe_block(struct bacm_sigpipe_guard *guard)
{
    sigset_t pipe_only;
    sigset_t pending;

    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    sigpending(&pending);
    guard->was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_only, &guard->before);
}

void bacm_sigpipe_restore(const struct bacm_sigpipe_guard *guard)
{
    const struct timespec now = {0, 0};
    sigset_t pipe_only;

    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    if (!guard->was_pending)
        while (sigtimedwait(&pipe_only, NULL, &now) == SIGPIPE)
            ;
    pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
}
