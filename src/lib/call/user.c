/*
 * GetUser: who the caller is, in the words of no contract version.
 */
#include <stdlib.h>
#include <string.h>

#include <bacm/user.h>

#include "lib/base/error.h"
#include "lib/call/client.h"

struct user_result {
    bacm_user user;
    struct bacm_arena arena;
};

static bool is_super_admin(const bacm_user *user)
{
    static const struct bacm_role_rule rule = {.roles = {BACM_ROLE_SUPER_ADMIN}};

    return bacm_role_rule_admits(&rule, user);
}

static enum bacm_mapping_result read_user(bacm_user **out, const bacm_client *client,
                                          const void *response)
{
    struct user_result *result = calloc(1, sizeof *result);
    enum bacm_mapping_result mapping;
    int failed = 0;

    if (!result)
        return BACM_MAPPING_NO_MEMORY;
    result->user.tracking_id = bacm_arena_text(&result->arena, client->tracking_id, &failed);
    mapping = failed
                  ? BACM_MAPPING_NO_MEMORY
                  : client->contract->mapping->read_user(&result->user, &result->arena, response);
    if (mapping != BACM_MAPPING_DONE) {
        bacm_user_free(&result->user);
        return mapping;
    }
    result->user.is_super_admin = is_super_admin(&result->user);
    *out = &result->user;
    return BACM_MAPPING_DONE;
}

bacm_status bacm_client_ask_user(bacm_user **out, bacm_client *client, int64_t user_id,
                                 bacm_error *error)
{
    struct bacm_exchange exchange = {.operation = client->contract->get_user};
    bacm_status status;

    exchange.request =
        client->contract->mapping->user_request(bacm_transport_engine(client->transport), user_id);
    if (!exchange.request)
        return bacm_fail_memory(error);
    status = bacm_client_exchange(client, &exchange, error);
    if (status != BACM_OK)
        return status;
    switch (read_user(out, client, exchange.response)) {
    case BACM_MAPPING_DONE:
        if (user_id == 0)
            bacm_client_learn_role(client, *out);
        break;
    case BACM_MAPPING_INCOMPLETE:
        return bacm_fail(error, BACM_E_PROTOCOL, "the reply of GetUser has no User");
    case BACM_MAPPING_NO_MEMORY:
        return bacm_fail_memory(error);
    }
    return BACM_OK;
}

bacm_status bacm_get_user(bacm_user **out, bacm_client *client, int64_t user_id, bacm_error *error)
{
    bacm_error unwanted;
    bacm_status status;

    if (!error)
        error = &unwanted;
    bacm_error_clear(error);
    if (!out || !client || user_id < 0)
        return bacm_fail(error, BACM_E_ARGUMENT, "out or client is NULL, or the user id below 0");
    *out = NULL;
    status = bacm_client_ask_user(out, client, user_id, error);
    bacm_client_end(client);
    return status;
}

bool bacm_user_may_manage_links(const bacm_user *user, bacm_api *api, bacm_link_type type)
{
    const struct bacm_contract *contract = bacm_contract_of(api);
    const enum bacm_kind_of_client kind =
        type == BACM_CUSTOMER_LINK ? BACM_CLIENT_CUSTOMER : BACM_CLIENT_ACCOUNT;

    return contract && bacm_role_rule_admits(&contract->roles[kind], user);
}

void bacm_user_free(bacm_user *user)
{
    struct user_result *result = (struct user_result *)user; /* user is its first member */

    if (!result)
        return;
    bacm_arena_free(&result->arena);
    free(result);
}
