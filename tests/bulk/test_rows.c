/*
 * The states of a row: every arrow, and the way of calls through a service that is made up,
 * which says and shows what a test wants.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulk/fail.h"
#include "bulk/lane.h"
#include "lib/base/error.h"
#include "lib/links/results.h"
#include "support/check.h"

/* 2018-05-01T12:00:00Z */
#define NOON 1525176000000

/* --- the arrows --------------------------------------------------------------------- */

static const char *const state_names[] = {"fresh",   "lost",     "cleared", "blocked",
                                          "claimed", "added",    "failed",  "later",
                                          "unknown", "not sent", "invalid"};
static const char *const event_names[] = {"absent",  "ours",    "before", "unclear", "done",
                                          "nothing", "invited", "no",     "later",   "given up"};

/* What each event makes of each open state; where one cannot be, a search is safe. */
static const struct {
    enum bulk_row_state from;
    const char *to[BULK_EVENTS];
} arrows[] = {
    {BULK_ROW_FRESH,
     {"lost", "lost", "lost", "lost", "added", "lost", "failed", "failed", "later", "not sent"}},
    {BULK_ROW_LOST,
     {"cleared", "added", "blocked", "unknown", "lost", "lost", "lost", "lost", "lost", "unknown"}},
    {BULK_ROW_CLEARED,
     {"lost", "lost", "lost", "lost", "added", "lost", "claimed", "failed", "later", "unknown"}},
    {BULK_ROW_BLOCKED,
     {"lost", "lost", "lost", "lost", "added", "lost", "failed", "failed", "later", "unknown"}},
    {BULK_ROW_CLAIMED,
     {"claimed", "added", "failed", "unknown", "lost", "lost", "lost", "lost", "lost", "unknown"}},
};

static void test_every_arrow(void **state)
{
    (void)state;
    assert_int_equal(COUNT(arrows), BULK_ROW_ADDED);
    for (size_t i = 0; i < COUNT(arrows); i++) {
        for (int event = 0; event < BULK_EVENTS; event++) {
            enum bulk_row_state to = bulk_row_next(arrows[i].from, (enum bulk_event)event);

            if (strcmp(state_names[to], arrows[i].to[event]) != 0)
                fail_msg("%s, %s: %s", state_names[arrows[i].from], event_names[event],
                         state_names[to]);
        }
    }
    for (int decided = BULK_ROW_ADDED; decided < BULK_ROW_STATES; decided++) {
        for (int event = 0; event < BULK_EVENTS; event++)
            assert_int_equal(bulk_row_next((enum bulk_row_state)decided, (enum bulk_event)event),
                             decided);
    }
}

/* What may be sent is never what must be searched for, and what is open is never forgotten. */
static void test_what_a_state_means(void **state)
{
    static const struct {
        bool open, search;
        bacm_bulk_outcome outcome;
        bacm_journal_state journal;
    } meanings[BULK_ROW_STATES] = {
        [BULK_ROW_FRESH] = {false, false, BACM_BULK_NOT_SENT, BACM_JOURNAL_NOT_SENT},
        [BULK_ROW_LOST] = {true, true, BACM_BULK_UNKNOWN, BACM_JOURNAL_UNKNOWN},
        [BULK_ROW_CLEARED] = {true, false, BACM_BULK_UNKNOWN, BACM_JOURNAL_UNKNOWN},
        [BULK_ROW_BLOCKED] = {true, false, BACM_BULK_UNKNOWN, BACM_JOURNAL_UNKNOWN},
        [BULK_ROW_CLAIMED] = {true, true, BACM_BULK_UNKNOWN, BACM_JOURNAL_UNKNOWN},
        [BULK_ROW_ADDED] = {false, false, BACM_BULK_ADDED, BACM_JOURNAL_ADDED},
        [BULK_ROW_FAILED] = {false, false, BACM_BULK_FAILED, BACM_JOURNAL_FAILED},
        [BULK_ROW_LATER] = {false, false, BACM_BULK_FAILED, BACM_JOURNAL_LATER},
        [BULK_ROW_UNKNOWN] = {false, false, BACM_BULK_UNKNOWN, BACM_JOURNAL_UNKNOWN},
        [BULK_ROW_NOT_SENT] = {false, false, BACM_BULK_NOT_SENT, BACM_JOURNAL_NOT_SENT},
        [BULK_ROW_INVALID] = {false, false, BACM_BULK_INVALID, BACM_JOURNAL_NOT_SENT},
    };

    (void)state;
    for (int i = 0; i < BULK_ROW_STATES; i++) {
        enum bulk_row_state row = (enum bulk_row_state)i;

        assert_int_equal(bulk_state_is_open(row), meanings[i].open);
        assert_int_equal(bulk_state_wants_search(row), meanings[i].search);
        assert_int_equal(bulk_state_outcome(row), meanings[i].outcome);
        assert_int_equal(bulk_state_in_journal(row), meanings[i].journal);
    }
}

/* --- a service that is made up ------------------------------------------------------ */

/* Steps of a script, a letter each: what the service answers to the next request. */
static struct {
    const char *script;
    char done[32]; /* requests, S search and A add, and what they got */
    bacm_client_link found;
    bacm_link_page *page;
} service;

static void note(char request)
{
    size_t used = strlen(service.done);

    if (!*service.script)
        fail_msg("request %c is one too many after %s", request, service.done);
    service.done[used] = request;
    service.done[used + 1] = *service.script++;
}

static char last(void)
{
    return service.done[strlen(service.done) - 1];
}

/* d: done, l: lost, i: 1410, n: refused for good, p: passing refusal, t: throttled */
static bacm_status add(bacm_link_results **out, bacm_client *client,
                       const bacm_client_link *const *links, size_t n, bacm_error *error)
{
    const int code = strchr("il", *service.script) ? 1410 : *service.script == 'p' ? 1472 : 1471;
    const bacm_service_error said = {BACM_CHANNEL_PARTIAL, true, code, "", "said", ""};
    const struct bacm_error_list errors = {(bacm_service_error *)&said, 1};

    (void)client;
    (void)links;
    note('A');
    error->request_sent = true;
    if (last() == 't')
        return bulk_fail(error, BACM_E_THROTTLED, "made up");
    *out = bacm_link_results_uniform(n,
                                     last() == 'd'   ? BACM_OUTCOME_DONE
                                     : last() == 'l' ? BACM_OUTCOME_UNKNOWN
                                                     : BACM_OUTCOME_REFUSED,
                                     strchr("dl", last()) ? NULL : &errors, "T");
    assert_non_null(*out);
    if (last() == 'd')
        return BACM_OK;
    return bulk_fail(error, last() == 'l' ? BACM_E_UNKNOWN_OUTCOME : BACM_E_PARTIAL, "made up");
}

/* What pages are made of is the library's: the test has one page for each. */
size_t __wrap_bacm_link_page_count(const bacm_link_page *page);
const bacm_client_link *__wrap_bacm_link_page_get(const bacm_link_page *page, size_t i);
bool __wrap_bacm_link_page_is_last(const bacm_link_page *page);
const char *__wrap_bacm_link_page_tracking_id(const bacm_link_page *page);
void __wrap_bacm_link_page_free(bacm_link_page *page);

size_t __wrap_bacm_link_page_count(const bacm_link_page *page)
{
    (void)page;
    return last() != '0';
}

const bacm_client_link *__wrap_bacm_link_page_get(const bacm_link_page *page, size_t i)
{
    (void)page;
    (void)i;
    return &service.found;
}

bool __wrap_bacm_link_page_is_last(const bacm_link_page *page)
{
    (void)page;
    return true;
}

const char *__wrap_bacm_link_page_tracking_id(const bacm_link_page *page)
{
    (void)page;
    return "T";
}

void __wrap_bacm_link_page_free(bacm_link_page *page)
{
    (void)page;
}

/* 0: no link, o: ours, b: from before, e: ended since, x: fails, u: at no time that can be read */
static bacm_status search(bacm_link_page **out, bacm_client *client, const bacm_link_search *wanted,
                          unsigned page_index, bacm_error *error)
{
    (void)client;
    (void)wanted;
    (void)page_index;
    note('S');
    if (last() == 'x')
        return bulk_fail(error, BACM_E_NETWORK, "made up");
    service.found.status = last() == 'e' ? BACM_STATUS_LINK_DECLINED : BACM_STATUS_LINK_PENDING;
    service.found.status_text = bacm_link_status_text(service.found.status);
    service.found.last_modified_date_time = last() == 'b'   ? "2018-05-01T11:00:00"
                                            : last() == 'u' ? "soon"
                                                            : "2018-05-01T12:00:00";
    *out = NULL;
    return BACM_OK;
}

static struct bulk_row *make_row(void)
{
    bacm_bulk_row from = {BACM_CLIENT_LINK_INIT, 0};

    from.link.client_account_id = 1001001;
    from.link.managing_customer_id = 2002002;
    return bulk_row_new(0, &from);
}

/* Send one row through a script; tries are 3. */
static struct bulk_row *play(const char *script, enum bulk_row_state state, int64_t sent_ms)
{
    bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;
    struct bulk_shared shared = {
        .service = {add, search}, .tries = 3, .give_up_after = 3, .deadline_ms = 60000};
    struct bulk_lane lane = {&shared, NULL};
    struct bulk_row *row = make_row();
    struct bulk_call call = {.rows = {row}, .count = 1};

    memset(&service, 0, sizeof service);
    service.script = script;
    service.found = row->link;
    options.backoff_ms = 1;
    options.throttle_wait_ms = 1;
    assert_true(bulk_service_clock_init(&shared.clock, 60000));
    assert_true(bulk_pacing_init(&shared.pacing, &options, NULL));
    row->state = state;
    row->sent.service_ms = sent_ms;
    bulk_call_run(&lane, &call);
    bulk_pacing_destroy(&shared.pacing);
    bulk_service_clock_destroy(&shared.clock);
    if (*service.script)
        fail_msg("after %s the row is %s, and %s is left", service.done, state_names[row->state],
                 service.script);
    return row;
}

static void test_the_way_of_a_row(void **state)
{
    static const struct {
        const char *script;
        enum bulk_row_state begin;
        enum bulk_row_state end;
        bacm_bulk_confirmation by;
    } cases[] = {
        {"d", BULK_ROW_FRESH, BULK_ROW_ADDED, BACM_BULK_BY_RESPONSE},
        {"n", BULK_ROW_FRESH, BULK_ROW_FAILED, BACM_BULK_BY_RESPONSE},
        {"i", BULK_ROW_FRESH, BULK_ROW_FAILED, BACM_BULK_BY_RESPONSE},
        {"p", BULK_ROW_FRESH, BULK_ROW_LATER, BACM_BULK_BY_RESPONSE},
        {"tttttd", BULK_ROW_FRESH, BULK_ROW_ADDED, BACM_BULK_BY_RESPONSE},
        {"lo", BULK_ROW_FRESH, BULK_ROW_ADDED, BACM_BULK_BY_SEARCH},
        {"l0d", BULK_ROW_FRESH, BULK_ROW_ADDED, BACM_BULK_BY_RESPONSE},
        {"le", BULK_ROW_FRESH, BULK_ROW_UNKNOWN, BACM_BULK_BY_NOTHING},
        {"lu", BULK_ROW_FRESH, BULK_ROW_UNKNOWN, BACM_BULK_BY_NOTHING},
        {"lbi", BULK_ROW_FRESH, BULK_ROW_FAILED, BACM_BULK_BY_RESPONSE},
        {"lbd", BULK_ROW_FRESH, BULK_ROW_ADDED, BACM_BULK_BY_RESPONSE},
        /* 1410 after a lost reply: whose link it is the search tells, if it takes its time */
        {"l0io", BULK_ROW_FRESH, BULK_ROW_ADDED, BACM_BULK_BY_SEARCH},
        {"l0i0o", BULK_ROW_FRESH, BULK_ROW_ADDED, BACM_BULK_BY_SEARCH},
        {"l0ib", BULK_ROW_FRESH, BULK_ROW_FAILED, BACM_BULK_BY_RESPONSE},
        {"l0iu", BULK_ROW_FRESH, BULK_ROW_UNKNOWN, BACM_BULK_BY_NOTHING},
        {"l0i000", BULK_ROW_FRESH, BULK_ROW_UNKNOWN, BACM_BULK_BY_NOTHING},
        {"l0l0l0", BULK_ROW_FRESH, BULK_ROW_UNKNOWN, BACM_BULK_BY_NOTHING},
        {"lxxx", BULK_ROW_FRESH, BULK_ROW_UNKNOWN, BACM_BULK_BY_NOTHING},
        /* a run that was killed, and its journal */
        {"o", BULK_ROW_LOST, BULK_ROW_ADDED, BACM_BULK_BY_SEARCH},
        {"0d", BULK_ROW_LOST, BULK_ROW_ADDED, BACM_BULK_BY_RESPONSE},
        {"0io", BULK_ROW_LOST, BULK_ROW_ADDED, BACM_BULK_BY_SEARCH},
        {"bi", BULK_ROW_LOST, BULK_ROW_FAILED, BACM_BULK_BY_RESPONSE},
        {"b"
         "l"
         "o",
         BULK_ROW_LOST, BULK_ROW_ADDED, BACM_BULK_BY_SEARCH},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct bulk_row *row = play(cases[i].script, cases[i].begin, NOON);

        if (row->state != cases[i].end || row->confirmed_by != cases[i].by)
            fail_msg("%s ends as %s", service.done, state_names[row->state]);
        if (row->state == BULK_ROW_FAILED || row->state == BULK_ROW_UNKNOWN)
            assert_true(row->errors.count > 0);
        bulk_row_free(row);
    }
}

/* Nobody knows when it was sent: a link that is there proves nothing, and is not sent again. */
static void test_without_the_services_time_nothing_is_claimed(void **state)
{
    static const char *const scripts[] = {"lo", "lb", "le", "l0io", "l0ib"};

    (void)state;
    for (size_t i = 0; i < COUNT(scripts); i++) {
        struct bulk_row *row = play(scripts[i], BULK_ROW_FRESH, 0);

        assert_int_equal(row->state, BULK_ROW_UNKNOWN);
        bulk_row_free(row);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_arrow),
        cmocka_unit_test(test_what_a_state_means),
        cmocka_unit_test(test_the_way_of_a_row),
        cmocka_unit_test(test_without_the_services_time_nothing_is_claimed),
    };

    return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
