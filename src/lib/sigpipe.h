/*
 * SIGPIPE is never raised by a call, and the application's handling of it is
 * left alone: blocked in this thread while the call writes, drained afterwards.
 */
#ifndef BACM_LIB_SIGPIPE_H
#define BACM_LIB_SIGPIPE_H

#include <signal.h>
#include <stdbool.h>

struct bacm_sigpipe_guard {
    sigset_t before;
    bool was_pending;
};

/* A call may write to a connection that the peer has closed, also when it only says goodbye. */
void bacm_sigpipe_block(struct bacm_sigpipe_guard *guard);
void bacm_sigpipe_restore(const struct bacm_sigpipe_guard *guard);

#endif
