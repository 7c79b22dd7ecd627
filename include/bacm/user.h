/**
 * @file bacm/user.h
 * GetUser: who the credentials belong to and what that user may do.
 */
#ifndef BACM_USER_H
#define BACM_USER_H

#include <stdint.h>

#include <bacm/client.h>
#include <bacm/links.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Role ids that the service publishes. Others may occur. */
#define BACM_ROLE_CAMPAIGN_MANAGER 16
#define BACM_ROLE_AGGREGATOR       33
#define BACM_ROLE_SUPER_ADMIN      41
#define BACM_ROLE_VIEWER           100
#define BACM_ROLE_STANDARD         203

/** What a user may do in one customer, type CustomerRole of v13. */
typedef struct bacm_customer_role {
    int role;
    int64_t customer_id;
    const int64_t *account_ids; /**< none: all accounts of the customer */
    size_t account_count;
    const int64_t *linked_account_ids; /**< of others, by client links */
    size_t linked_account_count;
    const char *customer_link_permission; /**< "" when absent */
} bacm_customer_role;

/** Reply of GetUser: type User and the lists beside it. Texts are "" when absent. */
typedef struct bacm_user {
    int64_t id;
    int64_t customer_id; /**< the user's own customer, default ManagingCustomerId */
    const char *user_name;
    const char *first_name;
    const char *last_name;
    const char *email;
    const char *job_title;
    const char *life_cycle_status; /**< Pending, Active, Inactive, Deleted, or what comes */
    const int *roles;              /**< v13: of all customers, each once */
    size_t role_count;
    const int64_t *account_ids; /**< none together with an account role: all accounts */
    size_t account_count;
    const int64_t *customer_ids; /**< none together with a customer role: all customers */
    size_t customer_count;
    bool is_super_admin; /**< role 41 and life-cycle status Active */
    const char *tracking_id;
    const bacm_customer_role *customer_roles; /**< v13 only: one for each customer */
    size_t customer_role_count;
} bacm_user;

/**
 * Operation GetUser.
 *
 * @param[out] out      new; free with bacm_user_free(). NULL on failure.
 * @param[in]  client   borrowed.
 * @param[in]  user_id  0: the user whose credentials are used.
 * @param[out] error    may be NULL.
 *
 * @return BACM_OK
 * @return BACM_E_ARGUMENT, BACM_E_NO_CREDENTIALS, BACM_E_NO_MEMORY: nothing was sent
 * @return BACM_E_RESOLVE, BACM_E_CONNECT, BACM_E_TLS, BACM_E_NETWORK, BACM_E_TIMEOUT
 * @return BACM_E_HTTP, BACM_E_PROTOCOL, BACM_E_LIMIT
 * @return BACM_E_AUTHENTICATION, BACM_E_AUTHORIZATION, BACM_E_TOKEN_EXPIRED, BACM_E_TOKEN,
 *         BACM_E_TOKEN_STORE
 * @return BACM_E_REFUSED, BACM_E_THROTTLED, BACM_E_SERVICE, BACM_E_VERSION_RETIRED
 *
 * Threads: one a client. Network: yes, at most call_timeout_ms (twice when a token
 * is renewed). Since: 0.1.0
 */
BACM_API bacm_status bacm_get_user(bacm_user **out, bacm_client *client, int64_t user_id,
                                   bacm_error *error);

/**
 * Whether the role rule of a version lets the user work with client links: active, with
 * one of the roles that the version asks for. The functions of bacm/links.h ask the same
 * before a call; the service decides.
 *
 * @param[in] user  borrowed.
 * @param[in] api   as bacm_options.api.
 * @param[in] type  BACM_CUSTOMER_LINK: links of customers; else links of accounts.
 * @return false also when the version has no such links, or api is NULL where v11 is not
 *         linked. Threads: any. Network: no. Since: 0.1.0
 */
BACM_API bool bacm_user_may_manage_links(const bacm_user *user, bacm_api *api, bacm_link_type type);

/** Free a user. NULL is allowed. Threads: any, when no other uses it. Since: 0.1.0 */
BACM_API void bacm_user_free(bacm_user *user);

#ifdef __cplusplus
}
#endif

#endif
