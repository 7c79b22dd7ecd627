/*
 * Search for the agency's links and cancel an invitation that is pending:
 *
 *   search_update             list
 *   search_update ACCOUNT_ID  cancel the invitation of that account
 */
#include <inttypes.h>

#include "service.h"

static int list(bacm_client *client, const bacm_link_search *search)
{
    bacm_link_iterator *links = NULL;
    const bacm_client_link *link = NULL;
    bacm_error error;
    bacm_status status = bacm_link_iterator_new(&links, client, search, &error);

    while (status == BACM_OK &&
           (status = bacm_link_iterator_next(links, &link, &error)) == BACM_OK && link)
        printf("%" PRId64 " %s\n", link->client_account_id, link->status_text);
    bacm_link_iterator_free(links);
    if (status != BACM_OK)
        example_complain(&error);
    return status == BACM_OK ? 0 : 1;
}

static int cancel(bacm_client *client, const bacm_link_search *search)
{
    bacm_link_page *page = NULL;
    bacm_link_results *results = NULL;
    const bacm_client_link *link;
    bacm_error error;
    bacm_status status = bacm_links_search(&page, client, search, 0, &error);

    link = status == BACM_OK ? bacm_link_page_get(page, 0) : NULL;
    if (link)
        status = bacm_links_update_with_search(&results, client, &link, 1, BACM_SIDE_AGENCY,
                                               BACM_STATUS_LINK_CANCELED, &error);
    if (status != BACM_OK)
        example_complain(&error);
    else if (link)
        printf("%" PRId64 " canceled\n", link->client_account_id);
    else
        puts("no such link");
    bacm_link_results_free(results);
    bacm_link_page_free(page);
    return status == BACM_OK && link ? 0 : 1;
}

int main(int argc, char **argv)
{
    const bacm_options options = example_options();
    bacm_link_search search = BACM_LINK_SEARCH_INIT;
    int64_t account = argc > 1 ? strtoll(argv[1], NULL, 10) : 0;
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_user *user = NULL;
    bacm_error error;
    int code = 1;

    if (example_credentials(&credentials, &error) == BACM_OK &&
        bacm_client_new(&client, &options, credentials, &error) == BACM_OK &&
        bacm_get_user(&user, client, 0, &error) == BACM_OK) {
        search.managing_customer_id = user->customer_id;
        if (account) {
            search.client_account_ids = &account;
            search.client_account_count = 1;
        }
        code = account ? cancel(client, &search) : list(client, &search);
    } else {
        example_complain(&error);
    }
    bacm_user_free(user);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    return code;
}
