/* The journal: what is recorded survives, and nobody gets at another's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "bulk/journal.h"
#include "support/check.h"

static const struct bulk_binding binding = {"v11", "https://localhost:1/x", "sha256:aa", 2002002};

static char folder[64];
static char path[96];

static int setup(void **state)
{
    (void)state;
    umask(077);
    strcpy(folder, "/tmp/bacm-journal-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/journal", folder);
    return 0;
}

static int teardown(void **state)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    char file[128];

    (void)state;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(file, sizeof file, "%s%s", path, suffixes[i]);
        unlink(file);
    }
    return rmdir(folder);
}

static bacm_journal *open_journal(void)
{
    bacm_journal *journal = NULL;
    bacm_error error;
    bacm_status status = bulk_journal_open(&journal, path, &binding, &error);

    if (status != BACM_OK)
        fail_msg("%s", error.message);
    return journal;
}

static void run_sql(const char *sql);

static void refuse_with_hint(const struct bulk_binding *other, const char *hint)
{
    bacm_journal *journal = NULL;
    bacm_error error;

    assert_int_equal(bulk_journal_open(&journal, path, other, &error), BACM_E_JOURNAL_MISMATCH);
    if (!strstr(error.hint, hint))
        fail_msg("\"%s\" does not say \"%s\"", error.hint, hint);
}

static void refuse(const struct bulk_binding *other, bacm_status wanted, const char *word)
{
    bacm_journal *journal = NULL;
    bacm_error error;

    assert_int_equal(bulk_journal_open(&journal, path, other, &error), wanted);
    assert_null(journal);
    if (!strstr(error.message, word))
        fail_msg("\"%s\" does not say \"%s\"", error.message, word);
    assert_true(error.hint[0] != '\0');
}

static struct bulk_row *make_row(uint64_t index)
{
    bacm_bulk_row from = {BACM_CLIENT_LINK_INIT, index + 100};

    from.link.client_account_id = 1000000 + (int64_t)index;
    from.link.managing_customer_id = 2002002;
    return bulk_row_new(index, &from);
}

static void put(bacm_journal *journal, struct bulk_row *row, bacm_journal_state state)
{
    bacm_error error;

    assert_int_equal(bulk_journal_begin(journal, &error), BACM_OK);
    assert_int_equal(bulk_journal_put(journal, row, state, &error), BACM_OK);
    assert_int_equal(bulk_journal_commit(journal, &error), BACM_OK);
}

/* Record a bare row with this state. */
static void record(bacm_journal *journal, uint64_t index, bacm_journal_state state)
{
    struct bulk_row *row = make_row(index);

    row->sent.service_ms = 1525176000123;
    put(journal, row, state);
    bulk_row_free(row);
}

static struct bulk_row *recall(bacm_journal *journal, uint64_t index)
{
    struct bulk_row *row = make_row(index);
    bacm_error error;

    assert_int_equal(bulk_journal_recall(journal, row, &error), BACM_OK);
    return row;
}

static void test_outcomes_are_recalled_with_their_errors(void **state)
{
    const bacm_service_error errors[] = {
        {BACM_CHANNEL_PARTIAL, true, 1410, "", "already \"invited\" \xC3\xA4", "details"},
        {BACM_CHANNEL_NONE, false, 0, "", "said here", ""},
    };
    bacm_journal *journal = open_journal();
    struct bulk_row *row = make_row(7);

    (void)state;
    bulk_row_decide(row, BULK_ROW_FAILED, BACM_BULK_BY_RESPONSE, BACM_OK);
    assert_true(bulk_errors_set(&row->errors, errors, 2));
    strcpy(row->tracking_id, "79bb20b8");
    put(journal, row, BACM_JOURNAL_FAILED);
    bulk_row_free(row);
    record(journal, 8, BACM_JOURNAL_ADDED);
    bacm_journal_close(journal);

    journal = open_journal();
    row = recall(journal, 7);
    assert_true(row->journaled);
    assert_int_equal(row->state, BULK_ROW_FAILED);
    assert_int_equal(row->confirmed_by, BACM_BULK_BY_JOURNAL);
    assert_string_equal(row->tracking_id, "79bb20b8");
    assert_int_equal(row->errors.count, 2);
    assert_int_equal(row->errors.list[0].channel, BACM_CHANNEL_PARTIAL);
    assert_true(row->errors.list[0].has_code);
    assert_int_equal(row->errors.list[0].code, 1410);
    assert_string_equal(row->errors.list[0].message, errors[0].message);
    assert_string_equal(row->errors.list[0].details, "details");
    assert_false(row->errors.list[1].has_code);
    bulk_row_free(row);
    row = recall(journal, 8);
    assert_int_equal(row->state, BULK_ROW_ADDED);
    bulk_row_free(row);
    bacm_journal_close(journal);
}

static void test_open_rows_must_be_searched_for_and_others_sent(void **state)
{
    static const struct {
        bacm_journal_state state;
        bool check;
    } cases[] = {
        {BACM_JOURNAL_SENDING, true},   {BACM_JOURNAL_UNKNOWN, true},
        {BACM_JOURNAL_NOT_SENT, false}, {BACM_JOURNAL_LATER, false},
        {(bacm_journal_state)17, true}, /* of a later version */
    };
    bacm_journal *journal = open_journal();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        record(journal, i, cases[i].state);
    bacm_journal_close(journal);
    journal = open_journal();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bulk_row *row = recall(journal, i);

        assert_true(row->journaled);
        assert_int_equal(row->state, cases[i].check ? BULK_ROW_LOST : BULK_ROW_FRESH);
        if (i < 2)
            assert_int_equal(row->sent.service_ms, 1525176000123);
        bulk_row_free(row);
    }
    bacm_journal_close(journal);
}

/* Before a reply has told the service's time, the steady clock of this boot stands in. */
static void test_the_moment_of_an_attempt_is_kept_by_a_clock_that_nobody_sets(void **state)
{
    bacm_journal *journal = open_journal();
    struct bulk_row *row = make_row(0);

    (void)state;
    row->sent = (struct bulk_moment){.steady_ms = 4711, .wall_ms = 1525176000123};
    put(journal, row, BACM_JOURNAL_SENDING);
    bulk_row_free(row);
    row = recall(journal, 0);
    assert_int_equal(row->sent.steady_ms, 4711);
    assert_int_equal(row->sent.service_ms, 0);
    assert_int_equal(row->sent.wall_ms, 1525176000123);
    bulk_row_free(row);
    bacm_journal_close(journal);
    run_sql("UPDATE row SET sent_by = 'another-boot 4711'");
    journal = open_journal();
    row = recall(journal, 0);
    assert_int_equal(row->sent.steady_ms, 0);
    assert_int_equal(row->sent.service_ms, 0);
    bulk_row_free(row);
    bacm_journal_close(journal);
}

static void test_a_row_that_was_never_reached_is_unknown_to_it(void **state)
{
    bacm_journal *journal = open_journal();
    struct bulk_row *row;

    (void)state;
    record(journal, 5, BACM_JOURNAL_ADDED);
    for (uint64_t index = 4; index <= 6; index += 2) {
        row = recall(journal, index);
        assert_false(row->journaled || row->state);
        bulk_row_free(row);
    }
    bacm_journal_close(journal);
}

static void test_another_row_at_the_same_place_is_refused(void **state)
{
    bacm_journal *journal = open_journal();
    struct bulk_row *row;
    bacm_error error;

    (void)state;
    record(journal, 3, BACM_JOURNAL_ADDED);
    row = make_row(3);
    row->link.client_account_id++;
    assert_int_equal(bulk_journal_recall(journal, row, &error), BACM_E_JOURNAL_MISMATCH);
    assert_non_null(strstr(error.message, "row 3"));
    bulk_row_free(row);
    bacm_journal_close(journal);
}

static void test_a_changed_binding_is_refused_and_named(void **state)
{
    struct bulk_binding other;

    (void)state;
    bacm_journal_close(open_journal());
    other = binding;
    other.contract = "v13";
    refuse(&other, BACM_E_JOURNAL_MISMATCH, "contract version: v11, now it is v13");
    other = binding;
    other.endpoint = "production";
    refuse(&other, BACM_E_JOURNAL_MISMATCH, "endpoint");
    other = binding;
    other.input_digest = "sha256:bb";
    refuse(&other, BACM_E_JOURNAL_MISMATCH, "sha256:aa, now it is sha256:bb");
    other = binding;
    other.managing_customer_id = 0;
    refuse(&other, BACM_E_JOURNAL_MISMATCH, "managing customer: 2002002, now it is 0");
    bacm_journal_close(open_journal());
}

static void test_versions_are_not_mixed_in_one_journal(void **state)
{
    struct bulk_binding later = binding;
    bacm_journal *journal = NULL;
    bacm_error error;

    (void)state;
    later.contract = "v13";
    bacm_journal_close(open_journal());
    refuse(&later, BACM_E_JOURNAL_MISMATCH, "contract version: v11, now it is v13");
    refuse_with_hint(&later, "Finish the run with v11, or give another journal");
    unlink(path);
    assert_int_equal(bulk_journal_open(&journal, path, &later, &error), BACM_OK);
    bacm_journal_close(journal);
    refuse(&binding, BACM_E_JOURNAL_MISMATCH, "contract version: v13, now it is v11");
    refuse_with_hint(&binding, "Finish the run with v13, or give another journal");
}

/* SOAP ends: what it began, REST may finish, in the same environment; nothing else may. */
static void test_v13_goes_on_over_rest(void **state)
{
#define SOAP_PATH "/Api/CustomerManagement/v13/CustomerManagementService.svc"
#define REST_PATH "/CustomerManagement/v13"
    static const struct {
        const char *before, *now;
        bool same;
    } places[] = {
        {"production", "production", true},
        {"sandbox", "sandbox", true},
        {"sandbox", "production", false},
        {"https://h:1" SOAP_PATH, "https://h:1" REST_PATH, true},
        {"https://h:1/a:b;c=d" SOAP_PATH "/", "https://h:1/a:b;c=d" REST_PATH "/", true},
        {"https://h:1" SOAP_PATH, "https://h:2" REST_PATH, false},
        {"https://h:1" SOAP_PATH, "https://h:1/a" REST_PATH, false},
        {"https://h:1" SOAP_PATH, "production", false},
        {"production", "https://h:1" REST_PATH, false},
    };
    struct bulk_binding over_rest;

    (void)state;
    for (size_t i = 0; i < COUNT(places); i++) {
        struct bulk_binding soap = binding, rest = binding;
        bacm_journal *journal = NULL;
        bacm_error error;

        soap.contract = "v13";
        soap.endpoint = places[i].before;
        rest.contract = "v13-rest";
        rest.endpoint = places[i].now;
        assert_int_equal(bulk_journal_open(&journal, path, &soap, &error), BACM_OK);
        bacm_journal_close(journal);
        if (places[i].same) {
            assert_int_equal(bulk_journal_open(&journal, path, &rest, &error), BACM_OK);
            bacm_journal_close(journal);
        } else
            refuse(&rest, BACM_E_JOURNAL_MISMATCH, "another endpoint");
        rest.input_digest = "sha256:bb";
        refuse(&rest, BACM_E_JOURNAL_MISMATCH, places[i].same ? "input" : "endpoint");
        unlink(path);
    }
    over_rest = binding;
    over_rest.contract = "v13-rest";
    bacm_journal_close(open_journal());
    refuse(&over_rest, BACM_E_JOURNAL_MISMATCH, "contract version: v11, now it is v13-rest");
}

static void test_a_journal_in_use_is_refused_to_others(void **state)
{
    bacm_journal *journal = open_journal(), *second = NULL;
    bacm_error error;
    int status = 0;
    pid_t child;

    (void)state;
    refuse(&binding, BACM_E_JOURNAL_IN_USE, "locked");
    child = fork();
    if (child == 0)
        _exit(bulk_journal_open(&second, path, &binding, &error) == BACM_E_JOURNAL_IN_USE &&
                      bacm_journal_open(&second, path, &error) == BACM_E_JOURNAL_IN_USE
                  ? 0
                  : 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    record(journal, 0, BACM_JOURNAL_ADDED);
    bacm_journal_close(journal);
    bacm_journal_close(open_journal());
}

static void die_at_work(void)
{
    bacm_journal *journal = open_journal();
    struct bulk_row *row = make_row(1);
    bacm_error error;

    record(journal, 0, BACM_JOURNAL_SENDING);
    bulk_journal_begin(journal, &error);
    bulk_journal_put(journal, row, BACM_JOURNAL_SENDING, &error);
    raise(SIGKILL);
}

static void test_a_crash_leaves_what_was_committed(void **state)
{
    bacm_journal *journal;
    struct bulk_row *row;
    int status = 0;
    pid_t child = fork();

    (void)state;
    if (child == 0)
        die_at_work();
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    journal = open_journal();
    row = recall(journal, 0);
    assert_int_equal(row->state, BULK_ROW_LOST);
    bulk_row_free(row);
    row = recall(journal, 1);
    assert_false(row->journaled);
    bulk_row_free(row);
    bacm_journal_close(journal);
}

/*
 * Rows that were committed before the file could not grow. The journal stays open, as when
 * a program ends there, but not unknown: valgrind would call it lost.
 */
static uint64_t fill_up(void)
{
    static bacm_journal *journal;
    bacm_error error;
    uint64_t kept = 0;

    journal = open_journal();
    for (;; kept++) {
        struct bulk_row *row = make_row(kept);
        bacm_status status = bulk_journal_begin(journal, &error);

        if (status == BACM_OK)
            status = bulk_journal_put(journal, row, BACM_JOURNAL_SENDING, &error);
        if (status == BACM_OK)
            status = bulk_journal_commit(journal, &error);
        bulk_journal_rollback(journal);
        bulk_row_free(row);
        if (status != BACM_OK)
            break;
    }
    if (error.status != BACM_E_JOURNAL || !strstr(error.hint, "room"))
        _exit(250);
    return kept;
}

static void test_a_full_disk_is_told_and_takes_nothing_away(void **state)
{
    const struct rlimit limit = {16384, 16384};
    bacm_journal_info info = BACM_JOURNAL_INFO_INIT;
    bacm_journal *journal = NULL;
    bacm_error error;
    int status = 0;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        _exit((int)fill_up());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_between(WEXITSTATUS(status), 10, 249);
    assert_int_equal(bacm_journal_open(&journal, path, &error), BACM_OK);
    assert_int_equal(bacm_journal_inspect(journal, &info, &error), BACM_OK);
    assert_int_equal(info.rows[BACM_JOURNAL_SENDING], WEXITSTATUS(status));
    bacm_journal_close(journal);
}

/* What the first release has written: version 1 of the schema, v11 only. */
static const char first_schema[] =
    "CREATE TABLE binding(contract TEXT NOT NULL, endpoint TEXT NOT NULL,"
    " input_digest TEXT NOT NULL, managing_customer_id INTEGER NOT NULL, created TEXT NOT NULL);"
    "CREATE TABLE row(idx INTEGER PRIMARY KEY, tag INTEGER NOT NULL, client_account_id INTEGER,"
    " client_account_number TEXT, managing_customer_id INTEGER, managing_customer_number TEXT,"
    " state INTEGER NOT NULL, confirmed_by INTEGER NOT NULL, sent_ms INTEGER,"
    " tracking_id TEXT, errors TEXT);"
    "PRAGMA application_id=1650549613; PRAGMA user_version=1; PRAGMA journal_mode=WAL;"
    "INSERT INTO binding VALUES('v11', 'https://localhost:1/x', 'sha256:aa', 2002002,"
    " '2018-05-01T12:00:00Z');"
    "INSERT INTO row VALUES(0, 100, 1000000, NULL, 2002002, NULL, 3, 1, NULL, 'T', NULL);"
    "INSERT INTO row VALUES(1, 101, 1000001, NULL, 2002002, NULL, 1, 0, 1525176000123, NULL, NULL)";

static bool keep_last(const bacm_journal_entry *entry, void *user)
{
    bacm_journal_entry *last = user;

    *last = *entry;
    assert_string_equal(entry->client_customer_number, "");
    assert_string_equal(entry->customer_link_permission, "");
    return true;
}

static void check_old_entries(void)
{
    bacm_journal_entry last;
    bacm_journal *journal = NULL;
    bacm_error error;

    assert_int_equal(bacm_journal_open(&journal, path, &error), BACM_OK);
    assert_int_equal(bacm_journal_export(journal, keep_last, &last, &error), BACM_OK);
    assert_int_equal(last.index, 1);
    assert_int_equal(last.state, BACM_JOURNAL_SENDING);
    assert_int_equal(last.type, BACM_ACCOUNT_LINK);
    assert_int_equal(last.client_account_id, 1000001);
    assert_int_equal(last.client_customer_id, 0);
    bacm_journal_close(journal);
}

static void test_a_journal_of_the_first_release_goes_on_as_v11(void **state)
{
    struct bulk_binding later = binding;
    bacm_journal *journal;
    struct bulk_row *row;

    (void)state;
    run_sql(first_schema);
    later.contract = "v13";
    refuse(&later, BACM_E_JOURNAL_MISMATCH, "contract version: v11, now it is v13");
    check_old_entries(); /* reading changes nothing, and neither did the refusal */
    for (int again = 0; again < 2; again++) {
        journal = open_journal();
        row = recall(journal, 0);
        assert_int_equal(row->state, BULK_ROW_ADDED);
        bulk_row_free(row);
        row = recall(journal, 1);
        assert_int_equal(row->state, BULK_ROW_LOST);
        /* The first time it is by the machine's clock, which proves nothing. */
        assert_int_equal(row->sent.wall_ms, 1525176000123);
        assert_int_equal(row->sent.service_ms, again ? 1525176000123 : 0);
        bulk_row_free(row);
        record(journal, 1, BACM_JOURNAL_SENDING);
        bacm_journal_close(journal);
        check_old_entries();
    }
}

/* Half brought up to date by another program: refused as it is, and not changed. */
static void test_an_old_journal_that_cannot_be_brought_up_to_date_is_left_as_it_is(void **state)
{
    (void)state;
    run_sql(first_schema);
    run_sql("ALTER TABLE row ADD COLUMN customer_link_permission TEXT");
    for (int again = 0; again < 2; again++)
        refuse(&binding, BACM_E_JOURNAL, "cannot be brought up to date");
    run_sql("ALTER TABLE row ADD COLUMN type TEXT"); /* which the attempt has taken back */
}

static bool check_customer(const bacm_journal_entry *entry, void *user)
{
    (void)user;
    assert_int_equal(entry->type, BACM_CUSTOMER_LINK);
    assert_int_equal(entry->client_account_id, 0);
    assert_int_equal(entry->client_customer_id, entry->index ? 0 : 3001001);
    assert_string_equal(entry->client_customer_number, entry->index ? "C3001002" : "");
    assert_string_equal(entry->customer_link_permission, entry->index ? "" : "Standard");
    return true;
}

static void test_a_customer_is_kept_apart_from_an_account(void **state)
{
    struct bulk_binding later = binding;
    bacm_bulk_row from = {BACM_CLIENT_LINK_INIT, 0};
    bacm_journal *journal = NULL;
    struct bulk_row *row;
    bacm_error error;

    (void)state;
    later.contract = "v13";
    assert_int_equal(bulk_journal_open(&journal, path, &later, &error), BACM_OK);
    from.link.type = BACM_CUSTOMER_LINK;
    from.link.client_customer_id = 3001001;
    from.link.customer_link_permission = "Standard";
    from.link.managing_customer_id = 2002002;
    row = bulk_row_new(0, &from);
    put(journal, row, BACM_JOURNAL_ADDED);
    assert_int_equal(bulk_journal_recall(journal, row, &error), BACM_OK);
    assert_int_equal(row->state, BULK_ROW_ADDED);
    bulk_row_free(row);
    from.link.client_customer_id++;
    row = bulk_row_new(0, &from);
    assert_int_equal(bulk_journal_recall(journal, row, &error), BACM_E_JOURNAL_MISMATCH);
    bulk_row_free(row);
    from.link.client_customer_id--;
    from.link.type = BACM_ACCOUNT_LINK; /* the same id, but another client */
    from.link.client_account_id = 3001001;
    from.link.client_customer_id = 0;
    row = bulk_row_new(0, &from);
    assert_int_equal(bulk_journal_recall(journal, row, &error), BACM_E_JOURNAL_MISMATCH);
    bulk_row_free(row);
    from.link.type = BACM_CUSTOMER_LINK;
    from.link.client_account_id = 0;
    from.link.client_customer_number = "C3001002";
    from.link.customer_link_permission = NULL;
    row = bulk_row_new(1, &from);
    put(journal, row, BACM_JOURNAL_SENDING);
    bulk_row_free(row);
    from.link.client_customer_number = "C3001003";
    row = bulk_row_new(1, &from);
    assert_int_equal(bulk_journal_recall(journal, row, &error), BACM_E_JOURNAL_MISMATCH);
    bulk_row_free(row);
    assert_int_equal(bacm_journal_export(journal, check_customer, NULL, &error), BACM_OK);
    bacm_journal_close(journal);
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void run_sql(const char *sql)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void test_what_is_no_journal_is_refused(void **state)
{
    bacm_journal *journal = NULL;
    bacm_error error;

    (void)state;
    assert_int_equal(bacm_journal_open(&journal, path, &error), BACM_E_JOURNAL);
    assert_int_not_equal(access(path, F_OK), 0);
    write_file("ClientAccountId\n1001001\n1001002\n1001003\n");
    refuse(&binding, BACM_E_JOURNAL, "not a database");
    unlink(path);
    run_sql("CREATE TABLE other(a)");
    refuse(&binding, BACM_E_JOURNAL, "no journal of bacm");
    unlink(path);
    bacm_journal_close(open_journal());
    run_sql("PRAGMA user_version = 99");
    refuse(&binding, BACM_E_JOURNAL, "schema version 99");
    unlink(path);
    snprintf(path, sizeof path, "%s/missing/file", folder);
    refuse(&binding, BACM_E_JOURNAL, "cannot be opened: No such file");
    snprintf(path, sizeof path, "%s", folder);
    refuse(&binding, BACM_E_JOURNAL, "not a regular file");
    snprintf(path, sizeof path, "%s/journal", folder);
}

static void test_nobody_else_may_read_it(void **state)
{
    struct stat file;
    mode_t before = umask(0);
    bacm_journal *journal = open_journal();

    (void)state;
    umask(before);
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    bacm_journal_close(journal);
}

/* --- one file, of this user, that a reader leaves as it is ------------------------ */

/* By another process, with the path in $J: closing a file here would take a run's lock away. */
static void shell(const char *command)
{
    assert_int_equal(setenv("J", path, 1), 0);
    assert_int_equal(system(command), 0);
}

/* The journal alone, as somebody takes it elsewhere. */
static void take_away_alone(void)
{
    shell("cp $J $J.copy && rm -f $J-wal $J-journal && mv $J.copy $J");
}

static uint64_t rows_in(bacm_journal_state state)
{
    bacm_journal_info info = BACM_JOURNAL_INFO_INIT;
    bacm_journal *journal = NULL;
    bacm_error error;

    if (bacm_journal_open(&journal, path, &error) != BACM_OK)
        fail_msg("%s", error.message);
    assert_int_equal(bacm_journal_inspect(journal, &info, &error), BACM_OK);
    bacm_journal_close(journal);
    return info.rows[state];
}

static void refuse_reading(const char *word)
{
    bacm_journal *journal = NULL;
    bacm_error error;

    assert_int_equal(bacm_journal_open(&journal, path, &error), BACM_E_JOURNAL);
    if (!strstr(error.message, word))
        fail_msg("\"%s\" does not say \"%s\"", error.message, word);
}

static void test_the_file_alone_is_whole_after_each_commit(void **state)
{
    int status = 0;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        bacm_journal *journal = open_journal();

        for (uint64_t i = 0; i < 20; i++)
            record(journal, i, BACM_JOURNAL_SENDING);
        raise(SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    take_away_alone();
    assert_int_equal(rows_in(BACM_JOURNAL_SENDING), 20);
    bacm_journal_close(open_journal());
}

/* Rows with much to say, so that SQLite moves others from page to page; the number of each
 * commit goes to the parent. */
static void write_without_end(int told)
{
    static char text[1500];
    const bacm_service_error error = {BACM_CHANNEL_PARTIAL, true, 1410, "", text, ""};
    bacm_journal *journal = open_journal();

    memset(text, 't', sizeof text - 1);
    for (uint32_t i = 0;; i++) {
        struct bulk_row *row = make_row(i), *before = make_row(i / 2);

        assert_true(bulk_errors_set(&before->errors, &error, 1));
        put(journal, row, BACM_JOURNAL_SENDING);
        put(journal, before, i % 2 ? BACM_JOURNAL_FAILED : BACM_JOURNAL_UNKNOWN);
        if (write(told, &i, sizeof i) != sizeof i)
            _exit(0);
        bulk_row_free(row);
        bulk_row_free(before);
    }
}

/* Kill it after a while; how many rows it has surely written. */
static uint32_t kill_a_writer(uint32_t after)
{
    uint32_t rows = 0;
    int pipes[2], status = 0;
    pid_t child;

    assert_int_equal(pipe(pipes), 0);
    child = fork();
    if (child == 0)
        write_without_end(pipes[1]);
    close(pipes[1]);
    while (rows < after && read(pipes[0], &rows, sizeof rows) == sizeof rows)
        continue;
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    while (read(pipes[0], &rows, sizeof rows) == sizeof rows)
        continue;
    close(pipes[0]);
    return rows + 1;
}

/* Whenever it is killed: taken away alone, it has all that was committed or is refused. */
static void test_a_copy_of_the_file_alone_forgets_nothing(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 4; round++) {
        uint32_t rows = kill_a_writer(20 + 11 * round);
        bacm_journal *journal = NULL;
        bacm_error error;
        bacm_status status;

        take_away_alone();
        status = bulk_journal_open(&journal, path, &binding, &error);
        if (status != BACM_OK && status != BACM_E_JOURNAL)
            fail_msg("%s", error.message);
        for (uint32_t i = 0; status == BACM_OK && i < rows; i++) {
            struct bulk_row *row = recall(journal, i);

            assert_true(row->journaled);
            bulk_row_free(row);
        }
        bacm_journal_close(journal);
        unlink(path);
    }
}

static void test_a_journal_that_has_lost_rows_is_refused(void **state)
{
    bacm_journal *journal = open_journal();

    (void)state;
    for (uint64_t i = 0; i < 3; i++)
        record(journal, i, BACM_JOURNAL_SENDING);
    record(journal, 1, BACM_JOURNAL_ADDED);
    bacm_journal_close(journal);
    assert_int_equal(rows_in(BACM_JOURNAL_ADDED), 1);
    run_sql("DELETE FROM row WHERE idx = 1");
    refuse(&binding, BACM_E_JOURNAL, "has 2 rows and should have 3");
    refuse_reading("has 2 rows and should have 3");
}

/* Version 2 left its rows in a second file; a copy of the first is no new journal. */
static void test_a_header_without_a_run_is_refused(void **state)
{
    int status = 0;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        sqlite3 *db = NULL;

        sqlite3_open(path, &db);
        sqlite3_exec(db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
        sqlite3_exec(db, first_schema, NULL, NULL, NULL);
        raise(SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    shell("cp $J $J.copy");
    assert_int_equal(rows_in(BACM_JOURNAL_ADDED), 1);
    shell("test -s $J-wal");
    bacm_journal_close(open_journal());
    assert_int_equal(rows_in(BACM_JOURNAL_SENDING), 1);
    shell("mv $J.copy $J");
    refuse(&binding, BACM_E_JOURNAL, "a header and no run");
    refuse_reading("a header and no run");
    shell(": >$J");
    refuse_reading("empty");
    bacm_journal_close(open_journal());
}

/* The mode is the last thing to be put right. */
static void refuse_mode(mode_t mode)
{
    assert_int_equal(chmod(path, mode), 0);
    refuse(&binding, BACM_E_JOURNAL, "by others");
    refuse_reading("by others");
    assert_int_equal(chmod(path, 0600), 0);
}

static void test_a_journal_that_others_could_have_written_is_refused(void **state)
{
    char other[128];

    (void)state;
    bacm_journal_close(open_journal());
    refuse_mode(0620);
    refuse_mode(0602);
    refuse_mode(0640);
    snprintf(other, sizeof other, "%s-journal", path);
    shell("cp $J $J-journal && chmod 622 $J-journal"); /* SQLite would take it for a part */
    refuse(&binding, BACM_E_JOURNAL, "by others");
    refuse_reading("by others");
    unlink(other);
    bacm_journal_close(open_journal());
    snprintf(other, sizeof other, "%s/other", folder);
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(symlink(other, path), 0);
    refuse(&binding, BACM_E_JOURNAL, "symbolic link");
    refuse_reading("symbolic link");
    unlink(path);
    assert_int_equal(symlink("nowhere", path), 0);
    refuse(&binding, BACM_E_JOURNAL, "symbolic link");
    assert_int_equal(rename(other, path), 0);
    if (geteuid() == 0 && chown(path, 4711, 4711) == 0) {
        refuse(&binding, BACM_E_JOURNAL, "belongs to another user");
        refuse_reading("belongs to another user");
    }
}

/* A folder may be a link: /tmp is one on many systems. */
static void test_a_folder_may_be_a_link(void **state)
{
    char link[80], name[96];

    (void)state;
    bacm_journal_close(open_journal());
    snprintf(link, sizeof link, "%.70s.link", folder);
    assert_int_equal(symlink(folder, link), 0);
    strcpy(name, path);
    snprintf(path, sizeof path, "%s/journal", link);
    bacm_journal_close(open_journal());
    assert_int_equal(rows_in(BACM_JOURNAL_ADDED), 0);
    strcpy(path, name);
    unlink(link);
}

static void die_with_pages_on_the_disk(void)
{
    bacm_journal *journal = open_journal();
    bacm_error error;

    record(journal, 0, BACM_JOURNAL_ADDED);
    bulk_journal_begin(journal, &error);
    for (uint64_t i = 1; i < 20000; i++) { /* more than SQLite keeps in memory */
        struct bulk_row *row = make_row(i);

        bulk_journal_put(journal, row, BACM_JOURNAL_SENDING, &error);
        bulk_row_free(row);
    }
    raise(SIGKILL);
}

/* What a crash has left is there for the next run, in the same bytes and with the same times. */
static void test_reading_changes_nothing(void **state)
{
    int status = 0;
    pid_t child = fork();

    (void)state;
    if (child == 0)
        die_with_pages_on_the_disk();
    assert_int_equal(waitpid(child, &status, 0), child);
    shell("test -s $J-journal && touch -d 2018-05-01 $J $J-journal");
    shell(
        "cd $(dirname $J) && { ls -l --full-time; cksum journal*; } >/tmp/$(basename $PWD).before");
    assert_int_equal(rows_in(BACM_JOURNAL_ADDED), 1);
    assert_int_equal(rows_in(BACM_JOURNAL_SENDING), 0);
    shell("cd $(dirname $J) && { ls -l --full-time; cksum journal*; } | "
          "diff /tmp/$(basename $PWD).before - && rm /tmp/$(basename $PWD).before");
    bacm_journal_close(open_journal());
    shell("test ! -e $J-journal");
    assert_int_equal(rows_in(BACM_JOURNAL_ADDED), 1);
}

struct text {
    char bytes[1024];
    size_t used;
};

static bool collect(const bacm_journal_entry *entry, void *user)
{
    struct text *text = user;
    int length =
        snprintf(text->bytes + text->used, sizeof text->bytes - text->used, "%d %d %s %d %d %s;",
                 (int)entry->index, (int)entry->tag, bacm_journal_state_name(entry->state),
                 (int)entry->client_account_id, (int)entry->error_count, entry->sent);

    text->used += (size_t)length;
    return entry->index < 2;
}

static void test_show_and_export(void **state)
{
    bacm_journal_info info = BACM_JOURNAL_INFO_INIT;
    bacm_journal *journal = open_journal();
    struct text text = {"", 0};
    bacm_error error;

    (void)state;
    record(journal, 2, BACM_JOURNAL_UNKNOWN);
    record(journal, 0, BACM_JOURNAL_ADDED);
    record(journal, 1, BACM_JOURNAL_ADDED);
    bacm_journal_close(journal);
    assert_int_equal(bacm_journal_open(&journal, path, &error), BACM_OK);
    assert_int_equal(bacm_journal_inspect(journal, &info, &error), BACM_OK);
    assert_string_equal(info.contract, "v11");
    assert_string_equal(info.endpoint, binding.endpoint);
    assert_string_equal(info.input_digest, "sha256:aa");
    assert_int_equal(info.managing_customer_id, 2002002);
    assert_int_equal(strlen(info.created), 20);
    assert_int_equal(info.rows[BACM_JOURNAL_ADDED], 2);
    assert_int_equal(info.rows[BACM_JOURNAL_UNKNOWN], 1);
    assert_int_equal(bacm_journal_export(journal, collect, &text, &error), BACM_E_CANCELED);
    assert_string_equal(text.bytes, "0 100 added 1000000 0 ;1 101 added 1000001 0 ;"
                                    "2 102 unknown 1000002 0 2018-05-01T12:00:00Z;");
    bacm_journal_close(journal);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* The second identity belongs to what a row says; rows without it are as they always were. */
static void test_a_second_identity_belongs_to_the_content(void **state)
{
    bacm_client_link link = BACM_CLIENT_LINK_INIT, other;

    (void)state;
    link.client_account_id = 1001001;
    assert_true(bacm_bulk_content(&link) == UINT64_C(0xe604823a249029bf));
    other = link;
    other.client_entity_customer_number = "C3001001";
    assert_true(bacm_bulk_content(&other) != bacm_bulk_content(&link));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_outcomes_are_recalled_with_their_errors),
        TEST(test_open_rows_must_be_searched_for_and_others_sent),
        TEST(test_the_moment_of_an_attempt_is_kept_by_a_clock_that_nobody_sets),
        TEST(test_a_row_that_was_never_reached_is_unknown_to_it),
        TEST(test_another_row_at_the_same_place_is_refused),
        TEST(test_a_changed_binding_is_refused_and_named),
        TEST(test_versions_are_not_mixed_in_one_journal),
        TEST(test_v13_goes_on_over_rest),
        TEST(test_a_journal_of_the_first_release_goes_on_as_v11),
        TEST(test_an_old_journal_that_cannot_be_brought_up_to_date_is_left_as_it_is),
        TEST(test_a_customer_is_kept_apart_from_an_account),
        TEST(test_a_journal_in_use_is_refused_to_others),
        TEST(test_a_crash_leaves_what_was_committed),
        TEST(test_a_full_disk_is_told_and_takes_nothing_away),
        TEST(test_what_is_no_journal_is_refused),
        TEST(test_nobody_else_may_read_it),
        TEST(test_the_file_alone_is_whole_after_each_commit),
        TEST(test_a_copy_of_the_file_alone_forgets_nothing),
        TEST(test_a_journal_that_has_lost_rows_is_refused),
        TEST(test_a_header_without_a_run_is_refused),
        TEST(test_a_journal_that_others_could_have_written_is_refused),
        TEST(test_a_folder_may_be_a_link),
        TEST(test_reading_changes_nothing),
        TEST(test_show_and_export),
        cmocka_unit_test(test_a_second_identity_belongs_to_the_content),
    };

    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
