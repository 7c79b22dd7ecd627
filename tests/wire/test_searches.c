/*
 * What is built on searches: all pages, the check for duplicates, waiting.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fixture.h"

#define CM "https://bingads.microsoft.com/Customer/v11"

/* --- pages --- */

static bacm_link_iterator *iterate(struct fixture *f, unsigned page_size, bool keep_others)
{
    bacm_link_search search = BACM_LINK_SEARCH_INIT;
    bacm_link_iterator *iterator = NULL;
    int64_t accounts[] = {1001001, 1001002};

    search.client_account_ids = accounts;
    search.client_account_count = 2;
    search.managing_customer_id = 2002002;
    search.page_size = page_size;
    search.keep_other_managers = keep_others;
    assert_status(bacm_link_iterator_new(&iterator, f->client, &search, &f->error), BACM_OK);
    accounts[0] = 0; /* the iterator has a copy */
    return iterator;
}

static void check_next(struct fixture *f, bacm_link_iterator *iterator, long account)
{
    const bacm_client_link *link = NULL;

    assert_status(bacm_link_iterator_next(iterator, &link, &f->error), BACM_OK);
    if (!account) {
        assert_null(link);
        return;
    }
    assert_non_null(link);
    assert_int_equal(link->client_account_id, account);
}

static void all_pages(void **state)
{
    struct fixture *f = *state;
    bacm_link_iterator *iterator;

    PLAY(f, READ, SEND(FOUND(f, {1, 2002002, "Active", NULL}, {2, 2002002, "Active", NULL})), READ,
         SEND(FOUND(f, {3, 2002002, "Active", NULL}, {4, 2002002, "Active", NULL})), READ,
         SEND(FOUND(f, {5, 2002002, "Active", NULL})));
    iterator = iterate(f, 2, false);
    assert_int_equal(script_server_requests(f->server), 0);
    for (long account = 1; account <= 5; account++)
        check_next(f, iterator, account);
    check_next(f, iterator, 0);
    check_next(f, iterator, 0);
    assert_int_equal(script_server_requests(f->server), 3);
    for (unsigned i = 0; i < 3; i++) {
        const char *index = reply_format(f, "<ent:Index>%u</ent:Index><ent:Size>2</ent:Size>", i);

        assert_non_null(strstr(script_server_request(f->server, i).body, index));
        assert_non_null(strstr(script_server_request(f->server, i).body, ">1001001,1001002<"));
    }
    bacm_link_iterator_free(iterator);
}

static void full_last_page(void **state)
{
    struct fixture *f = *state;
    bacm_link_iterator *iterator;

    PLAY(f, READ, SEND(FOUND(f, {1, 2002002, "Active", NULL})), READ,
         SEND(found_reply(f, NULL, 0)));
    iterator = iterate(f, 1, false);
    check_next(f, iterator, 1);
    check_next(f, iterator, 0);
    assert_int_equal(script_server_requests(f->server), 2);
    bacm_link_iterator_free(iterator);
}

/* A page is short by what the service sent, not by what is left of it here. */
static void links_of_other_managers(void **state)
{
    struct fixture *f = *state;
    const char *first = FOUND(f, {1, 3003003, "Active", NULL}, {2, 2002002, "Active", NULL});
    const char *second = FOUND(f, {3, 3003003, "Active", NULL}, {4, 4004004, "Active", NULL});
    const char *last = FOUND(f, {5, 2002002, "Active", NULL});
    bacm_link_iterator *iterator;

    PLAY(f, READ, SEND(first), READ, SEND(second), READ, SEND(last));
    iterator = iterate(f, 2, false);
    check_next(f, iterator, 2);
    check_next(f, iterator, 5);
    check_next(f, iterator, 0);
    bacm_link_iterator_free(iterator);
    fixture_stop(f);
    PLAY(f, READ, SEND(first), READ, SEND(second), READ, SEND(last));
    iterator = iterate(f, 2, true);
    for (long account = 1; account <= 5; account++)
        check_next(f, iterator, account);
    check_next(f, iterator, 0);
    bacm_link_iterator_free(iterator);
}

/* A page that fails may be asked for again: nothing is lost or doubled. */
static void page_that_fails(void **state)
{
    struct fixture *f = *state;
    const bacm_client_link *link;
    bacm_link_iterator *iterator;

    PLAY(f, READ, SEND(FOUND(f, {1, 2002002, "Active", NULL})), READ,
         SEND(http_reply(f, 503, NULL, "")), READ, SEND(FOUND(f, {2, 2002002, "Active", NULL})),
         READ, SEND(found_reply(f, NULL, 0)));
    iterator = iterate(f, 1, false);
    check_next(f, iterator, 1);
    assert_status(bacm_link_iterator_next(iterator, &link, &f->error), BACM_E_HTTP);
    assert_null(link);
    check_next(f, iterator, 2);
    check_next(f, iterator, 0);
    bacm_link_iterator_free(iterator);
}

static void check_no_end(struct fixture *f, bacm_link_iterator *iterator, const char *why)
{
    const bacm_client_link *link;

    assert_status(bacm_link_iterator_next(iterator, &link, &f->error), BACM_E_PROTOCOL);
    assert_null(link);
    assert_non_null(strstr(f->error.message, "does not end"));
    assert_non_null(strstr(f->error.message, why));
    assert_true(f->error.hint[0]);
}

/* A service that knows no pages: nothing is handed out twice, and it is not asked for ever. */
static void same_page_again_and_again(void **state)
{
    enum { PAGES = 5 };
    struct fixture *f = *state;
    const struct answer own[] = {
        {"SearchClientLinks", FOUND(f, {1, 2002002, "Active", NULL}, {2, 2002002, "Active", NULL}),
         0},
        {NULL, NULL, 0}};
    const struct answer others[] = {
        {"SearchClientLinks", FOUND(f, {1, 3003003, "Active", NULL}, {2, 3003003, "Active", NULL}),
         0},
        {NULL, NULL, 0}};
    bacm_link_iterator *iterator;

    PLAY(f, SERVE(own));
    iterator = iterate(f, 2, false);
    check_next(f, iterator, 1);
    check_next(f, iterator, 2);
    check_no_end(f, iterator, "same page");
    assert_int_equal(script_server_requests(f->server), PAGES);
    check_no_end(f, iterator, "same page");
    assert_int_equal(script_server_requests(f->server), PAGES + 1);
    bacm_link_iterator_free(iterator);
    fixture_stop(f);
    PLAY(f, SERVE(others)); /* the filter leaves nothing of it */
    iterator = iterate(f, 2, false);
    check_no_end(f, iterator, "same page");
    assert_int_equal(script_server_requests(f->server), PAGES);
    bacm_link_iterator_free(iterator);
}

/* Links that are added before a page move all others on: it comes again, and that passes. */
static void page_that_comes_again(void **state)
{
    struct fixture *f = *state;
    const char *first = FOUND(f, {1, 2002002, "Active", NULL});
    const char *second = FOUND(f, {2, 2002002, "Active", NULL});
    bacm_link_iterator *iterator;

    PLAY(f, READ, SEND(first), READ, SEND(first), READ, SEND(second), READ, SEND(second), READ,
         SEND(second), READ, SEND(second), READ, SEND(FOUND(f, {2, 3003003, "Active", NULL})), READ,
         SEND(first), READ, SEND(found_reply(f, NULL, 0)));
    iterator = iterate(f, 1, false);
    check_next(f, iterator, 1);
    check_next(f, iterator, 2);
    check_next(f, iterator, 1);
    check_next(f, iterator, 0);
    assert_int_equal(script_server_requests(f->server), 9);
    bacm_link_iterator_free(iterator);
}

/* The most that one call reads; the next one goes on. */
static void pages_that_are_all_of_others(void **state)
{
    enum { PAGES = 3000 };
    struct fixture *f = *state;
    const char *const pages[] = {FOUND(f, {1, 3003003, "Active", NULL}),
                                 FOUND(f, {1, 4004004, "Active", NULL})};
    struct step *steps = calloc(2 * PAGES + 4, sizeof *steps);
    bacm_link_iterator *iterator;

    assert_non_null(steps);
    for (size_t i = 0; i < PAGES; i++) {
        steps[2 * i].kind = STEP_READ;
        steps[2 * i + 1] = (struct step)SEND(pages[i % 2]);
    }
    steps[2 * PAGES + 1] = (struct step)SEND(FOUND(f, {7, 2002002, "Active", NULL}));
    steps[2 * PAGES + 3] = (struct step)SEND(found_reply(f, NULL, 0));
    fixture_start(f, steps, 2 * PAGES + 4);
    free(steps);
    iterator = iterate(f, 1, false);
    check_no_end(f, iterator, "others' links");
    assert_int_equal(script_server_requests(f->server), PAGES);
    check_next(f, iterator, 7);
    check_next(f, iterator, 0);
    assert_int_equal(script_server_requests(f->server), PAGES + 2);
    bacm_link_iterator_free(iterator);
}

/* --- duplicates --- */

static void blocking_links(void **state)
{
    struct fixture *f = *state;
    struct link_set set;
    bacm_link_status blocking[6];

    link_set_init(&set);
    set.link[4].managing_customer_id = 0;
    set.link[4].managing_customer_number = "C5005005";
    PLAY(f, READ,
         SEND(FOUND(f, {1001006, 3003003, "Active", NULL}, {1001003, 2002002, "Inactive", NULL},
                    {1001001, 2002002, "LinkPending", NULL}, {1001002, 3003003, "Active", NULL},
                    {1001004, 2002002, "LinkThawed", NULL},
                    {1001005, 5005005, "UnlinkFailed", NULL})));
    assert_status(bacm_links_find_blocking(blocking, f->client, set.pointer, 6, &f->error),
                  BACM_OK);
    assert_int_equal(blocking[0], BACM_STATUS_LINK_PENDING);
    assert_int_equal(blocking[1], BACM_LINK_STATUS_ABSENT); /* another manager's */
    assert_int_equal(blocking[2], BACM_LINK_STATUS_ABSENT); /* ended */
    assert_int_equal(blocking[3], BACM_LINK_STATUS_UNKNOWN);
    assert_int_equal(blocking[4], BACM_STATUS_UNLINK_FAILED); /* by number */
    assert_int_equal(blocking[5], BACM_LINK_STATUS_ABSENT);
    assert_non_null(strstr(script_server_request(f->server, 0).body,
                           ">1001001,1001002,1001003,1001004,1001005,1001006<"));
}

static void blocking_needs_ids(void **state)
{
    struct fixture *f = *state;
    struct link_set set;
    bacm_link_status blocking[2];

    link_set_init(&set);
    set.link[1].client_account_id = 0;
    set.link[1].client_account_number = "X1234567";
    PLAY(f, READ, CLOSE);
    assert_status(bacm_links_find_blocking(blocking, f->client, set.pointer, 2, &f->error),
                  BACM_E_INVALID_SEARCH);
    assert_int_equal(f->error.link_index, 1);
    assert_status(bacm_links_find_blocking(blocking, f->client, set.pointer, 0, NULL),
                  BACM_E_NO_LINKS);
    assert_status(bacm_links_find_blocking(NULL, f->client, set.pointer, 1, NULL), BACM_E_ARGUMENT);
    assert_int_equal(script_server_connections(f->server), 0);
    assert_status(bacm_links_find_blocking(blocking, f->client, set.pointer, 1, &f->error),
                  BACM_E_NETWORK);
}

/* An account is asked for once, whoever invites it. */
static void blocking_links_of_one_account(void **state)
{
    struct fixture *f = *state;
    struct link_set set;
    bacm_link_status blocking[3];

    link_set_init(&set);
    set.link[2].client_account_id = set.link[0].client_account_id;
    set.link[2].managing_customer_id = 3003003;
    PLAY(f, READ, SEND(FOUND(f, {1001001, 3003003, "Active", NULL})));
    assert_status(bacm_links_find_blocking(blocking, f->client, set.pointer, 3, &f->error),
                  BACM_OK);
    assert_int_equal(blocking[0], BACM_LINK_STATUS_ABSENT);
    assert_int_equal(blocking[1], BACM_LINK_STATUS_ABSENT);
    assert_int_equal(blocking[2], BACM_STATUS_ACTIVE);
    assert_non_null(strstr(script_server_request(f->server, 0).body, ">1001001,1001002<"));
}

/* One full page after the other: the service at fault is not asked for ever. */
static void search_that_does_not_end(void **state)
{
    enum { PAGE = 1000, PAGES = 64 };
    struct fixture *f = *state;
    struct link_set set;
    struct found_link rows[PAGE];
    bacm_link_status blocking[1];
    const char *page;

    assert_int_equal(((bacm_link_search)BACM_LINK_SEARCH_INIT).page_size, PAGE);
    link_set_init(&set);
    for (int i = 0; i < PAGE; i++)
        rows[i] = (struct found_link){1001001, 3003003, "Active", NULL};
    page = found_reply(f, rows, PAGE);
    {
        const struct answer answers[] = {{"SearchClientLinks", page, 0}, {NULL, NULL, 0}};

        PLAY(f, SERVE(answers));
        assert_status(bacm_links_find_blocking(blocking, f->client, set.pointer, 1, &f->error),
                      BACM_E_PROTOCOL);
        assert_non_null(strstr(f->error.message, "does not end"));
        assert_int_equal(script_server_requests(f->server), PAGES);
    }
}

/* A service may serve fewer links at once than it is asked for: that is not the end. */
static void page_that_is_shorter_than_asked(void **state)
{
    enum { SERVED = 100 };
    struct fixture *f = *state;
    struct found_link rows[SERVED];
    bacm_link_iterator *iterator;

    for (int i = 0; i < SERVED; i++)
        rows[i] = (struct found_link){1001001 + i, 2002002, "Active", NULL};
    PLAY(f, READ, SEND(found_reply(f, rows, SERVED)), READ,
         SEND(FOUND(f, {1002001, 2002002, "Active", NULL})));
    iterator = iterate(f, 1000, false);
    for (int i = 0; i < SERVED; i++)
        check_next(f, iterator, 1001001 + i);
    check_next(f, iterator, 1002001);
    check_next(f, iterator, 0);
    bacm_link_iterator_free(iterator);
}

/* A pair may have a link of now and one of years ago: whatever their order, the newest counts. */
static void newest_link_of_a_pair(void **state)
{
    static const struct found_link links[] = {{1001001, 2002002, "LinkDeclined", NULL},
                                              {1001001, 2002002, "LinkPending", NULL},
                                              {1001001, 2002002, "LinkDeclined", NULL}};
    static const char *const pending_first[] = {"2018-05-02T12:00:00", "2018-05-01T12:00:00",
                                                "2018-05-02T12:00:00"};
    static const char *const pending_last[] = {"2018-05-01T12:00:00", "2018-05-02T12:00:00",
                                               "2018-05-01T12:00:00"};
    struct fixture *f = *state;

    for (int from = 0; from < 2; from++) {
        struct link_set set;
        bacm_link_status blocking[1];
        bacm_watched_link watched = {.client_account_id = 1001001, .managing_customer_id = 2002002};
        bacm_wait_options options = BACM_WAIT_OPTIONS_INIT;

        link_set_init(&set);
        options.timeout_ms = 1;
        PLAY(f, READ, SEND(found_when_reply(f, links + from, pending_first + from, 2)), READ,
             SEND(found_when_reply(f, links + from, pending_last + from, 2)), READ,
             SEND(found_when_reply(f, links + from, pending_first + from, 2)));
        assert_status(bacm_links_find_blocking(blocking, f->client, set.pointer, 1, &f->error),
                      BACM_OK);
        assert_int_equal(blocking[0], BACM_LINK_STATUS_ABSENT);
        assert_status(bacm_links_find_blocking(blocking, f->client, set.pointer, 1, &f->error),
                      BACM_OK);
        assert_int_equal(blocking[0], BACM_STATUS_LINK_PENDING);
        assert_status(bacm_links_wait(&watched, 1, f->client, &options, &f->error), BACM_OK);
        assert_int_equal(watched.status, BACM_STATUS_LINK_DECLINED);
        fixture_stop(f);
    }
}

/* --- waiting --- */

struct polls {
    unsigned count;
    unsigned last_pause;
    unsigned stop_after; /* 0: never */
};

static bool count_poll(const bacm_watched_link *links, size_t n, unsigned next_poll_ms, void *user)
{
    struct polls *polls = user;

    (void)links;
    (void)n;
    polls->last_pause = next_poll_ms;
    return ++polls->count != polls->stop_after;
}

static bacm_wait_options wait_options(struct polls *polls)
{
    bacm_wait_options options = BACM_WAIT_OPTIONS_INIT;

    options.timeout_ms = 3000;
    options.first_interval_ms = 10;
    options.max_interval_ms = 40;
    options.on_poll = count_poll;
    options.user = polls;
    return options;
}

static void watch(bacm_watched_link *links, size_t n)
{
    memset(links, 0, n * sizeof *links);
    for (size_t i = 0; i < n; i++) {
        links[i].client_account_id = 1001001 + (int64_t)i;
        links[i].managing_customer_id = 2002002;
    }
}

static void wait_until_settled(void **state)
{
    struct fixture *f = *state;
    struct polls polls = {0, 0, 0};
    const bacm_wait_options options = wait_options(&polls);
    bacm_watched_link links[2];

    watch(links, 2);
    PLAY(
        f, READ,
        SEND(FOUND(f, {1001001, 2002002, "LinkPending", NULL},
                   {1001002, 2002002, "LinkInProgress", NULL})),
        READ,
        SEND(FOUND(f, {1001001, 2002002, "LinkPending", NULL}, {1001002, 2002002, "Active", NULL})),
        READ, SEND(FOUND(f, {1001001, 2002002, "LinkDeclined", NULL})));
    assert_status(bacm_links_wait(links, 2, f->client, &options, &f->error), BACM_OK);
    assert_int_equal(polls.count, 3);
    assert_int_equal(polls.last_pause, 0);
    assert_false(links[0].reached);
    assert_true(links[0].settled);
    assert_string_equal(links[0].status_text, "LinkDeclined");
    assert_true(links[1].reached);
    /* What has settled is not asked for again. */
    assert_null(strstr(script_server_request(f->server, 2).body, "1001002"));
}

static void wait_for_a_status(void **state)
{
    static const bacm_link_status wanted[] = {BACM_STATUS_LINK_IN_PROGRESS};
    struct fixture *f = *state;
    struct polls polls = {0, 0, 0};
    bacm_wait_options options = wait_options(&polls);
    bacm_watched_link link;

    options.wanted = wanted;
    options.wanted_count = 1;
    watch(&link, 1);
    PLAY(f, READ, SEND(FOUND(f, {1001001, 2002002, "LinkPending", NULL})), READ,
         SEND(FOUND(f, {1001001, 2002002, "LinkInProgress", NULL})));
    assert_status(bacm_links_wait(&link, 1, f->client, &options, &f->error), BACM_OK);
    assert_true(link.reached);
}

static void wait_is_over(void **state)
{
    struct fixture *f = *state;
    struct polls polls = {0, 0, 0};
    bacm_wait_options options = wait_options(&polls);
    const struct answer answers[] = {
        {"SearchClientLinks", FOUND(f, {1001001, 2002002, "LinkPending", NULL}), 0},
        {NULL, NULL, 0}};
    bacm_watched_link link;
    long long started = now_ms();

    options.timeout_ms = 200;
    watch(&link, 1);
    PLAY(f, SERVE(answers));
    assert_status(bacm_links_wait(&link, 1, f->client, &options, &f->error), BACM_E_WAIT_OVER);
    assert_true(now_ms() - started >= 190);
    assert_true(now_ms() - started < FIXTURE_LONG_MS);
    assert_true(polls.count >= 2);
    assert_false(link.settled);
    polls = (struct polls){0, 0, 2};
    assert_status(bacm_links_wait(&link, 1, f->client, &options, &f->error), BACM_E_CANCELED);
    assert_int_equal(polls.count, 2);
}

static void wait_survives_what_passes(void **state)
{
    struct fixture *f = *state;
    struct polls polls = {0, 0, 0};
    const bacm_wait_options options = wait_options(&polls);
    bacm_watched_link link;

    watch(&link, 1);
    PLAY(f, READ, SEND(http_reply(f, 503, NULL, "")), READ, CLOSE, READ,
         SEND(FOUND(f, {1001001, 2002002, "Active", NULL})));
    assert_status(bacm_links_wait(&link, 1, f->client, &options, &f->error), BACM_OK);
    assert_int_equal(polls.count, 3);
    assert_true(link.reached);
    assert_status(f->error.status, BACM_OK);
}

static void wait_ends_with_what_stays(void **state)
{
    struct fixture *f = *state;
    struct polls polls = {0, 0, 0};
    const bacm_wait_options options = wait_options(&polls);
    const char *refused = "<detail><AdApiFaultDetail xmlns=\"https://adapi.microsoft.com\"><Errors>"
                          "<AdApiError><Code>106</Code></AdApiError></Errors></AdApiFaultDetail>"
                          "</detail>";
    bacm_watched_link link;

    watch(&link, 1);
    PLAY(f, READ, SEND(http_reply(f, 404, NULL, "")), READ, SEND(fault_reply(f, 500, refused)));
    assert_status(bacm_links_wait(&link, 1, f->client, &options, &f->error), BACM_E_HTTP);
    assert_status(bacm_links_wait(&link, 1, f->client, &options, &f->error), BACM_E_AUTHORIZATION);
    assert_int_equal(script_server_requests(f->server), 2);
    assert_int_equal(polls.count, 0);
}

static void throttled_wait_is_a_minute_long(void **state)
{
    struct fixture *f = *state;
    struct polls polls = {0, 0, 1};
    bacm_wait_options options = wait_options(&polls);
    bacm_watched_link link;

    options.timeout_ms = 600000;
    watch(&link, 1);
    PLAY(f, READ, SEND(http_reply(f, 429, NULL, "")));
    assert_status(bacm_links_wait(&link, 1, f->client, &options, &f->error), BACM_E_CANCELED);
    assert_int_equal(polls.last_pause, 60000);
}

/* Ten accounts a search for an agency, one for a client. */
static void wait_groups(void **state)
{
    struct fixture *f = *state;
    struct polls polls = {0, 0, 0};
    bacm_wait_options options = wait_options(&polls);
    bacm_watched_link links[11];
    struct found_link rows[11];
    const char *all;

    for (int i = 0; i < 11; i++)
        rows[i] = (struct found_link){1001001 + i, 2002002, "Active", NULL};
    all = found_reply(f, rows, 11);
    {
        const struct answer answers[] = {{"SearchClientLinks", all, 0}, {NULL, NULL, 0}};

        PLAY(f, SERVE(answers));
        watch(links, 11);
        assert_status(bacm_links_wait(links, 11, f->client, &options, &f->error), BACM_OK);
        assert_int_equal(script_server_requests(f->server), 2);
        options.side = BACM_SIDE_CLIENT;
        watch(links, 3);
        assert_status(bacm_links_wait(links, 3, f->client, &options, &f->error), BACM_OK);
        assert_int_equal(script_server_requests(f->server), 5);
    }
}

/* A round of many searches ends in the middle when the time is up. */
static void wait_is_over_in_a_round(void **state)
{
    enum { LINKS = 40, SEARCH_MS = 200 };
    struct fixture *f = *state;
    const char *found =
        FOUND(f, {1001001, 2002002, "Active", NULL}, {1001011, 2002002, "Active", NULL});
    struct polls polls = {0, 0, 0};
    bacm_wait_options options = wait_options(&polls);
    bacm_watched_link links[LINKS];

    options.timeout_ms = SEARCH_MS / 2;
    watch(links, LINKS);
    PLAY(f, READ, PAUSE(SEARCH_MS), SEND(found), READ, SEND(found), READ, SEND(found), READ,
         SEND(found));
    assert_status(bacm_links_wait(links, LINKS, f->client, &options, &f->error), BACM_E_WAIT_OVER);
    assert_int_equal(script_server_requests(f->server), 1);
    assert_int_equal(polls.count, 1);
    assert_int_equal(polls.last_pause, 0);
    assert_true(links[0].settled); /* what is known is told */
    assert_int_equal(links[10].status, BACM_LINK_STATUS_ABSENT);
}

/* The clients of a client are asked for one by one, and so is the time looked at. */
static void wait_of_a_client_is_over_in_a_round(void **state)
{
    enum { SEARCH_MS = 200 };
    struct fixture *f = *state;
    const char *found = FOUND(f, {1001001, 2002002, "Active", NULL});
    struct polls polls = {0, 0, 0};
    bacm_wait_options options = wait_options(&polls);
    bacm_watched_link links[2];

    options.timeout_ms = SEARCH_MS / 2;
    options.side = BACM_SIDE_CLIENT;
    watch(links, 2);
    PLAY(f, READ, PAUSE(SEARCH_MS), SEND(found), READ, SEND(found));
    assert_status(bacm_links_wait(links, 2, f->client, &options, &f->error), BACM_E_WAIT_OVER);
    assert_int_equal(script_server_requests(f->server), 1);
    assert_true(links[0].settled);
}

static void wait_refuses_bad_arguments(void **state)
{
    struct fixture *f = *state;
    bacm_wait_options options = BACM_WAIT_OPTIONS_INIT;
    bacm_watched_link link;

    PLAY(f, READ);
    watch(&link, 1);
    assert_status(bacm_links_wait(NULL, 1, f->client, NULL, NULL), BACM_E_ARGUMENT);
    assert_status(bacm_links_wait(&link, 0, f->client, NULL, NULL), BACM_E_ARGUMENT);
    assert_status(bacm_links_wait(&link, 1, NULL, NULL, NULL), BACM_E_ARGUMENT);
    options.first_interval_ms = 0;
    assert_status(bacm_links_wait(&link, 1, f->client, &options, NULL), BACM_E_ARGUMENT);
    options = (bacm_wait_options)BACM_WAIT_OPTIONS_INIT;
    options.wanted_count = 1;
    assert_status(bacm_links_wait(&link, 1, f->client, &options, NULL), BACM_E_ARGUMENT);
    link.managing_customer_id = 0;
    assert_status(bacm_links_wait(&link, 1, f->client, NULL, &f->error), BACM_E_ARGUMENT);
    assert_int_equal(f->error.link_index, 0);
    assert_int_equal(script_server_connections(f->server), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_pages),
        TEST(full_last_page),
        TEST(links_of_other_managers),
        TEST(page_that_fails),
        TEST(same_page_again_and_again),
        TEST(page_that_comes_again),
        TEST(pages_that_are_all_of_others),
        TEST(blocking_links),
        TEST(blocking_needs_ids),
        TEST(blocking_links_of_one_account),
        TEST(search_that_does_not_end),
        TEST(page_that_is_shorter_than_asked),
        TEST(newest_link_of_a_pair),
        TEST(wait_until_settled),
        TEST(wait_for_a_status),
        TEST(wait_is_over),
        TEST(wait_survives_what_passes),
        TEST(wait_ends_with_what_stays),
        TEST(throttled_wait_is_a_minute_long),
        TEST(wait_groups),
        TEST(wait_is_over_in_a_round),
        TEST(wait_of_a_client_is_over_in_a_round),
        TEST(wait_refuses_bad_arguments),
    };

    return cmocka_run_group_tests_name("searches", tests, NULL, NULL);
}
