/*
 * bacm whoami: the user, its customer and what it may do.
 */
#include <stdio.h>
#include <stdlib.h>

#include <bacm/user.h>

#include "cli/command/commands.h"
#include "cli/command/role.h"
#include "cli/command/session.h"
#include "cli/output/output.h"
#include "cli/terminal/exit_code.h"

/* "41 Super Admin, 16 ..." */
static char *roles_text(const json_t *roles)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    if (file == NULL)
        return NULL;
    for (size_t i = 0; i < json_array_size(roles); i++) {
        const json_t *role = json_array_get(roles, i);
        const char *name = json_string_value(json_object_get(role, "name"));

        fprintf(file, "%s%" JSON_INTEGER_FORMAT "%s%s", i > 0 ? ", " : "",
                json_integer_value(json_object_get(role, "id")), name != NULL ? " " : "",
                name != NULL ? name : "");
    }
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* "203 in 2002002, 41 in 3003003" */
static char *customer_roles_text(const json_t *roles)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    if (file == NULL)
        return NULL;
    for (size_t i = 0; i < json_array_size(roles); i++) {
        const json_t *role = json_array_get(roles, i);

        fprintf(file, "%s%" JSON_INTEGER_FORMAT " in %" JSON_INTEGER_FORMAT, i > 0 ? ", " : "",
                json_integer_value(json_object_get(role, "roleId")),
                json_integer_value(json_object_get(role, "customerId")));
    }
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static const struct output_column columns[] = {
    {"userId", "User id", 10, true, NULL, false},
    {"userName", "User name", 20, false, NULL, false},
    {"firstName", NULL, 0, false, NULL, false},
    {"lastName", NULL, 0, false, NULL, false},
    {"email", NULL, 0, false, NULL, false},
    {"jobTitle", NULL, 0, false, NULL, false},
    {"lifeCycleStatus", "Status", 8, false, NULL, false},
    {"customerId", "Customer id", 11, true, NULL, false},
    {"superAdmin", "Super Admin", 11, false, NULL, false},
    {"accountLinks", "Account links", 13, false, NULL, true},
    {"customerLinks", "Customer links", 14, false, NULL, true},
    {"customerRoles", "Roles by customer", 24, false, customer_roles_text, true},
    {"roles", "Roles", 0, false, roles_text, false},
    {"accountIds", NULL, 0, false, NULL, false},
    {"customerIds", NULL, 0, false, NULL, false},
    {"trackingId", NULL, 0, false, NULL, false},
    {NULL, NULL, 0, false, NULL, false},
};

static json_t *ids(const int64_t *values, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; array != NULL && i < count; i++)
        json_array_append_new(array, json_integer(values[i]));
    return array;
}

static json_t *roles(const bacm_user *user)
{
    json_t *array = json_array();

    for (size_t i = 0; array != NULL && i < user->role_count; i++)
        json_array_append_new(array, json_pack("{s:i, s:o}", "id", user->roles[i], "name",
                                               output_text(role_name(user->roles[i]))));
    return array;
}

static json_t *customer_roles(const bacm_user *user)
{
    json_t *array = json_array();

    for (size_t i = 0; array != NULL && i < user->customer_role_count; i++) {
        const bacm_customer_role *role = &user->customer_roles[i];

        json_array_append_new(
            array, json_pack("{s:i, s:I, s:o, s:o, s:o}", "roleId", role->role, "customerId",
                             (json_int_t)role->customer_id, "accountIds",
                             ids(role->account_ids, role->account_count), "linkedAccountIds",
                             ids(role->linked_account_ids, role->linked_account_count),
                             "customerLinkPermission",
                             output_text_or_null(role->customer_link_permission)));
    }
    return array;
}

static json_t *record(const bacm_user *user, const struct version *version)
{
    return json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:o}",
        "userId", (json_int_t)user->id, "userName", output_text_or_null(user->user_name),
        "firstName", output_text_or_null(user->first_name), "lastName",
        output_text_or_null(user->last_name), "email", output_text_or_null(user->email), "jobTitle",
        output_text_or_null(user->job_title), "lifeCycleStatus",
        output_text_or_null(user->life_cycle_status), "customerId", (json_int_t)user->customer_id,
        "superAdmin", user->is_super_admin ? 1 : 0, "accountLinks",
        bacm_user_may_manage_links(user, version->api, BACM_ACCOUNT_LINK) ? 1 : 0, "customerLinks",
        bacm_user_may_manage_links(user, version->api, BACM_CUSTOMER_LINK) ? 1 : 0, "customerRoles",
        customer_roles(user), "roles", roles(user), "accountIds",
        ids(user->account_ids, user->account_count), "customerIds",
        ids(user->customer_ids, user->customer_count), "trackingId",
        output_text_or_null(user->tracking_id));
}

static int run(struct cli *cli)
{
    struct session session;
    struct output output;
    bacm_user *user = NULL;
    bacm_error error;
    int code = session_open(&session, &cli->settings);

    if (code != CLI_OK)
        return code;
    if (bacm_get_user(&user, session.client, 0, &error) != BACM_OK) {
        code = session_failed(&error);
    } else {
        session_keep_user(&session, user);
        output_begin(&output, &cli->settings, columns);
        output_record(&output, record(user, session.version));
    }
    bacm_user_free(user);
    session_close(&session);
    return code;
}

static const struct option_info option_table[] = {{0}};

const struct command command_whoami = {
    .name = "whoami",
    .synopsis = "",
    .summary = "show the user, its customer and its roles",
    .description = "Shows who the credentials belong to and whether that user may manage client "
                   "links. The service does not tell whether the customer is an agency; only its "
                   "refusal of an invitation does.",
    .in_version = {"Client links want a Super Admin.",
                   "Links of accounts want a Super Admin or a Standard user (accountLinks), links "
                   "of customers a Super Admin (customerLinks). A user has a role in each customer "
                   "(customerRoles)."},
    .examples = "  bacm whoami\n"
                "  bacm whoami --output ndjson | jq .customerId\n",
    .options = option_table,
    .run = run,
};
