/*
 * The v13 contract: links of client accounts and of client customers, OAuth of the
 * identity platform only, a role in each customer.
 */
#include <bacm/operations_v13.h>

#include "v13Stub.h"

#define OPERATIONS      bacm_v13_operations
#define OPERATION(name) BACM_V13_##name

#include "lib/contract/shared.h"

static void write_client(struct soap *soap, struct ent__ClientLink *to,
                         const bacm_client_link *from, bool *failed)
{
    const bool is_customer = from->type == BACM_CUSTOMER_LINK;

    if (from->type != BACM_LINK_TYPE_ABSENT)
        to->Type = (char *)bacm_link_type_text(from->type);
    to->ClientEntityId =
        write_id(soap, is_customer ? from->client_customer_id : from->client_account_id, failed);
    to->ClientEntityNumber =
        (char *)(is_customer ? from->client_customer_number : from->client_account_number);
    to->CustomerLinkPermission = (char *)from->customer_link_permission;
    to->ClientEntityCustomerNumber = (char *)from->client_entity_customer_number;
}

static void write_received_client(struct ent__ClientLink *to, const bacm_client_link *from)
{
    if (from->type_text)
        to->Type = (char *)from->type_text;
    to->ClientEntityName = (char *)from->client_entity_name;
    to->ManagingCustomerName = (char *)from->managing_customer_name;
}

/* Whose id it is nobody can say of a type that is not known: it goes nowhere. */
static void copy_client(struct bacm_arena *arena, bacm_client_link *to,
                        const struct ent__ClientLink *from, int *failed)
{
    const int64_t id = from->ClientEntityId ? *from->ClientEntityId : 0;
    const char *number = bacm_arena_text(arena, from->ClientEntityNumber, failed);

    to->type = bacm_link_type_parse(from->Type);
    to->type_text = bacm_arena_text(arena, from->Type, failed);
    if (to->type == BACM_CUSTOMER_LINK) {
        to->client_customer_id = id;
        to->client_customer_number = number;
    } else if (to->type != BACM_LINK_TYPE_UNKNOWN) {
        to->client_account_id = id;
        to->client_account_number = number;
    }
    to->customer_link_permission = bacm_arena_text(arena, from->CustomerLinkPermission, failed);
    to->client_entity_name = bacm_arena_text(arena, from->ClientEntityName, failed);
    to->client_entity_customer_number =
        bacm_arena_text(arena, from->ClientEntityCustomerNumber, failed);
    to->managing_customer_name = bacm_arena_text(arena, from->ManagingCustomerName, failed);
}

static void copy_role(bacm_customer_role *to, struct bacm_arena *arena,
                      const struct ent__CustomerRole *from, int *failed)
{
    to->role = from->RoleId ? *from->RoleId : 0;
    to->customer_id = from->CustomerId ? *from->CustomerId : 0;
    to->account_ids = copy_ids(arena, from->AccountIds, &to->account_count, failed);
    to->linked_account_ids =
        copy_ids(arena, from->LinkedAccountIds, &to->linked_account_count, failed);
    to->customer_link_permission =
        bacm_arena_text(arena, text_or_empty(from->CustomerLinkPermission), failed);
}

/* The lists that v11 has, out of the roles: each role once, all accounts, all customers. */
static void sum_up(bacm_user *user, struct bacm_arena *arena, int *failed)
{
    size_t account_count = 0;
    int *roles = bacm_arena_array(arena, user->customer_role_count + 1, sizeof *roles);
    int64_t *customers = bacm_arena_array(arena, user->customer_role_count + 1, sizeof *customers);
    int64_t *accounts;

    for (size_t i = 0; i < user->customer_role_count; i++)
        account_count += user->customer_roles[i].account_count;
    accounts = bacm_arena_array(arena, account_count + 1, sizeof *accounts);
    if (!roles || !customers || !accounts) {
        *failed = 1;
        return;
    }
    user->roles = roles;
    user->customer_ids = customers;
    user->account_ids = accounts;
    for (size_t i = 0; i < user->customer_role_count; i++) {
        const bacm_customer_role *role = &user->customer_roles[i];
        size_t seen = 0;

        while (seen < user->role_count && roles[seen] != role->role)
            seen++;
        if (seen == user->role_count)
            roles[user->role_count++] = role->role;
        customers[user->customer_count++] = role->customer_id;
        for (size_t k = 0; k < role->account_count; k++)
            accounts[user->account_count++] = role->account_ids[k];
    }
}

static void copy_access(bacm_user *user, struct bacm_arena *arena,
                        const struct _cm__GetUserResponse *from, int *failed)
{
    const struct ent__ArrayOfCustomerRole *array = from->CustomerRoles;
    size_t size = array && array->__sizeCustomerRole > 0 ? (size_t)array->__sizeCustomerRole : 0;
    bacm_customer_role *roles = bacm_arena_array(arena, size + 1, sizeof *roles);

    if (!roles) {
        *failed = 1;
        return;
    }
    for (size_t i = 0; i < size && !*failed; i++)
        copy_role(&roles[i], arena, &array->CustomerRole[i], failed);
    user->customer_roles = roles;
    user->customer_role_count = size;
    if (!*failed)
        sum_up(user, arena, failed);
}

const struct bacm_mapping bacm_v13_mapping = SHARED_MAPPING;
