/**
 * @file bacm/credentials.h
 * Who calls: the developer token and the means to an access token.
 *
 * Credentials are counted by reference and may be shared by any number of
 * clients in any number of threads. They stand for the header elements
 * DeveloperToken, AuthenticationToken, UserName and Password.
 */
#ifndef BACM_CREDENTIALS_H
#define BACM_CREDENTIALS_H

#include <bacm/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bacm_credentials bacm_credentials;

/** Longest token, user name or password that is accepted, in bytes. */
#define BACM_MAX_SECRET_BYTES 16384

/**
 * Credentials with an access token that was obtained elsewhere. It is used as
 * long as it lasts; when the service says that it has expired, calls return
 * BACM_E_TOKEN_EXPIRED.
 *
 * @param[out] out              new; release with bacm_credentials_release().
 * @param[in]  developer_token  copied. NULL or "" is allowed here and refused
 *                              by the first call with BACM_E_NO_CREDENTIALS.
 * @param[in]  access_token     copied; the same.
 * @param[out] error            may be NULL.
 *
 * @return BACM_OK
 * @return BACM_E_ARGUMENT   a token has a control character, is not UTF-8 or is
 *                           longer than BACM_MAX_SECRET_BYTES
 * @return BACM_E_NO_MEMORY
 *
 * Threads: any. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_credentials_new_access_token(bacm_credentials **out,
                                                       const char *developer_token,
                                                       const char *access_token, bacm_error *error);

/**
 * Legacy credentials of v11: a managed user name and password. The service has
 * refused them since 2018-08-01; they exist for the simulator and for old
 * installations behind a gateway.
 *
 * Parameters and statuses as bacm_credentials_new_access_token().
 * Threads: any. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_credentials_new_password(bacm_credentials **out,
                                                   const char *developer_token,
                                                   const char *user_name, const char *password,
                                                   bacm_error *error);

/**
 * Take one more reference.
 * @return the same credentials; NULL for NULL. Threads: any. Since: 0.1.0
 */
BACM_API bacm_credentials *bacm_credentials_retain(bacm_credentials *credentials);

/**
 * Give a reference back; the last one cleanses and frees the secrets.
 * @param[in] credentials  taken; NULL is allowed. Threads: any. Since: 0.1.0
 */
BACM_API void bacm_credentials_release(bacm_credentials *credentials);

#ifdef __cplusplus
}
#endif

#endif
