/* Pacing on a clock that only moves when somebody waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bulk/pacing.h"

struct fake_clock {
    int64_t now_ms;
    int waits;
    struct bulk_pacing *cancel_on_wait;
    struct bulk_pacing *throttle_on_wait;
};

static int64_t fake_now(void *user)
{
    return ((struct fake_clock *)user)->now_ms;
}

/* Something that another thread would do while this one waits. */
static void meanwhile(struct fake_clock *clock, pthread_mutex_t *mutex)
{
    struct bulk_pacing *canceled = clock->cancel_on_wait;
    struct bulk_pacing *throttled = clock->throttle_on_wait;

    clock->cancel_on_wait = clock->throttle_on_wait = NULL;
    pthread_mutex_unlock(mutex);
    if (canceled)
        bulk_pacing_cancel(canceled);
    if (throttled)
        bulk_pacing_leave(throttled, BULK_REPLY_THROTTLED);
    pthread_mutex_lock(mutex);
}

static void fake_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t until_ms, void *user)
{
    struct fake_clock *clock = user;

    (void)cond;
    assert_true(until_ms > clock->now_ms);
    assert_true(++clock->waits < 10000);
    if (clock->cancel_on_wait || clock->throttle_on_wait)
        meanwhile(clock, mutex);
    else
        clock->now_ms = until_ms;
}

static struct fake_clock fake;
static struct bulk_pacing pacing;

static void begin(const bacm_bulk_options *options)
{
    const struct bulk_clock clock = {fake_now, fake_wait, &fake};

    memset(&fake, 0, sizeof fake);
    fake.now_ms = 1000000;
    assert_true(bulk_pacing_init(&pacing, options, &clock));
}

static int end(void **state)
{
    (void)state;
    bulk_pacing_destroy(&pacing);
    return 0;
}

static void request(enum bulk_reply reply)
{
    assert_int_equal(bulk_pacing_enter(&pacing, BULK_NO_DEADLINE), BULK_PACE_GO);
    bulk_pacing_leave(&pacing, reply);
}

static void test_without_limits_nothing_waits(void **state)
{
    const bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;

    (void)state;
    begin(&options);
    for (int i = 0; i < 100; i++)
        request(i % 2 ? BULK_REPLY_GOOD : BULK_REPLY_BAD);
    assert_int_equal(fake.waits, 0);
}

static void test_throttling_pauses_everybody_for_60_seconds(void **state)
{
    const bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;
    struct bulk_pacing_state now;

    (void)state;
    begin(&options);
    request(BULK_REPLY_THROTTLED);
    pacing.waiting = 1; /* as another lane would be */
    now = bulk_pacing_state(&pacing);
    pacing.waiting = 0;
    assert_int_equal(now.wait, BACM_BULK_WAIT_THROTTLE);
    assert_int_equal(now.wait_ms, 60000);
    request(BULK_REPLY_GOOD);
    assert_int_equal(fake.now_ms, 1060000);
}

static void test_a_pause_that_grows_while_waiting_is_kept(void **state)
{
    const bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;

    (void)state;
    begin(&options);
    assert_int_equal(bulk_pacing_enter(&pacing, BULK_NO_DEADLINE), BULK_PACE_GO);
    request(BULK_REPLY_THROTTLED);
    fake.now_ms += 20000;
    fake.throttle_on_wait = &pacing;
    request(BULK_REPLY_GOOD);
    assert_int_equal(fake.now_ms, 1080000);
}

static void test_slow_start_after_a_pause(void **state)
{
    const bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;
    static const int64_t gaps[] = {500, 250, 125, 62, 31, 0, 0};

    (void)state;
    begin(&options);
    request(BULK_REPLY_THROTTLED);
    request(BULK_REPLY_GOOD);
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        int64_t before;

        if (gaps[i] == 31)
            request(BULK_REPLY_BAD); /* does not speed up */
        before = fake.now_ms;
        request(BULK_REPLY_GOOD);
        assert_int_equal(fake.now_ms - before, gaps[i]);
    }
}

static void test_requests_leave_evenly_below_the_cap(void **state)
{
    bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;
    int64_t left[200];

    (void)state;
    options.requests_per_minute = 7;
    begin(&options);
    for (int i = 0; i < 200; i++) {
        request(BULK_REPLY_GOOD);
        left[i] = fake.now_ms;
        if (i >= 7)
            assert_true(left[i] - left[i - 7] >= 60000);
        if (i % 10 == 0)
            fake.now_ms += 100000; /* idle time is not saved up */
    }
}

static void test_an_unannounced_request_takes_a_place_below_the_cap(void **state)
{
    bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;

    (void)state;
    options.requests_per_minute = 60;
    begin(&options);
    assert_int_equal(bulk_pacing_enter(&pacing, BULK_NO_DEADLINE), BULK_PACE_GO);
    bulk_pacing_charge(&pacing);
    bulk_pacing_leave(&pacing, BULK_REPLY_GOOD);
    request(BULK_REPLY_GOOD);
    assert_int_equal(fake.now_ms, 1002000);
    request(BULK_REPLY_GOOD);
    assert_int_equal(fake.now_ms, 1003000);
}

static void test_backoff_doubles_to_its_cap_with_full_jitter(void **state)
{
    bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;
    static const int64_t limits[] = {1000, 2000, 4000, 8000, 16000, 30000, 30000};

    (void)state;
    begin(&options);
    for (unsigned attempt = 1; attempt <= 7; attempt++) {
        int64_t longest = 0, shortest = INT64_MAX;

        for (int i = 0; i < 400; i++) {
            int64_t before = fake.now_ms;

            assert_int_equal(bulk_pacing_backoff(&pacing, attempt, BULK_NO_DEADLINE), BULK_PACE_GO);
            longest = fake.now_ms - before > longest ? fake.now_ms - before : longest;
            shortest = fake.now_ms - before < shortest ? fake.now_ms - before : shortest;
        }
        assert_true(longest <= limits[attempt - 1]);
        assert_true(longest > limits[attempt - 1] * 9 / 10);
        assert_true(shortest < limits[attempt - 1] / 10);
    }
}

static void test_a_wait_that_passes_the_deadline_is_not_begun(void **state)
{
    const bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;

    (void)state;
    begin(&options);
    request(BULK_REPLY_THROTTLED);
    assert_int_equal(bulk_pacing_enter(&pacing, fake.now_ms + 59999), BULK_PACE_DEADLINE);
    assert_int_equal(fake.waits, 0);
    assert_int_equal(bulk_pacing_enter(&pacing, fake.now_ms + 60001), BULK_PACE_GO);
    bulk_pacing_leave(&pacing, BULK_REPLY_GOOD);
    assert_int_equal(bulk_pacing_enter(&pacing, fake.now_ms), BULK_PACE_DEADLINE);
    assert_int_equal(bulk_pacing_backoff(&pacing, 1, fake.now_ms), BULK_PACE_DEADLINE);
}

/* The service's own word, where it is longer than the pause of the options. */
static void test_a_pause_that_the_service_asks_for(void **state)
{
    const bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;

    (void)state;
    begin(&options);
    request(BULK_REPLY_THROTTLED);
    bulk_pacing_pause(&pacing, 300000);
    assert_int_equal(bulk_pacing_enter(&pacing, fake.now_ms + 299999), BULK_PACE_DEADLINE);
    assert_int_equal(bulk_pacing_enter(&pacing, fake.now_ms + 300001), BULK_PACE_GO);
    bulk_pacing_leave(&pacing, BULK_REPLY_GOOD);
}

static void test_cancel_ends_a_wait_and_all_later_ones(void **state)
{
    const bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;

    (void)state;
    begin(&options);
    request(BULK_REPLY_THROTTLED);
    fake.cancel_on_wait = &pacing;
    assert_int_equal(bulk_pacing_enter(&pacing, BULK_NO_DEADLINE), BULK_PACE_CANCELED);
    assert_int_equal(fake.now_ms, 1000000);
    assert_int_equal(bulk_pacing_enter(&pacing, BULK_NO_DEADLINE), BULK_PACE_CANCELED);
    assert_int_equal(bulk_pacing_backoff(&pacing, 1, BULK_NO_DEADLINE), BULK_PACE_CANCELED);
}

static void test_what_is_waited_for_is_told(void **state)
{
    bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;

    (void)state;
    options.requests_per_minute = 6;
    begin(&options);
    assert_int_equal(bulk_pacing_state(&pacing).wait, BACM_BULK_WAIT_NOTHING);
    assert_int_equal(bulk_pacing_enter(&pacing, BULK_NO_DEADLINE), BULK_PACE_GO);
    assert_int_equal(bulk_pacing_state(&pacing).in_flight, 1);
    bulk_pacing_leave(&pacing, BULK_REPLY_GOOD);
    pacing.waiting = 1;
    assert_int_equal(bulk_pacing_state(&pacing).wait, BACM_BULK_WAIT_RATE);
    assert_int_equal(bulk_pacing_state(&pacing).wait_ms, 10000);
    pacing.waiting = 0;
    pacing.backing_off = 1;
    pacing.backoff_until_ms = fake.now_ms + 77;
    assert_int_equal(bulk_pacing_state(&pacing).wait, BACM_BULK_WAIT_BACKOFF);
    assert_int_equal(bulk_pacing_state(&pacing).wait_ms, 77);
}

#define TEST(name) cmocka_unit_test_teardown(name, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_without_limits_nothing_waits),
        TEST(test_throttling_pauses_everybody_for_60_seconds),
        TEST(test_a_pause_that_grows_while_waiting_is_kept),
        TEST(test_slow_start_after_a_pause),
        TEST(test_requests_leave_evenly_below_the_cap),
        TEST(test_an_unannounced_request_takes_a_place_below_the_cap),
        TEST(test_backoff_doubles_to_its_cap_with_full_jitter),
        TEST(test_a_wait_that_passes_the_deadline_is_not_begun),
        TEST(test_a_pause_that_the_service_asks_for),
        TEST(test_cancel_ends_a_wait_and_all_later_ones),
        TEST(test_what_is_waited_for_is_told),
    };

    return cmocka_run_group_tests_name("pacing", tests, NULL, NULL);
}
