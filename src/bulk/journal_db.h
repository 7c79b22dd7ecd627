/*
 * The database behind the journal; only the journal's own files see it.
 */
#ifndef BACM_BULK_JOURNAL_DB_H
#define BACM_BULK_JOURNAL_DB_H

#include <sqlite3.h>

#include "bulk/journal.h"

#define BULK_ROW_COLUMNS                                                                           \
    "idx, tag, client_account_id, client_account_number, managing_customer_id,"                    \
    " managing_customer_number, state, confirmed_by, sent_ms, tracking_id, errors"
/* The rest, which journals of schema version 1 do not have. */
#define BULK_ROW_NEW_COLUMNS                                                                       \
    ", type, client_customer_id, client_customer_number, customer_link_permission"
#define BULK_ROW_NO_COLUMNS ", NULL, NULL, NULL, NULL, NULL, NULL"
/* By which clock sent_ms is: NULL the service's, else a boot and the steady time in it. */
#define BULK_ROW_CLOCK ", sent_by"
/* Fingerprint of what the row says besides its pair, by bacm_bulk_content(). */
#define BULK_ROW_CONTENT ", content"

enum bulk_column {
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
    COLUMN_ERRORS,
    COLUMN_TYPE,
    COLUMN_CUSTOMER_ID,
    COLUMN_CUSTOMER_NUMBER,
    COLUMN_PERMISSION,
    COLUMN_SENT_BY,
    COLUMN_CONTENT
};

struct bacm_journal {
    sqlite3 *db;
    sqlite3_stmt *find;
    sqlite3_stmt *put;
    sqlite3_stmt *look; /* journal_edit.c */
    sqlite3_stmt *keep;
    int64_t set_aside;  /* what was added to the indexes of the list before; 0: nothing */
    bool looked;        /* since the last bacm_journal_keep() */
    int64_t first_free; /* no row at or behind this index is recorded */
    int schema_version;
    char boot[40]; /* of the machine, as it names it; "" when it does not */
    bool reading;  /* nothing is made and nothing is written */
    char *contract;
    char *endpoint;
    char *input_digest;
    char *created;
    int64_t managing_customer_id;
};

/* How a run ends that does not know of the one before. */
#define WITH_A_NEW_JOURNAL                                                                         \
    "links that wait or are active are refused with code 1410, those that have ended are invited " \
    "again."

/* Turn SQLite's last error into ours; what it is about follows "the journal". */
bacm_status bulk_db_fail(const bacm_journal *journal, const char *what, bacm_error *error);
bacm_status bulk_db_run(bacm_journal *journal, const char *sql, const char *what,
                        bacm_error *error);
/* The first column of the first row. */
bacm_status bulk_db_number(bacm_journal *journal, const char *sql, int64_t *value,
                           bacm_error *error);
/* journal_file.c: open an existing journal for writing, whatever it belongs to. */
bacm_status bulk_db_open_existing(bacm_journal *journal, const char *path, bacm_error *error);
/* Hand the journal out when it could be opened, else close it. */
bacm_status bulk_db_hand_out(bacm_journal **out, bacm_journal *journal, bacm_status status);

/* journal_edit.c: whether anybody has looked at the links of the journal. */
bool bulk_db_has_looks(bacm_journal *journal);

/* journal_schema.c: whether the file, which is not empty, is a journal that this version knows. */
bacm_status bulk_db_identify(bacm_journal *journal, bacm_error *error);
bacm_status bulk_db_create(bacm_journal *journal, const struct bulk_binding *binding,
                           bacm_error *error);
bacm_status bulk_db_read_binding(bacm_journal *journal, bacm_error *error);
bacm_status bulk_db_check_count(bacm_journal *journal, bacm_error *error);
bacm_status bulk_db_check_binding(const bacm_journal *journal, const struct bulk_binding *binding,
                                  bacm_error *error);
bacm_status bulk_db_bring_up_to_date(bacm_journal *journal, bacm_error *error);

/* A column of a row; "" for NULL. */
const char *bulk_db_text(sqlite3_stmt *statement, enum bulk_column column);

#endif
