#include "bulk/recover.h"

#include <string.h>

#include <bacm/user.h>

#include "bulk/fail.h"

/* The service wants at least 4 characters in the value of a predicate. */
#define SMALLEST_SEARCHABLE_ID 1000

/* 10 million links: a bound for a service that never ends. */
#define MAX_PAGES 10000u

static bool given_by_invitation(bacm_link_status status)
{
    return status == BACM_STATUS_LINK_PENDING || status == BACM_STATUS_LINK_ACCEPTED ||
           status == BACM_STATUS_LINK_IN_PROGRESS || status == BACM_STATUS_ACTIVE;
}

enum bulk_event bulk_judge(const bacm_client_link *found, int64_t sent_ms, int64_t tolerance_ms)
{
    int64_t modified = found ? bacm_client_link_modified_ms(found) : 0;

    if (!found)
        return BULK_ABSENT;
    if (!modified || !sent_ms)
        return BULK_UNCLEAR;
    if (modified < sent_ms - tolerance_ms)
        return bacm_link_status_blocks_invitation(found->status) ? BULK_BEFORE : BULK_ABSENT;
    return given_by_invitation(found->status) ? BULK_ADDED : BULK_UNCLEAR;
}

/* One resolution on its way. */
struct resolution {
    struct bulk_lane *lane;
    struct bulk_row *const *rows;
    size_t n;
    int64_t deadline_ms;
    struct bulk_finding *findings;
};

/* The link that a finding has kept, as far as it counts. */
static bacm_client_link kept_link(const struct bulk_finding *finding)
{
    const bacm_client_link link = {.struct_size = sizeof link,
                                   .status = finding->status,
                                   .last_modified_date_time = finding->modified};

    return link;
}

/* A pair may have several links: the newest one counts. */
static void note(struct bulk_finding *finding, const bacm_client_link *found,
                 const char *tracking_id)
{
    const bacm_client_link kept = kept_link(finding);

    if (finding->found && bacm_client_link_newer(&kept, found) == &kept)
        return;
    finding->found = true;
    finding->status = found->status;
    bulk_text_copy(finding->status_text, sizeof finding->status_text, found->status_text);
    bulk_text_copy(finding->modified, sizeof finding->modified, found->last_modified_date_time);
    bulk_text_copy(finding->tracking_id, sizeof finding->tracking_id, tracking_id);
}

static void read_page(const struct resolution *r, const bacm_link_page *page)
{
    const char *tracking_id = bacm_link_page_tracking_id(page);

    for (size_t k = 0; k < bacm_link_page_count(page); k++) {
        const bacm_client_link *found = bacm_link_page_get(page, k);

        for (size_t i = 0; i < r->n; i++) {
            if (bacm_client_link_same_pair(&r->rows[i]->link, found))
                note(&r->findings[i], found, tracking_id);
        }
    }
}

static void judge(const struct resolution *r)
{
    struct bulk_shared *shared = r->lane->shared;

    for (size_t i = 0; i < r->n; i++) {
        struct bulk_finding *finding = &r->findings[i];
        const bacm_client_link kept = kept_link(finding);

        finding->verdict = bulk_judge(finding->found ? &kept : NULL,
                                      bulk_service_clock_at(&shared->clock, &r->rows[i]->sent),
                                      shared->clock.tolerance_ms);
    }
}

static bacm_status enter(const struct resolution *r, bacm_error *error)
{
    switch (bulk_pacing_enter(&r->lane->shared->pacing, r->deadline_ms)) {
    case BULK_PACE_CANCELED:
        return bulk_fail(error, BACM_E_CANCELED, "the run was ended before the search");
    case BULK_PACE_DEADLINE:
        return bulk_fail(error, BACM_E_TIMEOUT, "the time for this call is over before its search");
    default:
        return BACM_OK;
    }
}

static void leave(const struct bulk_lane *lane, bacm_status status)
{
    struct bulk_shared *shared = lane->shared;

    if (status == BACM_E_THROTTLED)
        atomic_fetch_add(&shared->throttled, 1);
    if (status == BACM_E_THROTTLED)
        bulk_pacing_pause(&shared->pacing, (int64_t)bacm_client_retry_after_s(lane->client) * 1000);
    bulk_pacing_leave(&shared->pacing, status == BACM_OK            ? BULK_REPLY_GOOD
                                       : status == BACM_E_THROTTLED ? BULK_REPLY_THROTTLED
                                                                    : BULK_REPLY_BAD);
}

static bacm_status search_page(const struct resolution *r, const bacm_link_search *search,
                               unsigned page_index, bool *last, bacm_error *error)
{
    struct bulk_shared *shared = r->lane->shared;
    bacm_link_page *page = NULL;
    bacm_status status = enter(r, error);

    if (status != BACM_OK)
        return status;
    status = shared->service.search(&page, r->lane->client, search, page_index, error);
    leave(r->lane, status);
    if (status != BACM_OK)
        return status;
    read_page(r, page);
    *last = bacm_link_page_is_last(page);
    bacm_link_page_free(page);
    return BACM_OK;
}

static bacm_status search_all(const struct resolution *r, const bacm_link_search *search,
                              bacm_error *error)
{
    bacm_status status = BACM_OK;
    bool last = false;

    for (unsigned page = 0; status == BACM_OK && !last; page++) {
        if (page == MAX_PAGES)
            return bulk_fail(error, BACM_E_LIMIT, "the search has more than %u pages", MAX_PAGES);
        status = search_page(r, search, page, &last, error);
    }
    return status;
}

static bool is_customer(const bacm_client_link *link)
{
    return link->type == BACM_CUSTOMER_LINK;
}

static int64_t client_id(const bacm_client_link *link)
{
    return is_customer(link) ? link->client_customer_id : link->client_account_id;
}

static bool searchable_by_client(const bacm_client_link *link)
{
    return client_id(link) >= SMALLEST_SEARCHABLE_ID;
}

/* Rows with a searchable id of one kind of client, all of them in one In predicate. */
static bacm_status search_clients(const struct resolution *r, bool customers, bacm_error *error)
{
    bacm_link_search search = BACM_LINK_SEARCH_INIT;
    int64_t ids[BACM_MAX_LINKS_PER_CALL];
    size_t count = 0;

    for (size_t i = 0; i < r->n; i++) {
        const bacm_client_link *link = &r->rows[i]->link;

        if (searchable_by_client(link) && is_customer(link) == customers)
            ids[count++] = client_id(link);
    }
    if (!count)
        return BACM_OK;
    search.client_account_ids = search.client_customer_ids = ids;
    search.client_account_count = customers ? 0 : count;
    search.client_customer_count = customers ? count : 0;
    search.keep_other_managers = true;
    return search_all(r, &search, error);
}

/* The caller's customer, for rows that name their managing customer by number only. */
static bacm_status own_customer(const struct resolution *r, int64_t *customer_id, bacm_error *error)
{
    struct bulk_shared *shared = r->lane->shared;
    bacm_user *user = NULL;
    bacm_status status;

    *customer_id = atomic_load(&shared->own_customer_id);
    if (*customer_id)
        return BACM_OK;
    status = enter(r, error);
    if (status != BACM_OK)
        return status;
    status = bacm_get_user(&user, r->lane->client, 0, error);
    leave(r->lane, status);
    if (status != BACM_OK)
        return status;
    *customer_id = user->customer_id;
    atomic_store(&shared->own_customer_id, user->customer_id);
    bacm_user_free(user);
    return BACM_OK;
}

/*
 * All links of one managing customer, in an order in which new links shift none past
 * us. Those of customers are found by the customer that manages them itself.
 */
static bacm_status search_manager(const struct resolution *r, int64_t customer_id, bool customers,
                                  bacm_error *error)
{
    bacm_link_search search = BACM_LINK_SEARCH_INIT;

    if (customers)
        search.direct_managing_customer_id = customer_id;
    else
        search.managing_customer_id = customer_id;
    search.keep_other_managers = true;
    search.order = BACM_ORDER_BY_ACCOUNT_ID;
    return search_all(r, &search, error);
}

/* Rows without a searchable id of their client: each managing customer among them once. */
static bacm_status search_managers(const struct resolution *r, bool customers, bacm_error *error)
{
    int64_t searched[BACM_MAX_LINKS_PER_CALL];
    size_t count = 0;

    for (size_t i = 0; i < r->n; i++) {
        const bacm_client_link *link = &r->rows[i]->link;
        int64_t customer_id = link->managing_customer_id;
        bacm_status status = BACM_OK;
        size_t k = 0;

        if (searchable_by_client(link) || is_customer(link) != customers)
            continue;
        if (!customer_id)
            status = own_customer(r, &customer_id, error);
        while (k < count && searched[k] != customer_id)
            k++;
        if (status == BACM_OK && k == count) {
            searched[count++] = customer_id;
            status = search_manager(r, customer_id, customers, error);
        }
        if (status != BACM_OK)
            return status;
    }
    return BACM_OK;
}

bacm_status bulk_resolve(struct bulk_lane *lane, struct bulk_row *const *rows, size_t n,
                         int64_t deadline_ms, struct bulk_finding *findings, bacm_error *error)
{
    const struct resolution r = {lane, rows, n, deadline_ms, findings};
    bacm_status status = BACM_OK;

    memset(findings, 0, n * sizeof *findings);
    for (int customers = 0; status == BACM_OK && customers < 2; customers++) {
        status = search_clients(&r, customers, error);
        if (status == BACM_OK)
            status = search_managers(&r, customers, error);
    }
    if (status == BACM_OK)
        judge(&r);
    return status;
}
