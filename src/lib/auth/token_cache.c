#include "lib/auth/token_cache.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

#include "lib/base/clock.h"
#include "lib/base/error.h"

/* When renewing ahead of the expiry has failed and the token still lasts. */
enum { RETRY_AFTER_MS = 30 * 1000 };

int64_t bacm_token_clock_ms(void)
{
    struct timespec now;

#ifdef CLOCK_BOOTTIME
    if (clock_gettime(CLOCK_BOOTTIME, &now) != 0)
#endif
        clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void bacm_access_token_clear(struct bacm_access_token *token)
{
    if (token->value)
        OPENSSL_cleanse(token->value, strlen(token->value));
    free(token->value);
    memset(token, 0, sizeof *token);
}

int bacm_token_cache_init(struct bacm_token_cache *cache, struct bacm_token_source *source)
{
    if (!bacm_monotonic_cond_init(&cache->fetched))
        return -1;
    if (pthread_mutex_init(&cache->lock, NULL) != 0) {
        pthread_cond_destroy(&cache->fetched);
        return -1;
    }
    cache->source = source;
    return 0;
}

void bacm_token_cache_free(struct bacm_token_cache *cache)
{
    if (!cache->source)
        return;
    cache->source->free(cache->source);
    cache->source = NULL;
    bacm_access_token_clear(&cache->token);
    pthread_cond_destroy(&cache->fetched);
    pthread_mutex_destroy(&cache->lock);
}

/* Renewing ahead of time may fail for a while; the token is good until it expires. */
static bool still_lasts(const struct bacm_token_cache *cache, const bacm_error *failure)
{
    return failure->retry_class == BACM_RETRY_BACKOFF && cache->token.value &&
           bacm_token_clock_ms() < cache->token.expires_ms;
}

static void use_on(struct bacm_access_token *token)
{
    int64_t again_ms = bacm_token_clock_ms() + RETRY_AFTER_MS;

    token->renew_ms = again_ms < token->expires_ms ? again_ms : token->expires_ms;
}

/* Fetch in this thread, with the lock held before and after but not meanwhile. */
static bacm_status fetch(struct bacm_token_cache *cache, const struct bacm_token_request *request,
                         bacm_error *error)
{
    struct bacm_access_token token = {NULL, 0, 0};
    bacm_status status;

    cache->fetching = true;
    pthread_mutex_unlock(&cache->lock);
    status = cache->source->fetch(cache->source, request, &token, error);
    pthread_mutex_lock(&cache->lock);
    cache->fetching = false;
    cache->fetches++;
    if (status == BACM_OK) {
        bacm_access_token_clear(&cache->token);
        cache->token = token;
        cache->refused = false;
    } else if (!request->code && still_lasts(cache, error)) {
        use_on(&cache->token);
        status = BACM_OK;
    }
    if (status == BACM_OK)
        bacm_error_clear(error);
    cache->last_failure = *error;
    pthread_cond_broadcast(&cache->fetched);
    return status;
}

/* Wait until the fetch of another thread has ended; false at the deadline. */
static bool wait_for_fetch(struct bacm_token_cache *cache, int64_t deadline_ms)
{
    unsigned long fetches = cache->fetches;

    while (cache->fetches == fetches) {
        if (!bacm_monotonic_wait(&cache->fetched, &cache->lock, deadline_ms))
            return cache->fetches != fetches;
    }
    return true;
}

static bacm_status waited_too_long(bacm_error *error)
{
    bacm_fail(error, BACM_E_TIMEOUT, "another thread is still fetching the access token");
    error->retry_class = BACM_RETRY_BACKOFF;
    return BACM_E_TIMEOUT;
}

/* What the fetch of another thread came to is this thread's outcome as well. */
static bacm_status share_fetch(struct bacm_token_cache *cache, int64_t deadline_ms,
                               bacm_error *error)
{
    if (!wait_for_fetch(cache, deadline_ms))
        return waited_too_long(error);
    *error = cache->last_failure;
    return error->status;
}

static bool is_fresh(const struct bacm_access_token *token)
{
    return token->value && bacm_token_clock_ms() < token->renew_ms;
}

bacm_status bacm_token_cache_get(struct bacm_token_cache *cache, int64_t deadline_ms, char **out,
                                 bacm_error *error)
{
    bool fetched = false; /* then the token is used, however short it lasts */
    bacm_status status = BACM_OK;

    *out = NULL;
    pthread_mutex_lock(&cache->lock);
    while (status == BACM_OK && !is_fresh(&cache->token) && !(fetched && cache->token.value)) {
        const struct bacm_token_request request = {deadline_ms, cache->refused, NULL};

        status = cache->fetching ? share_fetch(cache, deadline_ms, error)
                                 : fetch(cache, &request, error);
        fetched = true;
    }
    if (status == BACM_OK) {
        *out = strdup(cache->token.value);
        if (!*out)
            status = bacm_fail_memory(error);
    }
    pthread_mutex_unlock(&cache->lock);
    return status;
}

bacm_status bacm_token_cache_fetch(struct bacm_token_cache *cache,
                                   const struct bacm_token_request *request, bacm_error *error)
{
    bacm_status status = BACM_OK;

    pthread_mutex_lock(&cache->lock);
    while (cache->fetching && status == BACM_OK) {
        if (!wait_for_fetch(cache, request->deadline_ms))
            status = waited_too_long(error);
    }
    if (status == BACM_OK)
        status = fetch(cache, request, error);
    pthread_mutex_unlock(&cache->lock);
    return status;
}

void bacm_token_cache_refuse(struct bacm_token_cache *cache, const char *token)
{
    pthread_mutex_lock(&cache->lock);
    if (cache->token.value && token && strcmp(cache->token.value, token) == 0) {
        bacm_access_token_clear(&cache->token);
        cache->refused = true;
    }
    pthread_mutex_unlock(&cache->lock);
}
