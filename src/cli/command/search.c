/*
 * bacm search: the links that the service has.
 */
#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "cli/command/commands.h"
#include "cli/command/input_options.h"
#include "cli/command/session.h"
#include "cli/input/clients.h"
#include "cli/input/statuses.h"
#include "cli/output/link_record.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

enum {
    OPTION_INPUT,
    INPUT_OPTION_IDS,
    OPTION_CLIENT_CUSTOMER,
    OPTION_DIRECT_MANAGER,
    OPTION_AS,
    OPTION_STATUS,
    OPTION_ORDER,
    OPTION_DESCENDING,
    OPTION_LIMIT,
    OPTION_PAGE_SIZE,
    OPTION_ALL_MANAGERS
};

static const struct option_info option_table[] = {
    [OPTION_INPUT] = {"input", 'i', "FILE", NULL,
                      "take the clients from this CSV or JSON, also one that bacm has written"},
    INPUT_OPTION_TABLE,
    [OPTION_CLIENT_CUSTOMER] = CLIENT_CUSTOMER_OPTION,
    [OPTION_DIRECT_MANAGER] = {"direct-managing-customer", 0, "ID", NULL,
                               "v13: links that this customer manages itself, not through another "
                               "one; instead of --managing-customer-id"},
    [OPTION_AS] = {"as", 0, "SIDE", "agency,client",
                   "agency or client: a client may ask for one account at a time and must name "
                   "them; default: agency"},
    [OPTION_STATUS] = {"status", 0, "LIST", NULL, "only links in one of these statuses"},
    [OPTION_ORDER] = {"order", 0, "FIELD", "id,name,number", "id, name or number (the manager's)"},
    [OPTION_DESCENDING] = {"descending", 0, NULL, NULL, "with --order: from the last to the first"},
    [OPTION_LIMIT] = {"limit", 0, "N", NULL, "stop after so many links"},
    [OPTION_PAGE_SIZE] = {"page-size", 0, "N", NULL, "links a call, 1 to 1000; default: 1000"},
    [OPTION_ALL_MANAGERS] = {"all-managers", 0, NULL, NULL,
                             "show links of other managing customers on the accounts too"},
    {0},
};

struct search {
    struct session session;
    struct output output;
    struct statuses statuses;
    bacm_link_search query;
    unsigned limit;
    unsigned found;
};

static bacm_link_order order_of(const char *name)
{
    if (name == NULL)
        return BACM_ORDER_NONE;
    if (strcmp(name, "id") == 0)
        return BACM_ORDER_BY_ACCOUNT_ID;
    return strcmp(name, "name") == 0 ? BACM_ORDER_BY_NAME : BACM_ORDER_BY_MANAGING_NUMBER;
}

static bool is_client(const struct cli *cli)
{
    return side_parse(cli->option[OPTION_AS]) == BACM_SIDE_CLIENT;
}

static bool is_full(const struct search *search)
{
    return search->limit != 0 && search->found == search->limit;
}

/* Write what one query finds; false when writing has failed. */
static bool put_links(struct search *search, bacm_link_iterator *iterator, int *code)
{
    const bacm_client_link *link = NULL;
    bacm_error error;

    while (!is_full(search)) {
        if (bacm_link_iterator_next(iterator, &link, &error) != BACM_OK) {
            *code = session_failed(&error);
            return false;
        }
        if (link == NULL)
            return true;
        if (search->statuses.count > 0 && !statuses_have(&search->statuses, link->status))
            continue;
        search->found++;
        if (!output_record(&search->output, link_record_make(link))) {
            *code = CLI_FAILED;
            return false;
        }
    }
    return true;
}

static bool run_query(struct search *search, int *code)
{
    bacm_link_iterator *iterator = NULL;
    bacm_error error;
    bool ok;

    if (bacm_link_iterator_new(&iterator, search->session.client, &search->query, &error) !=
        BACM_OK) {
        *code = session_failed(&error);
        return false;
    }
    ok = put_links(search, iterator, code);
    bacm_link_iterator_free(iterator);
    return ok;
}

/* Make n clients of one kind the predicate; false when there are none left. */
static bool ask_for(bacm_link_search *query, const struct clients *clients, size_t first,
                    size_t step)
{
    bool customers = clients_is_customer(clients, first);
    size_t end = customers ? clients->count : clients->account_count;
    size_t n = end - first < step ? end - first : step;

    query->client_account_ids = query->client_customer_ids = clients->ids + first;
    query->client_account_count = customers ? 0 : n;
    query->client_customer_count = customers ? n : 0;
    return n > 0;
}

/* Ask for all clients, as many a call as the caller's side may. */
static int run_queries(struct search *search, const struct clients *clients, size_t step)
{
    bacm_link_search *query = &search->query;
    int code = CLI_OK;

    if (clients->count == 0)
        run_query(search, &code);
    for (size_t i = 0; i < clients->count && !is_full(search);
         i += query->client_account_count + query->client_customer_count) {
        if (!ask_for(query, clients, i, step) || !run_query(search, &code))
            break;
    }
    output_end(&search->output);
    if (code == CLI_OK)
        message_note("%u links", search->found);
    return code;
}

/* Whose links are looked for. */
static int set_manager(const struct cli *cli, struct search *search, const struct clients *clients)
{
    bacm_link_search *query = &search->query;
    int code;

    if (query->direct_managing_customer_id != 0)
        return CLI_OK;
    query->managing_customer_id = settings_number(&cli->settings, SETTING_MANAGING_CUSTOMER);
    if (is_client(cli) || query->keep_other_managers)
        return CLI_OK;
    code = session_customer(&search->session, &query->managing_customer_id);
    if (clients->count > 0 || !search->session.version->links_customers)
        return code;
    /* Where there is this predicate, the other one does not find links of customers. */
    query->direct_managing_customer_id = query->managing_customer_id;
    query->managing_customer_id = 0;
    return code;
}

/* With --all-managers and none named, the links that a row is about are among those found. */
static bool is_of_manager(const struct search *search, const struct clients *clients)
{
    const bacm_link_search *query = &search->query;
    int64_t manager = query->direct_managing_customer_id != 0 ? query->direct_managing_customer_id
                                                              : query->managing_customer_id;

    return (manager == 0 && query->keep_other_managers) || clients_are_of(clients, manager);
}

static int run_search(struct cli *cli, struct search *search, const struct clients *clients)
{
    int code = session_open(&search->session, &cli->settings);

    if (code != CLI_OK)
        return code;
    code = set_manager(cli, search, clients);
    if (code == CLI_OK && !is_of_manager(search, clients))
        code = CLI_USAGE;
    if (code == CLI_OK) {
        output_begin(&search->output, &cli->settings, link_record_columns);
        code = run_queries(search, clients, is_client(cli) ? 1 : BACM_MAX_LINKS_PER_CALL);
    }
    session_close(&search->session);
    return code;
}

static bool read_clients(const struct cli *cli, struct clients *clients)
{
    struct input_options input;
    const struct clients_source source = {version_of(&cli->settings), cli->argument,
                                          cli->argument_count, cli->option[OPTION_CLIENT_CUSTOMER],
                                          &input};
    bool needed = is_client(cli) || cli->option[OPTION_ALL_MANAGERS] != NULL;

    if (!input_options_read(cli, OPTION_FORMAT, cli->option[OPTION_INPUT], &input) ||
        !clients_read(clients, &source))
        return false;
    if (clients->count > 0 || !needed)
        return true;
    message_error("name the accounts to search for");
    return false;
}

/* Options that only versions with links of customers have. */
static bool read_customer_options(const struct cli *cli, bacm_link_search *query)
{
    const char *manager = cli->option[OPTION_DIRECT_MANAGER];

    if (!version_allows_option(&cli->settings, "client-customer",
                               cli->option[OPTION_CLIENT_CUSTOMER]) ||
        !version_allows_option(&cli->settings, "direct-managing-customer", manager))
        return false;
    if (manager == NULL)
        return true;
    if (query->keep_other_managers) {
        message_error("--direct-managing-customer and --all-managers: give one of the two");
        return false;
    }
    if (parse_number(manager, CLIENTS_LEAST_ID, INT64_MAX, &query->direct_managing_customer_id))
        return true;
    message_error("--direct-managing-customer: '%s' is not the id of a customer; write four "
                  "digits or more",
                  manager);
    return false;
}

static int run(struct cli *cli)
{
    struct search search = {.query = BACM_LINK_SEARCH_INIT};
    struct clients clients = {0};
    int code = CLI_USAGE;

    search.query.order = order_of(cli->option[OPTION_ORDER]);
    search.query.descending = cli->option[OPTION_DESCENDING] != NULL;
    search.query.keep_other_managers = cli->option[OPTION_ALL_MANAGERS] != NULL;
    if (command_number(cli, OPTION_LIMIT, 1, UINT32_MAX, 0, &search.limit) &&
        command_number(cli, OPTION_PAGE_SIZE, 1, BACM_MAX_PAGE_SIZE, BACM_MAX_PAGE_SIZE,
                       &search.query.page_size) &&
        statuses_parse(&search.statuses, cli->option[OPTION_STATUS], "status") &&
        read_customer_options(cli, &search.query) && read_clients(cli, &clients))
        code = run_search(cli, &search, &clients);
    clients_free(&clients);
    return code;
}

const struct command command_search = {
    .name = "search",
    .synopsis = "[ACCOUNT_ID]...",
    .summary = "list client links and their status",
    .description =
        "Lists the newest link of each pair of client and managing customer. Without clients "
        "all links of the managing customer are listed: --managing-customer-id, or your own. "
        "With accounts, given as arguments, with commas between, with customers by "
        "--client-customer, or with either by --input, only theirs.\n\n"
        "The statuses: LinkPending (waits for the client, 30 days), LinkAccepted, LinkInProgress, "
        "Active, UnlinkRequested, UnlinkPending, UnlinkInProgress, Inactive, LinkCanceled, "
        "LinkDeclined, LinkExpired, LinkFailed, UnlinkFailed.",
    .examples = "  bacm search\n"
                "  bacm search --status LinkPending --order name\n"
                "  bacm search 1001001 1001002\n"
                "  bacm search --as client 1001001\n",
    .example_in_version = {NULL,
                           "  bacm search --api v13-rest --client-customer 3001001\n"
                           "  bacm search --api v13-rest --direct-managing-customer 2002002\n"},
    .options = option_table,
    .max_arguments = SIZE_MAX,
    .run = run,
};
