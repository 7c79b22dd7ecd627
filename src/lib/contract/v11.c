/*
 * The v11 contract: links of client accounts only, user name and password beside
 * tokens, one list of roles.
 */
#include <bacm/operations_v11.h>

#include "v11Stub.h"

#define OPERATIONS      bacm_v11_operations
#define OPERATION(name) BACM_V11_##name

#include "lib/contract/shared.h"

static void write_client(struct soap *soap, struct ent__ClientLink *to,
                         const bacm_client_link *from, bool *failed)
{
    to->ClientAccountId = write_id(soap, from->client_account_id, failed);
    to->ClientAccountNumber = (char *)from->client_account_number;
}

static void write_received_client(struct ent__ClientLink *to, const bacm_client_link *from)
{
    (void)to;
    (void)from;
}

static void copy_client(struct bacm_arena *arena, bacm_client_link *to,
                        const struct ent__ClientLink *from, int *failed)
{
    to->client_account_id = from->ClientAccountId ? *from->ClientAccountId : 0;
    to->client_account_number = bacm_arena_text(arena, from->ClientAccountNumber, failed);
}

static const int *copy_roles(struct bacm_arena *arena, const struct arr__ArrayOfint *from,
                             size_t *count, int *failed)
{
    size_t size = from && from->__sizeint_ > 0 ? (size_t)from->__sizeint_ : 0;
    int *roles = bacm_arena_array(arena, size + 1, sizeof *roles);

    if (!roles) {
        *failed = 1;
        return NULL;
    }
    for (size_t i = 0; i < size; i++)
        roles[i] = from->int_[i];
    *count = size;
    return roles;
}

static void copy_access(bacm_user *user, struct bacm_arena *arena,
                        const struct _cm__GetUserResponse *from, int *failed)
{
    user->roles = copy_roles(arena, from->Roles, &user->role_count, failed);
    user->account_ids = copy_ids(arena, from->Accounts, &user->account_count, failed);
    user->customer_ids = copy_ids(arena, from->Customers, &user->customer_count, failed);
}

const struct bacm_mapping bacm_v11_mapping = SHARED_MAPPING;
