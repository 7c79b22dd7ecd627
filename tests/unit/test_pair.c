/* When two links are of one pair, and which of them tells how it stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <bacm/bacm.h>

/* 2018-05-01T12:00:00Z */
#define NOON 1525176000000

static void times_of_the_service(void **state)
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
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bacm_client_link link = BACM_CLIENT_LINK_INIT;

        link.last_modified_date_time = cases[i].text;
        assert_int_equal(bacm_client_link_modified_ms(&link), cases[i].ms);
    }
}

static void a_pair_needs_both_sides(void **state)
{
    bacm_client_link wanted = BACM_CLIENT_LINK_INIT, found = BACM_CLIENT_LINK_INIT;

    (void)state;
    found.client_account_id = 1001001;
    found.client_account_number = "X1001001";
    found.managing_customer_id = 2002002;
    found.managing_customer_number = "C2002002";
    assert_false(bacm_client_link_same_pair(&wanted, &found));
    assert_false(bacm_client_link_same_pair(&wanted, &wanted));
    wanted.client_account_id = 1001001;
    wanted.managing_customer_id = 2002002;
    assert_true(bacm_client_link_same_pair(&wanted, &found));
    wanted.managing_customer_id = 2003003;
    assert_false(bacm_client_link_same_pair(&wanted, &found));
    wanted.managing_customer_id = 0;
    assert_false(bacm_client_link_same_pair(&wanted, &found));
    wanted.managing_customer_number = "c2002002";
    assert_true(bacm_client_link_same_pair(&wanted, &found));
    wanted.client_account_id = 0;
    wanted.client_account_number = "X1001002";
    assert_false(bacm_client_link_same_pair(&wanted, &found));
    wanted.client_account_number = "x1001001";
    assert_true(bacm_client_link_same_pair(&wanted, &found));
    wanted.client_account_number = "x100100";
    assert_false(bacm_client_link_same_pair(&wanted, &found));
    found.client_account_number = NULL;
    assert_false(bacm_client_link_same_pair(&wanted, &found));
}

static void an_account_and_a_customer_with_one_id_are_two_clients(void **state)
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
    assert_true(bacm_client_link_same_pair(&wanted, &account)); /* without a type: of an account */
    assert_false(bacm_client_link_same_pair(&wanted, &customer));
    wanted.client_account_id = 0;
    wanted.client_customer_id = 1001001;
    assert_false(bacm_client_link_same_pair(&wanted, &account));
    assert_true(bacm_client_link_same_pair(&wanted, &customer));
    wanted.client_customer_id = 0;
    wanted.client_customer_number = "c1001001";
    assert_true(bacm_client_link_same_pair(&wanted, &customer));
    assert_false(bacm_client_link_same_pair(&wanted, &account));
}

/* The first of each two is the one that counts. */
static void the_newer_link_counts(void **state)
{
    static const struct {
        bacm_link_status status[2];
        const char *modified[2];
    } cases[] = {
        {{BACM_STATUS_LINK_DECLINED, BACM_STATUS_LINK_EXPIRED},
         {"2018-05-02T12:00:00", "2015-01-01T00:00:00"}},
        {{BACM_STATUS_LINK_DECLINED, BACM_STATUS_LINK_PENDING},
         {"2018-05-02T12:00:00.001", "2018-05-02T12:00:00"}},
        {{BACM_STATUS_ACTIVE, BACM_STATUS_LINK_EXPIRED},
         {"2018-05-02T12:00:00", "2018-05-02T12:00:00"}},
        {{BACM_STATUS_ACTIVE, BACM_STATUS_LINK_EXPIRED}, {NULL, "2018-05-02T12:00:00"}},
        {{BACM_STATUS_ACTIVE, BACM_STATUS_LINK_EXPIRED}, {"2018-05-02T12:00:00", "soon"}},
        {{BACM_STATUS_LINK_DECLINED, BACM_STATUS_LINK_EXPIRED}, {"", "2018-05-02T12:00:00"}},
        {{BACM_LINK_STATUS_UNKNOWN, BACM_STATUS_INACTIVE}, {NULL, NULL}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bacm_client_link links[2] = {BACM_CLIENT_LINK_INIT, BACM_CLIENT_LINK_INIT};

        for (int k = 0; k < 2; k++) {
            links[k].status = cases[i].status[k];
            links[k].last_modified_date_time = cases[i].modified[k];
        }
        assert_ptr_equal(bacm_client_link_newer(&links[0], &links[1]), &links[0]);
        assert_ptr_equal(bacm_client_link_newer(&links[1], &links[0]), &links[0]);
        assert_ptr_equal(bacm_client_link_newer(NULL, &links[0]), &links[0]);
        assert_ptr_equal(bacm_client_link_newer(&links[0], NULL), &links[0]);
    }
    assert_null(bacm_client_link_newer(NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_of_the_service),
        cmocka_unit_test(a_pair_needs_both_sides),
        cmocka_unit_test(an_account_and_a_customer_with_one_id_are_two_clients),
        cmocka_unit_test(the_newer_link_counts),
    };

    return cmocka_run_group_tests_name("pair", tests, NULL, NULL);
}
