/*
 * bacm update: cancel, unlink, accept, decline.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/command/commands.h"
#include "cli/command/input_options.h"
#include "cli/command/session.h"
#include "cli/command/update_links.h"
#include "cli/input/clients.h"
#include "cli/terminal/confirm.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"
#include "cli/terminal/suggest.h"

enum { OPTION_INPUT, INPUT_OPTION_IDS, OPTION_CLIENT_CUSTOMER, OPTION_YES };

static const struct option_info option_table[] = {
    [OPTION_INPUT] = {"input", 'i', "FILE", NULL,
                      "take the clients from this CSV or JSON, also one that bacm has written"},
    INPUT_OPTION_TABLE,
    [OPTION_CLIENT_CUSTOMER] = CLIENT_CUSTOMER_OPTION,
    [OPTION_YES] = {"yes", 'y', NULL, NULL,
                    "do not ask before links are changed; bacm asks when "
                    "standard error is a terminal, and sends at once elsewhere"},
    {0},
};

static const struct update_action actions[] = {
    {"cancel", BACM_SIDE_AGENCY, BACM_STATUS_LINK_CANCELED, "Withdraw the invitations of"},
    {"unlink", BACM_SIDE_AGENCY, BACM_STATUS_UNLINK_REQUESTED, "End the access to"},
    {"accept", BACM_SIDE_CLIENT, BACM_STATUS_LINK_ACCEPTED, "Let the agency manage"},
    {"decline", BACM_SIDE_CLIENT, BACM_STATUS_LINK_DECLINED, "Decline the invitations of"},
};

#define ACTION_COUNT (sizeof actions / sizeof *actions)

static const struct update_action *find_action(const char *name)
{
    struct suggest near;

    suggest_begin(&near, name);
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        if (strcmp(actions[i].name, name) == 0)
            return &actions[i];
        suggest_offer(&near, actions[i].name);
    }
    if (suggest_best(&near) != NULL)
        message_error("unknown action '%s'; did you mean %s?", name, suggest_best(&near));
    else
        message_error("unknown action '%s'; give cancel, unlink, accept or decline", name);
    return NULL;
}

static bool may_update(const struct cli *cli, const struct session *session,
                       const struct update_action *action, const struct clients *clients)
{
    char question[MESSAGE_MAX_BYTES];
    char whom[CLIENTS_TEXT_BYTES];

    if (cli->option[OPTION_YES] != NULL)
        return true;
    clients_text(whom, clients->account_count, clients->count - clients->account_count);
    snprintf(question, sizeof question, "%s %s at %s?", action->question, whom,
             session_service(session));
    return confirm(question);
}

static int run_update(struct cli *cli, const struct update_action *action,
                      const struct clients *clients)
{
    int64_t customer = settings_number(&cli->settings, SETTING_MANAGING_CUSTOMER);
    struct session session;
    int code;

    code = session_open(&session, &cli->settings);
    if (code != CLI_OK)
        return code;
    if (!may_update(cli, &session, action, clients))
        code = CLI_PRECONDITION;
    if (code == CLI_OK && action->side == BACM_SIDE_AGENCY)
        code = session_customer(&session, &customer);
    if (code == CLI_OK && !clients_are_of(clients, customer))
        code = CLI_USAGE;
    if (code == CLI_OK)
        code = update_links(&session, action, customer, clients);
    session_close(&session);
    return code;
}

static int run(struct cli *cli)
{
    const struct update_action *action;
    struct clients_source source;
    struct input_options input;
    struct clients clients = {0};
    int code = CLI_USAGE;

    if (cli->argument_count == 0) {
        message_error("no action; give cancel, unlink, accept or decline, then the accounts");
        return CLI_USAGE;
    }
    action = find_action(cli->argument[0]);
    if (action == NULL)
        return CLI_USAGE;
    source = (struct clients_source){version_of(&cli->settings), cli->argument + 1,
                                     cli->argument_count - 1, cli->option[OPTION_CLIENT_CUSTOMER],
                                     &input};
    if (input_options_read(cli, OPTION_FORMAT, cli->option[OPTION_INPUT], &input) &&
        version_allows_option(&cli->settings, "client-customer", source.customers) &&
        clients_read(&clients, &source)) {
        if (clients.count > 0)
            code = run_update(cli, action, &clients);
        else
            message_error("name the accounts whose links are to be changed");
    }
    clients_free(&clients);
    return code;
}

const struct command command_update = {
    .name = "update",
    .synopsis = "ACTION ACCOUNT_ID...",
    .summary = "cancel or accept invitations, decline them, unlink accounts",
    .description =
        "Changes the status of links. The agency may cancel an invitation that is pending and "
        "unlink an account that is active; the client may accept or decline an invitation that "
        "is pending. Each link is searched for first, and only one whose status allows the action "
        "is sent. A client with invitations of several agencies names one by "
        "--managing-customer-id.\n\n"
        "A record has clientAccountId, managingCustomerId, from (the status before), wanted, "
        "outcome (done, failed, not_sent, unknown), errors and trackingId. Accounts come before "
        "customers.",
    .examples = "  bacm update cancel 1001025\n"
                "  bacm update unlink --yes --input leavers.csv\n"
                "  bacm update accept --managing-customer-id 2002002 1001001\n",
    .example_in_version = {NULL, "  bacm update cancel --api v13-rest --client-customer 3001001\n"},
    .options = option_table,
    .max_arguments = SIZE_MAX,
    .run = run,
};
