/*
 * Waiting until links have got where they should go.
 */
#include <errno.h>
#include <string.h>
#include <time.h>

#include <bacm/links.h>

#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/links/lookup.h"

enum { THROTTLED_MS = 60000 };

static void sleep_until(int64_t at_ms)
{
    const struct timespec at = {.tv_sec = (time_t)(at_ms / 1000),
                                .tv_nsec = (long)(at_ms % 1000) * 1000000};

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
        ;
}

static bool is_wanted(const bacm_wait_options *options, bacm_link_status status)
{
    for (size_t i = 0; i < options->wanted_count; i++) {
        if (options->wanted[i] == status)
            return true;
    }
    return false;
}

static void note(bacm_watched_link *link, const bacm_client_link *found,
                 const bacm_wait_options *options)
{
    bacm_status_kind kind;

    link->status = found ? found->status : BACM_LINK_STATUS_ABSENT;
    bacm_text_line(link->status_text, sizeof link->status_text, found ? found->status_text : "");
    kind = bacm_link_status_kind(link->status);
    link->reached = found && (is_wanted(options, link->status) ||
                              (!options->wanted_count && kind == BACM_KIND_STABLE));
    link->settled = link->reached || kind == BACM_KIND_END || kind == BACM_KIND_STABLE;
}

/* The next links that are not settled, for one lookup. */
struct group {
    bacm_client_link pairs[BACM_MAX_LINKS_PER_CALL];
    bacm_watched_link *links[BACM_MAX_LINKS_PER_CALL];
    size_t count;
};

/* Where the group after this one begins. */
static size_t take_group(struct group *group, bacm_watched_link *links, size_t n, size_t next,
                         bacm_side side)
{
    /* A client's lookup is a search for each, and the deadline is looked at between lookups. */
    const size_t most = side == BACM_SIDE_CLIENT ? 1 : BACM_MAX_LINKS_PER_CALL;

    group->count = 0;
    for (; next < n && group->count < most; next++) {
        if (links[next].settled)
            continue;
        group->pairs[group->count] =
            (bacm_client_link){.client_account_id = links[next].client_account_id,
                               .client_customer_id = links[next].client_customer_id,
                               .managing_customer_id = links[next].managing_customer_id};
        group->links[group->count++] = &links[next];
    }
    return next;
}

static bacm_status look_up(const struct group *group, bacm_client *client,
                           const bacm_wait_options *options, bacm_error *error)
{
    struct bacm_link_lookup lookup;
    bacm_status status =
        bacm_link_lookup(&lookup, client, group->pairs, group->count, options->side, error);

    for (size_t i = 0; status == BACM_OK && i < group->count; i++)
        note(group->links[i], lookup.found[i], options);
    bacm_link_lookup_clear(&lookup);
    return status;
}

/*
 * Search once for every link that is not settled. At the deadline the round ends between two
 * lookups; its first one is made in any case, so that the last round of a wait tells something.
 */
static bacm_status poll_links(bacm_watched_link *links, size_t n, bacm_client *client,
                              const bacm_wait_options *options, int64_t deadline_ms,
                              bacm_error *error)
{
    bacm_status status = BACM_OK;
    size_t next = 0;

    do {
        struct group group;

        next = take_group(&group, links, n, next, options->side);
        if (!group.count)
            break;
        status = look_up(&group, client, options, error);
    } while (status == BACM_OK && bacm_monotonic_ms() < deadline_ms);
    return status;
}

static bool all_settled(const bacm_watched_link *links, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!links[i].settled)
            return false;
    }
    return true;
}

static bool is_passing(bacm_status status, const bacm_error *error)
{
    return status == BACM_E_NETWORK || status == BACM_E_TIMEOUT || status == BACM_E_CONNECT ||
           status == BACM_E_RESOLVE || status == BACM_E_THROTTLED || status == BACM_E_SERVICE ||
           (status == BACM_E_HTTP && error->retry_class == BACM_RETRY_BACKOFF);
}

static bacm_status check_arguments(bacm_watched_link *links, size_t n, const bacm_client *client,
                                   const bacm_wait_options *options, bacm_error *error)
{
    if (!links || !n || !client)
        return bacm_fail(error, BACM_E_ARGUMENT, "there is no link to wait for, or no client");
    if (options->struct_size < sizeof *options || !options->first_interval_ms ||
        !options->max_interval_ms || (options->wanted_count && !options->wanted))
        return bacm_fail(error, BACM_E_ARGUMENT, "the wait options are not valid");
    for (size_t i = 0; i < n; i++) {
        const bool by_account = links[i].client_account_id > 0 && !links[i].client_customer_id;
        const bool by_customer = links[i].client_customer_id > 0 && !links[i].client_account_id;

        if ((by_account || by_customer) && links[i].managing_customer_id > 0)
            continue;
        bacm_fail(error, BACM_E_ARGUMENT,
                  "a link to wait for needs the id of one client and of its managing customer");
        if (error)
            error->link_index = i;
        return BACM_E_ARGUMENT;
    }
    return BACM_OK;
}

bacm_status bacm_links_wait(bacm_watched_link *links, size_t n, bacm_client *client,
                            const bacm_wait_options *options, bacm_error *error)
{
    static const bacm_wait_options defaults = BACM_WAIT_OPTIONS_INIT;
    const int64_t started_ms = bacm_monotonic_ms();
    int64_t deadline_ms;
    unsigned interval_ms;
    bacm_error unwanted;
    bacm_status status;

    if (!error)
        error = &unwanted;
    bacm_error_clear(error);
    if (!options)
        options = &defaults;
    status = check_arguments(links, n, client, options, error);
    if (status != BACM_OK)
        return status;
    deadline_ms = started_ms + options->timeout_ms;
    interval_ms = options->first_interval_ms;
    for (size_t i = 0; i < n; i++)
        note(&links[i], NULL, options);
    for (;;) {
        unsigned pause_ms = interval_ms;
        int64_t left_ms;
        bool over;

        bacm_error_clear(error);
        status = poll_links(links, n, client, options, deadline_ms, error);
        if (status != BACM_OK && !is_passing(status, error))
            return status;
        if (status == BACM_E_THROTTLED && pause_ms < THROTTLED_MS)
            pause_ms = THROTTLED_MS;
        left_ms = deadline_ms - bacm_monotonic_ms();
        over = all_settled(links, n) || left_ms <= 0;
        if (pause_ms > left_ms)
            pause_ms = over ? 0 : (unsigned)left_ms;
        if (options->on_poll && !options->on_poll(links, n, over ? 0 : pause_ms, options->user))
            return bacm_fail(error, BACM_E_CANCELED, "the wait was stopped");
        if (over)
            break;
        sleep_until(bacm_monotonic_ms() + pause_ms);
        interval_ms =
            interval_ms > options->max_interval_ms / 2 ? options->max_interval_ms : interval_ms * 2;
    }
    if (all_settled(links, n)) {
        bacm_error_clear(error);
        return BACM_OK;
    }
    return status != BACM_OK ? status
                             : bacm_fail(error, BACM_E_WAIT_OVER,
                                         "the time to wait is over and not every link has settled");
}
