/*
 * Calls of the library for tests that spoil what lies below: io_driver URL CAFILE
 * TOKENURL TIMEOUT_MS. One line a call, "NAME STATUS SENT": the status, and whether the error
 * object says that the request has left. Exit status 0, or 1 when a result and its
 * status do not agree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bacm/bacm.h>

static bool sound = true;

static void report(const char *name, bacm_status status, const bacm_error *error)
{
    printf("%s %s %s\n", name, bacm_status_name(status), error->request_sent ? "sent" : "-");
    if (error->status != status || (status != BACM_OK && !error->message[0]))
        sound = false;
    if (status != BACM_OK)
        fprintf(stderr, "%s: %s\n", name, error->message);
}

static bool agree(const bacm_link_results *results, size_t n, bacm_status status,
                  const bacm_error *error)
{
    size_t done = 0;
    size_t unknown = 0;

    if (!results)
        return status != BACM_OK && status != BACM_E_PARTIAL && !error->request_sent;
    for (size_t i = 0; i < bacm_link_results_count(results); i++) {
        done += bacm_link_results_outcome(results, i) == BACM_OUTCOME_DONE;
        unknown += bacm_link_results_outcome(results, i) == BACM_OUTCOME_UNKNOWN;
    }
    return bacm_link_results_count(results) == n && (status == BACM_OK) == (done == n) &&
           (status == BACM_E_UNKNOWN_OUTCOME) == (unknown == n);
}

static void add(bacm_client *client)
{
    bacm_client_link links[3];
    const bacm_client_link *pointers[3];
    bacm_link_results *results = NULL;
    bacm_error error;
    bacm_status status;

    for (int i = 0; i < 3; i++) {
        links[i] = (bacm_client_link)BACM_CLIENT_LINK_INIT;
        links[i].client_account_id = 1001001 + i;
        links[i].managing_customer_id = 2002002;
        pointers[i] = &links[i];
    }
    status = bacm_links_add(&results, client, pointers, 3, &error);
    report("add", status, &error);
    sound = sound && agree(results, 3, status, &error);
    bacm_link_results_free(results);
}

static bool can_be_canceled(const bacm_client_link *link)
{
    return bacm_link_transition_check(BACM_SIDE_AGENCY, link->status, BACM_STATUS_LINK_CANCELED,
                                      NULL) == BACM_OK;
}

static void search_and_update(bacm_client *client)
{
    static const int64_t ids[] = {1001001, 1001002};
    bacm_link_search search = BACM_LINK_SEARCH_INIT;
    bacm_link_page *page = NULL;
    bacm_link_results *results = NULL;
    const bacm_client_link *link;
    bacm_error error;
    bacm_status status;

    search.client_account_ids = ids;
    search.client_account_count = 2;
    status = bacm_links_search(&page, client, &search, 0, &error);
    report("search", status, &error);
    link = bacm_link_page_get(page, 0);
    if (link && can_be_canceled(link)) {
        status = bacm_links_update(&results, client, &link, 1, BACM_SIDE_AGENCY,
                                   BACM_STATUS_LINK_CANCELED, &error);
        report("update", status, &error);
        sound = sound && agree(results, 1, status, &error);
    }
    bacm_link_results_free(results);
    bacm_link_page_free(page);
}

int main(int argc, char **argv)
{
    bacm_oauth_options oauth = BACM_OAUTH_OPTIONS_INIT;
    bacm_options options = BACM_OPTIONS_INIT;
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_error error;
    unsigned timeout_ms;

    if (argc != 5)
        return 2;
    timeout_ms = (unsigned)strtoul(argv[4], NULL, 10);
    oauth.client_id = "demo-native-app";
    oauth.refresh_token = "AGENCY-ADMIN-REFRESH";
    oauth.token_url = argv[3];
    oauth.ca_file = argv[2];
    oauth.connect_timeout_ms = timeout_ms;
    oauth.call_timeout_ms = timeout_ms;
    oauth.retry_delay_ms = 10;
    options.endpoint = argv[1];
    options.ca_file = argv[2];
    options.connect_timeout_ms = timeout_ms;
    options.send_timeout_ms = timeout_ms;
    options.receive_timeout_ms = timeout_ms;
    options.call_timeout_ms = 3 * timeout_ms;
    if (bacm_credentials_new_oauth(&credentials, "DEV-DEMO", &oauth, &error) != BACM_OK ||
        bacm_client_new(&client, &options, credentials, &error) != BACM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 2;
    }
    add(client);
    search_and_update(client);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    return sound ? 0 : 1;
}
