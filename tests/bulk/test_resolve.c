/* What a search proves about an invitation whose reply was lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bulk/resolve.h"

/* 2018-05-01T12:00:00Z */
#define NOON 1525176000000

static void test_times_of_the_service(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        {"2018-05-01T12:00:00", NOON},
        {"2018-05-01T12:00:00Z", NOON},
        {"2018-05-01T12:00:00.5", NOON + 500},
        {"2018-05-01T12:00:00.1234567Z", NOON + 123},
        {"2018-05-01T12:00:00.", NOON},
        {"0001-01-01T00:00:00", 0}, /* what .NET has for none */
        {"yesterday", 0},
        {"", 0},
        {NULL, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(bulk_parse_time(cases[i].text), cases[i].ms);
}

static void test_a_pair_needs_both_ids(void **state)
{
    bacm_client_link wanted = BACM_CLIENT_LINK_INIT, found = BACM_CLIENT_LINK_INIT;

    (void)state;
    found.client_account_id = 1001001;
    found.client_account_number = "X1001001";
    found.managing_customer_id = 2002002;
    found.managing_customer_number = "C2002002";
    wanted.client_account_id = 1001001;
    wanted.managing_customer_id = 2002002;
    assert_true(bulk_same_pair(&wanted, &found));
    wanted.managing_customer_id = 2003003;
    assert_false(bulk_same_pair(&wanted, &found));
    wanted.managing_customer_id = 0;
    assert_false(bulk_same_pair(&wanted, &found));
    wanted.managing_customer_number = "c2002002";
    assert_true(bulk_same_pair(&wanted, &found));
    wanted.client_account_id = 0;
    wanted.client_account_number = "X1001002";
    assert_false(bulk_same_pair(&wanted, &found));
    wanted.client_account_number = "X1001001";
    assert_true(bulk_same_pair(&wanted, &found));
    found.client_account_number = NULL;
    assert_false(bulk_same_pair(&wanted, &found));
}

static void test_an_account_and_a_customer_with_one_id_are_two_clients(void **state)
{
    bacm_client_link account = BACM_CLIENT_LINK_INIT, customer = BACM_CLIENT_LINK_INIT;
    bacm_client_link wanted = BACM_CLIENT_LINK_INIT;

    (void)state;
    account.type = BACM_ACCOUNT_LINK;
    account.client_account_id = 1001001;
    customer.type = BACM_CUSTOMER_LINK;
    customer.client_customer_id = 1001001;
    customer.client_customer_number = "C1001001";
    account.managing_customer_id = customer.managing_customer_id = 2002002;
    wanted.managing_customer_id = 2002002;
    wanted.client_account_id = 1001001;
    assert_true(bulk_same_pair(&wanted, &account)); /* without a type: of an account */
    assert_false(bulk_same_pair(&wanted, &customer));
    wanted.type = BACM_CUSTOMER_LINK;
    wanted.client_account_id = 0;
    wanted.client_customer_id = 1001001;
    assert_false(bulk_same_pair(&wanted, &account));
    assert_true(bulk_same_pair(&wanted, &customer));
    wanted.client_customer_id = 0;
    wanted.client_customer_number = "c1001001";
    assert_true(bulk_same_pair(&wanted, &customer));
    assert_false(bulk_same_pair(&wanted, &account));
}

static void test_the_verdict_by_status_and_time(void **state)
{
    static const struct {
        bacm_link_status status;
        enum bulk_verdict after;
        enum bulk_verdict before;
    } cases[] = {
        {BACM_STATUS_LINK_PENDING, BULK_ADDED, BULK_BEFORE},
        {BACM_STATUS_LINK_ACCEPTED, BULK_ADDED, BULK_BEFORE},
        {BACM_STATUS_LINK_IN_PROGRESS, BULK_ADDED, BULK_BEFORE},
        {BACM_STATUS_ACTIVE, BULK_ADDED, BULK_BEFORE},
        {BACM_STATUS_LINK_CANCELED, BULK_UNCLEAR, BULK_ABSENT},
        {BACM_STATUS_LINK_EXPIRED, BULK_UNCLEAR, BULK_ABSENT},
        {BACM_STATUS_LINK_DECLINED, BULK_UNCLEAR, BULK_ABSENT},
        {BACM_STATUS_LINK_FAILED, BULK_UNCLEAR, BULK_ABSENT},
        {BACM_STATUS_INACTIVE, BULK_UNCLEAR, BULK_ABSENT},
        {BACM_STATUS_UNLINK_PENDING, BULK_UNCLEAR, BULK_BEFORE},
        {BACM_STATUS_UNLINK_IN_PROGRESS, BULK_UNCLEAR, BULK_BEFORE},
    };
    bacm_client_link found = BACM_CLIENT_LINK_INIT;

    (void)state;
    assert_int_equal(bulk_judge(NULL, NOON, 0), BULK_ABSENT);
    found.last_modified_date_time = "2018-05-01T12:00:00";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        found.status = cases[i].status;
        assert_int_equal(bulk_judge(&found, NOON + 61000, 60000), cases[i].before);
        assert_int_equal(bulk_judge(&found, NOON + 60000, 60000), cases[i].after);
        assert_int_equal(bulk_judge(&found, NOON - 5000, 0), cases[i].after);
    }
}

static void test_without_a_time_a_link_counts_as_new(void **state)
{
    bacm_client_link found = BACM_CLIENT_LINK_INIT;

    (void)state;
    found.status = BACM_STATUS_LINK_PENDING;
    assert_int_equal(bulk_judge(&found, NOON, 0), BULK_ADDED);
    found.last_modified_date_time = "2001-01-01T00:00:00";
    assert_int_equal(bulk_judge(&found, 0, 0), BULK_ADDED);
    found.status = BACM_LINK_STATUS_UNKNOWN;
    assert_int_equal(bulk_judge(&found, 0, 0), BULK_UNCLEAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times_of_the_service),
        cmocka_unit_test(test_a_pair_needs_both_ids),
        cmocka_unit_test(test_an_account_and_a_customer_with_one_id_are_two_clients),
        cmocka_unit_test(test_the_verdict_by_status_and_time),
        cmocka_unit_test(test_without_a_time_a_link_counts_as_new),
    };

    return cmocka_run_group_tests_name("resolve", tests, NULL, NULL);
}
