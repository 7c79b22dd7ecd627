/* The operations of v11, in the contract's order: X(NAME, handler, check of values). */
#ifndef BACM_SIM_SOAP_SERVICE_V11_OPERATION_LIST_H
#define BACM_SIM_SOAP_SERVICE_V11_OPERATION_LIST_H

#define OPERATIONS(X)                                                                              \
    X(GetAccountsInfo, run_get_accounts_info, NULL)                                                \
    X(FindAccounts, run_find_accounts, NULL)                                                       \
    X(AddAccount, run_unsupported, NULL)                                                           \
    X(UpdateAccount, run_update_account, NULL)                                                     \
    X(GetCustomer, run_get_customer, NULL)                                                         \
    X(UpdateCustomer, run_update_customer, NULL)                                                   \
    X(SignupCustomer, run_signup_customer, NULL)                                                   \
    X(GetAccount, run_get_account, NULL)                                                           \
    X(GetCustomersInfo, run_get_customers_info, NULL)                                              \
    X(DeleteAccount, run_delete_account, NULL)                                                     \
    X(DeleteCustomer, run_delete_customer, NULL)                                                   \
    X(UpdateUser, run_update_user, NULL)                                                           \
    X(UpdateUserRoles, run_update_user_roles, NULL)                                                \
    X(GetUser, run_get_user, NULL)                                                                 \
    X(GetCurrentUser, run_unsupported, NULL)                                                       \
    X(DeleteUser, run_delete_user, NULL)                                                           \
    X(GetUsersInfo, run_get_users_info, readable_get_users_info)                                   \
    X(GetCustomerPilotFeatures, run_get_customer_pilot_features, NULL)                             \
    X(GetPilotFeaturesCountries, run_unsupported, NULL)                                            \
    X(GetAccessibleCustomer, run_unsupported, NULL)                                                \
    X(FindAccountsOrCustomersInfo, run_find_accounts_or_customers_info, NULL)                      \
    X(UpgradeCustomerToAgency, run_unsupported, NULL)                                              \
    X(AddPrepayAccount, run_unsupported, NULL)                                                     \
    X(UpdatePrepayAccount, run_unsupported, NULL)                                                  \
    X(MapCustomerIdToExternalCustomerId, run_unsupported, NULL)                                    \
    X(MapAccountIdToExternalAccountIds, run_unsupported, NULL)                                     \
    X(SearchCustomers, run_search_customers, readable_search_customers)                            \
    X(AddClientLinks, run_add_client_links, readable_add_client_links)                             \
    X(UpdateClientLinks, run_update_client_links, readable_update_client_links)                    \
    X(SearchClientLinks, run_search_client_links, readable_search_client_links)                    \
    X(SearchAccounts, run_search_accounts, readable_search_accounts)                               \
    X(SendUserInvitation, run_send_user_invitation, readable_send_user_invitation)                 \
    X(SearchUserInvitations, run_search_user_invitations, readable_search_user_invitations)

#endif
