/*
 * Addresses of a host, within a time: the C library's getaddrinfo() knows no limit, and
 * a name server that is silent would hold a call for half a minute and more.
 */
#ifndef BACM_LIB_NET_DNS_H
#define BACM_LIB_NET_DNS_H

#include <netdb.h>
#include <stdint.h>

enum bacm_resolve_result {
    BACM_RESOLVE_FOUND,
    BACM_RESOLVE_FAILED,
    BACM_RESOLVE_TOO_LATE,  /* no answer at limit_ms of the monotonic clock */
    BACM_RESOLVE_NO_MEMORY, /* or no thread */
};

struct bacm_resolved {
    struct addrinfo *addresses; /* when found; to be given to freeaddrinfo() */
    const char *reason;         /* when failed: the C library's words */
};

/* Zeroed, it is ready. For one thread at a time. */
struct bacm_resolver {
    struct bacm_lookup *waiting; /* had no answer in time, and may still get one */
};

/*
 * A name is looked up in a thread of its own, an address without one. While a name has had
 * no answer it is not asked for again: the next call goes on waiting for the same.
 */
enum bacm_resolve_result bacm_resolve(struct bacm_resolver *resolver, const char *host,
                                      const char *port, int64_t limit_ms,
                                      struct bacm_resolved *resolved);

/* Does not wait: a lookup that is under way ends by itself, unseen. */
void bacm_resolver_clear(struct bacm_resolver *resolver);

#endif
