/*
 * bacm search: the links that the service has.
 */
#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "accounts.h"
#include "commands.h"
#include "exit_code.h"
#include "link_record.h"
#include "message.h"
#include "session.h"
#include "statuses.h"

enum {
    OPTION_INPUT,
    OPTION_AS,
    OPTION_STATUS,
    OPTION_ORDER,
    OPTION_DESCENDING,
    OPTION_LIMIT,
    OPTION_PAGE_SIZE,
    OPTION_ALL_MANAGERS
};

static const struct option_info option_table[] = {
    [OPTION_INPUT] = {"input", 'i', "FILE", NULL, "take the accounts from this CSV or NDJSON"},
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

static bool run_query(struct search *search, const int64_t *ids, size_t count, int *code)
{
    bacm_link_iterator *iterator = NULL;
    bacm_error error;
    bool ok;

    search->query.client_account_ids = ids;
    search->query.client_account_count = count;
    if (bacm_link_iterator_new(&iterator, search->session.client, &search->query, &error) !=
        BACM_OK) {
        *code = session_failed(&error);
        return false;
    }
    ok = put_links(search, iterator, code);
    bacm_link_iterator_free(iterator);
    return ok;
}

/* Ask for all accounts, as many a call as the caller's side may. */
static int run_queries(struct search *search, const struct accounts *accounts, size_t step)
{
    int code = CLI_OK;

    if (accounts->count == 0)
        run_query(search, NULL, 0, &code);
    for (size_t i = 0; i < accounts->count && !is_full(search); i += step) {
        size_t left = accounts->count - i;

        if (!run_query(search, accounts->ids + i, left < step ? left : step, &code))
            break;
    }
    output_end(&search->output);
    if (code == CLI_OK)
        message_note("%u links", search->found);
    return code;
}

static int run_search(struct cli *cli, struct search *search, const struct accounts *accounts)
{
    int code = session_open(&search->session, &cli->settings);

    if (code != CLI_OK)
        return code;
    search->query.managing_customer_id = settings_number(&cli->settings, SETTING_MANAGING_CUSTOMER);
    if (!is_client(cli) && cli->option[OPTION_ALL_MANAGERS] == NULL)
        code = session_customer(&search->session, &search->query.managing_customer_id);
    if (code == CLI_OK) {
        output_begin(&search->output, &cli->settings, link_record_columns);
        code = run_queries(search, accounts, is_client(cli) ? 1 : BACM_MAX_LINKS_PER_CALL);
    }
    session_close(&search->session);
    return code;
}

static bool read_accounts(const struct cli *cli, struct accounts *accounts)
{
    bool needed = is_client(cli) || cli->option[OPTION_ALL_MANAGERS] != NULL;

    if (!accounts_read(accounts, cli->argument, cli->argument_count, cli->option[OPTION_INPUT]))
        return false;
    if (accounts->count > 0 || !needed)
        return true;
    message_error("name the accounts to search for");
    return false;
}

static int run(struct cli *cli)
{
    struct search search = {.query = BACM_LINK_SEARCH_INIT};
    struct accounts accounts = {0};
    int code = CLI_USAGE;

    search.query.order = order_of(cli->option[OPTION_ORDER]);
    search.query.descending = cli->option[OPTION_DESCENDING] != NULL;
    search.query.keep_other_managers = cli->option[OPTION_ALL_MANAGERS] != NULL;
    if (command_number(cli, OPTION_LIMIT, 1, UINT32_MAX, 0, &search.limit) &&
        command_number(cli, OPTION_PAGE_SIZE, 1, BACM_MAX_PAGE_SIZE, BACM_MAX_PAGE_SIZE,
                       &search.query.page_size) &&
        statuses_parse(&search.statuses, cli->option[OPTION_STATUS], "status") &&
        read_accounts(cli, &accounts))
        code = run_search(cli, &search, &accounts);
    accounts_free(&accounts);
    return code;
}

const struct command command_search = {
    .name = "search",
    .synopsis = "[ACCOUNT_ID]...",
    .summary = "list client links and their status",
    .description =
        "Lists the newest link of each pair of account and managing customer. Without accounts "
        "all links of the managing customer are listed: --managing-customer-id, or your own. "
        "With accounts, given as arguments, with commas between, or by --input, only theirs.\n\n"
        "The statuses: LinkPending (waits for the client, 30 days), LinkAccepted, LinkInProgress, "
        "Active, UnlinkRequested, UnlinkPending, UnlinkInProgress, Inactive, LinkCanceled, "
        "LinkDeclined, LinkExpired, LinkFailed, UnlinkFailed.",
    .examples = "  bacm search\n"
                "  bacm search --status LinkPending --order name\n"
                "  bacm search 1001001 1001002\n"
                "  bacm search --as client 1001001\n",
    .options = option_table,
    .max_arguments = SIZE_MAX,
    .run = run,
};
