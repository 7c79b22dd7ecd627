#include "lib/link_lookup.h"

#include <stdlib.h>
#include <string.h>

#include "lib/error.h"

/* A pair has one link, so ten accounts fill more than this only by a fault of the service. */
enum { MAX_PAGES = 64 };

struct bacm_lookup_page {
    bacm_link_page *page;
    struct bacm_lookup_page *next;
};

static bool matches(const bacm_client_link *link, const struct bacm_pair *pair)
{
    if (link->client_account_id != pair->client_account_id ||
        link->client_customer_id != pair->client_customer_id)
        return false;
    if (pair->managing_customer_id)
        return link->managing_customer_id == pair->managing_customer_id;
    return pair->managing_customer_number && link->managing_customer_number &&
           strcmp(link->managing_customer_number, pair->managing_customer_number) == 0;
}

static void pick(struct bacm_link_lookup *lookup, const bacm_link_page *page,
                 const struct bacm_pair *pairs, size_t n)
{
    for (size_t k = 0; k < bacm_link_page_count(page); k++) {
        const bacm_client_link *link = bacm_link_page_get(page, k);

        for (size_t i = 0; i < n; i++) {
            if (!lookup->found[i] && matches(link, &pairs[i]))
                lookup->found[i] = link;
        }
    }
}

static bacm_status keep(struct bacm_link_lookup *lookup, bacm_link_page *page, bacm_error *error)
{
    struct bacm_lookup_page *kept = malloc(sizeof *kept);

    if (!kept) {
        bacm_link_page_free(page);
        return bacm_fail_memory(error);
    }
    kept->page = page;
    kept->next = lookup->pages;
    lookup->pages = kept;
    return BACM_OK;
}

static void add_once(int64_t ids[BACM_MAX_LINKS_PER_CALL], size_t *count, int64_t id)
{
    if (!id)
        return;
    for (size_t k = 0; k < *count; k++) {
        if (ids[k] == id)
            return;
    }
    ids[(*count)++] = id;
}

static bacm_status read_all(struct bacm_link_lookup *lookup, bacm_client *client,
                            const bacm_link_search *search, const struct bacm_pair *pairs, size_t n,
                            bacm_error *error)
{
    for (unsigned index = 0; index < MAX_PAGES; index++) {
        bacm_link_page *page = NULL;
        bacm_status status = bacm_links_search(&page, client, search, index, error);

        if (status == BACM_OK)
            status = keep(lookup, page, error);
        if (status != BACM_OK)
            return status;
        pick(lookup, page, pairs, n);
        if (bacm_link_page_is_last(page))
            return BACM_OK;
    }
    return bacm_fail(error, BACM_E_PROTOCOL, "a search for %zu clients does not end",
                     search->client_account_count + search->client_customer_count);
}

bacm_status bacm_link_lookup(struct bacm_link_lookup *lookup, bacm_client *client,
                             const struct bacm_pair *pairs, size_t n, bacm_error *error)
{
    bacm_link_search by_account = BACM_LINK_SEARCH_INIT;
    bacm_link_search by_customer = BACM_LINK_SEARCH_INIT;
    int64_t accounts[BACM_MAX_LINKS_PER_CALL];
    int64_t customers[BACM_MAX_LINKS_PER_CALL];
    bacm_status status = BACM_OK;

    memset(lookup, 0, sizeof *lookup);
    for (size_t i = 0; i < n; i++) {
        add_once(accounts, &by_account.client_account_count, pairs[i].client_account_id);
        add_once(customers, &by_customer.client_customer_count, pairs[i].client_customer_id);
    }
    by_account.client_account_ids = accounts;
    by_customer.client_customer_ids = customers;
    /* The two predicates exclude each other. */
    if (by_account.client_account_count)
        status = read_all(lookup, client, &by_account, pairs, n, error);
    if (status == BACM_OK && by_customer.client_customer_count)
        status = read_all(lookup, client, &by_customer, pairs, n, error);
    return status;
}

void bacm_link_lookup_clear(struct bacm_link_lookup *lookup)
{
    while (lookup->pages) {
        struct bacm_lookup_page *next = lookup->pages->next;

        bacm_link_page_free(lookup->pages->page);
        free(lookup->pages);
        lookup->pages = next;
    }
    memset(lookup, 0, sizeof *lookup);
}
