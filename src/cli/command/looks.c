#include "cli/command/looks.h"

#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "cli/command/rows_of.h"
#include "cli/profile/library_error.h"
#include "cli/terminal/message.h"

#define MAX_PATH_BYTES 4096

struct looks {
    bacm_journal *journal; /* NULL: db */
    sqlite3 *db;
    sqlite3_stmt *find;
    sqlite3_stmt *keep;
};

static bool failed(const struct looks *looks)
{
    message_error("temporary database of the statuses: %s; set TMPDIR to a folder with more room",
                  sqlite3_errmsg(looks->db));
    return false;
}

static bool open_temporary(struct looks *looks)
{
    return (sqlite3_open("", &looks->db) == SQLITE_OK &&
            sqlite3_exec(looks->db,
                         "PRAGMA temp_store = FILE; PRAGMA cache_size = -512;"
                         "CREATE TABLE look (idx INTEGER PRIMARY KEY, status TEXT); BEGIN",
                         NULL, NULL, NULL) == SQLITE_OK &&
            sqlite3_prepare_v2(looks->db, "SELECT status FROM look WHERE idx = ?1", -1,
                               &looks->find, NULL) == SQLITE_OK &&
            sqlite3_prepare_v2(looks->db, "INSERT OR REPLACE INTO look VALUES (?1, ?2)", -1,
                               &looks->keep, NULL) == SQLITE_OK) ||
           failed(looks);
}

static bool open_journal(struct looks *looks, const char *path)
{
    bacm_error error;

    if (bacm_journal_edit(&looks->journal, path, &error) == BACM_OK)
        return true;
    message_library(&error);
    return false;
}

struct looks *looks_open(const char *path)
{
    struct looks *looks = calloc(1, sizeof *looks);
    char beside[MAX_PATH_BYTES];
    bool ok;

    if (looks == NULL) {
        message_error("out of memory");
        return NULL;
    }
    snprintf(beside, sizeof beside, "%s.journal", path);
    if (is_journal(path))
        ok = open_journal(looks, path);
    else if (is_journal(beside))
        ok = open_journal(looks, beside);
    else
        ok = open_temporary(looks);
    if (ok)
        return looks;
    looks_close(looks);
    return NULL;
}

bool looks_exchange(struct looks *looks, uint64_t index, const char *status,
                    char previous[BACM_JOURNAL_LOOK_BYTES])
{
    bacm_error error;
    bool ok;

    if (looks->journal != NULL) {
        ok = bacm_journal_look(looks->journal, index, status, previous, &error) == BACM_OK;
        if (!ok)
            message_library(&error);
        return ok;
    }
    previous[0] = '\0';
    sqlite3_bind_int64(looks->find, 1, (sqlite3_int64)index);
    if (sqlite3_step(looks->find) == SQLITE_ROW)
        snprintf(previous, BACM_JOURNAL_LOOK_BYTES, "%s",
                 (const char *)sqlite3_column_text(looks->find, 0));
    sqlite3_reset(looks->find);
    sqlite3_bind_int64(looks->keep, 1, (sqlite3_int64)index);
    sqlite3_bind_text(looks->keep, 2, status, -1, SQLITE_STATIC);
    ok = sqlite3_step(looks->keep) == SQLITE_DONE || failed(looks);
    sqlite3_reset(looks->keep);
    return ok;
}

bacm_journal *looks_journal(const struct looks *looks)
{
    return looks->journal;
}

bool looks_keep(struct looks *looks)
{
    bacm_error error;

    if (looks->journal == NULL || bacm_journal_keep(looks->journal, &error) == BACM_OK)
        return true;
    message_library(&error);
    return false;
}

void looks_close(struct looks *looks)
{
    if (looks == NULL)
        return;
    bacm_journal_close(looks->journal);
    sqlite3_finalize(looks->find);
    sqlite3_finalize(looks->keep);
    sqlite3_close(looks->db);
    free(looks);
}
