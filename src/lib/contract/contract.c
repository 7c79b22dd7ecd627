/*
 * What is said of every version of the contract alike.
 */
#include "lib/contract/contract.h"

#include <string.h>

#include "lib/base/error.h"

/* A program may be without v11, when it names v13 alone. */
#pragma weak bacm_api_v11

const struct bacm_contract *bacm_contract_of(bacm_api *api)
{
    if (api)
        return api();
    return bacm_api_v11 ? bacm_api_v11() : NULL;
}

bacm_status bacm_contract_missing(bacm_error *error)
{
    bacm_error_hint(error, "Start from BACM_OPTIONS_INIT, or set api to bacm_api_v11 or "
                           "bacm_api_v13.");
    return bacm_fail(error, BACM_E_ARGUMENT,
                     "no version of the contract is named, and the "
                     "default one, v11, is not in this program");
}

/* Reads have one of these names; what else there is changes something. */
bool bacm_operation_is_write(const struct bacm_operation *operation)
{
    static const char *const reads[] = {"Get", "Find", "Search", "Validate"};

    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        if (strncmp(operation->name, reads[i], strlen(reads[i])) == 0)
            return false;
    }
    return true;
}

bool bacm_role_rule_admits(const struct bacm_role_rule *rule, const bacm_user *user)
{
    if (strcmp(user->life_cycle_status, "Active") != 0)
        return false;
    for (size_t i = 0; i < user->role_count; i++) {
        for (const int *role = rule->roles; *role; role++) {
            if (user->roles[i] == *role)
                return true;
        }
    }
    return false;
}
