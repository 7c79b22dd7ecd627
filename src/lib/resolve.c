#include "lib/resolve.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/* One question, shared by the thread that asks it and the one that waits; the last frees it. */
struct lookup {
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool is_answered;
    bool is_abandoned;
    int failed; /* of getaddrinfo() */
    int system_error;
    struct addrinfo *addresses;
    char *port; /* behind the host, in one block with all this */
    char host[];
};

static atomic_int abandoned_lookups;

static const struct addrinfo any_stream = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};

static bool make_lock(struct lookup *lookup)
{
    pthread_condattr_t attributes;
    bool ready;

    if (pthread_condattr_init(&attributes) != 0)
        return false;
    ready = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
            pthread_cond_init(&lookup->answered, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    if (ready && pthread_mutex_init(&lookup->lock, NULL) != 0) {
        pthread_cond_destroy(&lookup->answered);
        ready = false;
    }
    return ready;
}

static struct lookup *make_lookup(const char *host, const char *port)
{
    size_t host_size = strlen(host) + 1;
    size_t port_size = strlen(port) + 1;
    struct lookup *lookup = calloc(1, sizeof *lookup + host_size + port_size);

    if (!lookup)
        return NULL;
    if (!make_lock(lookup)) {
        free(lookup);
        return NULL;
    }
    lookup->port = lookup->host + host_size;
    memcpy(lookup->host, host, host_size);
    memcpy(lookup->port, port, port_size);
    return lookup;
}

static void free_lookup(struct lookup *lookup)
{
    if (lookup->addresses)
        freeaddrinfo(lookup->addresses);
    pthread_cond_destroy(&lookup->answered);
    pthread_mutex_destroy(&lookup->lock);
    free(lookup);
}

static void *ask(void *argument)
{
    struct lookup *lookup = argument;
    struct addrinfo *addresses = NULL;
    int failed = getaddrinfo(lookup->host, lookup->port, &any_stream, &addresses);
    int system_error = errno;
    bool is_abandoned;

    pthread_mutex_lock(&lookup->lock);
    lookup->failed = failed;
    lookup->system_error = system_error;
    lookup->addresses = failed ? NULL : addresses;
    lookup->is_answered = true;
    is_abandoned = lookup->is_abandoned;
    pthread_cond_signal(&lookup->answered);
    pthread_mutex_unlock(&lookup->lock);
    if (is_abandoned) {
        free_lookup(lookup);
        atomic_fetch_sub(&abandoned_lookups, 1);
    }
    return NULL;
}

/* The application's signal handlers run in the application's threads. */
static int start_asking(pthread_t *thread, struct lookup *lookup)
{
    sigset_t all, before;
    int failed;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    failed = pthread_create(thread, NULL, ask, lookup);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

/* Whether the answer came; if not, the lookup is the other thread's from now on. */
static bool wait_for_answer(struct lookup *lookup, int64_t limit_ms)
{
    const struct timespec limit = {(time_t)(limit_ms / 1000), (long)(limit_ms % 1000) * 1000000};
    bool is_late = false;
    bool is_answered;

    pthread_mutex_lock(&lookup->lock);
    while (!lookup->is_answered && !is_late)
        is_late = pthread_cond_timedwait(&lookup->answered, &lookup->lock, &limit) == ETIMEDOUT;
    is_answered = lookup->is_answered;
    if (!is_answered) {
        lookup->is_abandoned = true;
        atomic_fetch_add(&abandoned_lookups, 1);
    }
    pthread_mutex_unlock(&lookup->lock);
    return is_answered;
}

static enum bacm_resolve_result take(int failed, int system_error, struct addrinfo *addresses,
                                     struct bacm_resolved *resolved)
{
    if (!failed) {
        resolved->addresses = addresses;
        return BACM_RESOLVE_FOUND;
    }
    if (failed == EAI_MEMORY)
        return BACM_RESOLVE_NO_MEMORY;
    resolved->reason = failed == EAI_SYSTEM ? strerror(system_error) : gai_strerror(failed);
    return BACM_RESOLVE_FAILED;
}

static enum bacm_resolve_result look_up(const char *host, const char *port, int64_t limit_ms,
                                        struct bacm_resolved *resolved)
{
    struct lookup *lookup;
    enum bacm_resolve_result result;
    pthread_t thread;

    if (atomic_load(&abandoned_lookups) >= BACM_RESOLVE_MAX_ABANDONED)
        return BACM_RESOLVE_TOO_MANY;
    lookup = make_lookup(host, port);
    if (!lookup)
        return BACM_RESOLVE_NO_MEMORY;
    if (start_asking(&thread, lookup) != 0) {
        free_lookup(lookup);
        return BACM_RESOLVE_NO_MEMORY;
    }
    if (!wait_for_answer(lookup, limit_ms)) {
        pthread_detach(thread);
        return BACM_RESOLVE_TOO_LATE;
    }
    pthread_join(thread, NULL);
    result = take(lookup->failed, lookup->system_error, lookup->addresses, resolved);
    lookup->addresses = NULL;
    free_lookup(lookup);
    return result;
}

enum bacm_resolve_result bacm_resolve(const char *host, const char *port, int64_t limit_ms,
                                      struct bacm_resolved *resolved)
{
    struct addrinfo is_address = any_stream;
    struct addrinfo *addresses = NULL;
    int failed;

    resolved->addresses = NULL;
    resolved->reason = NULL;
    is_address.ai_flags = AI_NUMERICHOST;
    failed = getaddrinfo(host, port, &is_address, &addresses);
    if (failed == EAI_NONAME)
        return look_up(host, port, limit_ms, resolved);
    return take(failed, errno, addresses, resolved);
}
