/*
 * What is in a journal: made, recognised, bound to its input, brought up to date.
 */
#include "bulk/journal_db.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bulk/fail.h"
#include "bulk/journal_place.h"

/* "bacm" as a number, in the header of the file. */
#define APPLICATION_ID 0x6261636d
#define SCHEMA_VERSION 3

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

/* Rows are counted as they come: a copy made in the middle of a write shows by its count. */
#define COUNT_ROWS                                                                                 \
    "CREATE TRIGGER counted AFTER INSERT ON row BEGIN UPDATE binding SET rows = rows + 1; END;"

/* state and confirmed_by are the numbers of bacm_journal_state and bacm_bulk_confirmation. */
static const char schema[] =
    "CREATE TABLE binding("
    " contract TEXT NOT NULL, endpoint TEXT NOT NULL, input_digest TEXT NOT NULL,"
    " managing_customer_id INTEGER NOT NULL, created TEXT NOT NULL,"
    " rows INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE row("
    " idx INTEGER PRIMARY KEY, tag INTEGER NOT NULL,"
    " client_account_id INTEGER, client_account_number TEXT,"
    " managing_customer_id INTEGER, managing_customer_number TEXT,"
    " state INTEGER NOT NULL, confirmed_by INTEGER NOT NULL, sent_ms INTEGER,"
    " tracking_id TEXT, errors TEXT, type TEXT, client_customer_id INTEGER,"
    " client_customer_number TEXT, customer_link_permission TEXT, sent_by TEXT, content "
    "INTEGER);" COUNT_ROWS
    "PRAGMA application_id=" TEXT(APPLICATION_ID) ";"
                                                  "PRAGMA user_version=" TEXT(SCHEMA_VERSION) ";";

/* From version 1, which knew client accounts only. */
static const char add_customers[] = "ALTER TABLE row ADD COLUMN type TEXT;"
                                    "ALTER TABLE row ADD COLUMN client_customer_id INTEGER;"
                                    "ALTER TABLE row ADD COLUMN client_customer_number TEXT;"
                                    "ALTER TABLE row ADD COLUMN customer_link_permission TEXT;";

/* From version 2, which did not count its rows, and had the machine's time of what was sent. */
static const char add_count[] = "ALTER TABLE binding ADD COLUMN rows INTEGER NOT NULL DEFAULT 0;"
                                "UPDATE binding SET rows = (SELECT count(*) FROM row);"
                                "ALTER TABLE row ADD COLUMN sent_by TEXT;"
                                "ALTER TABLE row ADD COLUMN content INTEGER;"
                                "UPDATE row SET sent_by = 'wall' WHERE sent_ms NOT NULL;" COUNT_ROWS
                                "PRAGMA user_version=" TEXT(SCHEMA_VERSION) ";";

/* Whether the file, which is not empty, is a journal that this version understands. */
bacm_status bulk_db_identify(bacm_journal *journal, bacm_error *error)
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
    journal->schema_version = (int)version;
    if (!tables) {
        bulk_fail(error, BACM_E_JOURNAL, "the journal has a header and no run in it");
        bulk_hint(error,
                  "Its rows stand in another file, with -wal or -journal behind its name: put "
                  "that beside it. Without it nobody knows what was sent.");
        return BACM_E_JOURNAL;
    }
    if (application != APPLICATION_ID) {
        bulk_fail(error, BACM_E_JOURNAL, "the file is a database, but no journal of bacm");
        bulk_hint(error, journal->reading ? BULK_ONLY_A_JOURNAL : BULK_JOURNAL_OR_NEW);
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

bacm_status bulk_db_read_binding(bacm_journal *journal, bacm_error *error)
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
                                  " strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 0)",
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

bacm_status bulk_db_create(bacm_journal *journal, const struct bulk_binding *binding,
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

bacm_status bulk_db_bring_up_to_date(bacm_journal *journal, bacm_error *error)
{
    static const char what[] = "cannot be brought up to date";
    bacm_status status;

    if (journal->schema_version == SCHEMA_VERSION)
        return BACM_OK;
    status = bulk_db_run(journal, "BEGIN EXCLUSIVE", what, error);
    if (status == BACM_OK && journal->schema_version < 2)
        status = bulk_db_run(journal, add_customers, what, error);
    if (status == BACM_OK)
        status = bulk_db_run(journal, add_count, what, error);
    if (status == BACM_OK)
        status = bulk_db_run(journal, "COMMIT", what, error);
    if (status == BACM_OK)
        journal->schema_version = SCHEMA_VERSION;
    else
        bulk_journal_rollback(journal);
    return status;
}

/*
 * The file alone is whole after each commit. A copy that was made of it alone in the middle
 * of one may have lost rows that SQLite was moving from page to page, and those were sent.
 */
bacm_status bulk_db_check_count(bacm_journal *journal, bacm_error *error)
{
    int64_t counted = 0, rows = 0;
    bacm_status status;

    if (journal->schema_version < 3)
        return BACM_OK;
    status = bulk_db_number(journal, "SELECT rows FROM binding", &counted, error);
    if (status == BACM_OK)
        status = bulk_db_number(journal, "SELECT count(*) FROM row", &rows, error);
    if (status != BACM_OK || rows == counted)
        return status;
    bulk_fail(error, BACM_E_JOURNAL,
              "the journal has %" PRId64 " rows and should have %" PRId64
              ": it is a copy made while a run was writing it",
              rows, counted);
    bulk_hint(error,
              "Take the journal itself, or a copy made when no run has it open, with the file "
              "beside it that has -journal behind its name, if there is one.");
    return BACM_E_JOURNAL;
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

/* How long what stands before the end of an endpoint is; false: it has another end. */
static bool ends_in(const char *endpoint, const char *end, size_t *size)
{
    size_t length = strlen(endpoint);

    while (length > 0 && endpoint[length - 1] == '/')
        length--;
    if (length < strlen(end) || memcmp(endpoint + length - strlen(end), end, strlen(end)) != 0)
        return false;
    *size = length - strlen(end);
    return true;
}

/*
 * SOAP of v13 ends before REST does, and both lead to the same links: a run that began over
 * SOAP may go on over REST, where its open rows are searched for, at the same place only.
 */
static bool goes_on_over_rest(const bacm_journal *journal, const struct bulk_binding *binding)
{
    return strcmp(journal->contract, "v13") == 0 && strcmp(binding->contract, "v13-rest") == 0;
}

/* Whether a REST endpoint is at the place of a SOAP endpoint; environments are the same by name. */
static bool same_place(const bacm_journal *journal, const struct bulk_binding *binding)
{
    size_t before, now;

    if (ends_in(journal->endpoint, "/Api/CustomerManagement/v13/CustomerManagementService.svc",
                &before) &&
        ends_in(binding->endpoint, "/CustomerManagement/v13", &now))
        return before == now && memcmp(journal->endpoint, binding->endpoint, now) == 0;
    return strcmp(journal->endpoint, binding->endpoint) == 0;
}

bacm_status bulk_db_check_binding(const bacm_journal *journal, const struct bulk_binding *binding,
                                  bacm_error *error)
{
    char recorded[24], given[24];

    const bool over_rest = goes_on_over_rest(journal, binding);

    if (!over_rest && strcmp(journal->contract, binding->contract) != 0)
        return differs_in_version(journal->contract, binding->contract, error);
    if (over_rest ? !same_place(journal, binding)
                  : strcmp(journal->endpoint, binding->endpoint) != 0)
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
