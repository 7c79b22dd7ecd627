/* What a link must be before AddClientLinks or UpdateClientLinks may carry it. */
#include <string.h>

#include "lib/links/rules.h"
#include "support/check.h"

static bacm_client_link good(void)
{
    bacm_client_link link = BACM_CLIENT_LINK_INIT;

    link.client_account_id = 1001001;
    link.managing_customer_id = 2002002;
    return link;
}

/* Make one change to a good link and look what the check says. */
#define CHECK(change, status_wanted, field_wanted)                                                 \
    do {                                                                                           \
        bacm_client_link link = good();                                                            \
        bacm_error error;                                                                          \
        change;                                                                                    \
        assert_status(bacm_client_link_check(NULL, &link, &error), status_wanted);                 \
        assert_status(bacm_client_link_check(NULL, &link, NULL), status_wanted);                   \
        if ((status_wanted) != BACM_OK) {                                                          \
            assert_status(error.status, status_wanted);                                            \
            assert_string_equal(error.field, field_wanted);                                        \
            assert_true(error.message[0] != '\0');                                                 \
        } else {                                                                                   \
            assert_status(error.status, BACM_OK);                                                  \
        }                                                                                          \
    } while (0)

#define GOOD(change)       CHECK(change, BACM_OK, "")
#define BAD(change, field) CHECK(change, BACM_E_INVALID_LINK, field)

static void identities(void **state)
{
    (void)state;
    GOOD((void)link);
    GOOD((link.client_account_id = 0, link.client_account_number = "X1234567"));
    GOOD((link.client_account_id = 0, link.client_account_number = "aB3dE6g8"));
    GOOD((link.managing_customer_id = 0, link.managing_customer_number = "C1"));
    GOOD((link.managing_customer_id = 0, link.managing_customer_number = "C1234567890123456789"));
    GOOD(link.client_account_id = INT64_MAX);
    BAD(link.client_account_id = 0, "ClientAccountId");
    BAD(link.client_account_id = -1, "ClientAccountId");
    BAD(link.client_account_number = "X1234567", "ClientAccountNumber");
    BAD(link.managing_customer_id = 0, "ManagingCustomerId");
    BAD(link.managing_customer_id = INT64_MIN, "ManagingCustomerId");
    BAD(link.managing_customer_number = "C1", "ManagingCustomerNumber");
    BAD(link.client_account_id = link.managing_customer_id, "ClientAccountId");
}

static void numbers(void **state)
{
    static const char *const accounts[] = {"",
                                           "X123456",
                                           "X12345678",
                                           "X123456 ",
                                           " 1234567",
                                           "X12345-7",
                                           "1",
                                           "X123456\n",
                                           ("X\xc3\xbc"
                                            "23456")};
    static const char *const customers[] = {
        "", "C", "c1", "X1", "C1a", "C 1", "C-1", "1", "C12345678901234567890", "C1 "};

    (void)state;
    for (size_t i = 0; i < COUNT(accounts); i++)
        BAD((link.client_account_id = 0, link.client_account_number = accounts[i]),
            "ClientAccountNumber");
    for (size_t i = 0; i < COUNT(customers); i++)
        BAD((link.managing_customer_id = 0, link.managing_customer_number = customers[i]),
            "ManagingCustomerNumber");
}

static const char *const bad_texts[] = {
    "",                 /* empty is not absent */
    "\x01",             /* no character of XML */
    "tab is one\x0b",   /* this is none */
    "\x7f\x1f",         /* unit separator */
    "\xef\xbf\xbe",     /* U+FFFE */
    "\xef\xbf\xbf",     /* U+FFFF */
    "\xff",             /* no UTF-8 */
    "\xc3",             /* cut */
    "\xc3(",            /* no continuation */
    "\xc0\xaf",         /* overlong */
    "\xe0\x80\xaf",     /* overlong */
    "\xed\xa0\x80",     /* surrogate */
    "\xf4\x90\x80\x80", /* beyond U+10FFFF */
    "\x80",             /* continuation alone */
    "M\xfcller",        /* Latin-1 */
};

static void texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_texts); i++) {
        BAD(link.note = bad_texts[i], "Note");
        BAD(link.name = bad_texts[i], "Name");
        BAD(link.inviter_email = bad_texts[i], "InviterEmail");
        BAD(link.inviter_name = bad_texts[i], "InviterName");
        BAD(link.inviter_phone = bad_texts[i], "InviterPhone");
        BAD(link.start_date = bad_texts[i], "StartDate");
    }
    GOOD(link.note = "\t\n\r \xc2\x85\xee\x80\x80\xef\xbf\xbd\xf4\x8f\xbf\xbf");
}

static void fault_is_pointed_at(void **state)
{
    bacm_client_link link = good();
    bacm_error error;

    (void)state;
    link.name = "ab\xff";
    assert_status(bacm_client_link_check(NULL, &link, &error), BACM_E_INVALID_LINK);
    assert_non_null(strstr(error.message, "byte 3"));
    link.name = "\xc3\xbc\x02";
    assert_status(bacm_client_link_check(NULL, &link, &error), BACM_E_INVALID_LINK);
    assert_non_null(strstr(error.message, "byte 3"));
}

/* Characters are counted, not bytes. */
static void lengths(void **state)
{
    static char text[4 * BACM_MAX_LINK_NAME + 8];
    static char note[BACM_MAX_LINK_TEXT_BYTES + 2];
    char *at = text;

    (void)state;
    for (int i = 0; i < BACM_MAX_LINK_NAME; i++)
        at = stpcpy(at, "\xf0\x9f\x8e\x89");
    GOOD(link.name = text);
    stpcpy(at, "x");
    BAD(link.name = text, "Name");
    memset(note, 'x', BACM_MAX_LINK_TEXT_BYTES);
    GOOD(link.note = note);
    note[BACM_MAX_LINK_TEXT_BYTES] = 'x';
    BAD(link.note = note, "Note");
    BAD(link.name = note, "Name");
    BAD(link.inviter_phone = note, "InviterPhone");
}

static void dates(void **state)
{
    static const char *const right[] = {"2018-05-01T00:00:00", "2016-02-29T23:59:59",
                                        "2000-02-29T12:00:00", "0001-01-01T00:00:00",
                                        "9999-12-31T23:59:59"};
    static const char *const wrong[] = {"2018-05-01",
                                        "2018-05-01T00:00",
                                        "2018-05-01T00:00:00Z",
                                        "2018-05-01T00:00:00.5",
                                        "2018-05-01T00:00:00+02:00",
                                        "2018-05-01 00:00:00",
                                        "2018-02-29T00:00:00",
                                        "1900-02-29T00:00:00",
                                        "2018-13-01T00:00:00",
                                        "2018-00-01T00:00:00",
                                        "2018-04-31T00:00:00",
                                        "2018-05-00T00:00:00",
                                        "2018-05-01T24:00:00",
                                        "2018-05-01T00:60:00",
                                        "2018-05-01T00:00:60",
                                        "0000-01-01T00:00:00",
                                        "18-05-01T00:00:00",
                                        "2018-5-1T0:00:00",
                                        "tomorrow",
                                        "2018-05-01T0a:00:00",
                                        "-018-05-01T00:00:00",
                                        "2018-05-01T00:00:00 "};

    (void)state;
    for (size_t i = 0; i < COUNT(right); i++)
        GOOD(link.start_date = right[i]);
    for (size_t i = 0; i < COUNT(wrong); i++)
        BAD(link.start_date = wrong[i], "StartDate");
}

static void what_the_service_sets(void **state)
{
    static const bacm_key_value pair = {"k", "v"};

    (void)state;
    BAD(link.status = BACM_STATUS_LINK_PENDING, "Status");
    BAD(link.status_text = "LinkPending", "Status");
    BAD(link.last_modified_date_time = "2018-05-01T00:00:00", "LastModifiedDateTime");
    BAD(link.last_modified_by_user_id = 7, "LastModifiedByUserId");
    BAD(link.has_last_modified_by_user_id = true, "LastModifiedByUserId");
    BAD(link.timestamp = "AAAA", "Timestamp");
    BAD(link.has_forward_compatibility_map = true, "ForwardCompatibilityMap");
    BAD((link.forward_compatibility_map = &pair, link.forward_compatibility_count = 1),
        "ForwardCompatibilityMap");
    GOOD((link.is_bill_to_client = BACM_TRUE, link.suppress_notification = BACM_FALSE));
    BAD(link.is_bill_to_client = (bacm_tristate)7, "IsBillToClient");
    BAD(link.suppress_notification = (bacm_tristate)-1, "SuppressNotification");
}

static void structs(void **state)
{
    (void)state;
    CHECK(link.struct_size = 0, BACM_E_ARGUMENT, "");
    CHECK(link.struct_size = sizeof link - 1, BACM_E_ARGUMENT, "");
    CHECK(link.struct_size = sizeof link + 64, BACM_OK, "");
    assert_status(bacm_client_link_check(NULL, NULL, NULL), BACM_E_ARGUMENT);
}

/* --- all links of a call --- */

/* What bacm and the simulator say of the same two rows: test_bad_input.py, rules/calls.tsv. */
static void a_number_in_small_letters_is_the_same_client(void **state)
{
    bacm_client_link link[] = {good(), good()};
    const bacm_client_link *pointer[] = {&link[0], &link[1]};
    bacm_error error;

    (void)state;
    link[0].client_account_id = link[1].client_account_id = 0;
    link[0].client_account_number = "X1001001";
    link[1].client_account_number = "x1001001";
    assert_status(bacm_links_check_add(bacm_api_v11(), pointer, 2, &error), BACM_E_INVALID_LINK);
    assert_int_equal(error.link_index, 1);
    link[1].client_account_number = "x1001002";
    assert_status(bacm_links_check_add(bacm_api_v11(), pointer, 2, &error), BACM_OK);
}

static void whole_calls(void **state)
{
    bacm_client_link link[11];
    const bacm_client_link *pointer[11];
    bacm_error error;

    (void)state;
    for (int i = 0; i < 11; i++) {
        link[i] = good();
        link[i].client_account_id += i;
        pointer[i] = &link[i];
    }
    for (size_t n = 1; n <= 10; n++)
        assert_status(bacm_links_check_add(bacm_api_v11(), pointer, n, &error), BACM_OK);
    assert_status(bacm_links_check_add(bacm_api_v11(), pointer, 0, &error), BACM_E_NO_LINKS);
    assert_status(bacm_links_check_add(bacm_api_v11(), pointer, 11, &error), BACM_E_TOO_MANY_LINKS);
    assert_status(bacm_links_check_add(bacm_api_v11(), NULL, 1, &error), BACM_E_ARGUMENT);
    for (size_t i = 0; i < 10; i++) {
        pointer[i] = NULL;
        assert_status(bacm_links_check_add(bacm_api_v11(), pointer, 10, &error), BACM_E_ARGUMENT);
        assert_int_equal(error.link_index, i);
        pointer[i] = &link[i];
        link[i].name = "\xff";
        assert_status(bacm_links_check_add(bacm_api_v11(), pointer, 10, &error),
                      BACM_E_INVALID_LINK);
        assert_int_equal(error.link_index, i);
        assert_string_equal(error.field, "Name");
        link[i].name = NULL;
    }
}

static void pairs_that_stand_twice(void **state)
{
    bacm_client_link a = good();
    bacm_client_link b = good();
    const bacm_client_link *pointer[] = {&a, &b};
    bacm_error error;

    (void)state;
    assert_status(bacm_links_check_add(bacm_api_v11(), pointer, 2, &error), BACM_E_INVALID_LINK);
    assert_int_equal(error.link_index, 1);
    b.managing_customer_id++;
    assert_status(bacm_links_check_add(bacm_api_v11(), pointer, 2, &error), BACM_OK);
    a.client_account_id = b.client_account_id = 0;
    a.client_account_number = b.client_account_number = "X1234567";
    assert_status(bacm_links_check_add(bacm_api_v11(), pointer, 2, &error), BACM_OK);
    a.managing_customer_id = b.managing_customer_id;
    assert_status(bacm_links_check_add(bacm_api_v11(), pointer, 2, &error), BACM_E_INVALID_LINK);
}

static bacm_client_link found(bacm_link_status status)
{
    bacm_client_link link = good();

    link.client_account_number = "X1234567";
    link.managing_customer_number = "C1";
    link.status = status;
    return link;
}

static void updates(void **state)
{
    bacm_client_link a = found(BACM_STATUS_ACTIVE);
    bacm_client_link b = found(BACM_STATUS_ACTIVE);
    const bacm_client_link *pointer[] = {&a, &b};
    bacm_error error;

    (void)state;
#define UPDATE(n)                                                                                  \
    bacm_links_check_update(bacm_api_v11(), pointer, n, BACM_SIDE_AGENCY,                          \
                            BACM_STATUS_UNLINK_REQUESTED, &error)
    assert_status(UPDATE(1), BACM_OK);
    assert_status(UPDATE(0), BACM_E_NO_LINKS);
    assert_status(UPDATE(11), BACM_E_TOO_MANY_LINKS);
    assert_status(UPDATE(2), BACM_E_INVALID_LINK); /* the same twice */
    assert_int_equal(error.link_index, 1);
    b.client_account_id++;
    b.client_account_number = "X1234568";
    assert_status(UPDATE(2), BACM_OK);
    b.status = BACM_STATUS_INACTIVE;
    assert_status(UPDATE(2), BACM_E_TRANSITION);
    assert_int_equal(error.link_index, 1);
    b.status = BACM_STATUS_ACTIVE;
    b.client_account_id = 0;
    assert_status(UPDATE(2), BACM_E_INVALID_LINK);
    assert_string_equal(error.field, "ClientAccountId");
    b.client_account_id = 5;
    b.managing_customer_id = 0;
    assert_status(UPDATE(2), BACM_E_INVALID_LINK);
    assert_string_equal(error.field, "ManagingCustomerId");
    b.managing_customer_id = 6;
    b.note = "";
    assert_status(UPDATE(2), BACM_OK); /* as received */
    b.note = "\xff";
    assert_status(UPDATE(2), BACM_E_INVALID_LINK);
    assert_string_equal(error.field, "Note");
    pointer[0] = NULL;
    assert_status(UPDATE(2), BACM_E_ARGUMENT);
    assert_int_equal(error.link_index, 0);
#undef UPDATE
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identities),
        cmocka_unit_test(numbers),
        cmocka_unit_test(texts),
        cmocka_unit_test(fault_is_pointed_at),
        cmocka_unit_test(lengths),
        cmocka_unit_test(dates),
        cmocka_unit_test(what_the_service_sets),
        cmocka_unit_test(structs),
        cmocka_unit_test(whole_calls),
        cmocka_unit_test(a_number_in_small_letters_is_the_same_client),
        cmocka_unit_test(pairs_that_stand_twice),
        cmocka_unit_test(updates),
    };

    return cmocka_run_group_tests_name("link rules", tests, NULL, NULL);
}
