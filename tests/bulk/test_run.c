/* The coordinator and its lanes, with calls that are made up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <unistd.h>

#include <bacm/bacm.h>

#include "bulk/run.h"
#include "bulk/fail.h"
#include "support/check.h"
#include "support/version.h"

#define FIRST_ACCOUNT 1000000

/* One run: what the source gives and what the sink has got. */
struct run {
    bacm_bulk *bulk;
    bacm_bulk_options options;
    bacm_bulk_source *source; /* NULL: of accounts */
    bacm_bulk_sink *sink;
    bacm_bulk_summary summary;
    bacm_error error;
    uint64_t rows;         /* of the input */
    uint64_t invalid_each; /* every so many-th row breaks a rule */
    uint64_t fail_source_at;
    uint64_t fail_sink_at;
    uint64_t cancel_at;
    bacm_bulk_source_result end;
    uint64_t given;
    atomic_ulong got;
    atomic_ulong most_rows;
    uint64_t outcomes[5];
    uint64_t by_journal;
    bacm_status last_reason;
};

/* How the made-up service behaves; read by the lanes. */
static struct {
    atomic_uint calls;
    atomic_uint most_at_once;
    atomic_uint at_once;
    unsigned longest_ms;
    unsigned gather;           /* so many calls wait for each other */
    int64_t slow_account;      /* its call takes slow_ms after what it waits for: */
    unsigned long slow_memory; /* that so many rows are in memory, and */
    unsigned long slow_got;    /* so many records have come */
    unsigned slow_ms;
    int64_t fail_from_account; /* calls from here on end so */
    enum bulk_end end;
    bacm_status status;
    enum bulk_row_state state; /* of their rows */
    bool no_pair_twice;        /* in one call */
    const char *message;       /* every row that is added has this one too; NULL: none */
} service;

static struct run run;

static void sleep_ms(unsigned ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    nanosleep(&time, NULL);
}

static void count_up(void)
{
    unsigned now = atomic_fetch_add(&service.at_once, 1) + 1;
    unsigned most = atomic_load(&service.most_at_once);

    while (now > most && !atomic_compare_exchange_weak(&service.most_at_once, &most, now))
        continue;
}

/* A time would be too short on some machine; this one ends a wait that is in vain. */
static void wait_for(const atomic_ulong *count, unsigned long wanted)
{
    for (int ms = 0; atomic_load(count) < wanted && ms < 60000; ms++)
        sleep_ms(1);
}

static void take_time(int64_t account, unsigned number)
{
    if (account == service.slow_account) {
        wait_for(&run.most_rows, service.slow_memory);
        wait_for(&run.got, service.slow_got);
        sleep_ms(service.slow_ms);
    } else if (number < service.gather) {
        for (int ms = 0; atomic_load(&service.most_at_once) < service.gather && ms < 60000; ms++)
            sleep_ms(1);
    } else if (service.longest_ms) {
        sleep_ms(number * 7919 % (service.longest_ms + 1));
    }
}

static void made_up_call(struct bulk_lane *lane, struct bulk_call *call)
{
    int64_t account = call->rows[0]->link.client_account_id;
    unsigned number = atomic_fetch_add(&service.calls, 1);
    bool bad = service.fail_from_account && account >= service.fail_from_account;
    const bacm_service_error said = {BACM_CHANNEL_PARTIAL, false, 0, "", service.message, ""};

    for (size_t i = 0; service.no_pair_twice && i < call->count; i++) {
        for (size_t k = 0; k < i; k++)
            assert_false(bacm_client_link_same_pair(&call->rows[i]->link, &call->rows[k]->link));
    }
    count_up();
    atomic_store(&call->started_ms, bulk_pacing_now(&lane->shared->pacing));
    take_time(account, number);
    call->end = bad ? service.end : BULK_END_DECIDED;
    if (bad)
        bulk_fail(&call->error, service.status, "made up");
    for (size_t i = 0; i < call->count; i++) {
        bulk_row_decide(call->rows[i], bad ? service.state : BULK_ROW_ADDED,
                        bad ? BACM_BULK_BY_NOTHING : BACM_BULK_BY_RESPONSE,
                        bad ? service.status : BACM_OK);
        if (bad)
            bulk_errors_set_error(&call->rows[i]->errors, &call->error);
        else if (service.message)
            bulk_errors_set(&call->rows[i]->errors, &said, 1);
    }
    atomic_fetch_sub(&service.at_once, 1);
}

static bacm_bulk_source_result source(bacm_bulk_row *row, bacm_error *error, void *user)
{
    struct run *r = user;
    unsigned long in_memory = (unsigned long)r->given - atomic_load(&r->got);

    if (in_memory > atomic_load(&r->most_rows))
        atomic_store(&r->most_rows, in_memory);
    if (r->given == r->rows)
        return BACM_BULK_END;
    if (r->fail_source_at && r->given == r->fail_source_at) {
        snprintf(error->message, sizeof error->message, "the input is broken");
        return BACM_BULK_SOURCE_ERROR;
    }
    row->link.client_account_id = FIRST_ACCOUNT + (int64_t)r->given;
    row->link.managing_customer_id = 2002002;
    row->link.is_bill_to_client = test_is_v13() ? BACM_FALSE : BACM_ABSENT;
    row->tag = r->given + 1000;
    r->given++;
    if (r->invalid_each && r->given % r->invalid_each == 0)
        row->link.name = "a name that has more than forty characters in it";
    return BACM_BULK_ROW;
}

static bool sink(const bacm_bulk_record *record, void *user)
{
    struct run *r = user;

    assert_int_equal(record->index, r->got);
    assert_int_equal(record->tag, r->got + 1000);
    assert_int_equal(record->link->client_account_id, FIRST_ACCOUNT + (int64_t)r->got);
    if (record->outcome == BACM_BULK_ADDED || record->outcome == BACM_BULK_FAILED)
        assert_int_not_equal(record->confirmed_by, BACM_BULK_BY_NOTHING);
    else
        assert_true(record->error_count > 0 && record->errors[0].message[0]);
    r->outcomes[record->outcome]++;
    r->by_journal += record->confirmed_by == BACM_BULK_BY_JOURNAL;
    r->last_reason = record->reason;
    r->got++;
    if (r->cancel_at && r->got == r->cancel_at)
        bacm_bulk_cancel(r->bulk);
    return !r->fail_sink_at || r->got < r->fail_sink_at;
}

static int setup(void **state)
{
    const bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;

    (void)state;
    memset(&run, 0, sizeof run);
    memset(&service, 0, sizeof service);
    run.options = options;
    run.options.concurrency = 8;
    run.options.window_rows = 500;
    run.rows = 3000;
    service.longest_ms = 6;
    service.state = BULK_ROW_NOT_SENT;
    return 0;
}

static bacm_status start(void)
{
    bacm_options client = BACM_OPTIONS_INIT_FOR(test_api());
    bacm_credentials *credentials = NULL;
    bacm_status status;

    client.endpoint = "https://localhost:1/";
    assert_int_equal(bacm_credentials_new_access_token(&credentials, "d", "a", NULL), BACM_OK);
    status = bacm_bulk_new(&run.bulk, &run.options, &client, credentials, &run.error);
    bacm_credentials_release(credentials);
    if (status != BACM_OK)
        fail_msg("%s", run.error.message);
    run.bulk->run_call = made_up_call;
    run.given = 0;
    run.got = 0;
    memset(run.outcomes, 0, sizeof run.outcomes);
    run.by_journal = 0;
    status = bacm_bulk_run(&run.summary, run.bulk, run.source ? run.source : source, &run,
                           run.sink ? run.sink : sink, &run, &run.error);
    bacm_bulk_free(run.bulk);
    return status;
}

static void test_records_come_in_order_whatever_the_calls_take(void **state)
{
    (void)state;
    run.invalid_each = 17;
    service.gather = run.options.concurrency;
    run.options.window_rows = 3000; /* a full window would close a call with less than 10 rows */
    assert_int_equal(start(), BACM_OK);
    assert_int_equal(run.got, 3000);
    assert_int_equal(run.outcomes[BACM_BULK_INVALID], 3000 / 17);
    assert_int_equal(run.outcomes[BACM_BULK_ADDED], 3000 - 3000 / 17);
    assert_int_equal(run.summary.rows, 3000);
    assert_int_equal(run.summary.invalid, 3000 / 17);
    assert_int_equal(atomic_load(&service.calls), (3000 - 3000 / 17 + 9) / 10);
    assert_int_equal(atomic_load(&service.most_at_once), 8);
}

static void test_one_slow_call_fills_the_window_and_no_more(void **state)
{
    (void)state;
    service.longest_ms = 0;
    service.slow_account = FIRST_ACCOUNT + 100;
    service.slow_memory = 300;
    service.slow_ms = 100;
    assert_int_equal(start(), BACM_OK);
    assert_int_equal(run.outcomes[BACM_BULK_ADDED], 3000);
    assert_between(run.most_rows, 300, 500);
}

static void test_the_window_is_bounded_in_bytes_too(void **state)
{
    (void)state;
    service.longest_ms = 0;
    service.slow_account = FIRST_ACCOUNT + 100;
    service.slow_memory = 50;
    service.slow_ms = 100;
    run.options.window_bytes = 100 * sizeof(struct bulk_row);
    assert_int_equal(start(), BACM_OK);
    assert_int_equal(run.outcomes[BACM_BULK_ADDED], 3000);
    assert_between(run.most_rows, 50, 101);
}

/* Of 240 rows on their way and 240 that have just come back the errors are not counted yet. */
static void test_what_the_service_says_counts_in_the_window(void **state)
{
    static char message[2000];

    (void)state;
    memset(message, 'm', sizeof message - 1);
    service.message = message;
    service.longest_ms = 0;
    service.slow_account = FIRST_ACCOUNT + 100;
    service.slow_memory = 100;
    service.slow_ms = 100;
    run.options.window_rows = 3000;
    run.options.window_bytes = 200 * sizeof message;
    assert_int_equal(start(), BACM_OK);
    assert_int_equal(run.outcomes[BACM_BULK_ADDED], 3000);
    assert_between(run.most_rows, 100, 200 + 2 * 240);
}

static void test_errors_are_cut_and_say_so(void **state)
{
    enum { MANY = 1000, LONG = 400000 };
    static bacm_service_error list[MANY];
    struct bulk_errors errors = {NULL, 0, 0};
    char *text = malloc(LONG + 1);
    const bacm_service_error *last;

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < LONG; i += 2)
        memcpy(text + i, "\xc3\xa9", 2); /* no character may be cut in two */
    text[LONG] = '\0';
    for (size_t i = 0; i < MANY; i++)
        list[i] = (bacm_service_error){BACM_CHANNEL_PARTIAL, true, (int)i, "S", text, text};
    assert_true(bulk_errors_set(&errors, list, MANY));
    assert_int_equal(errors.count, BACM_BULK_MAX_ERRORS);
    assert_between(errors.bytes, 1, 16 * (3 * BACM_BULK_MAX_ERROR_TEXT + 64));
    assert_between(strlen(errors.list[0].message), BACM_BULK_MAX_ERROR_TEXT - 3,
                   BACM_BULK_MAX_ERROR_TEXT);
    assert_non_null(strstr(errors.list[0].message, "\xc3\xa9 [cut here; 400000 bytes in all]"));
    last = &errors.list[BACM_BULK_MAX_ERRORS - 1];
    assert_string_equal(last->message, "985 more errors are left out");
    text[BACM_BULK_MAX_ERROR_TEXT] = '\0';
    assert_true(bulk_errors_set(&errors, list, 1));
    assert_string_equal(errors.list[0].details, text);
    bulk_errors_clear(&errors);
    free(text);
}

static void test_messages_are_one_line_of_text(void **state)
{
    bacm_error error;

    (void)state;
    bulk_fail(&error, BACM_E_JOURNAL, "%s",
              "a\033[31m\r\nb\177\xc2\x9b"
              "c \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 \xc3(\xed\xa0\x80 \xe2\x82");
    assert_string_equal(error.message,
                        "a [31m  b ??c \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 ?(??? ??");
    bulk_hint(&error, "x\033y");
    assert_string_equal(error.hint, "x y");
}

static void test_a_dead_lane_does_not_hold_the_order_back(void **state)
{
    (void)state;
    service.longest_ms = 0;
    service.slow_account = FIRST_ACCOUNT + 100;
    service.slow_got = 3000;
    run.options.throttle_wait_ms = 50;
    run.options.deadline_ms = 100; /* and the engine's grace of 2 s, looked at each second */
    assert_int_equal(start(), BACM_OK);
    assert_int_equal(run.got, 3000);
    assert_int_equal(run.outcomes[BACM_BULK_UNKNOWN], 10);
    assert_int_equal(run.outcomes[BACM_BULK_ADDED], 2990);
    assert_int_equal(run.summary.unknown, 10);
}

static void test_cancel_ends_early_and_reports_the_rest(void **state)
{
    (void)state;
    run.cancel_at = 500;
    assert_int_equal(start(), BACM_E_CANCELED);
    assert_int_equal(run.got, 3000);
    assert_between(run.outcomes[BACM_BULK_ADDED], 500, 1500);
    assert_int_equal(run.outcomes[BACM_BULK_NOT_SENT], 3000 - run.outcomes[BACM_BULK_ADDED]);
    assert_int_equal(run.last_reason, BACM_E_CANCELED);
}

static void test_an_error_that_meets_every_call_ends_the_run(void **state)
{
    (void)state;
    service.fail_from_account = FIRST_ACCOUNT + 1000;
    service.end = BULK_END_FATAL;
    service.status = BACM_E_AUTHENTICATION;
    assert_int_equal(start(), BACM_E_AUTHENTICATION);
    assert_string_equal(run.error.message, "made up");
    assert_int_equal(run.got, 3000);
    assert_int_equal(run.outcomes[BACM_BULK_ADDED], 1000);
    assert_int_equal(run.outcomes[BACM_BULK_NOT_SENT], 2000);
    assert_between(atomic_load(&service.calls), 101, 130);
}

static bool slow_sink(const bacm_bulk_record *record, void *user)
{
    sleep_ms(5);
    return sink(record, user);
}

static void test_no_call_is_begun_after_such_an_error_while_the_sink_is_slow(void **state)
{
    (void)state;
    run.rows = 100;
    run.options.concurrency = 1;
    run.sink = slow_sink;
    service.longest_ms = 0;
    service.fail_from_account = FIRST_ACCOUNT + 10;
    service.end = BULK_END_FATAL;
    service.status = BACM_E_AUTHENTICATION;
    assert_int_equal(start(), BACM_E_AUTHENTICATION);
    assert_int_equal(atomic_load(&service.calls), 2);
    assert_int_equal(run.outcomes[BACM_BULK_ADDED], 10);
    assert_int_equal(run.outcomes[BACM_BULK_NOT_SENT], 90);
}

static void test_calls_that_use_up_their_tries_end_the_run_after_a_while(void **state)
{
    (void)state;
    service.fail_from_account = FIRST_ACCOUNT + 1000;
    service.end = BULK_END_EXHAUSTED;
    service.status = BACM_E_CONNECT;
    run.options.give_up_after = 20;
    assert_int_equal(start(), BACM_E_CONNECT);
    assert_int_equal(run.got, 3000);
    /* Up to 19 that ended so were delivered, and the window was filled again. */
    assert_between(atomic_load(&service.calls), 120, 100 + 19 + 500 / 10);
    assert_int_equal(run.last_reason, BACM_E_CONNECT);
}

static void test_a_sink_that_fails_is_not_called_again(void **state)
{
    (void)state;
    run.fail_sink_at = 700;
    assert_int_equal(start(), BACM_E_SINK);
    assert_int_equal(run.got, 700);
    assert_int_equal(run.summary.rows, 699);
    assert_between(run.summary.added, 700, 10 * atomic_load(&service.calls));
}

/* The last call is still under way when the sink fails; what becomes of it decides the exit code.
 */
static void test_outcomes_count_that_come_after_the_sink_has_failed(void **state)
{
    (void)state;
    run.rows = 20;
    run.fail_sink_at = 5;
    service.longest_ms = 0;
    service.slow_account = FIRST_ACCOUNT + 10;
    service.slow_ms = 100;
    service.fail_from_account = FIRST_ACCOUNT + 10;
    service.end = BULK_END_EXHAUSTED;
    service.status = BACM_E_TIMEOUT;
    service.state = BULK_ROW_UNKNOWN;
    assert_int_equal(start(), BACM_E_SINK);
    assert_int_equal(run.summary.rows, 4);
    assert_int_equal(run.summary.added, 10);
    assert_int_equal(run.summary.unknown, 10);
}

static void test_a_source_that_fails_is_not_read_again(void **state)
{
    (void)state;
    run.fail_source_at = 705;
    assert_int_equal(start(), BACM_E_SOURCE);
    assert_string_equal(run.error.message, "the input is broken");
    assert_int_equal(run.got, 705);
}

static void test_no_rows_and_few_rows(void **state)
{
    (void)state;
    run.options.concurrency = 2; /* what takes time is to make the clients */
    for (run.rows = 0; run.rows < 25; run.rows++) {
        assert_int_equal(start(), BACM_OK);
        assert_int_equal(run.outcomes[BACM_BULK_ADDED], run.rows);
    }
}

static void test_a_second_run_goes_on_where_the_first_stopped(void **state)
{
    char path[] = "/tmp/bacm-engine-XXXXXX";
    uint64_t added;

    (void)state;
    close(mkstemp(path));
    run.options.journal_path = path;
    run.options.input_digest = "digest";
    run.cancel_at = 500;
    assert_int_equal(start(), BACM_E_CANCELED);
    added = run.outcomes[BACM_BULK_ADDED];
    run.cancel_at = 0;
    assert_int_equal(start(), BACM_OK);
    assert_int_equal(run.outcomes[BACM_BULK_ADDED], 3000);
    assert_int_equal(run.by_journal, added);
    assert_int_equal(run.summary.by_journal, added);
    assert_int_equal(start(), BACM_OK);
    assert_int_equal(run.by_journal, 3000);
    unlink(path);
}

static bacm_status new_with_journal(bacm_api *api, const char *path, bacm_error *error)
{
    bacm_options client = BACM_OPTIONS_INIT_FOR(api);
    bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;
    bacm_credentials *credentials = NULL;
    bacm_bulk *bulk = NULL;
    bacm_status status;

    client.endpoint = "https://localhost:1/"; /* the same for both: the version alone differs */
    options.journal_path = path;
    options.input_digest = "digest";
    assert_int_equal(bacm_credentials_new_access_token(&credentials, "d", "a", NULL), BACM_OK);
    status = bacm_bulk_new(&bulk, &options, &client, credentials, error);
    assert_int_equal(status == BACM_OK, bulk != NULL);
    bacm_bulk_free(bulk);
    bacm_credentials_release(credentials);
    return status;
}

static void test_a_run_does_not_go_on_with_another_version(void **state)
{
    bacm_api *const versions[] = {bacm_api_v11, bacm_api_v13};

    (void)state;
    for (int first = 0; first < 2; first++) {
        char path[] = "/tmp/bacm-engine-XXXXXX";
        bacm_error error;

        close(mkstemp(path));
        assert_int_equal(new_with_journal(versions[first], path, &error), BACM_OK);
        assert_int_equal(new_with_journal(versions[!first], path, &error), BACM_E_JOURNAL_MISMATCH);
        assert_non_null(strstr(error.message, first ? "v13, now it is v11" : "v11, now it is v13"));
        assert_non_null(strstr(error.hint, first ? "with v13, or" : "with v11, or"));
        assert_int_equal(new_with_journal(versions[first], path, &error), BACM_OK);
        unlink(path);
    }
}

/* Each row twice, and a number in both cases: no call may have a pair two times. */
static bacm_bulk_source_result source_of_repeats(bacm_bulk_row *row, bacm_error *error, void *user)
{
    struct run *r = user;

    (void)error;
    if (r->given == r->rows)
        return BACM_BULK_END;
    row->link.client_account_number = r->given % 4 < 2    ? "X1001001"
                                      : r->given % 4 == 2 ? "X1001002"
                                                          : "x1001002";
    row->link.managing_customer_id = 2002002;
    row->link.is_bill_to_client = test_is_v13() ? BACM_FALSE : BACM_ABSENT;
    row->tag = r->given++ + 1000;
    return BACM_BULK_ROW;
}

static bool sink_of_repeats(const bacm_bulk_record *record, void *user)
{
    struct run *r = user;

    assert_int_equal(record->outcome, BACM_BULK_ADDED);
    r->got++;
    return true;
}

static void test_a_repeated_pair_begins_another_call(void **state)
{
    (void)state;
    run.rows = 40;
    run.source = source_of_repeats;
    run.sink = sink_of_repeats;
    service.no_pair_twice = true;
    assert_int_equal(start(), BACM_OK);
    assert_int_equal(run.got, 40);
}

/* All that a source may give is there for the sink, whatever becomes of the source's texts. */
static bacm_bulk_source_result source_of_texts(bacm_bulk_row *row, bacm_error *error, void *user)
{
    struct run *r = user;
    static char texts[17][16];
    const char **const all[] = {&row->link.client_account_number,
                                &row->link.managing_customer_number,
                                &row->link.note,
                                &row->link.name,
                                &row->link.inviter_email,
                                &row->link.inviter_name,
                                &row->link.inviter_phone,
                                &row->link.start_date,
                                &row->link.status_text,
                                &row->link.last_modified_date_time,
                                &row->link.timestamp,
                                &row->link.client_customer_number,
                                &row->link.customer_link_permission,
                                &row->link.type_text,
                                &row->link.client_entity_name,
                                &row->link.client_entity_customer_number,
                                &row->link.managing_customer_name};

    (void)error;
    memset(texts, 0, sizeof texts);
    if (r->given == r->rows)
        return BACM_BULK_END;
    for (int i = 0; i < 17; i++) {
        snprintf(texts[i], sizeof texts[i], "t%d", i);
        *all[i] = texts[i];
    }
    row->tag = r->given++ + 1000;
    return BACM_BULK_ROW_INVALID;
}

static bool sink_of_texts(const bacm_bulk_record *record, void *user)
{
    struct run *r = user;
    const bacm_client_link *link = record->link;

    assert_string_equal(link->client_account_number, "t0");
    assert_string_equal(link->status_text, "t8");
    assert_string_equal(link->last_modified_date_time, "t9");
    assert_string_equal(link->timestamp, "t10");
    assert_string_equal(link->type_text, "t13");
    assert_string_equal(link->client_entity_name, "t14");
    assert_string_equal(link->client_entity_customer_number, "t15");
    assert_string_equal(link->managing_customer_name, "t16");
    r->got++;
    return true;
}

static void test_texts_that_a_row_should_not_have_are_copied_too(void **state)
{
    (void)state;
    run.rows = 2;
    run.source = source_of_texts;
    run.sink = sink_of_texts;
    assert_int_equal(start(), BACM_OK);
    assert_int_equal(run.got, 2);
}

/* Which rows are refused before they are sent is a matter of the version too. */
static bacm_bulk_source_result source_of_customers(bacm_bulk_row *row, bacm_error *error,
                                                   void *user)
{
    struct run *r = user;

    (void)error;
    if (r->given == r->rows)
        return BACM_BULK_END;
    row->link.type = BACM_CUSTOMER_LINK;
    row->link.client_customer_id = FIRST_ACCOUNT + (int64_t)r->given;
    row->link.managing_customer_id = 2002002;
    row->tag = r->given++ + 1000;
    return BACM_BULK_ROW;
}

static bool sink_of_customers(const bacm_bulk_record *record, void *user)
{
    struct run *r = user;

    assert_int_equal(record->link->client_customer_id, FIRST_ACCOUNT + (int64_t)r->got);
    assert_int_equal(record->link->client_account_id, 0);
    if (test_is_v13())
        assert_int_equal(record->outcome, BACM_BULK_ADDED);
    else
        assert_int_equal(record->reason, BACM_E_UNSUPPORTED_FIELD);
    r->got++;
    return true;
}

static void test_rules_of_the_version(void **state)
{
    (void)state;
    run.rows = 100;
    run.source = source_of_customers;
    run.sink = sink_of_customers;
    assert_int_equal(start(), BACM_OK);
    assert_int_equal(run.got, 100);
    assert_int_equal(run.summary.invalid, test_is_v13() ? 0 : 100);
}

static void test_options_out_of_range_are_refused(void **state)
{
    const bacm_bulk_options good = BACM_BULK_OPTIONS_INIT;
    bacm_bulk_options bad[9];
    bacm_credentials *credentials = NULL;
    bacm_bulk *bulk = NULL;

    (void)state;
    for (size_t i = 0; i < 9; i++)
        bad[i] = good;
    bad[0].struct_size = 0;
    bad[1].concurrency = 0;
    bad[2].concurrency = BACM_BULK_MAX_CONCURRENCY + 1;
    bad[3].journal_path = "x"; /* without digest */
    bad[4].tries = 0;
    bad[5].deadline_ms = 0;
    bad[6].window_rows = 9;
    bad[7].give_up_after = 0;
    bad[8].throttle_wait_ms = bad[8].deadline_ms;
    assert_int_equal(bacm_credentials_new_access_token(&credentials, "d", "a", NULL), BACM_OK);
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(bacm_bulk_new(&bulk, &bad[i], NULL, credentials, NULL), BACM_E_ARGUMENT);
        assert_null(bulk);
    }
    assert_int_equal(bacm_bulk_new(&bulk, NULL, NULL, NULL, NULL), BACM_E_ARGUMENT);
    assert_int_equal(bacm_bulk_new(&bulk, NULL, NULL, credentials, NULL), BACM_OK);
    bacm_bulk_free(bulk);
    bacm_bulk_free(NULL);
    bacm_credentials_release(credentials);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_records_come_in_order_whatever_the_calls_take),
        TEST(test_one_slow_call_fills_the_window_and_no_more),
        TEST(test_the_window_is_bounded_in_bytes_too),
        TEST(test_what_the_service_says_counts_in_the_window),
        TEST(test_errors_are_cut_and_say_so),
        TEST(test_messages_are_one_line_of_text),
        TEST(test_a_dead_lane_does_not_hold_the_order_back),
        TEST(test_cancel_ends_early_and_reports_the_rest),
        TEST(test_an_error_that_meets_every_call_ends_the_run),
        TEST(test_no_call_is_begun_after_such_an_error_while_the_sink_is_slow),
        TEST(test_calls_that_use_up_their_tries_end_the_run_after_a_while),
        TEST(test_a_sink_that_fails_is_not_called_again),
        TEST(test_outcomes_count_that_come_after_the_sink_has_failed),
        TEST(test_a_source_that_fails_is_not_read_again),
        TEST(test_no_rows_and_few_rows),
        TEST(test_a_second_run_goes_on_where_the_first_stopped),
        TEST(test_a_run_does_not_go_on_with_another_version),
        TEST(test_a_repeated_pair_begins_another_call),
        TEST(test_texts_that_a_row_should_not_have_are_copied_too),
        TEST(test_rules_of_the_version),
        TEST(test_options_out_of_range_are_refused),
    };

    return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
