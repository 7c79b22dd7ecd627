/*
 * An update that finds links changed by somebody else: one fresh search, and a decision
 * for each of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fixture.h"

#define CM  "https://bingads.microsoft.com/Customer/v11"
#define XSI "http://www.w3.org/2001/XMLSchema-instance"

enum { TIMESTAMP_NOT_MATCH = 209, ELEMENT_CHANGED = 3083, OTHER_CODE = 203 };

enum { FIRST_ACCOUNT = 1001001, AGENCY = 2002002 };

static const char *link_found(struct fixture *f, const char *status)
{
    return FOUND(f, {FIRST_ACCOUNT, AGENCY, status, "NEW0="});
}

/* Codes of the slots; 0: done. */
static const char *updated(struct fixture *f, const int *codes, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const char *reply;

    fputs("<UpdateClientLinksResponse xmlns=\"" CM "\"><PartialErrors xmlns:i=\"" XSI
          "\" xmlns:a=\"" CM "/Exception\">",
          out);
    for (size_t i = 0; i < count; i++) {
        if (codes[i])
            fprintf(out,
                    "<a:ArrayOfOperationError><a:OperationError><a:Code>%d</a:Code>"
                    "</a:OperationError></a:ArrayOfOperationError>",
                    codes[i]);
        else
            fputs("<a:ArrayOfOperationError i:nil=\"true\"/>", out);
    }
    fputs("</PartialErrors></UpdateClientLinksResponse>", out);
    fclose(out);
    reply = soap_reply(f, text);
    free(text);
    return reply;
}

#define UPDATED(f, ...)                                                                            \
    updated(f, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

struct update {
    bacm_side side;
    bacm_link_status from;
    bacm_link_status wanted;
};

static const struct update unlinking = {BACM_SIDE_AGENCY, BACM_STATUS_ACTIVE,
                                        BACM_STATUS_UNLINK_REQUESTED};
static const struct update canceling = {BACM_SIDE_AGENCY, BACM_STATUS_LINK_PENDING,
                                        BACM_STATUS_LINK_CANCELED};
static const struct update accepting = {BACM_SIDE_CLIENT, BACM_STATUS_LINK_PENDING,
                                        BACM_STATUS_LINK_ACCEPTED};
static const struct update declining = {BACM_SIDE_CLIENT, BACM_STATUS_LINK_PENDING,
                                        BACM_STATUS_LINK_DECLINED};

static bacm_status run_update(struct fixture *f, const struct update *update, size_t n,
                              bacm_link_results **results)
{
    struct link_set set;

    link_set_init(&set);
    for (size_t i = 0; i < n; i++)
        set.link[i].status = update->from;
    return bacm_links_update_with_search(results, f->client, set.pointer, n, update->side,
                                         update->wanted, &f->error);
}

static bacm_status run_one(struct fixture *f, const struct update *update)
{
    bacm_link_results *results = NULL;
    bacm_status status = run_update(f, update, 1, &results);

    check_result(f, status, results, 1);
    bacm_link_results_free(results);
    return status;
}

static const char *body(struct fixture *f, unsigned request)
{
    return script_server_request(f->server, request).body;
}

static bool names_account(const char *text, size_t slot)
{
    char id[16];

    snprintf(id, sizeof id, "%zu", FIRST_ACCOUNT + slot);
    return strstr(text, id) != NULL;
}

/* --- one link ---------------------------------------------------------------------- */

static void link_is_sent_once_more_as_it_is_now(void **state)
{
    static const int codes[] = {TIMESTAMP_NOT_MATCH, ELEMENT_CHANGED};
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(codes); i++) {
        PLAY(f, READ, SEND(UPDATED(f, codes[i])), READ, SEND(link_found(f, "Active")), READ,
             SEND(UPDATED(f, 0)));
        assert_status(run_one(f, &unlinking), BACM_OK);
        assert_int_equal(script_server_requests(f->server), 3);
        assert_null(strstr(body(f, 0), "NEW0="));
        assert_non_null(strstr(body(f, 2), "NEW0="));
        fixture_stop(f);
    }
}

/* A second time is the last: who changes it again is left to the caller. */
static void link_is_sent_no_third_time(void **state)
{
    struct fixture *f = *state;
    const char *changed = UPDATED(f, TIMESTAMP_NOT_MATCH);

    PLAY(f, READ, SEND(changed), READ, SEND(link_found(f, "Active")), READ, SEND(changed), READ,
         SEND(link_found(f, "Active")));
    assert_status(run_one(f, &unlinking), BACM_E_PARTIAL);
    assert_int_equal(script_server_requests(f->server), 3);
}

static void other_refusals_cost_no_search(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ, SEND(UPDATED(f, OTHER_CODE)), READ, SEND(link_found(f, "Active")));
    assert_status(run_one(f, &unlinking), BACM_E_PARTIAL);
    assert_int_equal(script_server_requests(f->server), 1);
}

/* Where the link is by now, and whether that is where the update should have led. */
static void status_of_now_decides(void **state)
{
    static const struct {
        const struct update *update;
        const char *now;
        bool has_arrived;
    } cases[] = {
        {&unlinking, "UnlinkRequested", true},  {&unlinking, "UnlinkPending", true},
        {&unlinking, "UnlinkInProgress", true}, {&unlinking, "Inactive", true},
        {&unlinking, "UnlinkFailed", false},    {&unlinking, "LinkInProgress", false},
        {&unlinking, "LinkThawed", false},      {&canceling, "LinkCanceled", true},
        {&canceling, "LinkAccepted", false},    {&canceling, "LinkDeclined", false},
        {&canceling, "LinkExpired", false},     {&canceling, "Active", false},
        {&accepting, "LinkAccepted", true},     {&accepting, "LinkInProgress", true},
        {&accepting, "Active", true},           {&accepting, "LinkCanceled", false},
        {&accepting, "LinkFailed", false},      {&accepting, "Inactive", false},
        {&declining, "LinkDeclined", true},     {&declining, "LinkAccepted", false},
        {&declining, "LinkExpired", false},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        bacm_status status;

        PLAY(f, READ, SEND(UPDATED(f, TIMESTAMP_NOT_MATCH)), READ,
             SEND(link_found(f, cases[i].now)), READ, SEND(UPDATED(f, 0)));
        status = run_one(f, cases[i].update);
        if (status != (cases[i].has_arrived ? BACM_OK : BACM_E_PARTIAL) ||
            script_server_requests(f->server) != 2)
            fail_msg("case %zu, %s: %s after %u requests", i, cases[i].now,
                     bacm_status_text(status), script_server_requests(f->server));
        fixture_stop(f);
    }
}

static void link_that_is_gone_stays_refused(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ, SEND(UPDATED(f, ELEMENT_CHANGED)), READ, SEND(found_reply(f, NULL, 0)));
    assert_status(run_one(f, &unlinking), BACM_E_PARTIAL);
    assert_int_equal(script_server_requests(f->server), 2);
}

/* --- several links ------------------------------------------------------------------- */

static void check_codes(const bacm_link_results *results, const int *codes, size_t count)
{
    assert_int_equal(bacm_link_results_count(results), count);
    for (size_t i = 0; i < count; i++) {
        const bacm_service_error *error = bacm_link_results_error(results, i, 0);

        assert_int_equal(bacm_link_results_outcome(results, i),
                         codes[i] ? BACM_OUTCOME_REFUSED : BACM_OUTCOME_DONE);
        assert_int_equal(error ? error->code : 0, codes[i]);
    }
}

/* Done, to be sent again, refused for good, there already, to be sent again. */
static void each_link_has_its_own_decision(void **state)
{
    static const int expected[] = {0, 0, OTHER_CODE, 0, 204};
    struct fixture *f = *state;
    bacm_link_results *results = NULL;
    const char *now = /* in an order of the service's own */
        FOUND(f, {FIRST_ACCOUNT + 4, AGENCY, "Active", "NEW4="},
              {FIRST_ACCOUNT + 1, AGENCY, "Active", "NEW1="},
              {FIRST_ACCOUNT + 3, AGENCY, "UnlinkPending", "NEW3="});

    PLAY(f, READ,
         SEND(UPDATED(f, 0, TIMESTAMP_NOT_MATCH, OTHER_CODE, ELEMENT_CHANGED, TIMESTAMP_NOT_MATCH)),
         READ, SEND(now), READ, SEND(UPDATED(f, 0, 204)));
    assert_status(run_update(f, &unlinking, COUNT(expected), &results), BACM_E_PARTIAL);
    check_result(f, BACM_E_PARTIAL, results, COUNT(expected));
    check_codes(results, expected, COUNT(expected));
    assert_int_equal(script_server_requests(f->server), 3);
    for (size_t slot = 0; slot < COUNT(expected); slot++) {
        assert_int_equal(names_account(body(f, 1), slot), slot == 1 || slot >= 3);
        assert_int_equal(names_account(body(f, 2), slot), slot == 1 || slot == 4);
    }
    assert_true(strstr(body(f, 2), "NEW1=") < strstr(body(f, 2), "NEW4="));
    bacm_link_results_free(results);
}

/* Ten accounts a search are for an agency; the service refuses them to a client. */
static void client_searches_for_one_account_at_a_time(void **state)
{
    enum { LINKS = 3 };
    static const int expected[LINKS] = {0, 0, 0};
    static const char *const timestamps[LINKS] = {"NEW0=", "NEW1=", "NEW2="};
    struct fixture *f = *state;
    bacm_link_results *results = NULL;

    PLAY(f, READ, SEND(UPDATED(f, TIMESTAMP_NOT_MATCH, ELEMENT_CHANGED, TIMESTAMP_NOT_MATCH)), READ,
         SEND(FOUND(f, {FIRST_ACCOUNT, AGENCY, "LinkPending", timestamps[0]})), READ,
         SEND(FOUND(f, {FIRST_ACCOUNT + 1, AGENCY, "LinkPending", timestamps[1]})), READ,
         SEND(FOUND(f, {FIRST_ACCOUNT + 2, AGENCY, "LinkPending", timestamps[2]})), READ,
         SEND(updated(f, expected, LINKS)));
    assert_status(run_update(f, &accepting, LINKS, &results), BACM_OK);
    check_codes(results, expected, LINKS);
    assert_int_equal(script_server_requests(f->server), LINKS + 2);
    for (size_t slot = 0; slot < LINKS; slot++) {
        for (unsigned search = 0; search < LINKS; search++)
            assert_int_equal(names_account(body(f, 1 + search), slot), search == slot);
        assert_non_null(strstr(body(f, LINKS + 1), timestamps[slot]));
    }
    bacm_link_results_free(results);
}

/* --- when the search or the second update fails --------------------------------------- */

static void results_so_far_outlive_a_search_that_fails(void **state)
{
    static const int expected[] = {0, TIMESTAMP_NOT_MATCH};
    struct fixture *f = *state;
    bacm_link_results *results = NULL;

    PLAY(f, READ, SEND(updated(f, expected, 2)), READ, SEND(http_reply(f, 404, NULL, "")));
    assert_status(run_update(f, &unlinking, 2, &results), BACM_E_HTTP);
    assert_true(f->error.request_sent);
    check_codes(results, expected, 2);
    bacm_link_results_free(results);
}

static void second_update_may_have_an_unknown_outcome(void **state)
{
    struct fixture *f = *state;
    bacm_link_results *results = NULL;

    PLAY(f, READ, SEND(UPDATED(f, 0, TIMESTAMP_NOT_MATCH)), READ,
         SEND(FOUND(f, {FIRST_ACCOUNT + 1, AGENCY, "Active", "NEW1="})), READ, CLOSE, READ,
         SEND(UPDATED(f, 0)));
    assert_status(run_update(f, &unlinking, 2, &results), BACM_E_UNKNOWN_OUTCOME);
    assert_int_equal(bacm_link_results_outcome(results, 0), BACM_OUTCOME_DONE);
    assert_int_equal(bacm_link_results_outcome(results, 1), BACM_OUTCOME_UNKNOWN);
    assert_int_equal(script_server_requests(f->server), 3);
    bacm_link_results_free(results);
}

static void second_update_may_fail_as_a_whole(void **state)
{
    struct fixture *f = *state;
    bacm_link_results *results = NULL;

    PLAY(f, READ, SEND(UPDATED(f, TIMESTAMP_NOT_MATCH, 0)), READ, SEND(link_found(f, "Active")),
         READ, SEND(http_reply(f, 404, NULL, "")));
    assert_status(run_update(f, &unlinking, 2, &results), BACM_E_HTTP);
    assert_int_equal(bacm_link_results_outcome(results, 0), BACM_OUTCOME_REFUSED);
    assert_int_equal(bacm_link_results_outcome(results, 1), BACM_OUTCOME_DONE);
    bacm_link_results_free(results);
}

static void update_that_fails_as_a_whole_is_not_searched_for(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ, CLOSE, READ, SEND(link_found(f, "Active")));
    assert_status(run_one(f, &unlinking), BACM_E_UNKNOWN_OUTCOME);
    assert_int_equal(script_server_requests(f->server), 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(link_is_sent_once_more_as_it_is_now),
        TEST(link_is_sent_no_third_time),
        TEST(other_refusals_cost_no_search),
        TEST(status_of_now_decides),
        TEST(link_that_is_gone_stays_refused),
        TEST(each_link_has_its_own_decision),
        TEST(client_searches_for_one_account_at_a_time),
        TEST(results_so_far_outlive_a_search_that_fails),
        TEST(second_update_may_have_an_unknown_outcome),
        TEST(second_update_may_fail_as_a_whole),
        TEST(update_that_fails_as_a_whole_is_not_searched_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
