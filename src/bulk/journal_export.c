/*
 * Reading a journal for people: `bacm journal show` and `export`.
 */
#include "bulk/journal_db.h"

#include <string.h>
#include <time.h>

#include "bulk/fail.h"

static bacm_status count_states(bacm_journal *journal, uint64_t counts[BACM_JOURNAL_STATES],
                                bacm_error *error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(
        journal->db,
        "SELECT state, count(*) FROM row WHERE idx < 4611686018427387904 GROUP BY state", -1,
        &statement, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
        int state = sqlite3_column_int(statement, 0);

        if (state >= 0 && state < BACM_JOURNAL_STATES)
            counts[state] = (uint64_t)sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? BACM_OK : bulk_db_fail(journal, "cannot be read", error);
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

static bacm_link_type type_of(sqlite3_stmt *statement)
{
    bacm_link_type type = bacm_link_type_parse(bulk_db_text(statement, COLUMN_TYPE));

    return type == BACM_LINK_TYPE_ABSENT ? BACM_ACCOUNT_LINK : type;
}

/* What the last look has kept of a row: borrowed until the next one. look may be NULL. */
static const char *last_status(sqlite3_stmt *look, int64_t index)
{
    if (!look)
        return "";
    sqlite3_reset(look);
    sqlite3_bind_int64(look, 1, index);
    return sqlite3_step(look) == SQLITE_ROW ? bulk_db_text(look, (enum bulk_column)0) : "";
}

static bool hand_entry(sqlite3_stmt *statement, sqlite3_stmt *look, bacm_journal_callback *callback,
                       void *user)
{
    const char *json = bulk_db_text(statement, COLUMN_ERRORS);
    struct bulk_errors errors = {NULL, 0, 0};
    bacm_journal_entry entry = {.struct_size = sizeof entry};
    char sent[32];
    bool go_on;

    format_time(sent, sizeof sent, sqlite3_column_int64(statement, COLUMN_SENT));
    if (*json)
        bulk_errors_from_json(&errors, json);
    entry.index = (uint64_t)sqlite3_column_int64(statement, COLUMN_INDEX);
    entry.tag = (uint64_t)sqlite3_column_int64(statement, COLUMN_TAG);
    entry.client_account_id = sqlite3_column_int64(statement, COLUMN_ACCOUNT_ID);
    entry.client_account_number = bulk_db_text(statement, COLUMN_ACCOUNT_NUMBER);
    entry.managing_customer_id = sqlite3_column_int64(statement, COLUMN_MANAGER_ID);
    entry.managing_customer_number = bulk_db_text(statement, COLUMN_MANAGER_NUMBER);
    entry.state = (bacm_journal_state)sqlite3_column_int(statement, COLUMN_STATE);
    entry.confirmed_by = (bacm_bulk_confirmation)sqlite3_column_int(statement, COLUMN_CONFIRMED);
    entry.sent = sent;
    entry.tracking_id = bulk_db_text(statement, COLUMN_TRACKING);
    entry.errors = errors.list;
    entry.error_count = errors.count;
    entry.type = type_of(statement);
    entry.client_customer_id = sqlite3_column_int64(statement, COLUMN_CUSTOMER_ID);
    entry.client_customer_number = bulk_db_text(statement, COLUMN_CUSTOMER_NUMBER);
    entry.customer_link_permission = bulk_db_text(statement, COLUMN_PERMISSION);
    entry.content = (uint64_t)sqlite3_column_int64(statement, COLUMN_CONTENT);
    entry.last_status = last_status(look, sqlite3_column_int64(statement, COLUMN_INDEX));
    go_on = callback(&entry, user);
    bulk_errors_clear(&errors);
    return go_on;
}

/* Rows of the list; those that a mended list has no more are behind them. */
#define FROM_ROWS " FROM row WHERE idx < ?1 ORDER BY idx"

static bacm_status export(bacm_journal *journal, bool all, bacm_journal_callback *callback,
                          void *user, bacm_error *error)
{
    static const char *const queries[] = {
        "SELECT " BULK_ROW_COLUMNS BULK_ROW_NO_COLUMNS FROM_ROWS,
        "SELECT " BULK_ROW_COLUMNS BULK_ROW_NEW_COLUMNS ", NULL, NULL" FROM_ROWS,
        "SELECT " BULK_ROW_COLUMNS BULK_ROW_NEW_COLUMNS BULK_ROW_CLOCK BULK_ROW_CONTENT FROM_ROWS,
    };
    sqlite3_stmt *statement = NULL;
    sqlite3_stmt *look = NULL;
    int code;

    bulk_error_clear(error);
    if (!journal || !callback)
        return bulk_fail(error, BACM_E_ARGUMENT, "%s is NULL", journal ? "callback" : "journal");
    if (bulk_db_has_looks(journal))
        sqlite3_prepare_v2(journal->db, "SELECT status FROM look WHERE idx = ?", -1, &look, NULL);
    code =
        sqlite3_prepare_v2(journal->db, queries[journal->schema_version - 1], -1, &statement, NULL);
    if (code == SQLITE_OK) {
        sqlite3_bind_int64(statement, 1,
                           all ? (sqlite3_int64)INT64_MAX : (sqlite3_int64)BACM_JOURNAL_REMOVED);
        code = sqlite3_step(statement);
    }
    while (code == SQLITE_ROW && hand_entry(statement, look, callback, user))
        code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    sqlite3_finalize(look);
    if (code == SQLITE_ROW)
        return bulk_fail(error, BACM_E_CANCELED, "the export was ended by its caller");
    return code == SQLITE_DONE ? BACM_OK : bulk_db_fail(journal, "cannot be read", error);
}

bacm_status bacm_journal_export(bacm_journal *journal, bacm_journal_callback *callback, void *user,
                                bacm_error *error)
{
    return export(journal, false, callback, user, error);
}

bacm_status bacm_journal_export_all(bacm_journal *journal, bacm_journal_callback *callback,
                                    void *user, bacm_error *error)
{
    return export(journal, true, callback, user, error);
}
