/*
 * bacm wait: until links are where they should be.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/command/commands.h"
#include "cli/command/input_options.h"
#include "cli/command/session.h"
#include "cli/input/clients.h"
#include "cli/input/statuses.h"
#include "cli/output/output.h"
#include "cli/profile/library_error.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

enum {
    OPTION_INPUT,
    INPUT_OPTION_IDS,
    OPTION_CLIENT_CUSTOMER,
    OPTION_AS,
    OPTION_UNTIL,
    OPTION_FOR,
    OPTION_EVERY
};

static const struct option_info option_table[] = {
    [OPTION_INPUT] = {"input", 'i', "FILE", NULL,
                      "take the clients from this CSV or JSON, also one that bacm has written"},
    INPUT_OPTION_TABLE,
    [OPTION_CLIENT_CUSTOMER] = CLIENT_CUSTOMER_OPTION,
    [OPTION_AS] = {"as", 0, "SIDE", "agency,client",
                   "agency or client; a client must give --managing-customer-id; default: agency"},
    [OPTION_UNTIL] = {"until", 'u', "LIST", NULL,
                      "wanted statuses; default: any that does not change by itself"},
    [OPTION_FOR] = {"for", 0, "SECONDS", NULL, "most time to wait; default: 1800"},
    [OPTION_EVERY] = {"every", 0, "SECONDS", NULL,
                      "most time between two questions, which begin after 2 s; default: 60"},
    {0},
};

static const struct output_column columns[] = {
    {"clientAccountId", "Account id", 12, true, NULL, false},
    {"clientCustomerId", "Customer id", 12, true, NULL, true},
    {"managingCustomerId", "Manager", 12, true, NULL, false},
    {"status", "Status", 16, false, NULL, false},
    {"settled", "Settled", 7, false, NULL, false},
    {"reached", "Reached", 7, false, NULL, false},
    {NULL, NULL, 0, false, NULL, false},
};

static bool tell_round(const bacm_watched_link *links, size_t n, unsigned next_poll_ms, void *user)
{
    size_t settled = 0;
    size_t absent = 0;
    char not_found[48] = "";

    (void)user;
    for (size_t i = 0; i < n; i++) {
        settled += links[i].settled;
        absent += links[i].status == BACM_LINK_STATUS_ABSENT;
    }
    if (absent > 0)
        snprintf(not_found, sizeof not_found, ", %zu not found", absent);
    if (next_poll_ms != 0)
        message_note("%zu of %zu links are settled%s; asking again in %u s", settled, n, not_found,
                     (next_poll_ms + 999) / 1000);
    return true;
}

static json_t *record(const bacm_watched_link *link)
{
    return json_pack(
        "{s:o, s:o, s:I, s:o, s:b, s:b}", "clientAccountId", output_id(link->client_account_id),
        "clientCustomerId", output_id(link->client_customer_id), "managingCustomerId",
        (json_int_t)link->managing_customer_id, "status", output_text_or_null(link->status_text),
        "settled", link->settled ? 1 : 0, "reached", link->reached ? 1 : 0);
}

/* Write where the links are; CLI_FAILED when one is elsewhere than wanted. */
static int put_links(const struct cli *cli, const bacm_watched_link *links, size_t n, bool any)
{
    struct output output;
    int code = CLI_OK;

    output_begin(&output, &cli->settings, columns);
    for (size_t i = 0; i < n; i++) {
        if (any ? !links[i].settled : !links[i].reached)
            code = CLI_FAILED;
        if (!output_record(&output, record(&links[i])))
            return CLI_FAILED;
    }
    return code;
}

static int wait_for(struct cli *cli, struct session *session, bacm_watched_link *links, size_t n,
                    bacm_wait_options *options)
{
    bacm_error error;
    bacm_status status = bacm_links_wait(links, n, session->client, options, &error);
    int code;

    if (status != BACM_OK && status != BACM_E_WAIT_OVER)
        return session_failed(&error);
    if (status == BACM_E_WAIT_OVER)
        message_library(&error);
    code = put_links(cli, links, n, options->wanted_count == 0);
    return status == BACM_OK ? code : exit_code_worse(code, CLI_FAILED);
}

static int run_wait(struct cli *cli, const struct clients *clients, bacm_wait_options *options)
{
    bacm_watched_link *links = calloc(clients->count, sizeof *links);
    struct session session;
    int64_t customer;
    int code;

    if (links == NULL) {
        message_error("out of memory");
        return CLI_FAILED;
    }
    code = session_open(&session, &cli->settings);
    if (code == CLI_OK) {
        code = session_customer(&session, &customer);
        if (code == CLI_OK && !clients_are_of(clients, customer))
            code = CLI_USAGE;
        for (size_t i = 0; code == CLI_OK && i < clients->count; i++) {
            if (clients_is_customer(clients, i))
                links[i].client_customer_id = clients->ids[i];
            else
                links[i].client_account_id = clients->ids[i];
            links[i].managing_customer_id = customer;
        }
        if (code == CLI_OK)
            code = wait_for(cli, &session, links, clients->count, options);
        session_close(&session);
    }
    free(links);
    return code;
}

static bool read_clients(const struct cli *cli, struct clients *clients)
{
    struct input_options input;
    const struct clients_source source = {version_of(&cli->settings), cli->argument,
                                          cli->argument_count, cli->option[OPTION_CLIENT_CUSTOMER],
                                          &input};

    if (!input_options_read(cli, OPTION_FORMAT, cli->option[OPTION_INPUT], &input) ||
        !version_allows_option(&cli->settings, "client-customer", source.customers) ||
        !clients_read(clients, &source))
        return false;
    if (clients->count == 0)
        message_error("name the accounts whose links are waited for");
    return clients->count > 0;
}

/* A client's own customer manages nothing: it must say whose invitation it means. */
static bool read_side(const struct cli *cli, bacm_side *side)
{
    *side = side_parse(cli->option[OPTION_AS]);
    if (*side == BACM_SIDE_AGENCY ||
        settings_text(&cli->settings, SETTING_MANAGING_CUSTOMER) != NULL)
        return true;
    message_error("--as client: give the agency's id with --managing-customer-id");
    return false;
}

static int run(struct cli *cli)
{
    bacm_wait_options options = BACM_WAIT_OPTIONS_INIT;
    struct clients clients = {0};
    struct statuses wanted;
    unsigned seconds;
    unsigned every;
    int code = CLI_USAGE;

    if (command_number(cli, OPTION_FOR, 1, SETTING_MAX_SECONDS, 1800, &seconds) &&
        command_number(cli, OPTION_EVERY, 1, 3600, 60, &every) &&
        statuses_parse(&wanted, cli->option[OPTION_UNTIL], "until") &&
        read_side(cli, &options.side) && read_clients(cli, &clients)) {
        options.wanted = wanted.list;
        options.wanted_count = wanted.count;
        options.timeout_ms = seconds * 1000;
        options.max_interval_ms = every * 1000;
        if (options.first_interval_ms > options.max_interval_ms)
            options.first_interval_ms = options.max_interval_ms;
        options.on_poll = tell_round;
        code = run_wait(cli, &clients, &options);
    }
    clients_free(&clients);
    return code;
}

const struct command command_wait = {
    .name = "wait",
    .synopsis = "ACCOUNT_ID...",
    .summary = "wait until links reach a status",
    .description =
        "Asks for the links again and again, at growing intervals, until each has one of the "
        "wanted statuses or one that does not change by itself (Active, Inactive, LinkCanceled, "
        "LinkDeclined, LinkExpired, LinkFailed), or the time is up. A link that is not there yet "
        "is waited for as well; the progress on stderr counts such as not found. Then writes "
        "where each link is. Exit status 1 tells that some link is not where it should be.",
    .examples = "  bacm wait 1001001\n"
                "  bacm wait --until Active --for 3600 1001001 1001002\n"
                "  bacm wait --input clients.csv --until Active,LinkDeclined\n",
    .example_in_version = {NULL, "  bacm wait --api v13-rest --client-customer 3001001\n"},
    .options = option_table,
    .max_arguments = SIZE_MAX,
    .run = run,
};
