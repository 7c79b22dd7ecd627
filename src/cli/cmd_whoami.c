/*
 * bacm whoami: the user, its customer and what it may do.
 */
#include <stdio.h>
#include <stdlib.h>

#include <bacm/user.h>

#include "commands.h"
#include "exit_code.h"
#include "output.h"
#include "session.h"

static const char *role_name(int role)
{
    switch (role) {
    case BACM_ROLE_CAMPAIGN_MANAGER:
        return "Advertiser Campaign Manager";
    case BACM_ROLE_AGGREGATOR:
        return "Aggregator";
    case BACM_ROLE_SUPER_ADMIN:
        return "Super Admin";
    case BACM_ROLE_VIEWER:
        return "Viewer";
    case BACM_ROLE_STANDARD:
        return "Standard";
    default:
        return NULL;
    }
}

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

static const struct output_column columns[] = {
    {"userId", "User id", 10, true, NULL},
    {"userName", "User name", 20, false, NULL},
    {"firstName", NULL, 0, false, NULL},
    {"lastName", NULL, 0, false, NULL},
    {"email", NULL, 0, false, NULL},
    {"jobTitle", NULL, 0, false, NULL},
    {"lifeCycleStatus", "Status", 8, false, NULL},
    {"customerId", "Customer id", 11, true, NULL},
    {"superAdmin", "Super Admin", 11, false, NULL},
    {"roles", "Roles", 0, false, roles_text},
    {"accountIds", NULL, 0, false, NULL},
    {"customerIds", NULL, 0, false, NULL},
    {"trackingId", NULL, 0, false, NULL},
    {NULL, NULL, 0, false, NULL},
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

static json_t *record(const bacm_user *user)
{
    return json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:b, s:o, s:o, s:o, s:o}", "userId",
        (json_int_t)user->id, "userName", output_text_or_null(user->user_name), "firstName",
        output_text_or_null(user->first_name), "lastName", output_text_or_null(user->last_name),
        "email", output_text_or_null(user->email), "jobTitle", output_text_or_null(user->job_title),
        "lifeCycleStatus", output_text_or_null(user->life_cycle_status), "customerId",
        (json_int_t)user->customer_id, "superAdmin", user->is_super_admin ? 1 : 0, "roles",
        roles(user), "accountIds", ids(user->account_ids, user->account_count), "customerIds",
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
        output_begin(&output, &cli->settings, columns);
        output_record(&output, record(user));
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
                   "links: version 11 wants a Super Admin for that. The service does not tell "
                   "whether the customer is an agency; only its refusal of an invitation does.",
    .examples = "  bacm whoami\n"
                "  bacm whoami --output ndjson | jq .customerId\n",
    .options = option_table,
    .run = run,
};
