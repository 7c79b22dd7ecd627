/*
 * The file of a journal: opened and locked for a run, opened for reading.
 */
#include "bulk/journal_db.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulk/fail.h"
#include "bulk/journal_place.h"

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
        hint = journal->reading ? BULK_ONLY_A_JOURNAL : BULK_JOURNAL_OR_NEW;
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

/* Steady time means something in one boot only. */
static void read_boot(bacm_journal *journal)
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

    if (file && fgets(journal->boot, sizeof journal->boot, file))
        journal->boot[strcspn(journal->boot, "\n ")] = '\0';
    else
        journal->boot[0] = '\0';
    if (file)
        fclose(file);
}

static bacm_status prepare(bacm_journal *journal, bacm_error *error)
{
    static const char find[] =
        "SELECT " BULK_ROW_COLUMNS BULK_ROW_NEW_COLUMNS BULK_ROW_CLOCK BULK_ROW_CONTENT
        " FROM row WHERE idx = ?";
    static const char put[] =
        "INSERT INTO row(" BULK_ROW_COLUMNS BULK_ROW_NEW_COLUMNS BULK_ROW_CLOCK BULK_ROW_CONTENT
        ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT(idx) DO UPDATE SET state = excluded.state, content = excluded.content,"
        " confirmed_by = excluded.confirmed_by, sent_ms = excluded.sent_ms,"
        " sent_by = excluded.sent_by,"
        " tracking_id = excluded.tracking_id, errors = excluded.errors";

    if (sqlite3_prepare_v3(journal->db, find, -1, SQLITE_PREPARE_PERSISTENT, &journal->find,
                           NULL) != SQLITE_OK ||
        sqlite3_prepare_v3(journal->db, put, -1, SQLITE_PREPARE_PERSISTENT, &journal->put, NULL) !=
            SQLITE_OK)
        return bulk_db_fail(journal, "cannot be read", error);
    return bulk_db_number(journal, "SELECT ifnull(max(idx) + 1, 0) FROM row", &journal->first_free,
                          error);
}

/* The path is free of links but for its last part, which SQLite is told not to follow. */
static bacm_status connect_file(bacm_journal *journal, const char *place, int how,
                                const char *settings, bacm_error *error)
{
    sqlite3_close(journal->db);
    journal->db = NULL;
    if (sqlite3_open_v2(place, &journal->db, how | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        return journal->db ? bulk_db_fail(journal, "cannot be opened", error)
                           : bulk_fail_memory(error);
    sqlite3_extended_result_codes(journal->db, 0);
    return bulk_db_run(journal, settings, "cannot be opened", error);
}

/*
 * A rollback journal that is kept: between two commits it is empty of meaning, and the file
 * alone is all there is. The lock lasts as long as the run, and a crash gives it back. Rows
 * are written and read in order: more pages in memory than these gain nothing.
 */
static const char run_settings[] = "PRAGMA locking_mode=EXCLUSIVE; PRAGMA trusted_schema=OFF;"
                                   "PRAGMA cache_size=-256";
static const char run_mode[] = "PRAGMA journal_mode=PERSIST; PRAGMA journal_size_limit=1048576;"
                               "PRAGMA synchronous=EXTRA; BEGIN EXCLUSIVE; COMMIT";

static bacm_status open_place_for_run(bacm_journal *journal, const char *place,
                                      const struct bulk_binding *binding, bacm_error *error)
{
    off_t size = 0;
    bacm_status status = bulk_journal_make(place, error);

    if (status == BACM_OK)
        status = bulk_journal_check(place, &size, error);
    if (status == BACM_OK)
        status = connect_file(journal, place, SQLITE_OPEN_READWRITE, run_settings, error);
    if (status == BACM_OK && size > 0)
        status = bulk_db_identify(journal, error);
    if (status == BACM_OK)
        status = bulk_db_run(journal, run_mode, "cannot be locked", error);
    if (status == BACM_OK && size == 0)
        status = bulk_db_create(journal, binding, error);
    if (status == BACM_OK)
        status = bulk_db_read_binding(journal, error);
    if (status == BACM_OK)
        status = bulk_db_check_count(journal, error);
    if (status == BACM_OK)
        status = bulk_db_check_binding(journal, binding, error);
    if (status == BACM_OK)
        status = bulk_db_bring_up_to_date(journal, error);
    if (status == BACM_OK)
        status = prepare(journal, error);
    read_boot(journal);
    return status;
}

static bacm_status open_for_run(bacm_journal *journal, const char *path,
                                const struct bulk_binding *binding, bacm_error *error)
{
    char *place = NULL;
    bacm_status status = bulk_journal_place(&place, path, error);

    if (status == BACM_OK)
        status = open_place_for_run(journal, place, binding, error);
    free(place);
    return status;
}

/*
 * Whether SQLite would have to write before it could read: rows are in a file beside, as
 * kill -9 in the middle of a commit leaves them, and every one in version 2 and before.
 */
static bool needs_mending(const bacm_journal *journal)
{
    static const char read[] = "SELECT count(*) FROM sqlite_master";
    enum { READ_VERSION = 19, WAL = 2 };
    sqlite3_file *file = NULL;
    unsigned char version = 0;

    sqlite3_file_control(journal->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (file->pMethods->xRead(file, &version, 1, READ_VERSION) == SQLITE_OK && version == WAL)
        return true;
    return sqlite3_exec(journal->db, read, NULL, NULL, NULL) == SQLITE_READONLY;
}

/* Have SQLite mend a copy, which nobody sees. */
static bacm_status connect_copy(bacm_journal *journal, const char *place, bacm_error *error)
{
    char *copy = NULL;
    bacm_status status = bulk_journal_copy(&copy, place, error);

    if (status == BACM_OK)
        status = connect_file(journal, copy, SQLITE_OPEN_READWRITE, run_settings, error);
    if (status == BACM_OK)
        status = bulk_db_run(journal, "BEGIN EXCLUSIVE; COMMIT", "cannot be read", error);
    bulk_journal_drop_copy(copy);
    return status;
}

static bacm_status open_place_for_reading(bacm_journal *journal, const char *place,
                                          bacm_error *error)
{
    off_t size = 0;
    bacm_status status = bulk_journal_check(place, &size, error);

    if (status == BACM_OK && size == 0)
        return bulk_fail(error, BACM_E_JOURNAL, "the file is empty, no journal of bacm");
    if (status == BACM_OK)
        status =
            connect_file(journal, place, SQLITE_OPEN_READONLY, "PRAGMA trusted_schema=OFF", error);
    if (status == BACM_OK && needs_mending(journal))
        status = connect_copy(journal, place, error);
    if (status == BACM_OK)
        status = bulk_db_identify(journal, error);
    if (status == BACM_OK)
        status = bulk_db_read_binding(journal, error);
    if (status == BACM_OK)
        status = bulk_db_check_count(journal, error);
    return status;
}

static bacm_status open_for_reading(bacm_journal *journal, const char *path, bacm_error *error)
{
    char *place = NULL;
    bacm_status status = bulk_journal_place(&place, path, error);

    journal->reading = true;
    if (status == BACM_OK)
        status = open_place_for_reading(journal, place, error);
    free(place);
    return status;
}

static bacm_status open_existing_place(bacm_journal *journal, const char *place, bacm_error *error)
{
    off_t size = 0;
    bacm_status status = bulk_journal_check(place, &size, error);

    if (status == BACM_OK && size == 0)
        return bulk_fail(error, BACM_E_JOURNAL, "the file is empty, no journal of bacm");
    if (status == BACM_OK)
        status = connect_file(journal, place, SQLITE_OPEN_READWRITE, run_settings, error);
    if (status == BACM_OK)
        status = bulk_db_identify(journal, error);
    if (status == BACM_OK)
        status = bulk_db_run(journal, run_mode, "cannot be locked", error);
    if (status == BACM_OK)
        status = bulk_db_read_binding(journal, error);
    if (status == BACM_OK)
        status = bulk_db_check_count(journal, error);
    if (status == BACM_OK)
        status = bulk_db_bring_up_to_date(journal, error);
    return status;
}

bacm_status bulk_db_open_existing(bacm_journal *journal, const char *path, bacm_error *error)
{
    char *place = NULL;
    bacm_status status = bulk_journal_place(&place, path, error);

    if (status == BACM_OK)
        status = open_existing_place(journal, place, error);
    free(place);
    return status;
}

bacm_status bulk_db_hand_out(bacm_journal **out, bacm_journal *journal, bacm_status status)
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
    return bulk_db_hand_out(out, journal, open_for_run(journal, path, binding, error));
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
    return bulk_db_hand_out(out, journal, open_for_reading(journal, path, error));
}

void bacm_journal_close(bacm_journal *journal)
{
    if (!journal)
        return;
    sqlite3_finalize(journal->find);
    sqlite3_finalize(journal->put);
    sqlite3_finalize(journal->look);
    sqlite3_finalize(journal->keep);
    bulk_journal_rollback(journal);
    /* The rollback journal has nothing in it, and needs to be there no longer. */
    if (journal->db && !journal->reading)
        sqlite3_exec(journal->db, "PRAGMA locking_mode=NORMAL; PRAGMA journal_mode=DELETE", NULL,
                     NULL, NULL);
    sqlite3_close(journal->db);
    free(journal->contract);
    free(journal->endpoint);
    free(journal->input_digest);
    free(journal->created);
    free(journal);
}
