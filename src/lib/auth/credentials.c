#include "lib/auth/credentials.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "lib/base/error.h"
#include "lib/base/text.h"

struct bacm_credentials {
    pthread_mutex_t lock; /* of the references */
    unsigned references;
    struct bacm_secrets secrets; /* that never change */
    struct bacm_token_cache cache;
};

static char *copy_secret(const char *secret, bool *failed)
{
    char *copy;

    if (!secret || !*secret)
        return NULL;
    copy = strdup(secret);
    if (!copy)
        *failed = true;
    return copy;
}

/* False when out of memory; some may be copied then. */
static bool copy_secrets(struct bacm_secrets *to, const struct bacm_secrets *from)
{
    bool failed = false;

    to->developer_token = copy_secret(from->developer_token, &failed);
    to->access_token = copy_secret(from->access_token, &failed);
    to->user_name = copy_secret(from->user_name, &failed);
    to->password = copy_secret(from->password, &failed);
    to->identity_provider = from->identity_provider;
    return !failed;
}

static bacm_status credentials_new(bacm_credentials **out, const struct bacm_secrets *secrets,
                                   bacm_error *error)
{
    bacm_credentials *credentials;
    bacm_status status;

    bacm_error_clear(error);
    if (!out)
        return bacm_fail(error, BACM_E_ARGUMENT, "out is NULL");
    *out = NULL;
    status = bacm_secret_check(secrets->developer_token, "developer token", error);
    if (status == BACM_OK)
        status = bacm_secret_check(secrets->access_token, "access token", error);
    if (status == BACM_OK)
        status = bacm_secret_check(secrets->user_name, "user name", error);
    if (status == BACM_OK)
        status = bacm_secret_check(secrets->password, "password", error);
    if (status != BACM_OK)
        return status;
    credentials = calloc(1, sizeof *credentials);
    if (!credentials)
        return bacm_fail_memory(error);
    if (!copy_secrets(&credentials->secrets, secrets) ||
        pthread_mutex_init(&credentials->lock, NULL) != 0) {
        bacm_secrets_clear(&credentials->secrets);
        free(credentials);
        return bacm_fail_memory(error);
    }
    credentials->references = 1;
    *out = credentials;
    return BACM_OK;
}

bacm_status bacm_credentials_new_access_token(bacm_credentials **out, const char *developer_token,
                                              const char *access_token, bacm_error *error)
{
    struct bacm_secrets secrets = {(char *)developer_token, (char *)access_token, NULL, NULL, NULL};

    return credentials_new(out, &secrets, error);
}

bacm_status bacm_credentials_new_password(bacm_credentials **out, const char *developer_token,
                                          const char *user_name, const char *password,
                                          bacm_error *error)
{
    struct bacm_secrets secrets = {(char *)developer_token, NULL, (char *)user_name,
                                   (char *)password, NULL};

    return credentials_new(out, &secrets, error);
}

bacm_status bacm_credentials_new_source(bacm_credentials **out, const char *developer_token,
                                        struct bacm_token_source *source, bacm_error *error)
{
    bacm_status status = bacm_credentials_new_access_token(out, developer_token, NULL, error);

    if (status == BACM_OK && bacm_token_cache_init(&(*out)->cache, source) != 0) {
        bacm_credentials_release(*out);
        *out = NULL;
        status = bacm_fail_memory(error);
    }
    return status;
}

void bacm_credentials_set_provider(bacm_credentials *credentials, const char *provider)
{
    credentials->secrets.identity_provider = provider;
}

struct bacm_token_cache *bacm_credentials_cache(bacm_credentials *credentials)
{
    return credentials->cache.source ? &credentials->cache : NULL;
}

bool bacm_credentials_are_password(const bacm_credentials *credentials)
{
    return credentials->secrets.password != NULL;
}

bacm_credentials *bacm_credentials_retain(bacm_credentials *credentials)
{
    if (credentials) {
        pthread_mutex_lock(&credentials->lock);
        credentials->references++;
        pthread_mutex_unlock(&credentials->lock);
    }
    return credentials;
}

void bacm_credentials_release(bacm_credentials *credentials)
{
    unsigned left;

    if (!credentials)
        return;
    pthread_mutex_lock(&credentials->lock);
    left = --credentials->references;
    pthread_mutex_unlock(&credentials->lock);
    if (left)
        return;
    bacm_token_cache_free(&credentials->cache);
    bacm_secrets_clear(&credentials->secrets);
    pthread_mutex_destroy(&credentials->lock);
    free(credentials);
}

static bacm_status missing(const bacm_credentials *credentials, bacm_error *error)
{
    const struct bacm_secrets *secrets = &credentials->secrets;

    if (!secrets->developer_token)
        return bacm_fail(error, BACM_E_NO_CREDENTIALS, "there is no developer token");
    if (credentials->cache.source || secrets->access_token ||
        (secrets->user_name && secrets->password))
        return BACM_OK;
    if (secrets->user_name || secrets->password)
        return bacm_fail(error, BACM_E_NO_CREDENTIALS,
                         "user name and password must be given together");
    return bacm_fail(error, BACM_E_NO_CREDENTIALS, "there is no access token");
}

bacm_status bacm_credentials_secrets(bacm_credentials *credentials, int64_t deadline_ms,
                                     struct bacm_secrets *secrets, bacm_error *error)
{
    bacm_status status = missing(credentials, error);

    if (status == BACM_OK && !copy_secrets(secrets, &credentials->secrets))
        status = bacm_fail_memory(error);
    if (status == BACM_OK && credentials->cache.source)
        status =
            bacm_token_cache_get(&credentials->cache, deadline_ms, &secrets->access_token, error);
    if (status != BACM_OK)
        bacm_secrets_clear(secrets);
    return status;
}

bacm_status bacm_credentials_renew(bacm_credentials *credentials, const char *refused_token,
                                   bacm_error *error)
{
    if (credentials->cache.source) {
        bacm_token_cache_refuse(&credentials->cache, refused_token);
        return BACM_OK;
    }
    bacm_error_hint(error, "Get a new access token: this one cannot be renewed here.");
    return BACM_E_TOKEN_EXPIRED;
}
