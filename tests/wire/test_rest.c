/*
 * What replies over REST mean for three links, form by form; and what is asked. The test
 * names its version itself, so it is the same in every group.
 */
#include <stdlib.h>
#include <string.h>

#include "support/fixture.h"

enum { LINKS = 3 };

#define ERROR  "{\"Code\":1410,\"Details\":\"d\",\"Message\":\"m\"}"
#define DEEP   "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
#define REASON "{\"Type\":\"ApiFault\",\"OperationErrors\":[{\"Code\":1001,\"Message\":\"no\"}]}"

struct form {
    const char *name;
    size_t links;
    int status;
    const char *body;
    bacm_status expected;
    const char *outcomes; /* D done, R refused, U unknown; a letter a link; "": no result */
};

static const struct form forms[] = {
    {"nulls", 3, 200, "{\"OperationErrors\":null,\"PartialErrors\":[null,null,null]}", BACM_OK,
     "DDD"},
    {"null", 3, 200, "{\"OperationErrors\":null,\"PartialErrors\":null}", BACM_OK, "DDD"},
    {"empty", 3, 200, "{\"OperationErrors\":[],\"PartialErrors\":[]}", BACM_OK, "DDD"},
    {"absent", 3, 200, "{\"OperationErrors\":null}", BACM_OK, "DDD"},
    {"bare", 3, 200, " {} ", BACM_OK, "DDD"},
    {"empty slots", 3, 200, "{\"PartialErrors\":[[],null,[null]]}", BACM_OK, "DDD"},
    {"middle", 3, 200, "{\"PartialErrors\":[null,[" ERROR "],null]}", BACM_E_PARTIAL, "DRD"},
    {"lone", 3, 200, "{\"PartialErrors\":[null," ERROR ",null]}", BACM_E_PARTIAL, "DRD"},
    {"code as text", 1, 200, "{\"PartialErrors\":[[{\"Code\":\"1410\"}]]}", BACM_E_PARTIAL, "R"},
    {"new member", 3, 200, "{\"PartialErrors\":null,\"Later\":{\"a\":[1.5]}}", BACM_OK, "DDD"},
    {"flat, one", 1, 200, "{\"PartialErrors\":[" ERROR "," ERROR "]}", BACM_E_PARTIAL, "R"},
    {"flat", 3, 200, "{\"PartialErrors\":[" ERROR "," ERROR "," ERROR "]}", BACM_E_ALIGNMENT_LOST,
     "UUU"},
    {"few", 3, 200, "{\"PartialErrors\":[null,[" ERROR "]]}", BACM_E_ALIGNMENT_LOST, "UUU"},
    {"many", 3, 200, "{\"PartialErrors\":[null,null,null,null]}", BACM_E_ALIGNMENT_LOST, "UUU"},
    {"says nothing", 3, 200, "{\"PartialErrors\":[null,[{}],null]}", BACM_E_ALIGNMENT_LOST, "UUU"},
    {"case", 3, 200, "{\"OperationErrors\":null,\"partialErrors\":[null,[" ERROR "],null]}",
     BACM_E_ALIGNMENT_LOST, "UUU"},
    {"lower case", 3, 200, "{\"partialErrors\":null}", BACM_E_UNKNOWN_OUTCOME, "UUU"},
    {"of another", 3, 200, "{\"ClientLinks\":[]}", BACM_E_UNKNOWN_OUTCOME, "UUU"},
    {"array", 3, 200, "[null,null,null]", BACM_E_UNKNOWN_OUTCOME, "UUU"},
    {"no body", 3, 200, "", BACM_E_UNKNOWN_OUTCOME, "UUU"},
    {"cut", 3, 200, "{\"PartialErrors\":[null,null", BACM_E_UNKNOWN_OUTCOME, "UUU"},
    {"behind it", 3, 200, "{\"PartialErrors\":null} {}", BACM_E_UNKNOWN_OUTCOME, "UUU"},
    {"twice", 3, 200, "{\"PartialErrors\":null,\"PartialErrors\":null}", BACM_E_UNKNOWN_OUTCOME,
     "UUU"},
    {"NaN", 3, 200, "{\"PartialErrors\":null,\"n\":NaN}", BACM_E_UNKNOWN_OUTCOME, "UUU"},
    {"mark", 3, 200, "\xEF\xBB\xBF{\"PartialErrors\":null}", BACM_E_UNKNOWN_OUTCOME, "UUU"},
    {"no UTF-8", 3, 200, "{\"PartialErrors\":null,\"a\":\"\xFF\"}", BACM_E_UNKNOWN_OUTCOME, "UUU"},
    {"surrogate", 3, 200, "{\"PartialErrors\":null,\"a\":\"\\ud800\"}", BACM_E_UNKNOWN_OUTCOME,
     "UUU"},
    {"deep", 3, 200, "{\"PartialErrors\":null,\"a\":" DEEP, BACM_E_UNKNOWN_OUTCOME, "UUU"},
    {"an object", 3, 200, "{\"PartialErrors\":{}}", BACM_E_UNKNOWN_OUTCOME, "UUU"},
    {"a fraction", 1, 200, "{\"PartialErrors\":[[{\"Code\":1410.5}]]}", BACM_E_UNKNOWN_OUTCOME,
     "U"},
    {"under 400", 3, 400, "{\"OperationErrors\":null,\"PartialErrors\":null}",
     BACM_E_UNKNOWN_OUTCOME, "UUU"},
    {"whole call", 3, 200, "{\"OperationErrors\":[{\"Code\":1001}],\"PartialErrors\":null}",
     BACM_E_AUTHORIZATION, "RRR"},
    {"whole call, 400", 3, 400, "{\"OperationErrors\":[{\"Code\":1001}]}", BACM_E_AUTHORIZATION,
     "RRR"},
    {"fault", 3, 403, REASON, BACM_E_AUTHORIZATION, "RRR"},
    {"fault under 200", 3, 200, REASON, BACM_E_AUTHORIZATION, "RRR"},
    {"batch", 3, 400, "{\"Type\":\"ApiBatchFault\",\"BatchErrors\":[{\"Code\":1001,\"Index\":1}]}",
     BACM_E_AUTHORIZATION, "RRR"},
    {"throttled", 3, 200, "{\"Errors\":[{\"Code\":117}],\"Type\":\"AdApiFaultDetail\"}",
     BACM_E_THROTTLED, "RRR"},
    {"bare 401", 3, 401, "", BACM_E_AUTHENTICATION, "RRR"},
    {"404", 3, 404, "nothing", BACM_E_HTTP, "RRR"},
    {"405", 3, 405, "{}", BACM_E_UNKNOWN_OUTCOME, "UUU"},
    {"302", 3, 302, "", BACM_E_HTTP, "RRR"},
    {"502", 3, 502, "bad gateway", BACM_E_UNKNOWN_OUTCOME, "UUU"},
};

static void start(struct fixture *f, const char *reply)
{
    f->options.api = bacm_api_v13_rest;
    PLAY(f, READ, SEND(reply), CLOSE);
}

static bacm_status add(struct fixture *f, bacm_link_results **out, size_t n)
{
    struct link_set set;

    link_set_init(&set);
    for (size_t i = 0; i < n; i++)
        set.link[i].is_bill_to_client = BACM_FALSE;
    return bacm_links_add(out, f->client, set.pointer, n, &f->error);
}

static void test_form(void **state)
{
    struct fixture *f = *state;
    const struct form *form = f->parameter;
    bacm_link_results *results = NULL;
    bacm_status status;

    start(f, http_reply(f, form->status, "application/json", form->body));
    status = add(f, &results, form->links);
    assert_status(status, form->expected);
    check_result(f, status, results, form->links);
    for (size_t i = 0; form->outcomes[i]; i++) {
        const bacm_link_outcome outcome = bacm_link_results_outcome(results, i);

        assert_int_equal(outcome, form->outcomes[i] == 'D'   ? BACM_OUTCOME_DONE
                                  : form->outcomes[i] == 'R' ? BACM_OUTCOME_REFUSED
                                                             : BACM_OUTCOME_UNKNOWN);
    }
    bacm_link_results_free(results);
}

/* The escapes that a JSON writer may choose hide a token from nobody. */
static void test_trace_has_no_secrets(void **state)
{
    struct fixture *f = *state;
    bacm_link_results *results = NULL;

    fixture_trace(f);
    start(f,
          http_reply(f, 200, "application/json",
                     "{\"PartialErrors\":null,\"a\":\"EwBwA8l6BAAURSN\\/FHlDW5xN74t6GzbtsBBeBUY"
                     "AAY\\u0026<\\u0027\\\">Zq==\",\"AuthenticationToken\" : \"a\\\"hidden\"}"));
    assert_status(add(f, &results, LINKS), BACM_OK);
    assert_non_null(strstr(f->trace, "Authorization: Bearer [redacted]\r\n"));
    assert_non_null(strstr(f->trace, "DeveloperToken: [redacted]\r\n"));
    assert_non_null(strstr(f->trace, "\"a\":\"[redacted]\""));
    assert_non_null(strstr(f->trace, "\"AuthenticationToken\" : \"[redacted]\""));
    assert_null(strstr(f->trace, "hidden"));
    bacm_link_results_free(results);
}

static void test_connection_is_kept(void **state)
{
    struct fixture *f = *state;
    const char *reply = http_reply(f, 200, "application/json", "{\"PartialErrors\":null}");
    const char *connected;

    fixture_trace(f);
    f->options.api = bacm_api_v13_rest;
    PLAY(f, READ, SEND(reply), READ, SEND(reply), CLOSE);
    for (int i = 0; i < 2; i++) {
        bacm_link_results *results = NULL;

        assert_status(add(f, &results, LINKS), BACM_OK);
        bacm_link_results_free(results);
    }
    connected = strstr(f->trace, "127.0.0.1 port ");
    assert_non_null(connected);
    assert_null(strstr(connected + 1, "127.0.0.1 port "));
}

static void test_search(void **state)
{
    struct fixture *f = *state;
    bacm_link_search search = BACM_LINK_SEARCH_INIT;
    bacm_link_page *page = NULL;
    const bacm_client_link *link;

    start(f, http_reply(f, 200, NULL,
                        "{\"ClientLinks\":[{\"Type\":\"AccountLink\",\"Later\":{\"a\":[1]},"
                        "\"ClientEntityId\":\"9223372036854775807\",\"ManagingCustomerId\":2002002,"
                        "\"Status\":\"LinkInvented\",\"Timestamp\":\"AA==\"}]}"));
    search.managing_customer_id = 2002002;
    /* Not text/xml, which the helper says for NULL: that is never read as JSON. */
    assert_status(bacm_links_search(&page, f->client, &search, 0, &f->error), BACM_E_PROTOCOL);
    fixture_stop(f);
    start(f, http_reply(f, 200, "application/json; charset=utf-8",
                        "{\"ClientLinks\":[{\"Type\":\"AccountLink\",\"Later\":{\"a\":[1]},"
                        "\"ClientEntityId\":\"9223372036854775807\",\"ManagingCustomerId\":2002002,"
                        "\"Status\":\"LinkInvented\",\"Timestamp\":\"AA==\"}]}"));
    assert_status(bacm_links_search(&page, f->client, &search, 0, &f->error), BACM_OK);
    link = bacm_link_page_get(page, 0);
    assert_non_null(link);
    assert_true(link->client_account_id == INT64_MAX);
    assert_true(link->managing_customer_id == 2002002);
    assert_int_equal(link->status, BACM_LINK_STATUS_UNKNOWN);
    assert_string_equal(link->status_text, "LinkInvented");
    assert_string_equal(link->other_members, "\"Later\":{\"a\":[1]}");
    bacm_link_page_free(page);
}

int main(void)
{
    enum { FORMS = sizeof forms / sizeof forms[0] };
    struct CMUnitTest tests[FORMS + 3];

    for (size_t i = 0; i < FORMS; i++)
        tests[i] = (struct CMUnitTest){forms[i].name, test_form, fixture_setup, fixture_teardown,
                                       (void *)&forms[i]};
    tests[FORMS] = (struct CMUnitTest){"trace", test_trace_has_no_secrets, fixture_setup,
                                       fixture_teardown, NULL};
    tests[FORMS + 1] =
        (struct CMUnitTest){"search", test_search, fixture_setup, fixture_teardown, NULL};
    tests[FORMS + 2] = (struct CMUnitTest){"connection", test_connection_is_kept, fixture_setup,
                                           fixture_teardown, NULL};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
