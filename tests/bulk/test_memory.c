/*
 * Out of memory in a bulk run: each allocation fails in turn, and the same run is
 * then made again from its journal. Whatever happened the first time, at the end
 * every account is invited, and the simulator has accepted each one once; the rows
 * that it refuses stand between them, so that replies are mixed. This program is
 * linked with the libraries as users have them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bacm/bacm.h>
#include <bacm/bulk.h>

#include "support/failing_allocator.h"
#include "support/fixture.h"
#include "support/simulator.h"
#include "support/version.h"

/* Every fourth row, from the third on, names an account that is not there. */
enum { ROWS = 12, BAD_ROWS = 3, FIRST_ACCOUNT = 5000001, NO_ACCOUNT = 8000001, AGENCY = 2100001 };

struct round {
    struct simulator simulator;
    char journal[128];
    unsigned lanes;
    int given;
    int records;
    int added;
    int failed;
    long log_begin; /* where the log of this round's first run begins */
    bacm_error error;
};

static bool is_bad(int i)
{
    return i % 4 == 2;
}

static int64_t account(int i)
{
    return (is_bad(i) ? NO_ACCOUNT : FIRST_ACCOUNT) + i;
}

static bacm_bulk_source_result next_row(bacm_bulk_row *row, bacm_error *error, void *user)
{
    struct round *round = user;

    (void)error;
    if (round->given == ROWS)
        return BACM_BULK_END;
    row->link.client_account_id = account(round->given++);
    row->link.managing_customer_id = AGENCY;
    row->link.is_bill_to_client = test_is_v13() ? BACM_FALSE : BACM_ABSENT;
    row->link.name = "out of memory";
    return BACM_BULK_ROW;
}

static bool count_record(const bacm_bulk_record *record, void *user)
{
    struct round *round = user;

    assert_int_equal(record->index, round->records);
    round->records++;
    round->added += record->outcome == BACM_BULK_ADDED;
    round->failed += record->outcome == BACM_BULK_FAILED;
    if (record->outcome == BACM_BULK_FAILED) {
        assert_true(is_bad((int)record->index));
        assert_true(record->error_count > 0);
    }
    assert_int_not_equal(record->outcome, BACM_BULK_INVALID);
    return true;
}

static bacm_status run_once(struct round *round)
{
    bacm_bulk_options options = BACM_BULK_OPTIONS_INIT;
    bacm_options client_options = BACM_OPTIONS_INIT_FOR(test_api());
    bacm_bulk_summary summary = BACM_BULK_SUMMARY_INIT;
    bacm_credentials *credentials = NULL;
    bacm_bulk *bulk = NULL;
    bacm_status status;

    options.concurrency = round->lanes;
    options.journal_path = round->journal;
    options.input_digest = "twelve rows";
    options.managing_customer_id = AGENCY;
    options.backoff_ms = 1;
    client_options.endpoint = round->simulator.url;
    client_options.ca_file = fixture_ca_file();
    round->given = round->records = round->added = round->failed = 0;
    memset(&round->error, 0, sizeof round->error);
    status = bacm_credentials_new_access_token(&credentials, "DEV-DEMO", "GENERATED-AGENCY-1-TOKEN",
                                               &round->error);
    if (status == BACM_OK)
        status = bacm_bulk_new(&bulk, &options, &client_options, credentials, &round->error);
    if (status == BACM_OK)
        status = bacm_bulk_run(&summary, bulk, next_row, round, count_record, round, &round->error);
    bacm_bulk_free(bulk);
    bacm_credentials_release(credentials);
    return status;
}

static void forget_journal(const struct round *round)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};

    for (size_t i = 0; i < COUNT(suffixes); i++) {
        char path[160];

        snprintf(path, sizeof path, "%s%s", round->journal, suffixes[i]);
        unlink(path);
    }
}

static long log_size(const struct round *round)
{
    FILE *log = fopen(round->simulator.log, "r");
    long size;

    assert_non_null(log);
    assert_int_equal(fseek(log, 0, SEEK_END), 0);
    size = ftell(log);
    fclose(log);
    return size;
}

/* Whether the simulator has got the row in this round. */
static bool was_sent(const struct round *round, uint64_t index)
{
    FILE *log = fopen(round->simulator.log, "r");
    char wanted[48], line[16384];
    bool found = false;

    assert_non_null(log);
    assert_int_equal(fseek(log, round->log_begin, SEEK_SET), 0);
    snprintf(wanted, sizeof wanted, "\"accountId\":%lld,", (long long)account((int)index));
    while (!found && fgets(line, sizeof line, log))
        found = strstr(line, "\"AddClientLinks\"") && strstr(line, wanted);
    fclose(log);
    return found;
}

static bool check_entry(const bacm_journal_entry *entry, void *user)
{
    const struct round *round = user;

    if (entry->state == BACM_JOURNAL_NOT_SENT && was_sent(round, entry->index))
        fail_msg("row %d was sent and is recorded as not sent", (int)entry->index);
    if (entry->state == BACM_JOURNAL_FAILED)
        assert_true(is_bad((int)entry->index) && entry->error_count > 0);
    return true;
}

/* A row that was sent must not count as not sent: the next run would not search for it. */
static void check_journal(struct round *round)
{
    bacm_journal *journal = NULL;

    if (access(round->journal, F_OK) != 0 ||
        bacm_journal_open(&journal, round->journal, NULL) != BACM_OK)
        return; /* the run has not come so far as to make one */
    assert_int_equal(bacm_journal_export(journal, check_entry, round, NULL), BACM_OK);
    bacm_journal_close(journal);
}

/* One allocation of the first run fails; whether there was one of this number. */
static bool play_round(struct round *round, long k, unsigned *failures)
{
    bacm_status status;
    bool fired;

    forget_journal(round);
    simulator_control(&round->simulator, "reset", "{}");
    round->log_begin = log_size(round);
    failing_allocator_arm(k);
    status = run_once(round);
    fired = failing_allocator_disarm();
    if (status != BACM_OK) {
        *failures += 1;
        if (!fired || status != BACM_E_NO_MEMORY)
            fail_msg("allocation %ld: %s (%s)", k, bacm_status_name(status), round->error.message);
        assert_status(round->error.status, status);
    }
    check_journal(round);
    status = run_once(round);
    if (status != BACM_OK || round->records != ROWS || round->added != ROWS - BAD_ROWS ||
        round->failed != BAD_ROWS)
        fail_msg("after allocation %ld: %s, %d of %d records, %d added, %d failed (%s)", k,
                 bacm_status_name(status), round->records, ROWS, round->added, round->failed,
                 round->error.message);
    return fired;
}

static void each_allocation_fails_in_turn(unsigned lanes)
{
    static const char *const options[] = {"--plain-http", "--generate", "agencies=1,clients=100",
                                          NULL};
    struct round round;
    unsigned failures = 0;

    memset(&round, 0, sizeof round);
    round.lanes = lanes;
    simulator_start(&round.simulator, options);
    /* Where there is a disk in memory nothing waits for another: hundreds of runs are made. */
    if (access("/dev/shm", W_OK) == 0)
        snprintf(round.journal, sizeof round.journal, "/dev/shm/bacm-memory-%d", (int)getpid());
    else
        snprintf(round.journal, sizeof round.journal, "%s/journal", round.simulator.folder);
    for (long k = 0; play_round(&round, k, &failures); k++)
        continue;
    assert_true(failures > 20);
    forget_journal(&round);
    simulator_stop(&round.simulator);
}

/* The allocations are the same in each run, so that none is left out. */
static void each_allocation_of_one_lane_fails(void **state)
{
    (void)state;
    each_allocation_fails_in_turn(1);
}

static void each_allocation_of_two_lanes_fails(void **state)
{
    (void)state;
    each_allocation_fails_in_turn(2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation_of_one_lane_fails),
                                       cmocka_unit_test(each_allocation_of_two_lanes_fails)};

    failing_allocator_use();
    return cmocka_run_group_tests_name("memory of a bulk run", tests, NULL, NULL);
}
