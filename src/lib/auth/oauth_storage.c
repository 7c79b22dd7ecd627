/*
 * The storage of tokens that processes share, behind the application's callbacks.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "lib/auth/credentials.h"
#include "lib/auth/oauth.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"

static bacm_status storage_failed(const char *message, bacm_error *error)
{
    bacm_error_hint(error, "Make the storage of refresh tokens work; nothing was sent to the "
                           "service.");
    return bacm_fail(error, BACM_E_TOKEN_STORE, "%s", message);
}

bacm_status bacm_oauth_lock(const struct bacm_oauth *oauth, int64_t deadline_ms, bacm_error *error)
{
    const bacm_oauth_options *options = &oauth->settings.options;
    const int64_t left_ms = deadline_ms - bacm_monotonic_ms();
    unsigned wait_ms = 0;

    if (!options->lock)
        return BACM_OK;
    if (left_ms > 0)
        wait_ms = left_ms < (int64_t)UINT_MAX ? (unsigned)left_ms : UINT_MAX;
    switch (options->lock(wait_ms, options->storage_user)) {
    case 0:
        return BACM_OK;
    case 1:
        bacm_error_hint(error, "Try again later.");
        bacm_fail(error, BACM_E_TIMEOUT, "another process is still renewing the tokens");
        error->retry_class = BACM_RETRY_BACKOFF;
        return BACM_E_TIMEOUT;
    default:
        return storage_failed("the storage of refresh tokens could not be locked", error);
    }
}

void bacm_oauth_unlock(const struct bacm_oauth *oauth)
{
    const bacm_oauth_options *options = &oauth->settings.options;

    if (options->unlock)
        options->unlock(options->storage_user);
}

static bacm_status take(struct bacm_oauth *oauth, const char *token, bool *is_newer,
                        bacm_error *error)
{
    char *copy;

    if (!*token || (oauth->refresh_token && strcmp(oauth->refresh_token, token) == 0))
        return BACM_OK;
    copy = strdup(token);
    if (!copy)
        return bacm_fail_memory(error);
    bacm_secret_free(oauth->refresh_token);
    oauth->refresh_token = copy;
    *is_newer = true;
    return BACM_OK;
}

bacm_status bacm_oauth_load(struct bacm_oauth *oauth, bool *is_newer, bacm_error *error)
{
    const bacm_oauth_options *options = &oauth->settings.options;
    bool unwanted;
    char *token;
    bacm_status status = BACM_OK;

    if (!is_newer)
        is_newer = &unwanted;
    *is_newer = false;
    if (!options->load)
        return BACM_OK;
    token = calloc(1, BACM_MAX_SECRET_BYTES + 1);
    if (!token)
        return bacm_fail_memory(error);
    if (options->load(token, BACM_MAX_SECRET_BYTES + 1, options->storage_user) != 0)
        status = storage_failed("the stored refresh token could not be read", error);
    if (status == BACM_OK)
        status = bacm_secret_check(token, "stored refresh token", error);
    if (status == BACM_OK)
        status = take(oauth, token, is_newer, error);
    OPENSSL_cleanse(token, BACM_MAX_SECRET_BYTES + 1);
    free(token);
    return status;
}

bacm_status bacm_oauth_reserve(const struct bacm_oauth *oauth, bacm_error *error)
{
    const bacm_oauth_options *options = &oauth->settings.options;

    if (options->reserve && options->reserve(options->storage_user) != 0)
        return storage_failed("a new refresh token could not be stored; the old one is not spent",
                              error);
    return BACM_OK;
}

bacm_status bacm_oauth_store(const struct bacm_oauth *oauth, bacm_error *error)
{
    const bacm_oauth_options *options = &oauth->settings.options;

    if (options->store && options->store(oauth->refresh_token, options->storage_user) != 0)
        return storage_failed("the new refresh token could not be stored", error);
    return BACM_OK;
}

/* --- access tokens ---------------------------------------------------------------- */

static bool digest_of(unsigned char digest[EVP_MAX_MD_SIZE], const char *token)
{
    return EVP_Digest(token, strlen(token), digest, NULL, EVP_sha256(), NULL) == 1;
}

/* Whole seconds until a time, rounded down; 0 when it is over. */
static unsigned seconds_until(int64_t time_ms)
{
    const int64_t left_ms = time_ms - bacm_token_clock_ms();

    if (left_ms <= 0)
        return 0;
    return left_ms / 1000 < (int64_t)UINT_MAX ? (unsigned)(left_ms / 1000) : UINT_MAX;
}

void bacm_oauth_keep(struct bacm_oauth *oauth, const struct bacm_access_token *token)
{
    const bacm_oauth_options *options = &oauth->settings.options;
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};

    if (digest_of(digest, token->value))
        memcpy(oauth->used, digest, sizeof oauth->used);
    /* How long a token lasts of which nothing is told, this process alone finds out. */
    if (options->keep && token->expires_ms != BACM_TOKEN_NO_EXPIRY)
        options->keep(token->value, seconds_until(token->renew_ms),
                      seconds_until(token->expires_ms), options->storage_user);
}

static bool is_usable(struct bacm_oauth *oauth, bool refused, const char *token)
{
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};
    bool is_used;

    if (!*token || bacm_secret_check(token, "access token", NULL) != BACM_OK ||
        !digest_of(digest, token))
        return false;
    is_used = memcmp(digest, oauth->used, sizeof oauth->used) == 0;
    memcpy(oauth->used, digest, sizeof oauth->used);
    return !(refused && is_used);
}

bool bacm_oauth_recall(struct bacm_oauth *oauth, bool refused, struct bacm_access_token *out)
{
    const bacm_oauth_options *options = &oauth->settings.options;
    const int64_t now_ms = bacm_token_clock_ms();
    unsigned renew_s = 0;
    unsigned expires_s = 0;
    char *token = options->recall ? calloc(1, BACM_MAX_SECRET_BYTES + 1) : NULL;

    if (!token) /* then one is fetched */
        return false;
    options->recall(token, BACM_MAX_SECRET_BYTES + 1, &renew_s, &expires_s, options->storage_user);
    if (renew_s && expires_s && is_usable(oauth, refused, token)) {
        out->value = strdup(token);
        out->expires_ms = now_ms + (int64_t)expires_s * 1000;
        out->renew_ms = now_ms + (int64_t)(renew_s < expires_s ? renew_s : expires_s) * 1000;
    }
    OPENSSL_cleanse(token, BACM_MAX_SECRET_BYTES + 1);
    free(token);
    return out->value != NULL;
}
