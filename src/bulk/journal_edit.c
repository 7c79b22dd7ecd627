/*
 * Changes that people ask for between two runs: rows to be sent anew, and what the last
 * look at the links has found. The latter decides nothing: a program that does not know
 * the table goes on without it.
 */
#include "bulk/journal_db.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulk/fail.h"

/* BACM_JOURNAL_REMOVED, for SQL. */
#define FIRST_REMOVED "(1 << 62)"

static bacm_status prepare(bacm_journal *journal, bacm_error *error)
{
    static const char look[] = "SELECT status FROM look WHERE idx = ?";
    static const char keep[] = "INSERT OR REPLACE INTO look VALUES(?, ?)";
    bacm_status status = bulk_db_run(
        journal,
        "CREATE TABLE IF NOT EXISTS look(idx INTEGER PRIMARY KEY, status TEXT NOT NULL);"
        "CREATE TABLE IF NOT EXISTS look_count(at TEXT, status TEXT, rows INTEGER);"
        "BEGIN",
        "cannot be written", error);

    if (status != BACM_OK)
        return status;
    if (sqlite3_prepare_v2(journal->db, look, -1, &journal->look, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(journal->db, keep, -1, &journal->keep, NULL) != SQLITE_OK)
        return bulk_db_fail(journal, "cannot be read", error);
    return BACM_OK;
}

bacm_status bacm_journal_edit(bacm_journal **out, const char *path, bacm_error *error)
{
    bacm_journal *journal;
    bacm_status status;

    bulk_error_clear(error);
    if (!out || !path)
        return bulk_fail(error, BACM_E_ARGUMENT, "%s is NULL", out ? "path" : "out");
    *out = NULL;
    journal = calloc(1, sizeof *journal);
    if (!journal)
        return bulk_fail_memory(error);
    status = bulk_db_open_existing(journal, path, error);
    if (status == BACM_OK)
        status = prepare(journal, error);
    return bulk_db_hand_out(out, journal, status);
}

bacm_status bacm_journal_look(bacm_journal *journal, uint64_t index, const char *status,
                              char previous[BACM_JOURNAL_LOOK_BYTES], bacm_error *error)
{
    char kept[BACM_JOURNAL_LOOK_BYTES];
    int code;

    bulk_error_clear(error);
    if (!journal || !journal->look || !status || !previous)
        return bulk_fail(error, BACM_E_ARGUMENT,
                         "the journal is not open for changes, or a "
                         "parameter is NULL");
    previous[0] = '\0';
    sqlite3_bind_int64(journal->look, 1, (sqlite3_int64)index);
    code = sqlite3_step(journal->look);
    if (code == SQLITE_ROW)
        bulk_text_copy(previous, BACM_JOURNAL_LOOK_BYTES,
                       (const char *)sqlite3_column_text(journal->look, 0));
    sqlite3_reset(journal->look);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return bulk_db_fail(journal, "cannot be read", error);
    bulk_text_copy(kept, sizeof kept, status);
    sqlite3_bind_int64(journal->keep, 1, (sqlite3_int64)index);
    sqlite3_bind_text(journal->keep, 2, kept, -1, SQLITE_STATIC);
    code = sqlite3_step(journal->keep);
    sqlite3_reset(journal->keep);
    journal->looked = true;
    return code == SQLITE_DONE ? BACM_OK : bulk_db_fail(journal, "cannot be written", error);
}

bacm_status bacm_journal_send_anew(bacm_journal *journal, uint64_t index, bacm_error *error)
{
    char sql[256];

    bulk_error_clear(error);
    if (!journal || !journal->look)
        return bulk_fail(error, BACM_E_ARGUMENT, "the journal is not open for changes");
    snprintf(sql, sizeof sql,
             "UPDATE row SET state = %d, confirmed_by = %d, errors = NULL, tracking_id = NULL,"
             " sent_ms = NULL WHERE idx = %" PRIu64 " AND state IN (%d, %d)",
             BACM_JOURNAL_NOT_SENT, BACM_BULK_BY_NOTHING, index, BACM_JOURNAL_ADDED,
             BACM_JOURNAL_FAILED);
    return bulk_db_run(journal, sql, "cannot be written", error);
}

bacm_status bacm_journal_begin_list(bacm_journal *journal, const char *input_digest,
                                    bacm_error *error)
{
    static const char last[] = "SELECT ifnull(max(idx), 0) FROM row";
    bacm_status status;
    char *sql;

    bulk_error_clear(error);
    if (!journal || !journal->look || !input_digest || !*input_digest)
        return bulk_fail(error, BACM_E_ARGUMENT,
                         "the journal is not open for changes, or there is "
                         "no digest");
    status = bulk_db_number(journal, last, &journal->set_aside, error);
    if (status != BACM_OK)
        return status;
    if (journal->set_aside < (int64_t)BACM_JOURNAL_REMOVED)
        journal->set_aside = (int64_t)BACM_JOURNAL_REMOVED - 1;
    journal->set_aside++;
    sql = sqlite3_mprintf("DELETE FROM look WHERE idx NOT IN (SELECT idx FROM row);"
                          "UPDATE row SET idx = idx + %lld WHERE idx < %lld;"
                          "UPDATE look SET idx = idx + %lld WHERE idx < %lld;"
                          "UPDATE binding SET input_digest = %Q",
                          journal->set_aside, (sqlite3_int64)BACM_JOURNAL_REMOVED,
                          journal->set_aside, (sqlite3_int64)BACM_JOURNAL_REMOVED, input_digest);
    if (!sql)
        return bulk_fail_memory(error);
    status = bulk_db_run(journal, sql, "cannot be written", error);
    sqlite3_free(sql);
    return status;
}

bacm_status bacm_journal_take_over(bacm_journal *journal, uint64_t was, uint64_t index,
                                   uint64_t tag, bacm_error *error)
{
    char sql[192];
    bacm_status status;

    bulk_error_clear(error);
    if (!journal || !journal->set_aside || index >= BACM_JOURNAL_REMOVED)
        return bulk_fail(error, BACM_E_ARGUMENT, "no list has been begun, or the index is none");
    if (was < BACM_JOURNAL_REMOVED)
        was += (uint64_t)journal->set_aside;
    snprintf(sql, sizeof sql,
             "UPDATE row SET idx = %" PRIu64 ", tag = %" PRIu64 " WHERE idx = %" PRIu64, index, tag,
             was);
    status = bulk_db_run(journal, sql, "cannot be written", error);
    if (status == BACM_OK && sqlite3_changes(journal->db) != 1)
        return bulk_fail(error, BACM_E_ARGUMENT, "the journal has no row %" PRIu64, was);
    if (status != BACM_OK)
        return status;
    snprintf(sql, sizeof sql, "UPDATE look SET idx = %" PRIu64 " WHERE idx = %" PRIu64, index, was);
    return bulk_db_run(journal, sql, "cannot be written", error);
}

bacm_status bacm_journal_keep(bacm_journal *journal, bacm_error *error)
{
    bacm_status status = BACM_OK;

    bulk_error_clear(error);
    if (!journal || !journal->look)
        return bulk_fail(error, BACM_E_ARGUMENT, "the journal is not open for changes");
    if (journal->looked)
        status = bulk_db_run(journal,
                             "INSERT INTO look_count"
                             " SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), status, count(*)"
                             " FROM look WHERE idx < " FIRST_REMOVED " GROUP BY status",
                             "cannot be written", error);
    journal->looked = false;
    if (status == BACM_OK)
        status = bulk_db_run(journal, "COMMIT; BEGIN", "cannot be written", error);
    return status;
}

static bool hand_count(sqlite3_stmt *statement, bacm_journal_history_callback *callback, void *user)
{
    const bacm_journal_look_count count = {
        .struct_size = sizeof count,
        .at = bulk_db_text(statement, (enum bulk_column)0),
        .status = bulk_db_text(statement, (enum bulk_column)1),
        .rows = (uint64_t)sqlite3_column_int64(statement, 2),
    };

    return callback(&count, user);
}

bool bulk_db_has_looks(bacm_journal *journal)
{
    static const char query[] = "SELECT count(*) FROM sqlite_master WHERE name = 'look_count'";
    int64_t tables = 0;

    return bulk_db_number(journal, query, &tables, NULL) == BACM_OK && tables > 0;
}

bacm_status bacm_journal_history(bacm_journal *journal, bacm_journal_history_callback *callback,
                                 void *user, bacm_error *error)
{
    sqlite3_stmt *statement = NULL;
    int code;

    bulk_error_clear(error);
    if (!journal || !callback)
        return bulk_fail(error, BACM_E_ARGUMENT, "%s is NULL", journal ? "callback" : "journal");
    if (!bulk_db_has_looks(journal))
        return BACM_OK;
    code = sqlite3_prepare_v2(journal->db, "SELECT at, status, rows FROM look_count ORDER BY rowid",
                              -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    while (code == SQLITE_ROW && hand_count(statement, callback, user))
        code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (code == SQLITE_ROW)
        return bulk_fail(error, BACM_E_CANCELED, "the callback has ended the history");
    return code == SQLITE_DONE ? BACM_OK : bulk_db_fail(journal, "cannot be read", error);
}
