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
 * @return BACM_E_ARGUMENT   out is NULL, or a token has a control character, is not
 *                           UTF-8 or is longer than BACM_MAX_SECRET_BYTES
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

/** Where a supplier puts its answer. */
typedef struct bacm_token_answer bacm_token_answer;

/**
 * Give the access token that was asked for.
 *
 * @param[in] answer        of the supplier's call.
 * @param[in] access_token  copied.
 * @param[in] lifetime_s    seconds that it lasts from now; 0: until the service refuses it.
 * @return 0, or -1 when out of memory or the token cannot be used (a control
 *         character, too long); the supplier then returns what it likes.
 * Threads: that of the supplier's call. Since: 0.1.0
 */
BACM_API int bacm_token_answer_set(bacm_token_answer *answer, const char *access_token,
                                   unsigned lifetime_s);

/**
 * Supplies an access token, for instance from a company's vault.
 *
 * @param answer   give the token by bacm_token_answer_set().
 * @param refused  the service has refused the last token as expired: do not give
 *                 it again.
 * @param user     as given to bacm_credentials_new_supplier().
 * @return 0; else the call ends with BACM_E_TOKEN.
 *
 * Called in the thread of a call, by one thread at a time; must not use the
 * credentials. The other threads wait for it until their deadlines.
 */
typedef int bacm_token_supplier(bacm_token_answer *answer, bool refused, void *user);

/**
 * Credentials whose access tokens come from a callback. It is asked when there
 * is no token, when the last one has nearly expired, and once when the service
 * refuses it as expired.
 *
 * @param[in] supplier  must not be NULL; must work until the last reference is released.
 * @param[in] user      handed to the supplier.
 *
 * Other parameters and statuses as bacm_credentials_new_access_token().
 * Threads: any. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_credentials_new_supplier(bacm_credentials **out,
                                                   const char *developer_token,
                                                   bacm_token_supplier *supplier, void *user,
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
