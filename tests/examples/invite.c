/*
 * Invite client accounts: invite ACCOUNT_ID...
 *
 * Result i belongs to link i, whatever came back. A reply that was lost is not
 * guessed at: such links are reported, and a search tells what became of them.
 */
#include <inttypes.h>

#include "service.h"

enum { MAX_ACCOUNTS = BACM_MAX_LINKS_PER_CALL };

static const char *describe(const bacm_link_results *results, size_t i)
{
    const bacm_service_error *why = bacm_link_results_error(results, i, 0);

    switch (bacm_link_results_outcome(results, i)) {
    case BACM_OUTCOME_DONE:
        return "invited";
    case BACM_OUTCOME_REFUSED:
        return why && why->message[0] ? why->message : "refused";
    case BACM_OUTCOME_UNKNOWN:
        return "unknown: search before sending again";
    default:
        return "not sent";
    }
}

static int invite(bacm_client *client, int64_t agency, const int64_t *accounts, size_t n)
{
    bacm_client_link links[MAX_ACCOUNTS];
    const bacm_client_link *pointers[MAX_ACCOUNTS];
    bacm_link_results *results = NULL;
    bacm_error error;
    bacm_status status;

    for (size_t i = 0; i < n; i++) {
        bacm_client_link link = BACM_CLIENT_LINK_INIT;

        link.client_account_id = accounts[i];
        link.managing_customer_id = agency;
        link.name = "Invited by an example";
        links[i] = link;
        pointers[i] = &links[i];
    }
    status = bacm_links_add(&results, client, pointers, n, &error);
    for (size_t i = 0; i < bacm_link_results_count(results); i++)
        printf("%" PRId64 ": %s\n", accounts[i], describe(results, i));
    bacm_link_results_free(results);
    if (status != BACM_OK && status != BACM_E_PARTIAL)
        example_complain(&error);
    return status == BACM_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    const bacm_options options = example_options();
    int64_t accounts[MAX_ACCOUNTS] = {0};
    size_t n = 0;
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_user *user = NULL;
    bacm_error error;
    int code = 1;

    for (int i = 1; i < argc && n < MAX_ACCOUNTS; i++)
        accounts[n++] = strtoll(argv[i], NULL, 10);
    if (example_credentials(&credentials, &error) == BACM_OK &&
        bacm_client_new(&client, &options, credentials, &error) == BACM_OK &&
        bacm_get_user(&user, client, 0, &error) == BACM_OK)
        code = invite(client, user->customer_id, accounts, n);
    else
        example_complain(&error);
    bacm_user_free(user);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    return code;
}
