/*
 * Who may call the client-link operations: the role of the caller, as GetUser tells it, and
 * the environment.
 */
#include <string.h>

#include "lib/base/error.h"
#include "lib/base/redact.h"
#include "lib/call/client.h"

void bacm_client_learn_role(bacm_client *client, const bacm_user *user)
{
    for (int i = 0; i < BACM_KINDS_OF_CLIENT; i++)
        client->may_manage[i] = bacm_role_rule_admits(&client->contract->roles[i], user);
}

void bacm_client_forget_role(bacm_client *client)
{
    memset(client->may_manage, 0, sizeof client->may_manage);
}

/*
 * What the service says of a user may repeat a token, which no error shows. The name that
 * belongs to a password is the one of the user, and no secret here.
 */
static bool copy_redacted(struct bacm_buffer *out, const struct bacm_secrets *secrets,
                          const char *text)
{
    const char *values[] = {secrets->developer_token, secrets->access_token, secrets->password};

    return bacm_redact(out, text, strlen(text), values, sizeof values / sizeof values[0]) == 0 &&
           bacm_buffer_add(out, "", 1) == 0;
}

static bacm_status refuse_role(const bacm_client *client, const struct bacm_role_rule *rule,
                               const bacm_user *user, bacm_error *error)
{
    struct bacm_buffer name = {NULL, 0, 0};
    struct bacm_buffer life_cycle = {NULL, 0, 0};

    bacm_error_clear(error); /* of what the successful GetUser left in it */
    if (copy_redacted(&name, &client->secrets, user->user_name) &&
        copy_redacted(&life_cycle, &client->secrets, user->life_cycle_status)) {
        bacm_fail(error, BACM_E_NOT_SUPER_ADMIN, "the user %s (status %s) is not an active %s",
                  name.bytes, life_cycle.bytes, rule->who);
        bacm_error_hint(error, "%s", rule->hint);
    } else {
        bacm_fail_memory(error);
    }
    bacm_buffer_clear(&name);
    bacm_buffer_clear(&life_cycle);
    return error->status;
}

/* One GetUser answers for all kinds of clients. */
static bacm_status read_roles(bacm_client *client, enum bacm_kind_of_client kind, bacm_error *error)
{
    const struct bacm_role_rule *rules = client->contract->roles;
    bacm_user *user = NULL;
    bacm_status status;

    bacm_error_clear(error);
    status = bacm_client_ask_user(&user, client, 0, error);
    error->request_sent = false; /* that was GetUser, not the caller's request */
    if (status == BACM_OK && !client->may_manage[kind])
        status = refuse_role(client, &rules[kind], user, error);
    bacm_client_end(client);
    bacm_user_free(user);
    return status;
}

bacm_status bacm_client_require_links(bacm_client *client, enum bacm_kind_of_client kind,
                                      bacm_error *error)
{
    if (client->options.environment == BACM_SANDBOX && !client->contract->sandbox_has_links &&
        !client->options.allow_sandbox_links) {
        bacm_fail(error, BACM_E_SANDBOX, "the sandbox does not support client links");
        bacm_error_hint(error, "Use the production environment, or bacm-sim for trials.");
        return BACM_E_SANDBOX;
    }
    if (client->options.no_role_check || client->may_manage[kind])
        return BACM_OK;
    return read_roles(client, kind, error);
}
