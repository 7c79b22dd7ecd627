/* The operations of the contract: how each one is read and who answers it. */
#ifndef BACM_SIM_SOAP_SERVICE_OPERATIONS_H
#define BACM_SIM_SOAP_SERVICE_OPERATIONS_H

#include "sim/rules/operation.h"

/* NULL when there is no such operation. */
const struct operation *operation_find(const char *name, size_t length);

/* One handler an operation; the request is the generated struct _cm__NAMERequest. */
bool run_get_user(struct call *call, const void *request);
bool run_add_client_links(struct call *call, const void *request);
bool run_update_client_links(struct call *call, const void *request);
bool run_search_client_links(struct call *call, const void *request);
bool run_get_accounts_info(struct call *call, const void *request);
bool run_find_accounts(struct call *call, const void *request);
bool run_update_account(struct call *call, const void *request);
bool run_get_customer(struct call *call, const void *request);
bool run_update_customer(struct call *call, const void *request);
bool run_signup_customer(struct call *call, const void *request);
bool run_get_account(struct call *call, const void *request);
bool run_get_customers_info(struct call *call, const void *request);
bool run_delete_account(struct call *call, const void *request);
bool run_delete_customer(struct call *call, const void *request);
bool run_update_user(struct call *call, const void *request);
bool run_update_user_roles(struct call *call, const void *request);
bool run_delete_user(struct call *call, const void *request);
bool run_get_users_info(struct call *call, const void *request);
bool run_get_customer_pilot_features(struct call *call, const void *request);
bool run_find_accounts_or_customers_info(struct call *call, const void *request);
bool run_search_customers(struct call *call, const void *request);
bool run_search_accounts(struct call *call, const void *request);
bool run_send_user_invitation(struct call *call, const void *request);
bool run_search_user_invitations(struct call *call, const void *request);
bool readable_get_users_info(struct call *call, const void *request);
bool readable_search_customers(struct call *call, const void *request);
bool readable_search_accounts(struct call *call, const void *request);
bool readable_send_user_invitation(struct call *call, const void *request);
bool readable_search_user_invitations(struct call *call, const void *request);
bool readable_add_client_links(struct call *call, const void *request);
bool readable_update_client_links(struct call *call, const void *request);
bool readable_search_client_links(struct call *call, const void *request);
/* Those that the service does not document: it refuses them. */
bool run_unsupported(struct call *call, const void *request);

#endif
