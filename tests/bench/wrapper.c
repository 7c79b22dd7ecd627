/*
 * The library as its users call it: with all its checks.
 */
#include <stdlib.h>
#include <string.h>

#include <bacm/bacm.h>

#include "bench/meter.h"
#include "bench/support.h"

static const struct bench_job *job;
static bacm_credentials *credentials;
static bacm_client *client;
static bacm_client_link links[BENCH_MAX_LINKS];
static const bacm_client_link *pointers[BENCH_MAX_LINKS];

static void fill_links(void)
{
    for (int i = 0; i < BENCH_MAX_LINKS; i++) {
        links[i] = (bacm_client_link)BACM_CLIENT_LINK_INIT;
        links[i].client_account_id = BENCH_FIRST_ACCOUNT + i;
        links[i].managing_customer_id = BENCH_MANAGING_CUSTOMER;
        links[i].note = BENCH_NOTE;
        links[i].name = BENCH_NAME;
        links[i].inviter_email = BENCH_INVITER_EMAIL;
        links[i].inviter_name = BENCH_INVITER_NAME;
        links[i].inviter_phone = BENCH_INVITER_PHONE;
        links[i].is_bill_to_client = BACM_TRUE;
        links[i].start_date = BENCH_START_DATE;
        links[i].suppress_notification = BACM_FALSE;
        pointers[i] = &links[i];
    }
}

void bench_open(const struct bench_job *given)
{
    bacm_options options = BACM_OPTIONS_INIT;
    bacm_error error;

    job = given;
    options.endpoint = job->url;
    options.ca_file = job->ca_file;
    options.no_keep_alive = !job->keep_alive;
    if (bacm_credentials_new_access_token(&credentials, BENCH_DEVELOPER_TOKEN, BENCH_ACCESS_TOKEN,
                                          &error) != BACM_OK ||
        bacm_client_new(&client, &options, credentials, &error) != BACM_OK)
        bench_die("no client: %s", error.message);
    fill_links();
}

static long add(void)
{
    bacm_link_results *results = NULL;
    bacm_error error;
    bacm_status status = bacm_links_add(&results, client, pointers, (size_t)job->links, &error);
    long count = (long)bacm_link_results_count(results);

    if (status != BACM_OK && status != BACM_E_PARTIAL)
        bench_die("AddClientLinks: %s", error.message);
    bacm_link_results_free(results);
    return count;
}

static bacm_link_search query(void)
{
    static const int64_t account = BENCH_FIRST_ACCOUNT;
    bacm_link_search search = BACM_LINK_SEARCH_INIT;

    search.client_account_ids = &account;
    search.client_account_count = 1;
    search.page_size = BENCH_PAGE_SIZE;
    return search;
}

static long search_one_page(void)
{
    const bacm_link_search search = query();
    bacm_link_page *page = NULL;
    bacm_error error;
    long count;

    if (bacm_links_search(&page, client, &search, 0, &error) != BACM_OK)
        bench_die("SearchClientLinks: %s", error.message);
    count = (long)bacm_link_page_count(page);
    bacm_link_page_free(page);
    return count;
}

static long search_all_pages(void)
{
    const bacm_link_search search = query();
    bacm_link_iterator *iterator = NULL;
    const bacm_client_link *link;
    bacm_error error;
    bacm_status status = bacm_link_iterator_new(&iterator, client, &search, &error);
    long count = 0;

    while (status == BACM_OK) {
        status = bacm_link_iterator_next(iterator, &link, &error);
        if (status == BACM_OK && !link)
            break;
        count++;
    }
    if (status != BACM_OK)
        bench_die("SearchClientLinks: %s", error.message);
    bacm_link_iterator_free(iterator);
    return count;
}

long bench_call(void)
{
    if (strcmp(job->operation, "add") == 0)
        return add();
    return strcmp(job->operation, "search") == 0 ? search_one_page() : search_all_pages();
}

void bench_close(void)
{
    bacm_client_free(client);
    bacm_credentials_release(credentials);
}
