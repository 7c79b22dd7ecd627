/*
 * SearchClientLinks: one page, and all of them.
 */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <bacm/links.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/call/client.h"

/* The service wants predicates of at least 4 characters; real ids are longer. */
enum { LEAST_ID = 1000, MAX_SEARCH_IDS = 10 };

/*
 * What a service is known to serve at once. One that is asked for more may stop here: such a
 * page is not the last one.
 */
enum { LEAST_SERVED = 100 };

/*
 * Full pages in a row without a link to hand out. 300,000 links of other managing customers
 * are 300 pages of the usual size, and just so many of a tenth of it.
 */
enum { MAX_EMPTY_PAGES = 3000 };

/*
 * Times in a row that a full page may come again. One that does shows a service that knows no
 * pages; but small pages repeat also when so many links are added before them between two calls.
 */
enum { MAX_REPEATS = 3 };

struct bacm_link_page {
    struct bacm_arena arena;
    bacm_client_link *links;
    size_t count;
    uint64_t fingerprint; /* of the links that the service sent */
    bool is_last;
    const char *tracking_id;
};

static bacm_status unsupported(const struct bacm_contract *contract, const char *field,
                               bacm_error *error)
{
    bacm_fail(error, BACM_E_UNSUPPORTED_FIELD, "%s has no search by %s", contract->name, field);
    if (error)
        bacm_text_line(error->field, sizeof error->field, field);
    return BACM_E_UNSUPPORTED_FIELD;
}

/* Which predicates there are, and which of them go together. */
static bacm_status check_predicates(const struct bacm_contract *contract,
                                    const bacm_link_search *search, bacm_error *error)
{
    const bool by_account = search->client_account_count != 0;
    const bool by_customer = search->client_customer_count != 0;
    const bool by_manager = search->managing_customer_id != 0;
    const bool by_direct_manager = search->direct_managing_customer_id != 0;

    if (!contract->links.has_customer_links && by_customer)
        return unsupported(contract, "ClientCustomerId", error);
    if (!contract->links.has_customer_links && by_direct_manager)
        return unsupported(contract, "DirectManagingCustomerId", error);
    if (by_account && by_customer)
        return bacm_fail(error, BACM_E_INVALID_SEARCH,
                         "a search is by client account ids or by client customer ids, not both");
    if (by_manager && by_direct_manager)
        return bacm_fail(error, BACM_E_INVALID_SEARCH,
                         "a search is by managing customer or by direct managing customer, not "
                         "both");
    if (!by_account && !by_customer && !by_manager && !by_direct_manager)
        return bacm_fail(error, BACM_E_INVALID_SEARCH,
                         "a search needs the id of a client or of a managing customer");
    return BACM_OK;
}

static bacm_status check_id(int64_t id, const char *what, bacm_error *error)
{
    if (id < LEAST_ID)
        return bacm_fail(error, BACM_E_INVALID_SEARCH, "the %s %lld is too short to search for",
                         what, (long long)id);
    return BACM_OK;
}

static bacm_status check_ids(const int64_t *ids, size_t count, const char *what, bacm_error *error)
{
    bacm_status status = BACM_OK;

    if (count > MAX_SEARCH_IDS)
        return bacm_fail(error, BACM_E_INVALID_SEARCH, "%zu %ss in one search, at most %d", count,
                         what, MAX_SEARCH_IDS);
    if (count && !ids)
        return bacm_fail(error, BACM_E_ARGUMENT, "the %ss are NULL", what);
    for (size_t i = 0; status == BACM_OK && i < count; i++)
        status = check_id(ids[i], what, error);
    return status;
}

static bacm_status check_all_ids(const bacm_link_search *search, bacm_error *error)
{
    bacm_status status = check_ids(search->client_account_ids, search->client_account_count,
                                   "client account id", error);

    if (status == BACM_OK)
        status = check_ids(search->client_customer_ids, search->client_customer_count,
                           "client customer id", error);
    if (status == BACM_OK && search->managing_customer_id)
        status = check_id(search->managing_customer_id, "managing customer id", error);
    if (status == BACM_OK && search->direct_managing_customer_id)
        status =
            check_id(search->direct_managing_customer_id, "direct managing customer id", error);
    return status;
}

static bacm_status check_search(const bacm_client *client, const bacm_link_search *search,
                                bacm_error *error)
{
    bacm_status status;

    if (!search || search->struct_size < sizeof *search)
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the search was not started from BACM_LINK_SEARCH_INIT");
    status = check_predicates(client->contract, search, error);
    if (status == BACM_OK)
        status = check_all_ids(search, error);
    if (status != BACM_OK)
        return status;
    if (search->order < BACM_ORDER_NONE || search->order > BACM_ORDER_BY_MANAGING_NUMBER)
        return bacm_fail(error, BACM_E_INVALID_SEARCH, "links cannot be ordered by that field");
    if (search->page_size < 1 || search->page_size > BACM_MAX_PAGE_SIZE)
        return bacm_fail(error, BACM_E_INVALID_SEARCH, "the page size must be from 1 to %d",
                         BACM_MAX_PAGE_SIZE);
    return BACM_OK;
}

/* FNV-1a. */
static uint64_t print_byte(uint64_t print, unsigned char byte)
{
    return (print ^ byte) * UINT64_C(0x100000001B3);
}

static uint64_t print_id(uint64_t print, int64_t id)
{
    for (int shift = 0; shift < 64; shift += 8)
        print = print_byte(print, (unsigned char)((uint64_t)id >> shift));
    return print;
}

static uint64_t print_text(uint64_t print, const char *text)
{
    for (; text && *text; text++)
        print = print_byte(print, (unsigned char)*text);
    return print_byte(print, 0);
}

/* Of what tells one link from another: pages that differ do so in this. */
static uint64_t fingerprint(const bacm_link_page *page)
{
    uint64_t print = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < page->count; i++) {
        const bacm_client_link *link = &page->links[i];

        print = print_id(print, link->client_account_id);
        print = print_id(print, link->client_customer_id);
        print = print_id(print, link->managing_customer_id);
        print = print_text(print, link->client_account_number);
        print = print_text(print, link->managing_customer_number);
    }
    return print;
}

/* A search by managing customer may return what others hold on the same accounts. */
static void keep_own(bacm_link_page *page, const bacm_link_search *search)
{
    const int64_t manager = search->managing_customer_id ? search->managing_customer_id
                                                         : search->direct_managing_customer_id;
    size_t kept = 0;

    if (!manager || search->keep_other_managers)
        return;
    for (size_t i = 0; i < page->count; i++) {
        if (page->links[i].managing_customer_id == manager)
            page->links[kept++] = page->links[i];
    }
    page->count = kept;
}

static bacm_status read_page(bacm_link_page **out, bacm_client *client,
                             const bacm_link_search *search, const struct bacm_exchange *exchange,
                             bacm_error *error)
{
    const struct bacm_mapping *mapping = client->contract->mapping;
    bacm_link_page *page = calloc(1, sizeof *page);
    int failed = 0;

    if (!page)
        return bacm_fail_memory(error);
    page->tracking_id = bacm_arena_text(&page->arena, client->tracking_id, &failed);
    if (failed || mapping->search_response(&page->arena, exchange->response, exchange->extras,
                                           &page->links, &page->count) != 0) {
        bacm_link_page_free(page);
        return bacm_fail_memory(error);
    }
    page->is_last = page->count <
                    (search->page_size < LEAST_SERVED ? search->page_size : (unsigned)LEAST_SERVED);
    page->fingerprint = fingerprint(page);
    keep_own(page, search);
    *out = page;
    return BACM_OK;
}

static bacm_status search_page(bacm_link_page **out, bacm_client *client,
                               const bacm_link_search *search, unsigned page_index,
                               bacm_error *error)
{
    struct bacm_exchange exchange = {.operation = client->contract->search_links};
    const unsigned most = client->contract->links.most_of_a_page;
    bacm_link_search asked = *search;
    bacm_status status;

    if (asked.page_size > most)
        asked.page_size = most;
    exchange.request = client->contract->mapping->search_request(
        bacm_transport_engine(client->transport), &asked, page_index);
    if (!exchange.request)
        return bacm_fail_memory(error);
    status = bacm_client_exchange(client, &exchange, error);
    if (status != BACM_OK)
        return status;
    return read_page(out, client, &asked, &exchange, error);
}

bacm_status bacm_links_search(bacm_link_page **out, bacm_client *client,
                              const bacm_link_search *search, unsigned page_index,
                              bacm_error *error)
{
    bacm_error unwanted;
    bacm_status status;

    if (!error)
        error = &unwanted;
    bacm_error_clear(error);
    if (!out || !client)
        return bacm_fail(error, BACM_E_ARGUMENT, "out or client is NULL");
    *out = NULL;
    status = check_search(client, search, error);
    if (status == BACM_OK && page_index > INT_MAX)
        status = bacm_fail(error, BACM_E_INVALID_SEARCH, "the page index is too large");
    if (status == BACM_OK)
        status = bacm_client_require_links(
            client, search->client_customer_count ? BACM_CLIENT_CUSTOMER : BACM_CLIENT_ACCOUNT,
            error);
    if (status != BACM_OK)
        return status;
    status = search_page(out, client, search, page_index, error);
    bacm_client_end(client);
    return status;
}

size_t bacm_link_page_count(const bacm_link_page *page)
{
    return page ? page->count : 0;
}

const bacm_client_link *bacm_link_page_get(const bacm_link_page *page, size_t i)
{
    return page && i < page->count ? &page->links[i] : NULL;
}

bool bacm_link_page_is_last(const bacm_link_page *page)
{
    return !page || page->is_last;
}

const char *bacm_link_page_tracking_id(const bacm_link_page *page)
{
    return page ? page->tracking_id : "";
}

void bacm_link_page_free(bacm_link_page *page)
{
    if (!page)
        return;
    bacm_arena_free(&page->arena);
    free(page);
}

/* --- all pages ------------------------------------------------------------------ */

struct bacm_link_iterator {
    bacm_client *client;
    bacm_link_search search;
    int64_t ids[MAX_SEARCH_IDS];
    bacm_link_page *page;
    unsigned next_page;
    unsigned repeats; /* times in a row that the last page has come again */
    size_t next_link;
};

bacm_status bacm_link_iterator_new(bacm_link_iterator **out, bacm_client *client,
                                   const bacm_link_search *search, bacm_error *error)
{
    bacm_link_iterator *iterator;
    bacm_status status;

    bacm_error_clear(error);
    if (!out || !client)
        return bacm_fail(error, BACM_E_ARGUMENT, "out or client is NULL");
    *out = NULL;
    status = check_search(client, search, error);
    if (status != BACM_OK)
        return status;
    iterator = calloc(1, sizeof *iterator);
    if (!iterator)
        return bacm_fail_memory(error);
    iterator->client = client;
    iterator->search = *search;
    /* One of the two at most is given. */
    if (search->client_account_count)
        memcpy(iterator->ids, search->client_account_ids,
               search->client_account_count * sizeof iterator->ids[0]);
    if (search->client_customer_count)
        memcpy(iterator->ids, search->client_customer_ids,
               search->client_customer_count * sizeof iterator->ids[0]);
    iterator->search.client_account_ids = iterator->ids;
    iterator->search.client_customer_ids = iterator->ids;
    *out = iterator;
    return BACM_OK;
}

static bacm_status does_not_end(bacm_error *error, const char *why)
{
    bacm_error_hint(error, "Search for fewer links, for instance by the ids of their clients.");
    return bacm_fail(error, BACM_E_PROTOCOL, "the search does not end: %s", why);
}

/* A page that comes again has been handed out: there is nothing left of it. */
static bacm_status pass_over_repeat(bacm_link_iterator *iterator, bacm_link_page *page,
                                    bacm_error *error)
{
    const bacm_link_page *before = iterator->page;

    if (!before || bacm_link_page_is_last(page) || page->fingerprint != before->fingerprint) {
        iterator->repeats = 0;
        return BACM_OK;
    }
    if (iterator->repeats == MAX_REPEATS)
        return does_not_end(error, "the service sends the same page again and again");
    iterator->repeats++;
    page->count = 0;
    return BACM_OK;
}

static bacm_status turn_page(bacm_link_iterator *iterator, bacm_error *error)
{
    bacm_link_page *page = NULL;
    bacm_status status =
        bacm_links_search(&page, iterator->client, &iterator->search, iterator->next_page, error);

    if (status == BACM_OK)
        status = pass_over_repeat(iterator, page, error);
    if (status != BACM_OK) {
        bacm_link_page_free(page);
        return status;
    }
    bacm_link_page_free(iterator->page);
    iterator->page = page;
    iterator->next_page++;
    iterator->next_link = 0;
    return BACM_OK;
}

bacm_status bacm_link_iterator_next(bacm_link_iterator *iterator, const bacm_client_link **link,
                                    bacm_error *error)
{
    unsigned pages = 0;

    bacm_error_clear(error);
    *link = NULL;
    while (!iterator->page || iterator->next_link >= iterator->page->count) {
        bacm_status status;

        if (iterator->page && iterator->page->is_last)
            return BACM_OK;
        if (pages++ == MAX_EMPTY_PAGES)
            return does_not_end(error, "page after page is full of others' links");
        status = turn_page(iterator, error);
        if (status != BACM_OK)
            return status;
    }
    *link = &iterator->page->links[iterator->next_link++];
    return BACM_OK;
}

void bacm_link_iterator_free(bacm_link_iterator *iterator)
{
    if (!iterator)
        return;
    bacm_link_page_free(iterator->page);
    free(iterator);
}
