/*
 * The rows of a journal: what an earlier run knows, and what this one records.
 */
#include "bulk/journal_db.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulk/fail.h"

const char *bulk_db_text(sqlite3_stmt *statement, enum bulk_column column)
{
    const char *text = (const char *)sqlite3_column_text(statement, (int)column);

    return text ? text : "";
}

/* Numbers are the same in upper and lower case, as to bacm_client_link_same_pair(). */
static bool same_number(const char *recorded, const char *given)
{
    return sqlite3_stricmp(recorded, given ? given : "") == 0;
}

static bool same_row(sqlite3_stmt *statement, const bacm_client_link *link)
{
    return sqlite3_column_int64(statement, COLUMN_ACCOUNT_ID) == link->client_account_id &&
           sqlite3_column_int64(statement, COLUMN_CUSTOMER_ID) == link->client_customer_id &&
           same_number(bulk_db_text(statement, COLUMN_CUSTOMER_NUMBER),
                       link->client_customer_number) &&
           sqlite3_column_int64(statement, COLUMN_MANAGER_ID) == link->managing_customer_id &&
           same_number(bulk_db_text(statement, COLUMN_ACCOUNT_NUMBER),
                       link->client_account_number) &&
           same_number(bulk_db_text(statement, COLUMN_MANAGER_NUMBER),
                       link->managing_customer_number);
}

static bacm_status recall_decided(sqlite3_stmt *statement, struct bulk_row *row,
                                  enum bulk_row_state state, bacm_error *error)
{
    const char *errors = bulk_db_text(statement, COLUMN_ERRORS);

    bulk_row_decide(row, state, BACM_BULK_BY_JOURNAL, BACM_OK);
    bulk_text_copy(row->tracking_id, sizeof row->tracking_id,
                   bulk_db_text(statement, COLUMN_TRACKING));
    if (*errors && !bulk_errors_from_json(&row->errors, errors))
        return bulk_fail(error, BACM_E_JOURNAL,
                         "the journal has errors of row %" PRIu64 " that cannot be read",
                         row->index);
    return BACM_OK;
}

/* sent_ms is the service's time where nothing stands in sent_by: the machine's proves nothing. */
static struct bulk_moment recall_moment(const bacm_journal *journal, sqlite3_stmt *statement)
{
    struct bulk_moment moment = {.wall_ms = sqlite3_column_int64(statement, COLUMN_SENT)};
    const char *by = bulk_db_text(statement, COLUMN_SENT_BY);
    size_t boot = strlen(journal->boot);

    if (!*by)
        moment.service_ms = moment.wall_ms;
    else if (boot && strncmp(by, journal->boot, boot) == 0 && by[boot] == ' ')
        moment.steady_ms = strtoll(by + boot + 1, NULL, 10);
    return moment;
}

static bacm_status recall(const bacm_journal *journal, sqlite3_stmt *statement,
                          struct bulk_row *row, bacm_error *error)
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
        return recall_decided(statement, row, BULK_ROW_ADDED, error);
    case BACM_JOURNAL_FAILED:
        return recall_decided(statement, row, BULK_ROW_FAILED, error);
    case BACM_JOURNAL_NOT_SENT:
    case BACM_JOURNAL_LATER:
        return BACM_OK;
    default: /* also a state of a later version: searching does no harm */
        row->state = BULK_ROW_LOST;
        row->sent = recall_moment(journal, statement);
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
        status = recall(journal, journal->find, row, error);
    else if (code != SQLITE_DONE)
        status = bulk_db_fail(journal, "cannot be read", error);
    sqlite3_reset(journal->find);
    return status;
}

bacm_status bulk_journal_begin(bacm_journal *journal, bacm_error *error)
{
    return bulk_db_run(journal, "BEGIN", "cannot be written", error);
}

bacm_status bulk_journal_commit(bacm_journal *journal, bacm_error *error)
{
    bacm_status status = bulk_db_run(journal, "COMMIT", "cannot be written", error);

    if (status != BACM_OK)
        bulk_journal_rollback(journal);
    return status;
}

void bulk_journal_rollback(bacm_journal *journal)
{
    if (journal->db && !sqlite3_get_autocommit(journal->db))
        sqlite3_exec(journal->db, "ROLLBACK", NULL, NULL, NULL);
}

/* Absent values are NULL in the file, which costs one byte. */
static void put_number(sqlite3_stmt *statement, enum bulk_column column, int64_t value)
{
    if (value)
        sqlite3_bind_int64(statement, (int)column + 1, value);
    else
        sqlite3_bind_null(statement, (int)column + 1);
}

static void put_text(sqlite3_stmt *statement, enum bulk_column column, const char *text)
{
    sqlite3_bind_text(statement, (int)column + 1, text && *text ? text : NULL, -1, SQLITE_STATIC);
}

/* When the attempt began: by the service's clock, else by the steady one of this boot. */
static void put_moment(const bacm_journal *journal, const struct bulk_moment *moment)
{
    char by[sizeof journal->boot + 24];

    put_number(journal->put, COLUMN_SENT,
               moment->service_ms ? moment->service_ms : moment->wall_ms);
    if (moment->service_ms)
        return;
    snprintf(by, sizeof by, "%s %" PRId64, *journal->boot ? journal->boot : "wall",
             moment->steady_ms);
    sqlite3_bind_text(journal->put, COLUMN_SENT_BY + 1, by, -1, SQLITE_TRANSIENT);
}

bacm_status bulk_journal_put(bacm_journal *journal, const struct bulk_row *row,
                             bacm_journal_state state, bacm_error *error)
{
    sqlite3_stmt *put = journal->put;
    char *errors = row->errors.count ? bulk_errors_to_json(&row->errors) : NULL;
    bool open = state == BACM_JOURNAL_SENDING || state == BACM_JOURNAL_UNKNOWN;
    int code;

    if (row->errors.count && !errors) /* a refusal must not be recorded without its reason */
        return bulk_fail_memory(error);
    sqlite3_bind_int64(put, COLUMN_INDEX + 1, (sqlite3_int64)row->index);
    sqlite3_bind_int64(put, COLUMN_TAG + 1, (sqlite3_int64)row->tag);
    put_number(put, COLUMN_ACCOUNT_ID, row->link.client_account_id);
    put_text(put, COLUMN_ACCOUNT_NUMBER, row->link.client_account_number);
    put_number(put, COLUMN_MANAGER_ID, row->link.managing_customer_id);
    put_text(put, COLUMN_MANAGER_NUMBER, row->link.managing_customer_number);
    sqlite3_bind_int(put, COLUMN_STATE + 1, (int)state);
    sqlite3_bind_int(put, COLUMN_CONFIRMED + 1, (int)row->confirmed_by);
    if (open)
        put_moment(journal, &row->sent);
    put_text(put, COLUMN_TRACKING, row->tracking_id);
    put_text(put, COLUMN_ERRORS, errors);
    put_text(put, COLUMN_TYPE, bacm_link_type_text(row->link.type));
    put_number(put, COLUMN_CUSTOMER_ID, row->link.client_customer_id);
    put_text(put, COLUMN_CUSTOMER_NUMBER, row->link.client_customer_number);
    put_text(put, COLUMN_PERMISSION, row->link.customer_link_permission);
    put_number(put, COLUMN_CONTENT, (int64_t)bacm_bulk_content(&row->link));
    code = sqlite3_step(put);
    sqlite3_reset(put);
    sqlite3_clear_bindings(put);
    free(errors);
    if (code != SQLITE_DONE)
        return bulk_db_fail(journal, "cannot be written", error);
    if ((int64_t)row->index >= journal->first_free)
        journal->first_free = (int64_t)row->index + 1;
    return BACM_OK;
}
