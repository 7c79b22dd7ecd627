/* The error object, its one line, and the table of the service's codes. */
#include <stdio.h>
#include <string.h>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "support/check.h"

static void statuses_have_names_and_texts(void **state)
{
#define CHECK(name, number, text)                                                                  \
    assert_int_equal(BACM_##name, number);                                                         \
    assert_string_equal(bacm_status_name(BACM_##name), "BACM_" #name);                             \
    assert_string_equal(bacm_status_text(BACM_##name), text);

    (void)state;
    BACM_STATUS_LIST(CHECK)
#undef CHECK
    assert_string_equal(bacm_status_name((bacm_status)999), "BACM_E_?");
    assert_true(bacm_status_text((bacm_status)999)[0] != '\0');
    assert_string_equal(bacm_channel_name(BACM_CHANNEL_NONE), "");
    assert_string_equal(bacm_channel_name(BACM_CHANNEL_ADAPI), "adapi");
    assert_string_equal(bacm_channel_name(BACM_CHANNEL_PARTIAL), "partial");
    assert_string_equal(bacm_channel_name((bacm_channel)77), "");
    assert_string_equal(bacm_retry_class_name(BACM_RETRY_VERIFY), "verify");
    assert_string_equal(bacm_retry_class_name((bacm_retry_class)77), "never");
}

static bacm_error full_error(void)
{
    bacm_error error;

    bacm_error_clear(&error);
    bacm_fail(&error, BACM_E_AUTHENTICATION, "the %s is\nno good", "token");
    bacm_error_hint(&error, "Try %d.", 2);
    error.channel = BACM_CHANNEL_ADAPI;
    error.has_service_code = true;
    error.service_code = 105;
    error.http_status = 500;
    strcpy(error.symbol, "InvalidCredentials");
    strcpy(error.tracking_id, "t-1");
    strcpy(error.time, "2018-05-01T12:00:00Z");
    return error;
}

static void one_line(void **state)
{
    static const char whole[] =
        "BACM_E_AUTHENTICATION: the token is no good (adapi, code 105, InvalidCredentials, HTTP "
        "500, tracking id t-1, 2018-05-01T12:00:00Z). Try 2.";
    bacm_error error = full_error();
    char line[512];

    (void)state;
    assert_int_equal(bacm_error_format(&error, line, sizeof line), strlen(whole));
    assert_string_equal(line, whole);
    assert_int_equal(bacm_error_format(&error, NULL, 0), strlen(whole));
    for (size_t size = 1; size < sizeof whole; size++) {
        memset(line, '#', sizeof line);
        assert_int_equal(bacm_error_format(&error, line, size), strlen(whole));
        assert_int_equal(strlen(line), size - 1);
        assert_int_equal(line[size], '#');
        assert_memory_equal(line, whole, size - 1);
    }
    bacm_error_clear(&error);
    assert_int_equal(error.link_index, BACM_NO_INDEX);
    bacm_fail(&error, BACM_E_NO_LINKS, "none");
    error.time[0] = '\0';
    bacm_error_format(&error, line, sizeof line);
    assert_string_equal(line, "BACM_E_NO_LINKS: none");
}

static void one_line_is_cut_between_characters(void **state)
{
    bacm_error error;
    char line[256];
    size_t whole;

    (void)state;
    bacm_error_clear(&error);
    bacm_fail(&error, BACM_E_SERVICE, "M\xc3\xbcller \xe4\xbc\x9a \xf0\x9f\x8e\x89 end");
    whole = bacm_error_format(&error, line, sizeof line);
    for (size_t size = 1; size <= whole; size++) {
        assert_int_equal(bacm_error_format(&error, line, size), whole);
        assert_int_equal(bacm_text_check(line, NULL, NULL), BACM_TEXT_OK);
        assert_true(strlen(line) + 4 >= size);
    }
}

/* One line, whatever a service or a file has put into it. */
static void messages_have_no_control_characters(void **state)
{
    bacm_error error;
    char large[1200];

    (void)state;
    bacm_error_clear(&error);
    bacm_fail(&error, BACM_E_SERVICE, "%s",
              "a\x1b]0;title\x07 \x9b"
              "b\xc2\x9b"
              "c\x7f"
              "d\r\ne\xff");
    bacm_error_hint(&error, "%s", "\x1b[2Jgone\b");
    assert_string_equal(error.message, "a ]0;title b c d e");
    assert_string_equal(error.hint, "[2Jgone");
    for (size_t cut = 0; cut < 4; cut++) {
        memset(large, 'x', cut);
        for (size_t at = cut; at + 3 < sizeof large; at += 3)
            strcpy(large + at, "\xe4\xbc\x9a");
        bacm_fail(&error, BACM_E_SERVICE, "%s", large);
        assert_int_equal(bacm_text_check(error.message, NULL, NULL), BACM_TEXT_OK);
        assert_true(strlen(error.message) + 4 >= sizeof error.message);
    }
}

static void messages_are_never_empty(void **state)
{
    bacm_error error;
    char large[4096];

    (void)state;
    bacm_error_clear(&error);
    bacm_fail(&error, BACM_E_SERVICE, "%s", " \n ");
    assert_string_equal(error.message, bacm_status_text(BACM_E_SERVICE));
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    bacm_fail(&error, BACM_E_SERVICE, "%s", large);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    assert_status(bacm_fail(NULL, BACM_E_SERVICE, "x"), BACM_E_SERVICE);
    assert_status(bacm_fail_memory(&error), BACM_E_NO_MEMORY);
    bacm_error_hint(NULL, "x");
    bacm_error_clear(NULL);
}

/* --- the table --- */

static const int expected_adapi[] = {0,   100, 105, 106, 108, 109, 113, 116, 117,
                                     120, 122, 123, 124, 125, 201, 202, 203, 204,
                                     205, 206, 208, 209, 210, 211, 303};
static const int expected_operation[] = {532,  1001, 1410, 1424, 1471, 1472, 2108, 2180,
                                         2192, 2208, 3024, 3030, 3079, 3080, 3083, 3087};

static void table_is_complete(void **state)
{
    size_t count = 0;
    const bacm_service_code *codes = bacm_service_codes(&count);

    (void)state;
    for (size_t i = 0; i < COUNT(expected_adapi); i++) {
        const bacm_service_code *found =
            bacm_service_code_find(BACM_CHANNEL_ADAPI, expected_adapi[i]);

        assert_non_null(found);
        assert_false(found->operation_channel);
        assert_true(found->symbol[0] != '\0');
    }
    for (size_t i = 0; i < COUNT(expected_operation); i++) {
        const bacm_service_code *found =
            bacm_service_code_find(BACM_CHANNEL_PARTIAL, expected_operation[i]);

        assert_non_null(found);
        assert_true(found->operation_channel);
        assert_string_equal(found->symbol, "");
    }
    for (size_t i = 0; i < count; i++) {
        bacm_channel channel =
            codes[i].operation_channel ? BACM_CHANNEL_API_FAULT : BACM_CHANNEL_ADAPI;

        assert_ptr_equal(bacm_service_code_find(channel, codes[i].code), &codes[i]);
        assert_true(codes[i].meaning[0] != '\0');
        assert_true(codes[i].status != BACM_OK);
        for (size_t k = 0; k < i; k++)
            assert_true(codes[k].code != codes[i].code ||
                        codes[k].operation_channel != codes[i].operation_channel);
    }
}

/* One number, two meanings. */
static void channels_are_part_of_the_key(void **state)
{
    (void)state;
    assert_status(bacm_service_code_find(BACM_CHANNEL_ADAPI, 108)->status, BACM_E_AUTHENTICATION);
    assert_status(bacm_service_code_find(BACM_CHANNEL_OPERATION, 108)->status, BACM_E_REFUSED);
    assert_non_null(strstr(bacm_service_code_find(BACM_CHANNEL_ADAPI, 205)->meaning, "version"));
    assert_non_null(strstr(bacm_service_code_find(BACM_CHANNEL_PARTIAL, 205)->meaning, "address"));
    /* A number that has a meaning on one channel only has it on the other too. */
    assert_int_equal(bacm_service_code_find(BACM_CHANNEL_ADAPI, 1410)->code, 1410);
    assert_int_equal(bacm_service_code_find(BACM_CHANNEL_API_FAULT, 117)->code, 117);
    assert_null(bacm_service_code_find(BACM_CHANNEL_ADAPI, 999999));
    assert_null(bacm_service_code_find(BACM_CHANNEL_NONE, 105));
    assert_null(bacm_service_code_find(BACM_CHANNEL_HTTP, 303));
    assert_null(bacm_service_code_find(BACM_CHANNEL_BARE_FAULT, 105));
}

static void retry_classes(void **state)
{
    static const struct {
        bacm_channel channel;
        int code;
        bacm_retry_class retry_class;
    } cases[] = {
        {BACM_CHANNEL_ADAPI, 0, BACM_RETRY_VERIFY},
        {BACM_CHANNEL_ADAPI, 105, BACM_RETRY_NEVER},
        {BACM_CHANNEL_ADAPI, 106, BACM_RETRY_NEVER},
        {BACM_CHANNEL_ADAPI, 109, BACM_RETRY_TOKEN},
        {BACM_CHANNEL_ADAPI, 117, BACM_RETRY_BACKOFF},
        {BACM_CHANNEL_ADAPI, 202, BACM_RETRY_VERIFY},
        {BACM_CHANNEL_ADAPI, 209, BACM_RETRY_SEARCH},
        {BACM_CHANNEL_PARTIAL, 1410, BACM_RETRY_NEVER},
        {BACM_CHANNEL_PARTIAL, 1472, BACM_RETRY_BACKOFF},
        {BACM_CHANNEL_PARTIAL, 2208, BACM_RETRY_VERIFY},
        {BACM_CHANNEL_PARTIAL, 3083, BACM_RETRY_SEARCH},
        {BACM_CHANNEL_ADAPI, 303, BACM_RETRY_NEVER},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(bacm_service_code_find(cases[i].channel, cases[i].code)->retry_class,
                         cases[i].retry_class);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_have_names_and_texts),
        cmocka_unit_test(one_line),
        cmocka_unit_test(one_line_is_cut_between_characters),
        cmocka_unit_test(messages_have_no_control_characters),
        cmocka_unit_test(messages_are_never_empty),
        cmocka_unit_test(table_is_complete),
        cmocka_unit_test(channels_are_part_of_the_key),
        cmocka_unit_test(retry_classes),
    };

    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
