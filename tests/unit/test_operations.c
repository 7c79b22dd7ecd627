/*
 * Which operations change something: those are never sent twice. The list here is read off the
 * documentation of each operation, not off its name.
 */
#include <string.h>

#include <bacm/operation.h>

#include "lib/contract/contract.h"
#include "lib/contract/operation_table.h"
#include "support/check.h"

static const char *const reads[] = {
    "FindAccounts",
    "FindAccountsOrCustomersInfo",
    "GetAccessibleCustomer",
    "GetAccount",
    "GetAccountPilotFeatures",
    "GetAccountsInfo",
    "GetCurrentUser",
    "GetCustomer",
    "GetCustomerPilotFeatures",
    "GetCustomersInfo",
    "GetLinkedAccountsAndCustomersInfo",
    "GetNotifications",
    "GetPilotFeaturesCountries",
    "GetUser",
    "GetUserMFAStatus",
    "GetUsersInfo",
    "SearchAccounts",
    "SearchClientLinks",
    "SearchCustomers",
    "SearchUserInvitations",
    "ValidateAddress",
};

static bool is_read(const char *name)
{
    for (size_t i = 0; i < COUNT(reads); i++) {
        if (strcmp(reads[i], name) == 0)
            return true;
    }
    return false;
}

static void check_version(bacm_api *api, size_t expected_reads)
{
    const struct bacm_contract *contract = bacm_contract_of(api);
    size_t found = 0;

    assert_non_null(contract);
    for (size_t i = 0; i < *contract->operation_count; i++) {
        const struct bacm_operation *operation = &contract->operations[i];

        if (bacm_operation_is_write(operation) == is_read(operation->name))
            fail_msg("%s: %s is taken for a %s", contract->name, operation->name,
                     is_read(operation->name) ? "write" : "read");
        found += is_read(operation->name);
    }
    assert_int_equal(found, expected_reads);
}

static void each_operation_is_a_read_or_a_write(void **state)
{
    (void)state;
    check_version(bacm_api_v11, 16);
    check_version(bacm_api_v13, COUNT(reads));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_operation_is_a_read_or_a_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
