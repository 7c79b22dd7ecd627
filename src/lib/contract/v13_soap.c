/*
 * The v13 contract on the SOAP wire.
 */
#include "lib/contract/v13.h"

#include "v13H.h"

/* All namespaces. */
#include "v13/BasicHttpBinding_USCOREICustomerManagementService.nsmap"

#define CUSTOMER_NAMESPACE "https://bingads.microsoft.com/Customer/v13"
#define OPERATIONS         bacm_v13_operations
#define OPERATION(name)    BACM_V13_##name

#include "lib/contract/shared_soap.h"

static void write_password(struct SOAP_ENV__Header *part, const struct bacm_secrets *secrets)
{
    (void)part; /* the service takes no such parts any more */
    (void)secrets;
}

static const struct bacm_soap soap = {
    .generated = &bacm_generated_v13,
    .operations = bacm_v13_soap,
    SHARED_SOAP,
};

static const struct bacm_contract contract = {
    .name = "v13",
    .wire = &bacm_soap_wire,
    .soap = &soap,
    .production_endpoint = "https://clientcenter.api.bingads.microsoft.com/Api/CustomerManagement/"
                           "v13/CustomerManagementService.svc",
    .sandbox_endpoint = "https://clientcenter.api.sandbox.bingads.microsoft.com/Api/"
                        "CustomerManagement/v13/CustomerManagementService.svc",
    V13_RULES,
};

const struct bacm_contract *bacm_api_v13(void)
{
    return &contract;
}
