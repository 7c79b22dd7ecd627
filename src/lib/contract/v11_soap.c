/*
 * The v11 contract on the SOAP wire.
 */
#include <bacm/operations_v11.h>

#include "v11H.h"

/* All namespaces. */
#include "v11/BasicHttpBinding_USCOREICustomerManagementService.nsmap"

#define CUSTOMER_NAMESPACE "https://bingads.microsoft.com/Customer/v11"
#define OPERATIONS         bacm_v11_operations
#define OPERATION(name)    BACM_V11_##name

#include "lib/contract/shared_soap.h"

static void write_password(struct SOAP_ENV__Header *part, const struct bacm_secrets *secrets)
{
    if (secrets->access_token)
        return;
    part->cm__UserName = secrets->user_name;
    part->cm__Password = secrets->password;
}

static const struct bacm_soap soap = {
    .generated = &bacm_generated_v11,
    .operations = bacm_v11_soap,
    SHARED_SOAP,
};

static const struct bacm_contract contract = {
    .name = "v11",
    .wire = &bacm_soap_wire,
    .soap = &soap,
    .production_endpoint = "https://clientcenter.api.bingads.microsoft.com/Api/CustomerManagement/"
                           "v11/CustomerManagementService.svc",
    .sandbox_endpoint = "https://clientcenter.api.sandbox.bingads.microsoft.com/Api/"
                        "CustomerManagement/v11/CustomerManagementService.svc",
    .sandbox_has_links = false,
    .identity_platform_only = false,
    .links = {.client_id = "ClientAccountId",
              .client_number = "ClientAccountNumber",
              .most_of_a_page = BACM_MAX_PAGE_SIZE},
    .roles = {[BACM_CLIENT_ACCOUNT] = {.roles = {BACM_ROLE_SUPER_ADMIN},
                                       .who = "Super Admin",
                                       .hint = "Sign in as a Super Admin (role 41), or relax the "
                                               "rule with no_role_check."}},
    .mapping = &bacm_v11_mapping,
    .operations = OPERATIONS,
    .operation_count = &bacm_v11_operation_count,
    .get_user = &OPERATIONS[OPERATION(GetUser)],
    .add_links = &OPERATIONS[OPERATION(AddClientLinks)],
    .update_links = &OPERATIONS[OPERATION(UpdateClientLinks)],
    .search_links = &OPERATIONS[OPERATION(SearchClientLinks)],
};

const struct bacm_contract *bacm_api_v11(void)
{
    return &contract;
}
