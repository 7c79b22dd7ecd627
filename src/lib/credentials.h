/*
 * What a call needs of the credentials: the secrets of now, and new ones when
 * the service says that the token has expired.
 */
#ifndef BACM_LIB_CREDENTIALS_H
#define BACM_LIB_CREDENTIALS_H

#include <bacm/credentials.h>

/* Secrets of one call; each one NULL or a copy of its own. */
struct bacm_secrets {
    char *developer_token;
    char *access_token;
    char *user_name;
    char *password;
};

enum { BACM_SECRET_COUNT = 4 };

/* The secrets as an array, for code that treats all alike. */
void bacm_secrets_list(const struct bacm_secrets *secrets, const char *list[BACM_SECRET_COUNT]);

/* Cleanse and free. */
void bacm_secrets_clear(struct bacm_secrets *secrets);

/*
 * Copy the secrets to send now, fetching an access token when there is none.
 * BACM_E_NO_CREDENTIALS when one is missing; *secrets is then empty.
 */
bacm_status bacm_credentials_secrets(bacm_credentials *credentials, struct bacm_secrets *secrets,
                                     bacm_error *error);

/*
 * The service refused this access token as expired (109): replace it.
 * BACM_E_TOKEN_EXPIRED when these credentials cannot; the error object then
 * keeps the service's words and only gets a hint.
 */
bacm_status bacm_credentials_renew(bacm_credentials *credentials, const char *refused_token,
                                   bacm_error *error);

#endif
