/*
 * Invite in v13, the version that the service answers: invite_v13 ACCOUNT_ID [CUSTOMER_ID]
 *
 * An account link has a payer, which must be said; a customer link takes in all the
 * customer's accounts, and says what the agency may do with them. Linked statically,
 * this program has no code of v11.
 */
#include <inttypes.h>

#include "service.h"

enum { ACCOUNT = 0, CUSTOMER = 1, MOST_LINKS = 2 };

static bacm_client_link account_link(int64_t agency, int64_t account)
{
    bacm_client_link link = BACM_CLIENT_LINK_INIT;

    link.type = BACM_ACCOUNT_LINK;
    link.client_account_id = account;
    link.managing_customer_id = agency;
    link.name = "Invited by an example";
    link.is_bill_to_client = BACM_TRUE;
    return link;
}

static bacm_client_link customer_link(int64_t agency, int64_t customer)
{
    bacm_client_link link = BACM_CLIENT_LINK_INIT;

    link.type = BACM_CUSTOMER_LINK;
    link.client_customer_id = customer;
    link.managing_customer_id = agency;
    link.name = "Invited by an example";
    link.customer_link_permission = "Administrative";
    return link;
}

static void report(const bacm_link_results *results, const bacm_client_link *links)
{
    for (size_t i = 0; i < bacm_link_results_count(results); i++) {
        const bacm_service_error *why = bacm_link_results_error(results, i, 0);
        const bool is_account = links[i].type == BACM_ACCOUNT_LINK;

        printf("%s %" PRId64 ": ", is_account ? "account" : "customer",
               is_account ? links[i].client_account_id : links[i].client_customer_id);
        if (bacm_link_results_outcome(results, i) == BACM_OUTCOME_DONE)
            puts("invited");
        else if (bacm_link_results_outcome(results, i) == BACM_OUTCOME_REFUSED)
            puts(why && why->message[0] ? why->message : "refused");
        else
            puts("unknown: search before sending again");
    }
}

int main(int argc, char **argv)
{
    const bacm_options options = example_options_for(bacm_api_v13);
    const size_t n = argc > 2 ? 2 : 1;
    bacm_client_link links[MOST_LINKS];
    const bacm_client_link *pointers[MOST_LINKS] = {&links[ACCOUNT], &links[CUSTOMER]};
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_user *user = NULL;
    bacm_link_results *results = NULL;
    bacm_error error = {0};
    int64_t account, customer;

    if (argc < 2)
        return 2;
    account = strtoll(argv[1], NULL, 10);
    customer = n > 1 ? strtoll(argv[2], NULL, 10) : 0;
    if (example_credentials(&credentials, &error) == BACM_OK &&
        bacm_client_new(&client, &options, credentials, &error) == BACM_OK &&
        bacm_get_user(&user, client, 0, &error) == BACM_OK) {
        links[ACCOUNT] = account_link(user->customer_id, account);
        links[CUSTOMER] = customer_link(user->customer_id, customer);
        bacm_links_add(&results, client, pointers, n, &error);
        report(results, links);
    }
    if (error.status != BACM_OK && error.status != BACM_E_PARTIAL)
        example_complain(&error);
    bacm_link_results_free(results);
    bacm_user_free(user);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    return error.status == BACM_OK ? 0 : 1;
}
