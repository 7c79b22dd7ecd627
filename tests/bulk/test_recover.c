/* What a search proves about an invitation whose reply was lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bulk/recover.h"

/* 2018-05-01T12:00:00Z */
#define NOON 1525176000000

static void test_the_verdict_by_status_and_time(void **state)
{
    static const struct {
        bacm_link_status status;
        enum bulk_event after;
        enum bulk_event before;
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

static void test_without_a_time_a_link_proves_nothing(void **state)
{
    bacm_client_link found = BACM_CLIENT_LINK_INIT;

    (void)state;
    assert_int_equal(bulk_judge(NULL, 0, 0), BULK_ABSENT);
    found.status = BACM_STATUS_LINK_PENDING;
    assert_int_equal(bulk_judge(&found, NOON, 0), BULK_UNCLEAR);
    found.last_modified_date_time = "2001-01-01T00:00:00";
    assert_int_equal(bulk_judge(&found, 0, 0), BULK_UNCLEAR);
    found.status = BACM_STATUS_LINK_EXPIRED;
    assert_int_equal(bulk_judge(&found, 0, 0), BULK_UNCLEAR);
}

/* The machine's clock is an hour ahead: only the steady one and the service's Date count. */
static void test_the_time_is_the_services(void **state)
{
    struct bulk_moment sent = {.steady_ms = 5000, .wall_ms = NOON + 3600000};
    struct bulk_service_clock clock;

    (void)state;
    assert_true(bulk_service_clock_init(&clock, 2000));
    assert_int_equal(bulk_service_clock_at(&clock, &sent), 0);
    bulk_service_clock_note(&clock, 0, 5000, 5400);
    assert_int_equal(bulk_service_clock_at(&clock, &sent), 0);
    bulk_service_clock_note(&clock, NOON, 5000, 5400); /* it was noon at 5400 at the latest */
    assert_int_equal(bulk_service_clock_at(&clock, &sent), NOON - 400);
    bulk_service_clock_note(&clock, NOON + 1000, 6000, 6100); /* tells more */
    assert_int_equal(bulk_service_clock_at(&clock, &sent), NOON - 100);
    bulk_service_clock_note(&clock, NOON + 2000, 6000, 9000); /* tells less */
    assert_int_equal(bulk_service_clock_at(&clock, &sent), NOON - 100);
    bulk_service_clock_note(&clock, NOON + 10000, 17000, 17000); /* of a server that is behind */
    assert_int_equal(bulk_service_clock_at(&clock, &sent), NOON - 2000);
    sent.service_ms = NOON;
    assert_int_equal(bulk_service_clock_at(&clock, &sent), NOON);
    bulk_service_clock_note(&clock, NOON + 60000, 18000, 18000); /* no service is so far apart */
    assert_int_equal(bulk_service_clock_at(&clock, &sent), 0);
    bulk_service_clock_destroy(&clock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_verdict_by_status_and_time),
        cmocka_unit_test(test_without_a_time_a_link_proves_nothing),
        cmocka_unit_test(test_the_time_is_the_services),
    };

    return cmocka_run_group_tests_name("resolve", tests, NULL, NULL);
}
