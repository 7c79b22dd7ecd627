/*
 * Any number of invitations with a journal: bulk_progress JOURNAL FIRST COUNT
 * invites the accounts FIRST, FIRST + 1, ... A second run with the same
 * arguments sends nothing that the first one has sent.
 */
#include <inttypes.h>

#include <bacm/bulk.h>

#include "service.h"

struct accounts {
    int64_t first;
    int64_t count;
    int64_t next;
    int64_t agency;
};

static bacm_bulk_source_result next_account(bacm_bulk_row *row, bacm_error *error, void *user)
{
    struct accounts *accounts = (struct accounts *)user;

    (void)error;
    if (accounts->next == accounts->count)
        return BACM_BULK_END;
    row->link.client_account_id = accounts->first + accounts->next++;
    row->link.managing_customer_id = accounts->agency;
    return BACM_BULK_ROW;
}

static bool print_record(const bacm_bulk_record *record, void *user)
{
    (void)user;
    return printf("%" PRId64 " %s\n", record->link->client_account_id,
                  bacm_bulk_outcome_name(record->outcome)) > 0;
}

static void print_progress(const bacm_bulk_progress *progress, void *user)
{
    (void)user;
    fprintf(stderr, "%" PRIu64 " rows, %" PRIu64 " added, %" PRIu64 " calls %s\n",
            progress->so_far->rows, progress->so_far->added, progress->so_far->calls,
            bacm_bulk_wait_name(progress->wait));
}

static bacm_status run(bacm_credentials *credentials, const char *journal,
                       struct accounts *accounts, bacm_error *error)
{
    const bacm_options client_options = example_options();
    bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;
    bacm_bulk_summary summary = BACM_BULK_SUMMARY_INIT;
    bacm_bulk *bulk = NULL;
    char digest[64];
    bacm_status status;

    /* What stands for the input: the same accounts give the same digest. */
    snprintf(digest, sizeof digest, "%" PRId64 "+%" PRId64, accounts->first, accounts->count);
    options.journal_path = journal;
    options.input_digest = digest;
    options.managing_customer_id = accounts->agency;
    options.progress = print_progress;
    status = bacm_bulk_new(&bulk, &options, &client_options, credentials, error);
    if (status == BACM_OK)
        status = bacm_bulk_run(&summary, bulk, next_account, accounts, print_record, NULL, error);
    bacm_bulk_free(bulk);
    if (status == BACM_OK && summary.added != summary.rows)
        status = BACM_E_PARTIAL;
    return status;
}

int main(int argc, char **argv)
{
    const bacm_options options = example_options();
    struct accounts accounts = {0, 0, 0, 0};
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_user *user = NULL;
    bacm_error error;
    bacm_status status;

    if (argc != 4)
        return 2;
    accounts.first = strtoll(argv[2], NULL, 10);
    accounts.count = strtoll(argv[3], NULL, 10);
    status = example_credentials(&credentials, &error);
    if (status == BACM_OK)
        status = bacm_client_new(&client, &options, credentials, &error);
    if (status == BACM_OK)
        status = bacm_get_user(&user, client, 0, &error);
    if (status == BACM_OK) {
        accounts.agency = user->customer_id;
        status = run(credentials, argv[1], &accounts, &error);
    }
    if (status != BACM_OK && status != BACM_E_PARTIAL)
        example_complain(&error);
    bacm_user_free(user);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    return status == BACM_OK ? 0 : 1;
}
