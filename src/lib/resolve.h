/*
 * Addresses of a host, within a time: the C library's getaddrinfo() knows no limit, and
 * a name server that is silent would hold a call for half a minute and more.
 */
#ifndef BACM_LIB_RESOLVE_H
#define BACM_LIB_RESOLVE_H

#include <netdb.h>
#include <stdint.h>

/* Lookups that nobody waits for any more, in the whole process; more are not begun. */
#define BACM_RESOLVE_MAX_ABANDONED 16

enum bacm_resolve_result {
    BACM_RESOLVE_FOUND,
    BACM_RESOLVE_FAILED,
    BACM_RESOLVE_TOO_LATE,  /* no answer at limit_ms of the monotonic clock */
    BACM_RESOLVE_TOO_MANY,  /* BACM_RESOLVE_MAX_ABANDONED have had no answer yet */
    BACM_RESOLVE_NO_MEMORY, /* or no thread */
};

struct bacm_resolved {
    struct addrinfo *addresses; /* when found; to be given to freeaddrinfo() */
    const char *reason;         /* when failed: the C library's words */
};

/*
 * A name is looked up in a thread of its own; one that is too late ends by itself, unseen.
 * An address is read without a thread.
 */
enum bacm_resolve_result bacm_resolve(const char *host, const char *port, int64_t limit_ms,
                                      struct bacm_resolved *resolved);

#endif
