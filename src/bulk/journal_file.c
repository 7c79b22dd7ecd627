/*
 * The file of a journal: made, recognised, bound to its input, locked.
 */
#include "bulk/journal_db.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bulk/fail.h"

/* "bacm" as a number, in the header of the file. */
#define APPLICATION_ID 0x6261636d
#define SCHEMA_VERSION 2

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
    " tracking_id TEXT, errors TEXT, type TEXT, client_customer_id INTEGER,"
    " client_customer_number TEXT, customer_link_permission TEXT);"
    "PRAGMA application_id=" TEXT(APPLICATION_ID) ";"
                                                  "PRAGMA user_version=" TEXT(SCHEMA_VERSION) ";";

/* From version 1, which knew client accounts only. */
static const char upgrade[] = "BEGIN EXCLUSIVE;"
                              "ALTER TABLE row ADD COLUMN type TEXT;"
                              "ALTER TABLE row ADD COLUMN client_customer_id INTEGER;"
                              "ALTER TABLE row ADD COLUMN client_customer_number TEXT;"
                              "ALTER TABLE row ADD COLUMN customer_link_permission TEXT;"
                              "PRAGMA user_version=" TEXT(SCHEMA_VERSION) ";"
                                                                          "COMMIT;";

/* How a run ends that does not know of the one before. */
#define WITH_A_NEW_JOURNAL                                                                         \
    "links that wait or are active are refused with code 1410, those that have ended are invited " \
    "again."

/* What a path may lead to: a run makes its journal, a reader does not. */
#define JOURNAL_OR_NEW "Give the path of a journal, or of a file that does not exist yet."
#define ONLY_A_JOURNAL "Give the path of a journal that a run has made."

bacm_status bulk_db_fail(const bacm_journal *journal, const char *what, bacm_error *error)
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
        hint = journal->reading ? ONLY_A_JOURNAL : JOURNAL_OR_NEW;
        break;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        hint = "Check that the folder exists and that you may write to the folder and the file.";
        break;
    default: /* damaged, or changed by another program */
        hint = "Keep the file and start with a new journal: " WITH_A_NEW_JOURNAL;
        break;
    }
    bulk_fail(error, status, "the journal %s: %s", what, sqlite3_errmsg(journal->db));
    bulk_hint(error, hint);
    return status;
}

bacm_status bulk_db_run(bacm_journal *journal, const char *sql, const char *what, bacm_error *error)
{
    return sqlite3_exec(journal->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? BACM_OK
               : bulk_db_fail(journal, what, error);
}

bacm_status bulk_db_number(bacm_journal *journal, const char *sql, int64_t *value,
                           bacm_error *error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(journal->db, sql, -1, &statement, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return code == SQLITE_ROW ? BACM_OK : bulk_db_fail(journal, "cannot be read", error);
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
    bacm_status status =
        bulk_db_number(journal, "SELECT count(*) FROM sqlite_master", &tables, error);

    if (status == BACM_OK)
        status = bulk_db_number(journal, "PRAGMA application_id", &application, error);
    if (status == BACM_OK)
        status = bulk_db_number(journal, "PRAGMA user_version", &version, error);
    if (status != BACM_OK)
        return status;
    *empty = tables == 0;
    journal->schema_version = (int)version;
    if (*empty)
        return BACM_OK;
    if (application != APPLICATION_ID) {
        bulk_fail(error, BACM_E_JOURNAL, "the file is a database, but no journal of bacm");
        bulk_hint(error, journal->reading ? ONLY_A_JOURNAL : JOURNAL_OR_NEW);
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
        return bulk_db_fail(journal, "cannot be read", error);
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
    return code == SQLITE_DONE ? BACM_OK : bulk_db_fail(journal, "cannot be made", error);
}

static bacm_status create(bacm_journal *journal, const struct bulk_binding *binding,
                          bacm_error *error)
{
    bacm_status status = bulk_db_run(journal, "BEGIN EXCLUSIVE", "cannot be locked", error);

    if (status == BACM_OK)
        status = bulk_db_run(journal, schema, "cannot be made", error);
    if (status == BACM_OK)
        status = write_binding(journal, binding, error);
    if (status == BACM_OK)
        status = bulk_db_run(journal, "COMMIT", "cannot be made", error);
    if (status == BACM_OK)
        journal->schema_version = SCHEMA_VERSION;
    else
        bulk_journal_rollback(journal);
    return status;
}

static bacm_status bring_up_to_date(bacm_journal *journal, bacm_error *error)
{
    bacm_status status;

    if (journal->schema_version == SCHEMA_VERSION)
        return BACM_OK;
    status = bulk_db_run(journal, upgrade, "cannot be brought up to date", error);
    if (status == BACM_OK)
        journal->schema_version = SCHEMA_VERSION;
    else
        bulk_journal_rollback(journal);
    return status;
}

/* Rows were sent with one version; what the service makes of them in another, nobody knows. */
static bacm_status differs_in_version(const char *recorded, const char *given, bacm_error *error)
{
    char hint[sizeof error->hint];

    bulk_fail(error, BACM_E_JOURNAL_MISMATCH,
              "the journal belongs to another contract version: %s, now it is %s", recorded, given);
    snprintf(hint, sizeof hint,
             "Finish the run with %s, or give another journal to start anew with "
             "%s: " WITH_A_NEW_JOURNAL,
             recorded, given);
    bulk_hint(error, hint);
    return BACM_E_JOURNAL_MISMATCH;
}

static bacm_status differs(const char *what, const char *recorded, const char *given,
                           bacm_error *error)
{
    bulk_fail(error, BACM_E_JOURNAL_MISMATCH, "the journal belongs to another %s: %s, now it is %s",
              what, recorded, given);
    bulk_hint(error, "Give what the journal was made for, or another journal to start "
                     "anew: " WITH_A_NEW_JOURNAL);
    return BACM_E_JOURNAL_MISMATCH;
}

static bacm_status check_binding(const bacm_journal *journal, const struct bulk_binding *binding,
                                 bacm_error *error)
{
    char recorded[24], given[24];

    if (strcmp(journal->contract, binding->contract) != 0)
        return differs_in_version(journal->contract, binding->contract, error);
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
    static const char find[] =
        "SELECT " BULK_ROW_COLUMNS BULK_ROW_NEW_COLUMNS " FROM row WHERE idx = ?";
    static const char put[] = "INSERT INTO row(" BULK_ROW_COLUMNS BULK_ROW_NEW_COLUMNS
                              ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                              " ON CONFLICT(idx) DO UPDATE SET state = excluded.state,"
                              " confirmed_by = excluded.confirmed_by, sent_ms = excluded.sent_ms,"
                              " tracking_id = excluded.tracking_id, errors = excluded.errors";

    if (sqlite3_prepare_v3(journal->db, find, -1, SQLITE_PREPARE_PERSISTENT, &journal->find,
                           NULL) != SQLITE_OK ||
        sqlite3_prepare_v3(journal->db, put, -1, SQLITE_PREPARE_PERSISTENT, &journal->put, NULL) !=
            SQLITE_OK)
        return bulk_db_fail(journal, "cannot be read", error);
    return bulk_db_number(journal, "SELECT ifnull(max(idx) + 1, 0) FROM row", &journal->first_free,
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
        return journal->db ? bulk_db_fail(journal, "cannot be opened", error)
                           : bulk_fail_memory(error);
    sqlite3_extended_result_codes(journal->db, 0);
    /* Rows are written and read in order: more pages in memory than these gain nothing. */
    return bulk_db_run(journal,
                       "PRAGMA locking_mode=EXCLUSIVE; PRAGMA trusted_schema=OFF;"
                       "PRAGMA cache_size=-256",
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
        status = bulk_db_run(journal,
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
        status = bring_up_to_date(journal, error);
    if (status == BACM_OK)
        status = prepare(journal, error);
    return status;
}

static bacm_status open_for_reading(bacm_journal *journal, const char *path, bacm_error *error)
{
    bool empty = false;
    bacm_status status;

    journal->reading = true;
    if (access(path, F_OK) != 0) {
        bulk_fail(error, BACM_E_JOURNAL, "the journal %s cannot be opened: %s", path,
                  strerror(errno));
        bulk_hint(error, ONLY_A_JOURNAL);
        return BACM_E_JOURNAL;
    }
    status = connect_file(journal, path, error);
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
