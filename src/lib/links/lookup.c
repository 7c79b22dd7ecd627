#include "lib/links/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/error.h"

/* A pair has one link, so ten accounts fill more than this only by a fault of the service. */
enum { MAX_PAGES = 64 };

struct bacm_lookup_page {
    bacm_link_page *page;
    struct bacm_lookup_page *next;
};

static void pick(struct bacm_link_lookup *lookup, const bacm_link_page *page,
                 const bacm_client_link *pairs, size_t n)
{
    for (size_t k = 0; k < bacm_link_page_count(page); k++) {
        const bacm_client_link *link = bacm_link_page_get(page, k);

        for (size_t i = 0; i < n; i++) {
            if (bacm_client_link_same_pair(&pairs[i], link))
                lookup->found[i] = bacm_client_link_newer(lookup->found[i], link);
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

/* What is asked for, each id once. */
struct ids {
    int64_t list[BACM_MAX_LINKS_PER_CALL];
    size_t count;
};

static void add_once(struct ids *ids, int64_t id)
{
    if (!id)
        return;
    for (size_t k = 0; k < ids->count; k++) {
        if (ids->list[k] == id)
            return;
    }
    ids->list[ids->count++] = id;
}

/* One lookup under way. */
struct question {
    struct bacm_link_lookup *lookup;
    bacm_client *client;
    const bacm_client_link *pairs;
    size_t n;
    size_t most_ids; /* in one search */
};

static bacm_status read_all(const struct question *question, const bacm_link_search *search,
                            bacm_error *error)
{
    for (unsigned index = 0; index < MAX_PAGES; index++) {
        bacm_link_page *page = NULL;
        bacm_status status = bacm_links_search(&page, question->client, search, index, error);

        if (status == BACM_OK)
            status = keep(question->lookup, page, error);
        if (status != BACM_OK)
            return status;
        pick(question->lookup, page, question->pairs, question->n);
        if (bacm_link_page_is_last(page))
            return BACM_OK;
    }
    return bacm_fail(error, BACM_E_PROTOCOL, "a search for %zu clients does not end",
                     search->client_account_count + search->client_customer_count);
}

static size_t at_most(size_t most, size_t count)
{
    return count < most ? count : most;
}

/* Searches by ids of one kind: the two predicates exclude each other. */
static bacm_status by_ids(const struct question *question, const struct ids *ids,
                          const int64_t **wanted, size_t *count, const bacm_link_search *search,
                          bacm_error *error)
{
    bacm_status status = BACM_OK;

    for (size_t i = 0; i < ids->count && status == BACM_OK; i += *count) {
        *wanted = ids->list + i;
        *count = at_most(question->most_ids, ids->count - i);
        status = read_all(question, search, error);
    }
    return status;
}

bacm_status bacm_link_lookup(struct bacm_link_lookup *lookup, bacm_client *client,
                             const bacm_client_link *pairs, size_t n, bacm_side side,
                             bacm_error *error)
{
    struct question question = {NULL, client, pairs, n,
                                side == BACM_SIDE_CLIENT ? 1 : BACM_MAX_LINKS_PER_CALL};
    struct ids accounts = {{0}, 0};
    struct ids customers = {{0}, 0};
    bacm_link_search by_account = BACM_LINK_SEARCH_INIT;
    bacm_link_search by_customer = BACM_LINK_SEARCH_INIT;
    bacm_status status;

    memset(lookup, 0, sizeof *lookup);
    question.lookup = lookup;
    for (size_t i = 0; i < n; i++) {
        add_once(&accounts, pairs[i].client_account_id);
        add_once(&customers, pairs[i].client_customer_id);
    }
    status = by_ids(&question, &accounts, &by_account.client_account_ids,
                    &by_account.client_account_count, &by_account, error);
    if (status != BACM_OK)
        return status;
    return by_ids(&question, &customers, &by_customer.client_customer_ids,
                  &by_customer.client_customer_count, &by_customer, error);
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
