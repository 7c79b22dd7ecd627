/*
 * What a call needs of the credentials: the secrets of now, and new ones when
 * the service says that the token has expired.
 */
#ifndef BACM_LIB_AUTH_CREDENTIALS_H
#define BACM_LIB_AUTH_CREDENTIALS_H

#include <stdint.h>

#include <bacm/credentials.h>

#include "lib/auth/token_cache.h"
#include "lib/base/secrets.h"

/* Credentials whose access tokens come from a source, which is taken on success. */
bacm_status bacm_credentials_new_source(bacm_credentials **out, const char *developer_token,
                                        struct bacm_token_source *source, bacm_error *error);

/* Whether they are a user name and a password. */
bool bacm_credentials_are_password(const bacm_credentials *credentials);

/* What the header IdentityProvider of calls over REST says: static text. */
void bacm_credentials_set_provider(bacm_credentials *credentials, const char *provider);

/* The cache in front of the source; NULL for credentials of another kind. */
struct bacm_token_cache *bacm_credentials_cache(bacm_credentials *credentials);

/*
 * Copy the secrets to send now, fetching an access token when that is needed
 * and possible. BACM_E_NO_CREDENTIALS when one is missing; *secrets is empty
 * after every failure. deadline_ms is on bacm_monotonic_ms().
 */
bacm_status bacm_credentials_secrets(bacm_credentials *credentials, int64_t deadline_ms,
                                     struct bacm_secrets *secrets, bacm_error *error);

/*
 * The service refused this access token as expired (109): have the next call of
 * bacm_credentials_secrets() get another. BACM_E_TOKEN_EXPIRED when these
 * credentials cannot; the error object then keeps the service's words and only
 * gets a hint.
 */
bacm_status bacm_credentials_renew(bacm_credentials *credentials, const char *refused_token,
                                   bacm_error *error);

#endif
