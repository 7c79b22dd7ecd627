#include "lib/net/dns.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/base/clock.h"

/* One question, of the thread that asks it and the resolver; the last of them frees it. */
struct bacm_lookup {
    pthread_t thread;
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

static const struct addrinfo any_stream = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};

static bool make_lock(struct bacm_lookup *lookup)
{
    if (!bacm_monotonic_cond_init(&lookup->answered))
        return false;
    if (pthread_mutex_init(&lookup->lock, NULL) == 0)
        return true;
    pthread_cond_destroy(&lookup->answered);
    return false;
}

static struct bacm_lookup *make_lookup(const char *host, const char *port)
{
    size_t host_size = strlen(host) + 1;
    size_t port_size = strlen(port) + 1;
    struct bacm_lookup *lookup = calloc(1, sizeof *lookup + host_size + port_size);

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

static void free_lookup(struct bacm_lookup *lookup)
{
    if (lookup->addresses)
        freeaddrinfo(lookup->addresses);
    pthread_cond_destroy(&lookup->answered);
    pthread_mutex_destroy(&lookup->lock);
    free(lookup);
}

static void *ask(void *argument)
{
    struct bacm_lookup *lookup = argument;
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
    if (is_abandoned)
        free_lookup(lookup);
    return NULL;
}

/* The application's signal handlers run in the application's threads. */
static bool start_asking(struct bacm_lookup *lookup)
{
    sigset_t all, before;
    int failed;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    failed = pthread_create(&lookup->thread, NULL, ask, lookup);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed == 0;
}

static struct bacm_lookup *begin_lookup(const char *host, const char *port)
{
    struct bacm_lookup *lookup = make_lookup(host, port);

    if (lookup && !start_asking(lookup)) {
        free_lookup(lookup);
        lookup = NULL;
    }
    return lookup;
}

static void end_lookup(struct bacm_lookup *lookup)
{
    pthread_join(lookup->thread, NULL);
    free_lookup(lookup);
}

static bool is_answered(struct bacm_lookup *lookup)
{
    bool answered;

    pthread_mutex_lock(&lookup->lock);
    answered = lookup->is_answered;
    pthread_mutex_unlock(&lookup->lock);
    return answered;
}

static bool wait_for_answer(struct bacm_lookup *lookup, int64_t limit_ms)
{
    bool in_time = true;
    bool answered;

    pthread_mutex_lock(&lookup->lock);
    while (!lookup->is_answered && in_time)
        in_time = bacm_monotonic_wait(&lookup->answered, &lookup->lock, limit_ms);
    answered = lookup->is_answered;
    pthread_mutex_unlock(&lookup->lock);
    return answered;
}

void bacm_resolver_clear(struct bacm_resolver *resolver)
{
    struct bacm_lookup *lookup = resolver->waiting;
    pthread_t thread;
    bool answered;

    resolver->waiting = NULL;
    if (!lookup)
        return;
    thread = lookup->thread;
    pthread_mutex_lock(&lookup->lock);
    answered = lookup->is_answered;
    lookup->is_abandoned = true;
    pthread_mutex_unlock(&lookup->lock);
    if (answered)
        end_lookup(lookup);
    else
        pthread_detach(thread); /* the lookup is the thread's from now on */
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

/* An answer that came after its time is not kept: it may be old by now. */
static bool goes_on(struct bacm_lookup *waiting, const char *host, const char *port)
{
    return waiting && strcmp(waiting->host, host) == 0 && strcmp(waiting->port, port) == 0 &&
           !is_answered(waiting);
}

static enum bacm_resolve_result look_up(struct bacm_resolver *resolver, const char *host,
                                        const char *port, int64_t limit_ms,
                                        struct bacm_resolved *resolved)
{
    struct bacm_lookup *lookup;
    enum bacm_resolve_result result;

    if (!goes_on(resolver->waiting, host, port)) {
        bacm_resolver_clear(resolver);
        resolver->waiting = begin_lookup(host, port);
    }
    lookup = resolver->waiting;
    if (!lookup)
        return BACM_RESOLVE_NO_MEMORY;
    if (!wait_for_answer(lookup, limit_ms))
        return BACM_RESOLVE_TOO_LATE;
    resolver->waiting = NULL;
    result = take(lookup->failed, lookup->system_error, lookup->addresses, resolved);
    lookup->addresses = NULL;
    end_lookup(lookup);
    return result;
}

enum bacm_resolve_result bacm_resolve(struct bacm_resolver *resolver, const char *host,
                                      const char *port, int64_t limit_ms,
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
        return look_up(resolver, host, port, limit_ms, resolved);
    return take(failed, errno, addresses, resolved);
}
