/*
 * One access token for all who share the credentials. When it is missing or
 * about to expire, one thread fetches a new one and the others wait for it.
 */
#ifndef BACM_LIB_AUTH_TOKEN_CACHE_H
#define BACM_LIB_AUTH_TOKEN_CACHE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <bacm/error.h>

/* The token lasts until the service refuses it. */
#define BACM_TOKEN_NO_EXPIRY INT64_MAX

/* Times are on bacm_token_clock_ms(). */
struct bacm_access_token {
    char *value;
    int64_t renew_ms; /* from here on a new one is fetched, if possible */
    int64_t expires_ms;
};

struct bacm_code_grant;

struct bacm_token_request {
    int64_t deadline_ms;                /* on bacm_monotonic_ms() */
    bool refused;                       /* the service has refused the last token */
    const struct bacm_code_grant *code; /* the source's own kind of request, or NULL */
};

/* Where tokens come from. fetch is called by one thread at a time, without a lock. */
struct bacm_token_source {
    bacm_status (*fetch)(struct bacm_token_source *source, const struct bacm_token_request *request,
                         struct bacm_access_token *out, bacm_error *error);
    void (*free)(struct bacm_token_source *source);
};

struct bacm_token_cache {
    pthread_mutex_t lock;
    pthread_cond_t fetched;
    struct bacm_token_source *source; /* NULL: there is no cache */
    struct bacm_access_token token;   /* value NULL: none */
    bool refused;                     /* what the source is to be told */
    bool fetching;
    unsigned long fetches;   /* that have ended */
    bacm_error last_failure; /* of the last one; status BACM_OK when it succeeded */
};

/*
 * Milliseconds of the clock that tokens age by: monotonic, and it goes on while
 * the machine is suspended.
 */
int64_t bacm_token_clock_ms(void);

/* Cleanse and free the token's value. */
void bacm_access_token_clear(struct bacm_access_token *token);

/* 0, or -1 when there is no memory. source is taken on success. */
int bacm_token_cache_init(struct bacm_token_cache *cache, struct bacm_token_source *source);
void bacm_token_cache_free(struct bacm_token_cache *cache);

/* A copy of a token that can be used now, fetched when needed. */
bacm_status bacm_token_cache_get(struct bacm_token_cache *cache, int64_t deadline_ms, char **out,
                                 bacm_error *error);

/* Fetch by a request of the source's own kind, whatever the token is like. */
bacm_status bacm_token_cache_fetch(struct bacm_token_cache *cache,
                                   const struct bacm_token_request *request, bacm_error *error);

/* The service has refused this token; forgotten unless it was replaced meanwhile. */
void bacm_token_cache_refuse(struct bacm_token_cache *cache, const char *token);

#endif
