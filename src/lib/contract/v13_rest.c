/*
 * The v13 contract on the REST wire.
 */
#include "lib/contract/v13.h"

static const struct bacm_contract contract = {
    .name = "v13-rest",
    .wire = &bacm_rest_wire,
    .rest = &bacm_v13_rest,
    .production_endpoint = "https://clientcenter.api.bingads.microsoft.com/CustomerManagement/v13",
    .sandbox_endpoint = "https://clientcenter.api.sandbox.bingads.microsoft.com/"
                        "CustomerManagement/v13",
    V13_RULES,
};

const struct bacm_contract *bacm_api_v13_rest(void)
{
    return &contract;
}
