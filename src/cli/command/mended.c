#include "cli/command/mended.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <bacm/bulk.h>
#include <sqlite3.h>

#include "cli/command/rows_of.h"
#include "cli/profile/library_error.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

struct mended {
    sqlite3 *db;
    sqlite3_stmt *record; /* a row of the journal */
    sqlite3_stmt *find;   /* what the journal has of a pair */
    sqlite3_stmt *move;   /* a row that goes on */
    char digest[SOURCE_DIGEST_BYTES];
    bool broken;
    uint64_t same;
    uint64_t changed;
    uint64_t invited; /* of changed: an invitation is out */
    uint64_t fresh;
};

/* Numbers are the same in upper and lower case; an id is never the same as a number. */
static const char schema[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
    "PRAGMA cache_size = -512;"
    "CREATE TABLE recorded (idx INTEGER PRIMARY KEY, is_customer INTEGER,"
    "                       client COLLATE NOCASE, manager COLLATE NOCASE,"
    "                       state INTEGER, content INTEGER);"
    "CREATE INDEX by_pair ON recorded (client, manager, is_customer);"
    "CREATE TABLE move (idx INTEGER PRIMARY KEY, was INTEGER UNIQUE, tag INTEGER,"
    "                   anew INTEGER);"
    "BEGIN;";

static bool failed(struct mended *mended)
{
    message_error("temporary database of the rows: %s; set TMPDIR to a folder with more room",
                  sqlite3_errmsg(mended->db));
    mended->broken = true;
    return false;
}

static struct mended *mended_new(void)
{
    struct mended *mended = calloc(1, sizeof *mended);

    if (mended == NULL) {
        message_error("out of memory");
        return NULL;
    }
    if (sqlite3_open("", &mended->db) == SQLITE_OK &&
        sqlite3_exec(mended->db, schema, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(mended->db, "INSERT INTO recorded VALUES (?1, ?2, ?3, ?4, ?5, ?6)", -1,
                           &mended->record, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(mended->db,
                           "SELECT idx, state, content FROM recorded"
                           " WHERE is_customer = ?2 AND client = ?3 AND manager = ?4"
                           " AND idx NOT IN (SELECT was FROM move) ORDER BY idx LIMIT 1",
                           -1, &mended->find, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(mended->db, "INSERT INTO move VALUES (?1, ?2, ?3, ?4)", -1,
                           &mended->move, NULL) == SQLITE_OK)
        return mended;
    failed(mended);
    mended_free(mended);
    return NULL;
}

static void bind_key(sqlite3_stmt *statement, int at, int64_t id, const char *number)
{
    if (id != 0)
        sqlite3_bind_int64(statement, at, id);
    else
        sqlite3_bind_text(statement, at, number != NULL ? number : "", -1, SQLITE_STATIC);
}

static void bind_pair(sqlite3_stmt *statement, const bacm_client_link *link)
{
    bool is_customer = link->type == BACM_CUSTOMER_LINK;

    sqlite3_bind_int(statement, 2, is_customer);
    bind_key(statement, 3, is_customer ? link->client_customer_id : link->client_account_id,
             is_customer ? link->client_customer_number : link->client_account_number);
    bind_key(statement, 4, link->managing_customer_id, link->managing_customer_number);
}

static bool take_entry(const bacm_journal_entry *entry, void *user)
{
    struct mended *mended = user;
    bacm_client_link link = BACM_CLIENT_LINK_INIT;
    bool ok;

    link.type = entry->type;
    link.client_account_id = entry->client_account_id;
    link.client_account_number = entry->client_account_number;
    link.client_customer_id = entry->client_customer_id;
    link.client_customer_number = entry->client_customer_number;
    link.managing_customer_id = entry->managing_customer_id;
    link.managing_customer_number = entry->managing_customer_number;
    sqlite3_bind_int64(mended->record, 1, (sqlite3_int64)entry->index);
    bind_pair(mended->record, &link);
    sqlite3_bind_int(mended->record, 5, (int)entry->state);
    sqlite3_bind_int64(mended->record, 6, (sqlite3_int64)entry->content);
    ok = sqlite3_step(mended->record) == SQLITE_DONE || failed(mended);
    sqlite3_reset(mended->record);
    return ok;
}

/* Where the journal has the pair of a row, the row goes on from there. */
static bool match_row(struct mended *mended, const struct row *row)
{
    sqlite3_stmt *find = mended->find;
    sqlite3_stmt *move = mended->move;
    uint64_t content = bacm_bulk_content(&row->link);
    bool changed;
    bool anew;
    bool ok;

    bind_pair(find, &row->link);
    if (sqlite3_step(find) != SQLITE_ROW) {
        mended->fresh++;
        return sqlite3_reset(find) == SQLITE_OK || failed(mended);
    }
    changed = (uint64_t)sqlite3_column_int64(find, 2) != content;
    anew = changed && sqlite3_column_int(find, 1) == BACM_JOURNAL_FAILED;
    mended->same += !changed;
    mended->changed += changed;
    mended->invited += changed && sqlite3_column_int(find, 1) == BACM_JOURNAL_ADDED;
    sqlite3_bind_int64(move, 1, (sqlite3_int64)row->index);
    sqlite3_bind_int64(move, 2, sqlite3_column_int64(find, 0));
    sqlite3_bind_int64(move, 3, (sqlite3_int64)row->line);
    sqlite3_bind_int(move, 4, anew);
    sqlite3_reset(find);
    ok = sqlite3_step(move) == SQLITE_DONE || failed(mended);
    sqlite3_reset(move);
    return ok;
}

static int match_rows(struct mended *mended, struct intake *intake)
{
    struct problem problem;
    struct row row = {0};
    enum input_event event = INPUT_ROW;
    bool ok = intake_rewind(intake);

    while (ok && (event = intake_next(intake, &row, &problem)) != INPUT_END) {
        if (event == INPUT_ROW)
            ok = match_row(mended, &row);
        else
            ok = event == INPUT_BAD_ROW;
    }
    if (event == INPUT_BROKEN)
        problem_report(&problem, input_name(intake->input));
    row_free(&row);
    return ok ? CLI_OK : event == INPUT_BROKEN ? CLI_USAGE : CLI_FAILED;
}

/* Rows that the journal has and the list has not; those of an earlier mending are not told. */
static uint64_t count_removed(struct mended *mended)
{
    sqlite3_stmt *count = NULL;
    uint64_t removed = 0;

    sqlite3_prepare_v2(mended->db,
                       "SELECT count(*) FROM recorded WHERE idx < ?1"
                       " AND idx NOT IN (SELECT was FROM move)",
                       -1, &count, NULL);
    sqlite3_bind_int64(count, 1, (sqlite3_int64)BACM_JOURNAL_REMOVED);
    if (sqlite3_step(count) == SQLITE_ROW)
        removed = (uint64_t)sqlite3_column_int64(count, 0);
    sqlite3_finalize(count);
    return removed;
}

static void tell(struct mended *mended, const struct intake *intake, const char *journal)
{
    message_note("%s has changed since %s was made: %" PRIu64 " rows are the same, %" PRIu64
                 " have changed, %" PRIu64 " are new, %" PRIu64 " are gone",
                 input_name(intake->input), journal, mended->same, mended->changed, mended->fresh,
                 count_removed(mended));
    if (mended->invited > 0)
        message_note("  of the changed rows %" PRIu64 " are invited already and stay as they were "
                     "sent; to send one anew cancel it first, and use --again canceled",
                     mended->invited);
}

/* Read the journal; *differs: it is of another list than this. */
static int read_journal(struct mended *mended, const char *path, bool *differs)
{
    bacm_journal_info info = BACM_JOURNAL_INFO_INIT;
    bacm_journal *journal = NULL;
    bacm_error error;
    bacm_status status = bacm_journal_open(&journal, path, &error);

    *differs = false;
    if (status == BACM_OK)
        status = bacm_journal_inspect(journal, &info, &error);
    if (status == BACM_OK && strcmp(info.input_digest, mended->digest) != 0) {
        *differs = true;
        status = bacm_journal_export_all(journal, take_entry, mended, &error);
    }
    bacm_journal_close(journal);
    if (mended->broken)
        return CLI_FAILED;
    if (status == BACM_OK)
        return CLI_OK;
    message_library(&error);
    return CLI_PRECONDITION;
}

int mended_find(struct mended **out, struct intake *intake, const char *journal)
{
    struct mended *mended;
    bool differs;
    int code;

    *out = NULL;
    if (journal == NULL || !is_journal(journal))
        return CLI_OK;
    mended = mended_new();
    if (mended == NULL)
        return CLI_FAILED;
    input_digest(intake->input, mended->digest);
    code = read_journal(mended, journal, &differs);
    if (code == CLI_OK && differs)
        code = match_rows(mended, intake);
    if (code == CLI_OK && mended->same + mended->changed > 0) {
        tell(mended, intake, journal);
        *out = mended;
        return CLI_OK;
    }
    mended_free(mended);
    return code;
}

static bacm_status move_rows(struct mended *mended, bacm_journal *journal, bacm_error *error)
{
    sqlite3_stmt *moves = NULL;
    bacm_status status = bacm_journal_begin_list(journal, mended->digest, error);

    sqlite3_prepare_v2(mended->db, "SELECT was, idx, tag, anew FROM move", -1, &moves, NULL);
    while (status == BACM_OK && sqlite3_step(moves) == SQLITE_ROW) {
        uint64_t index = (uint64_t)sqlite3_column_int64(moves, 1);

        status = bacm_journal_take_over(journal, (uint64_t)sqlite3_column_int64(moves, 0), index,
                                        (uint64_t)sqlite3_column_int64(moves, 2), error);
        if (status == BACM_OK && sqlite3_column_int(moves, 3) != 0)
            status = bacm_journal_send_anew(journal, index, error);
    }
    sqlite3_finalize(moves);
    return status == BACM_OK ? bacm_journal_keep(journal, error) : status;
}

bool mended_apply(struct mended *mended, const char *path)
{
    bacm_journal *journal = NULL;
    bacm_error error;
    bacm_status status = bacm_journal_edit(&journal, path, &error);

    if (status == BACM_OK)
        status = move_rows(mended, journal, &error);
    bacm_journal_close(journal);
    if (status != BACM_OK)
        message_library(&error);
    return status == BACM_OK;
}

void mended_free(struct mended *mended)
{
    if (mended == NULL)
        return;
    sqlite3_finalize(mended->record);
    sqlite3_finalize(mended->find);
    sqlite3_finalize(mended->move);
    sqlite3_close(mended->db);
    free(mended);
}
