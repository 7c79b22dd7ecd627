#include "bulk/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "bulk/fail.h"

/* "bacm" as a number, in the header of the file. */
#define APPLICATION_ID 0x6261636d
#define SCHEMA_VERSION 1

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

/* state and confirmed_by are the numbers of bacm_journal_state and bacm_bulk_confirmation. */
static const char schema[] =
    "CREATE TABLE binding("
    " contract TEXT NOT NULL, endpoint TEXT NOT NULL, input_digest TEXT NOT NULL,"
    " managing_customer_id INTEGER NOT NULL, created TEXT NOT NULL);"
    "CREATE TABLE row("
    " idx INTEGER PRIMARY KEY, tag INTEGER NOT NULL,"
    " client_account_id INTEGER, client_account_number TEXT,"
    " managing_customer_id INTEGER, managing_customer_number TEXT,"
    " state INTEGER NOT NULL, confirmed_by INTEGER NOT NULL, sent_ms INTEGER,"
    " tracking_id TEXT, errors TEXT);"
    "PRAGMA application_id=" TEXT(APPLICATION_ID) ";"
                                                  "PRAGMA user_version=" TEXT(SCHEMA_VERSION) ";";

#define COLUMNS                                                                                    \
    "idx, tag, client_account_id, client_account_number, managing_customer_id,"                    \
    " managing_customer_number, state, confirmed_by, sent_ms, tracking_id, errors"

enum column {
    COLUMN_INDEX = 0,
    COLUMN_TAG,
    COLUMN_ACCOUNT_ID,
    COLUMN_ACCOUNT_NUMBER,
    COLUMN_MANAGER_ID,
    COLUMN_MANAGER_NUMBER,
    COLUMN_STATE,
    COLUMN_CONFIRMED,
    COLUMN_SENT,
    COLUMN_TRACKING,
    COLUMN_ERRORS
};

struct bacm_journal {
    sqlite3 *db;
    sqlite3_stmt *find;
    sqlite3_stmt *put;
    int64_t first_free; /* no row at or behind this index is recorded */
    int schema_version;
    char *contract;
    char *endpoint;
    char *input_digest;
    char *created;
    int64_t managing_customer_id;
};

int64_t bulk_wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bacm_status fail(const bacm_journal *journal, const char *what, bacm_error *error)
{
    int code = sqlite3_errcode(journal->db);
    bacm_status status = BACM_E_JOURNAL;
    const char *hint = "";

    switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        status = BACM_E_JOURNAL_IN_USE;
        hint = "Wait until the other run has ended.";
        break;
    case SQLITE_NOMEM:
        return bulk_fail_memory(error);
    case SQLITE_FULL:
    case SQLITE_IOERR:
        hint = "Make room on the disk and run the same command again: it goes on where it stopped.";
        break;
    case SQLITE_NOTADB:
        hint = "Give the path of a journal, or of a file that does not exist yet.";
        break;
    case SQLITE_CORRUPT:
        hint = "Keep the file, start with a new journal: links that exist are refused with code "
               "1410, none is invited twice.";
        break;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        hint = "Check that the folder exists and that you may write to the folder and the file.";
        break;
    default:
        break;
    }
    bulk_fail(error, status, "the journal %s: %s", what, sqlite3_errmsg(journal->db));
    bulk_hint(error, hint);
    return status;
}

static bacm_status run(bacm_journal *journal, const char *sql, const char *what, bacm_error *error)
{
    return sqlite3_exec(journal->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? BACM_OK
               : fail(journal, what, error);
}

static bacm_status read_number(bacm_journal *journal, const char *sql, int64_t *value,
                               bacm_error *error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(journal->db, sql, -1, &statement, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return code == SQLITE_ROW ? BACM_OK : fail(journal, "cannot be read", error);
}

/*
 * The file is made here and not by SQLite, because it lists whom an agency
 * invites: nobody but its owner shall read it.
 */
static bacm_status make_file(const char *path, bacm_error *error)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (file >= 0) {
        close(file);
        return BACM_OK;
    }
    if (errno == EEXIST)
        return BACM_OK;
    bulk_fail(error, BACM_E_JOURNAL, "the journal %s cannot be made: %s", path, strerror(errno));
    bulk_hint(error, "Check that the folder exists and that you may write to it.");
    return BACM_E_JOURNAL;
}

/* Whether the file is a journal that this version understands; *empty: nothing is in it yet. */
static bacm_status identify(bacm_journal *journal, bool *empty, bacm_error *error)
{
    int64_t application = 0, version = 0, tables = 0;
    bacm_status status = read_number(journal, "SELECT count(*) FROM sqlite_master", &tables, error);

    if (status == BACM_OK)
        status = read_number(journal, "PRAGMA application_id", &application, error);
    if (status == BACM_OK)
        status = read_number(journal, "PRAGMA user_version", &version, error);
    if (status != BACM_OK)
        return status;
    *empty = tables == 0;
    journal->schema_version = (int)version;
    if (*empty)
        return BACM_OK;
    if (application != APPLICATION_ID) {
        bulk_fail(error, BACM_E_JOURNAL, "the file is a database, but no journal of bacm");
        bulk_hint(error, "Give the path of a journal, or of a file that does not exist yet.");
        return BACM_E_JOURNAL;
    }
    if (version < 1 || version > SCHEMA_VERSION) {
        bulk_fail(error, BACM_E_JOURNAL,
                  "the journal has schema version %" PRId64 ", this program knows up to %d",
                  version, SCHEMA_VERSION);
        bulk_hint(error, "Use the version of bacm that has made it, or a later one.");
        return BACM_E_JOURNAL;
    }
    return BACM_OK;
}

static char *column_copy(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    return strdup(text ? text : "");
}

static bacm_status read_binding(bacm_journal *journal, bacm_error *error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(journal->db,
                                  "SELECT contract, endpoint, input_digest, managing_customer_id,"
                                  " created FROM binding",
                                  -1, &statement, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        journal->contract = column_copy(statement, 0);
        journal->endpoint = column_copy(statement, 1);
        journal->input_digest = column_copy(statement, 2);
        journal->managing_customer_id = sqlite3_column_int64(statement, 3);
        journal->created = column_copy(statement, 4);
    }
    sqlite3_finalize(statement);
    if (code == SQLITE_DONE)
        return bulk_fail(error, BACM_E_JOURNAL, "the journal does not tell what it belongs to");
    if (code != SQLITE_ROW)
        return fail(journal, "cannot be read", error);
    if (!journal->contract || !journal->endpoint || !journal->input_digest || !journal->created)
        return bulk_fail_memory(error);
    return BACM_OK;
}

static bacm_status write_binding(bacm_journal *journal, const struct bulk_binding *binding,
                                 bacm_error *error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(journal->db,
                                  "INSERT INTO binding VALUES(?, ?, ?, ?,"
                                  " strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                                  -1, &statement, NULL);

    if (code == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, binding->contract, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, binding->endpoint, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 3, binding->input_digest, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 4, binding->managing_customer_id);
        code = sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? BACM_OK : fail(journal, "cannot be made", error);
}

static bacm_status create(bacm_journal *journal, const struct bulk_binding *binding,
                          bacm_error *error)
{
    bacm_status status = run(journal, "BEGIN EXCLUSIVE", "cannot be locked", error);

    if (status == BACM_OK)
        status = run(journal, schema, "cannot be made", error);
    if (status == BACM_OK)
        status = write_binding(journal, binding, error);
    if (status == BACM_OK)
        status = run(journal, "COMMIT", "cannot be made", error);
    if (status == BACM_OK)
        journal->schema_version = SCHEMA_VERSION;
    else
        bulk_journal_rollback(journal);
    return status;
}

static bacm_status differs(const char *what, const char *recorded, const char *given,
                           bacm_error *error)
{
    bulk_fail(error, BACM_E_JOURNAL_MISMATCH, "the journal belongs to another %s: %s, now it is %s",
              what, recorded, given);
    bulk_hint(error, "Give what the journal was made for, or another --journal file to start anew: "
                     "links that exist are refused with code 1410, none is invited twice.");
    return BACM_E_JOURNAL_MISMATCH;
}

static bacm_status check_binding(const bacm_journal *journal, const struct bulk_binding *binding,
                                 bacm_error *error)
{
    char recorded[24], given[24];

    if (strcmp(journal->contract, binding->contract) != 0)
        return differs("contract version", journal->contract, binding->contract, error);
    if (strcmp(journal->endpoint, binding->endpoint) != 0)
        return differs("endpoint", journal->endpoint, binding->endpoint, error);
    if (journal->managing_customer_id != binding->managing_customer_id) {
        snprintf(recorded, sizeof recorded, "%" PRId64, journal->managing_customer_id);
        snprintf(given, sizeof given, "%" PRId64, binding->managing_customer_id);
        return differs("managing customer", recorded, given, error);
    }
    if (strcmp(journal->input_digest, binding->input_digest) != 0)
        return differs("input (by its digest)", journal->input_digest, binding->input_digest,
                       error);
    return BACM_OK;
}

static bacm_status prepare(bacm_journal *journal, bacm_error *error)
{
    static const char find[] = "SELECT " COLUMNS " FROM row WHERE idx = ?";
    static const char put[] = "INSERT INTO row(" COLUMNS ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                              " ON CONFLICT(idx) DO UPDATE SET state = excluded.state,"
                              " confirmed_by = excluded.confirmed_by, sent_ms = excluded.sent_ms,"
                              " tracking_id = excluded.tracking_id, errors = excluded.errors";

    if (sqlite3_prepare_v3(journal->db, find, -1, SQLITE_PREPARE_PERSISTENT, &journal->find,
                           NULL) != SQLITE_OK ||
        sqlite3_prepare_v3(journal->db, put, -1, SQLITE_PREPARE_PERSISTENT, &journal->put, NULL) !=
            SQLITE_OK)
        return fail(journal, "cannot be read", error);
    return read_number(journal, "SELECT ifnull(max(idx) + 1, 0) FROM row", &journal->first_free,
                       error);
}

/*
 * With an exclusive lock no shared-memory file is needed, and a second run is
 * refused as long as this one lives; a crash gives the lock back.
 */
static bacm_status connect_file(bacm_journal *journal, const char *path, bacm_error *error)
{
    if (sqlite3_open_v2(path, &journal->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        return journal->db ? fail(journal, "cannot be opened", error) : bulk_fail_memory(error);
    sqlite3_extended_result_codes(journal->db, 0);
    return run(journal, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA trusted_schema=OFF",
               "cannot be opened", error);
}

static bacm_status open_for_run(bacm_journal *journal, const char *path,
                                const struct bulk_binding *binding, bacm_error *error)
{
    bool empty = false;
    bacm_status status = make_file(path, error);

    if (status == BACM_OK)
        status = connect_file(journal, path, error);
    if (status == BACM_OK)
        status = identify(journal, &empty, error);
    if (status == BACM_OK)
        status = run(journal,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "BEGIN EXCLUSIVE; COMMIT",
                     "cannot be locked", error);
    if (status == BACM_OK && empty)
        status = create(journal, binding, error);
    if (status == BACM_OK)
        status = read_binding(journal, error);
    if (status == BACM_OK)
        status = check_binding(journal, binding, error);
    if (status == BACM_OK)
        status = prepare(journal, error);
    return status;
}

static bacm_status open_for_reading(bacm_journal *journal, const char *path, bacm_error *error)
{
    bool empty = false;
    bacm_status status = connect_file(journal, path, error);

    if (status == BACM_OK)
        status = identify(journal, &empty, error);
    if (status == BACM_OK && empty)
        status = bulk_fail(error, BACM_E_JOURNAL, "the file is empty, no journal of bacm");
    if (status == BACM_OK)
        status = read_binding(journal, error);
    return status;
}

/* Keep the journal when it could be opened, else close it. */
static bacm_status hand_out(bacm_journal **out, bacm_journal *journal, bacm_status status)
{
    if (status == BACM_OK)
        *out = journal;
    else
        bacm_journal_close(journal);
    return status;
}

bacm_status bulk_journal_open(bacm_journal **out, const char *path,
                              const struct bulk_binding *binding, bacm_error *error)
{
    bacm_journal *journal = calloc(1, sizeof *journal);

    *out = NULL;
    if (!journal)
        return bulk_fail_memory(error);
    return hand_out(out, journal, open_for_run(journal, path, binding, error));
}

bacm_status bacm_journal_open(bacm_journal **out, const char *path, bacm_error *error)
{
    bacm_journal *journal;

    bulk_error_clear(error);
    if (!out || !path)
        return bulk_fail(error, BACM_E_ARGUMENT, "%s is NULL", out ? "path" : "out");
    *out = NULL;
    journal = calloc(1, sizeof *journal);
    if (!journal)
        return bulk_fail_memory(error);
    return hand_out(out, journal, open_for_reading(journal, path, error));
}

void bacm_journal_close(bacm_journal *journal)
{
    if (!journal)
        return;
    sqlite3_finalize(journal->find);
    sqlite3_finalize(journal->put);
    sqlite3_close(journal->db);
    free(journal->contract);
    free(journal->endpoint);
    free(journal->input_digest);
    free(journal->created);
    free(journal);
}

/* --- one row ------------------------------------------------------------- */

static const char *column_text(sqlite3_stmt *statement, enum column column)
{
    const char *text = (const char *)sqlite3_column_text(statement, (int)column);

    return text ? text : "";
}

static bool same_text(const char *recorded, const char *given)
{
    return strcmp(recorded, given ? given : "") == 0;
}

static bool same_row(sqlite3_stmt *statement, const bacm_client_link *link)
{
    return sqlite3_column_int64(statement, COLUMN_ACCOUNT_ID) == link->client_account_id &&
           sqlite3_column_int64(statement, COLUMN_MANAGER_ID) == link->managing_customer_id &&
           same_text(column_text(statement, COLUMN_ACCOUNT_NUMBER), link->client_account_number) &&
           same_text(column_text(statement, COLUMN_MANAGER_NUMBER), link->managing_customer_number);
}

static bacm_status recall_decided(sqlite3_stmt *statement, struct bulk_row *row,
                                  bacm_bulk_outcome outcome, bacm_error *error)
{
    const char *errors = column_text(statement, COLUMN_ERRORS);

    bulk_row_decide(row, outcome, BACM_BULK_BY_JOURNAL, BACM_OK);
    bulk_text_copy(row->tracking_id, sizeof row->tracking_id,
                   column_text(statement, COLUMN_TRACKING));
    if (*errors && !bulk_errors_from_json(&row->errors, errors))
        return bulk_fail(error, BACM_E_JOURNAL,
                         "the journal has errors of row %" PRIu64 " that cannot be read",
                         row->index);
    return BACM_OK;
}

static bacm_status recall(sqlite3_stmt *statement, struct bulk_row *row, bacm_error *error)
{
    row->journaled = true;
    if (!same_row(statement, &row->link)) {
        bulk_fail(error, BACM_E_JOURNAL_MISMATCH,
                  "row %" PRIu64 " of the input is another than the journal has recorded",
                  row->index);
        bulk_hint(error, "The input must be the same, in the same order, in every run with a "
                         "journal.");
        return BACM_E_JOURNAL_MISMATCH;
    }
    switch (sqlite3_column_int(statement, COLUMN_STATE)) {
    case BACM_JOURNAL_ADDED:
        return recall_decided(statement, row, BACM_BULK_ADDED, error);
    case BACM_JOURNAL_FAILED:
        return recall_decided(statement, row, BACM_BULK_FAILED, error);
    case BACM_JOURNAL_NOT_SENT:
    case BACM_JOURNAL_LATER:
        return BACM_OK;
    default: /* also a state of a later version: searching does no harm */
        row->prior = true;
        row->check = true;
        row->sent_ms = sqlite3_column_int64(statement, COLUMN_SENT);
        return BACM_OK;
    }
}

bacm_status bulk_journal_recall(bacm_journal *journal, struct bulk_row *row, bacm_error *error)
{
    bacm_status status = BACM_OK;
    int code;

    if ((int64_t)row->index >= journal->first_free)
        return BACM_OK;
    sqlite3_bind_int64(journal->find, 1, (sqlite3_int64)row->index);
    code = sqlite3_step(journal->find);
    if (code == SQLITE_ROW)
        status = recall(journal->find, row, error);
    else if (code != SQLITE_DONE)
        status = fail(journal, "cannot be read", error);
    sqlite3_reset(journal->find);
    return status;
}

bacm_status bulk_journal_begin(bacm_journal *journal, bacm_error *error)
{
    return run(journal, "BEGIN", "cannot be written", error);
}

bacm_status bulk_journal_commit(bacm_journal *journal, bacm_error *error)
{
    bacm_status status = run(journal, "COMMIT", "cannot be written", error);

    if (status != BACM_OK)
        bulk_journal_rollback(journal);
    return status;
}

void bulk_journal_rollback(bacm_journal *journal)
{
    if (!sqlite3_get_autocommit(journal->db))
        sqlite3_exec(journal->db, "ROLLBACK", NULL, NULL, NULL);
}

/* Absent values are NULL in the file, which costs one byte. */
static void put_number(sqlite3_stmt *statement, enum column column, int64_t value)
{
    if (value)
        sqlite3_bind_int64(statement, (int)column + 1, value);
    else
        sqlite3_bind_null(statement, (int)column + 1);
}

static void put_text(sqlite3_stmt *statement, enum column column, const char *text)
{
    sqlite3_bind_text(statement, (int)column + 1, text && *text ? text : NULL, -1, SQLITE_STATIC);
}

bacm_status bulk_journal_put(bacm_journal *journal, const struct bulk_row *row,
                             bacm_journal_state state, bacm_error *error)
{
    sqlite3_stmt *put = journal->put;
    char *errors = row->errors.count ? bulk_errors_to_json(&row->errors) : NULL;
    bool open = state == BACM_JOURNAL_SENDING || state == BACM_JOURNAL_UNKNOWN;
    int code;

    sqlite3_bind_int64(put, COLUMN_INDEX + 1, (sqlite3_int64)row->index);
    sqlite3_bind_int64(put, COLUMN_TAG + 1, (sqlite3_int64)row->tag);
    put_number(put, COLUMN_ACCOUNT_ID, row->link.client_account_id);
    put_text(put, COLUMN_ACCOUNT_NUMBER, row->link.client_account_number);
    put_number(put, COLUMN_MANAGER_ID, row->link.managing_customer_id);
    put_text(put, COLUMN_MANAGER_NUMBER, row->link.managing_customer_number);
    sqlite3_bind_int(put, COLUMN_STATE + 1, (int)state);
    sqlite3_bind_int(put, COLUMN_CONFIRMED + 1, (int)row->confirmed_by);
    put_number(put, COLUMN_SENT, open ? row->sent_ms : 0);
    put_text(put, COLUMN_TRACKING, row->tracking_id);
    put_text(put, COLUMN_ERRORS, errors);
    code = sqlite3_step(put);
    sqlite3_reset(put);
    sqlite3_clear_bindings(put);
    free(errors);
    if (code != SQLITE_DONE)
        return fail(journal, "cannot be written", error);
    if ((int64_t)row->index >= journal->first_free)
        journal->first_free = (int64_t)row->index + 1;
    return BACM_OK;
}

/* --- reading for people --------------------------------------------------- */

static bacm_status count_states(bacm_journal *journal, uint64_t counts[BACM_JOURNAL_STATES],
                                bacm_error *error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(journal->db, "SELECT state, count(*) FROM row GROUP BY state", -1,
                                  &statement, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
        int state = sqlite3_column_int(statement, 0);

        if (state >= 0 && state < BACM_JOURNAL_STATES)
            counts[state] = (uint64_t)sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? BACM_OK : fail(journal, "cannot be read", error);
}

bacm_status bacm_journal_inspect(bacm_journal *journal, bacm_journal_info *info, bacm_error *error)
{
    bulk_error_clear(error);
    if (!journal || !info || info->struct_size != sizeof *info)
        return bulk_fail(error, BACM_E_ARGUMENT, "journal or info is NULL or not initialised");
    memset(info->rows, 0, sizeof info->rows);
    info->schema_version = journal->schema_version;
    info->contract = journal->contract;
    info->endpoint = journal->endpoint;
    info->input_digest = journal->input_digest;
    info->managing_customer_id = journal->managing_customer_id;
    info->created = journal->created;
    return count_states(journal, info->rows, error);
}

static void format_time(char *buffer, size_t size, int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm utc;

    buffer[0] = '\0';
    if (ms && gmtime_r(&seconds, &utc))
        strftime(buffer, size, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static bool hand_entry(sqlite3_stmt *statement, bacm_journal_callback *callback, void *user)
{
    const char *json = column_text(statement, COLUMN_ERRORS);
    struct bulk_errors errors = {NULL, 0};
    bacm_journal_entry entry = {.struct_size = sizeof entry};
    char sent[32];
    bool go_on;

    format_time(sent, sizeof sent, sqlite3_column_int64(statement, COLUMN_SENT));
    if (*json)
        bulk_errors_from_json(&errors, json);
    entry.index = (uint64_t)sqlite3_column_int64(statement, COLUMN_INDEX);
    entry.tag = (uint64_t)sqlite3_column_int64(statement, COLUMN_TAG);
    entry.client_account_id = sqlite3_column_int64(statement, COLUMN_ACCOUNT_ID);
    entry.client_account_number = column_text(statement, COLUMN_ACCOUNT_NUMBER);
    entry.managing_customer_id = sqlite3_column_int64(statement, COLUMN_MANAGER_ID);
    entry.managing_customer_number = column_text(statement, COLUMN_MANAGER_NUMBER);
    entry.state = (bacm_journal_state)sqlite3_column_int(statement, COLUMN_STATE);
    entry.confirmed_by = (bacm_bulk_confirmation)sqlite3_column_int(statement, COLUMN_CONFIRMED);
    entry.sent = sent;
    entry.tracking_id = column_text(statement, COLUMN_TRACKING);
    entry.errors = errors.list;
    entry.error_count = errors.count;
    go_on = callback(&entry, user);
    bulk_errors_clear(&errors);
    return go_on;
}

bacm_status bacm_journal_export(bacm_journal *journal, bacm_journal_callback *callback, void *user,
                                bacm_error *error)
{
    sqlite3_stmt *statement = NULL;
    int code;

    bulk_error_clear(error);
    if (!journal || !callback)
        return bulk_fail(error, BACM_E_ARGUMENT, "%s is NULL", journal ? "callback" : "journal");
    code = sqlite3_prepare_v2(journal->db, "SELECT " COLUMNS " FROM row ORDER BY idx", -1,
                              &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    while (code == SQLITE_ROW && hand_entry(statement, callback, user))
        code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (code == SQLITE_ROW)
        return bulk_fail(error, BACM_E_CANCELED, "the export was ended by its caller");
    return code == SQLITE_DONE ? BACM_OK : fail(journal, "cannot be read", error);
}
