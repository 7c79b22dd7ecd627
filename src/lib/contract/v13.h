/*
 * What the v13 contract is on either wire.
 */
#ifndef BACM_LIB_CONTRACT_V13_H
#define BACM_LIB_CONTRACT_V13_H

#include <bacm/operations_v13.h>

#include "lib/contract/contract.h"

/* Members of struct bacm_contract. */
#define V13_RULES                                                                                  \
    .sandbox_has_links = true, /* no page says otherwise since 2019 */                             \
        .identity_platform_only = true,                                                            \
    .links = {.client_id = "ClientEntityId",                                                       \
              .client_number = "ClientEntityNumber",                                               \
              .has_customer_links = true,                                                          \
              .needs_is_bill_to_client = true,                                                     \
              .most_of_a_page = 100},                                                              \
    .roles =                                                                                       \
        {[BACM_CLIENT_ACCOUNT] = {.roles = {BACM_ROLE_SUPER_ADMIN, BACM_ROLE_STANDARD},            \
                                  .who = "Super Admin or Standard user",                           \
                                  .hint = "Sign in as a Super Admin (role 41) or a Standard user " \
                                          "(203), or relax the rule with no_role_check."},         \
         [BACM_CLIENT_CUSTOMER] =                                                                  \
             {.roles = {BACM_ROLE_SUPER_ADMIN},                                                    \
              .who = "Super Admin, which links of customers need",                                 \
              .hint =                                                                              \
                  "Sign in as a Super Admin (role 41), or relax the rule with no_role_check."}},   \
    .mapping = &bacm_v13_mapping, .operations = bacm_v13_operations,                               \
    .operation_count = &bacm_v13_operation_count,                                                  \
    .get_user = &bacm_v13_operations[BACM_V13_GetUser],                                            \
    .add_links = &bacm_v13_operations[BACM_V13_AddClientLinks],                                    \
    .update_links = &bacm_v13_operations[BACM_V13_UpdateClientLinks],                              \
    .search_links = &bacm_v13_operations[BACM_V13_SearchClientLinks]

#endif
