/* What a fault or an HTTP status means for a call, and for a write in particular. */
#include <stdio.h>
#include <string.h>

#include "lib/base/error.h"
#include "lib/contract/fault.h"
#include "support/check.h"

static bacm_error error;

static bacm_status describe(bacm_channel channel, const bacm_service_error *errors, size_t count,
                            bool is_write)
{
    const struct bacm_fault fault = {{errors, count}, channel, "s:Server",
                                     "some text",     "t-1",   "SOAP fault"};

    memset(&error, 0, sizeof error);
    return bacm_fault_describe(&fault, is_write, &error);
}

static bacm_service_error of_code(int code)
{
    const bacm_service_error made = {BACM_CHANNEL_ADAPI, true, code, "", "", ""};

    return made;
}

static void reads_and_writes(void **state)
{
    static const struct {
        int code;
        bacm_status read;
        bacm_status write;
    } cases[] = {
        {0, BACM_E_SERVICE, BACM_E_UNKNOWN_OUTCOME},
        {105, BACM_E_AUTHENTICATION, BACM_E_AUTHENTICATION},
        {109, BACM_E_TOKEN_EXPIRED, BACM_E_TOKEN_EXPIRED},
        {117, BACM_E_THROTTLED, BACM_E_THROTTLED},
        {202, BACM_E_SERVICE, BACM_E_UNKNOWN_OUTCOME},
        {303, BACM_E_VERSION_RETIRED, BACM_E_VERSION_RETIRED},
        {999, BACM_E_REFUSED, BACM_E_UNKNOWN_OUTCOME},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const bacm_service_error one = of_code(cases[i].code);

        assert_status(describe(BACM_CHANNEL_ADAPI, &one, 1, false), cases[i].read);
        assert_status(error.status, cases[i].read);
        assert_true(error.message[0] != '\0');
        assert_status(describe(BACM_CHANNEL_ADAPI, &one, 1, true), cases[i].write);
        assert_status(error.status, cases[i].write);
        if (cases[i].write == BACM_E_UNKNOWN_OUTCOME)
            assert_status(error.cause, cases[i].read);
        assert_string_equal(error.tracking_id, "t-1");
    }
}

static void known_error_decides(void **state)
{
    bacm_service_error errors[] = {of_code(70000), of_code(105), of_code(0)};

    (void)state;
    assert_status(describe(BACM_CHANNEL_ADAPI, errors, 2, true), BACM_E_AUTHENTICATION);
    assert_int_equal(error.service_code, 105);
    assert_string_equal(error.symbol, "InvalidCredentials");
    assert_status(describe(BACM_CHANNEL_ADAPI, errors, 3, false), BACM_E_AUTHENTICATION);
    /* Of a write what leaves it open decides. */
    assert_status(describe(BACM_CHANNEL_ADAPI, errors, 3, true), BACM_E_UNKNOWN_OUTCOME);
    assert_status(error.cause, BACM_E_SERVICE);
    assert_int_equal(error.service_code, 0);
    errors[1].has_code = false;
    assert_status(describe(BACM_CHANNEL_ADAPI, errors, 3, true), BACM_E_UNKNOWN_OUTCOME);
    assert_int_equal(error.service_code, 0);
    assert_true(error.has_service_code);
}

#define READING "The formatter threw an exception while trying to deserialize the message"

/* Name and number of an error must agree for our words to be shown. */
static void names_and_numbers(void **state)
{
    static const struct {
        bacm_channel channel;
        int code;
        const char *symbol;
        bacm_status read;
        bacm_status write;
        const char *hint; /* a part of it; "": none */
    } cases[] = {
        {BACM_CHANNEL_ADAPI, 207, "", BACM_E_THROTTLED, BACM_E_THROTTLED, "concurrency"},
        {BACM_CHANNEL_ADAPI, 207, "ConcurrentRequestOverLimit", BACM_E_THROTTLED, BACM_E_THROTTLED,
         "concurrency"},
        {BACM_CHANNEL_OPERATION, 207, "", BACM_E_REFUSED, BACM_E_REFUSED, "address"},
        {BACM_CHANNEL_OPERATION, 207, "ConcurrentRequestOverLimit", BACM_E_THROTTLED,
         BACM_E_THROTTLED, "concurrency"},
        {BACM_CHANNEL_ADAPI, 105, "OAuthTokenInvalid", BACM_E_AUTHENTICATION, BACM_E_AUTHENTICATION,
         "multi-factor"},
        {BACM_CHANNEL_ADAPI, 105, "AccountInactive", BACM_E_AUTHENTICATION, BACM_E_AUTHENTICATION,
         ""},
        {BACM_CHANNEL_ADAPI, 4711, "QuotaOverLimit", BACM_E_THROTTLED, BACM_E_THROTTLED, "60"},
        {BACM_CHANNEL_ADAPI, 2108, "SomethingElse", BACM_E_REFUSED, BACM_E_UNKNOWN_OUTCOME, ""},
        {BACM_CHANNEL_ADAPI, 2108, "", BACM_E_REFUSED, BACM_E_REFUSED, "client account"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const bacm_service_error one = {cases[i].channel, true, cases[i].code,
                                        cases[i].symbol,  "",   "the details"};

        assert_status(describe(cases[i].channel, &one, 1, true), cases[i].write);
        assert_status(describe(cases[i].channel, &one, 1, false), cases[i].read);
        assert_string_equal(error.details, "the details");
        if (cases[i].symbol[0])
            assert_string_equal(error.symbol, cases[i].symbol);
        if (cases[i].hint[0] ? !strstr(error.hint, cases[i].hint) : error.hint[0])
            fail_msg("%d %s has the hint '%s'", cases[i].code, cases[i].symbol, error.hint);
    }
}

/* Over REST code 100 names what it could not read, by a path. */
static void item_that_could_not_be_read(void **state)
{
    static const struct {
        const char *path;
        size_t index;
        const char *field;
        const char *hint;
    } cases[] = {
        {"$.ClientLinks[2].StartDate", 2, "StartDate",
         "Item 3 of ClientLinks in the call is not as the service wants it: look at its StartDate"},
        {"$.ClientLinks[9]", 9, "",
         "Item 10 of ClientLinks in the call is not as the service wants"},
        {"$.ClientLinks[0].ForwardCompatibilityMap[1].Key | LineNumber: 0", 0,
         "ForwardCompatibilityMap", "nothing was done"},
        {"$.Predicates[1].Value", BACM_NO_INDEX, "Value", "Item 2 of Predicates"},
        {"$.PageInfo.Size", BACM_NO_INDEX, "", "Nothing was done"},
        {"$.ClientLinks[x]", BACM_NO_INDEX, "", "Nothing was done"},
        {"$.ClientLinks[-1]", BACM_NO_INDEX, "", "Nothing was done"},
        {"$.ClientLinks[1", BACM_NO_INDEX, "", "Nothing was done"},
        {"$.ClientLinks[10]", BACM_NO_INDEX, "", "Nothing was done"},
        {"$.ClientLinks[99999999999999999999999]", BACM_NO_INDEX, "", "Nothing was done"},
        {"$.[1]", BACM_NO_INDEX, "", "Nothing was done"},
        {"$", BACM_NO_INDEX, "", "Nothing was done"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char details[160];
        bacm_service_error one = {BACM_CHANNEL_API_FAULT, true, 100, "", "", details};
        const struct bacm_fault fault = {{&one, 1}, BACM_CHANNEL_API_FAULT, "", "", "", "REST"};

        snprintf(details, sizeof details, "Invalid JSON at line 0 position 9. Path: %s",
                 cases[i].path);
        bacm_error_clear(&error);
        assert_status(bacm_fault_describe(&fault, true, &error), BACM_E_REFUSED);
        assert_true(error.link_index == cases[i].index);
        assert_string_equal(error.field, cases[i].field);
        assert_string_equal(error.details, details);
        if (!strstr(error.hint, cases[i].hint))
            fail_msg("%s has the hint '%s'", cases[i].path, error.hint);
        assert_status(bacm_fault_describe(&fault, true, NULL), BACM_E_REFUSED);
        one.code = 201;
        bacm_error_clear(&error);
        assert_status(bacm_fault_describe(&fault, true, &error), BACM_E_REFUSED);
        assert_true(error.link_index == BACM_NO_INDEX);
    }
}

static void bare_faults(void **state)
{
    static const struct {
        const char *code;
        const char *text;
        bool refused;
    } cases[] = {
        {"a:ActionNotSupported", "x", true},
        {"a:DeserializationFailed", "x", true},
        {"s:MustUnderstand", "x", true},
        {"s:VersionMismatch", "x", true},
        {"a:ActionNotSupported", NULL, true},
        {"MustUnderstand", "x", true},
        {"s:Client", READING ": There was an error while", true},
        {"s:Client", "The formatter threw an exception while trying to serialize the message",
         false},
        {"s:Client", READING ": Error in deserializing body of reply message", false},
        {"a:DeserializationFailed", "The Response of the store cannot be read", false},
        {"a:ReplyDeserializationFailed", "x", false},
        {"a:DeserializationFailed.x", "x", false},
        {"s:Client.ActionNotSupported", "x", false},
        {"s:Client", "Not the formatter threw an exception", false},
        {"s:Server", "x", false},
        {NULL, NULL, false},
        {"", "", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct bacm_fault fault = {
            {NULL, 0}, BACM_CHANNEL_BARE_FAULT, cases[i].code, cases[i].text, NULL, "SOAP fault"};

        memset(&error, 0, sizeof error);
        assert_status(bacm_fault_describe(&fault, false, &error),
                      cases[i].refused ? BACM_E_REFUSED : BACM_E_SERVICE);
        assert_int_equal(error.retry_class,
                         cases[i].refused ? BACM_RETRY_NEVER : BACM_RETRY_BACKOFF);
        assert_status(bacm_fault_describe(&fault, true, &error),
                      cases[i].refused ? BACM_E_REFUSED : BACM_E_UNKNOWN_OUTCOME);
        assert_status(bacm_fault_describe(&fault, true, NULL),
                      cases[i].refused ? BACM_E_REFUSED : BACM_E_UNKNOWN_OUTCOME);
    }
}

/* What SOAP may answer when it has ended names the way out; REST is not sent to REST. */
static void wire_that_is_gone(void **state)
{
    static const int statuses[] = {303, 404, 405, 410, 501};

    (void)state;
    for (size_t i = 0; i < COUNT(statuses); i++) {
        memset(&error, 0, sizeof error);
        assert_status(bacm_http_describe(statuses[i], false, &error), BACM_E_HTTP);
        assert_non_null(strstr(error.hint, "bacm_api_v13_rest"));
        assert_int_equal(error.retry_class, BACM_RETRY_NEVER);
        assert_status(bacm_rest_http_describe(statuses[i], false, &error), BACM_E_HTTP);
        assert_int_equal(error.retry_class, BACM_RETRY_NEVER);
        if (statuses[i] != 303)
            assert_null(strstr(error.hint, "bacm_api_v13_rest"));
    }
    memset(&error, 0, sizeof error);
    assert_status(bacm_http_describe(503, false, &error), BACM_E_HTTP);
    assert_null(strstr(error.hint, "bacm_api_v13_rest"));
}

/* HTTP's own words for "I have not done that". */
static bool is_refusal(int status)
{
    switch (status) {
    case 301:
    case 302:
    case 307:
    case 308:
    case 400:
    case 401:
    case 403:
    case 404:
    case 405:
    case 407:
    case 411:
    case 413:
    case 414:
    case 415:
    case 417:
    case 421:
    case 426:
    case 429:
    case 431:
        return true;
    default:
        return false;
    }
}

static void every_http_status(void **state)
{
    (void)state;
    for (int status = 200; status < 600; status++) {
        bool may_have_acted = !is_refusal(status);
        bacm_status read = status == 429 ? BACM_E_THROTTLED : BACM_E_HTTP;

        memset(&error, 0, sizeof error);
        assert_status(bacm_http_describe(status, false, &error), read);
        assert_int_equal(error.http_status, status);
        assert_int_equal(error.retry_class, status == 429 || (status >= 500 && status != 501)
                                                ? BACM_RETRY_BACKOFF
                                                : BACM_RETRY_NEVER);
        assert_true(error.hint[0] != '\0');
        assert_status(bacm_http_describe(status, true, &error),
                      may_have_acted ? BACM_E_UNKNOWN_OUTCOME : read);
        assert_status(bacm_http_describe(status, true, NULL),
                      may_have_acted ? BACM_E_UNKNOWN_OUTCOME : read);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes),  cmocka_unit_test(known_error_decides),
        cmocka_unit_test(names_and_numbers), cmocka_unit_test(item_that_could_not_be_read),
        cmocka_unit_test(bare_faults),       cmocka_unit_test(wire_that_is_gone),
        cmocka_unit_test(every_http_status),
    };

    return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
