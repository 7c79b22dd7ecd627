#include "operations.h"

#include "v11H.h"

#include <string.h>

/* X(NAME, handler, check of values), in the contract's order. */
#define OPERATIONS(X)                                                                              \
    X(GetAccountsInfo, run_unsupported, NULL)                                                      \
    X(FindAccounts, run_unsupported, NULL)                                                         \
    X(AddAccount, run_unsupported, NULL)                                                           \
    X(UpdateAccount, run_unsupported, NULL)                                                        \
    X(GetCustomer, run_unsupported, NULL)                                                          \
    X(UpdateCustomer, run_unsupported, NULL)                                                       \
    X(SignupCustomer, run_unsupported, NULL)                                                       \
    X(GetAccount, run_unsupported, NULL)                                                           \
    X(GetCustomersInfo, run_unsupported, NULL)                                                     \
    X(DeleteAccount, run_unsupported, NULL)                                                        \
    X(DeleteCustomer, run_unsupported, NULL)                                                       \
    X(UpdateUser, run_unsupported, NULL)                                                           \
    X(UpdateUserRoles, run_unsupported, NULL)                                                      \
    X(GetUser, run_get_user, NULL)                                                                 \
    X(GetCurrentUser, run_unsupported, NULL)                                                       \
    X(DeleteUser, run_unsupported, NULL)                                                           \
    X(GetUsersInfo, run_unsupported, NULL)                                                         \
    X(GetCustomerPilotFeatures, run_unsupported, NULL)                                             \
    X(GetPilotFeaturesCountries, run_unsupported, NULL)                                            \
    X(GetAccessibleCustomer, run_unsupported, NULL)                                                \
    X(FindAccountsOrCustomersInfo, run_unsupported, NULL)                                          \
    X(UpgradeCustomerToAgency, run_unsupported, NULL)                                              \
    X(AddPrepayAccount, run_unsupported, NULL)                                                     \
    X(UpdatePrepayAccount, run_unsupported, NULL)                                                  \
    X(MapCustomerIdToExternalCustomerId, run_unsupported, NULL)                                    \
    X(MapAccountIdToExternalAccountIds, run_unsupported, NULL)                                     \
    X(SearchCustomers, run_unsupported, NULL)                                                      \
    X(AddClientLinks, run_add_client_links, readable_add_client_links)                             \
    X(UpdateClientLinks, run_update_client_links, readable_update_client_links)                    \
    X(SearchClientLinks, run_search_client_links, readable_search_client_links)                    \
    X(SearchAccounts, run_unsupported, NULL)                                                       \
    X(SendUserInvitation, run_unsupported, NULL)                                                   \
    X(SearchUserInvitations, run_unsupported, NULL)

#define READER(NAME, handler, readable)                                                            \
    static void *read_##NAME(struct soap *soap)                                                    \
    {                                                                                              \
        return soap_get__cm__##NAME##Request(soap, NULL, "cm:" #NAME "Request", NULL);             \
    }
OPERATIONS(READER)

#define ROW(NAME, handler, readable) {#NAME, "cm:" #NAME "Request", read_##NAME, readable, handler},
static const struct operation operations[] = {OPERATIONS(ROW)};

const struct operation *operation_find(const char *action)
{
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        if (strcmp(operations[i].name, action) == 0)
            return &operations[i];
    }
    return NULL;
}

bool run_unsupported(struct call *call, const void *request)
{
    (void)request;
    return call_fail(call, FAULT_ADAPI, CODE_NOT_SUPPORTED);
}
