/*
 * The journal: what is known of each row, on disk before and after its call.
 *
 * One SQLite file, whole and flushed to the disk after each commit, and locked
 * against a second run as long as it is open. The coordinator of a run is the
 * only one who uses it. It holds no secret.
 */
#ifndef BACM_BULK_JOURNAL_H
#define BACM_BULK_JOURNAL_H

#include "bulk/row.h"

/* What a journal belongs to; a run whose binding differs is refused. */
struct bulk_binding {
    const char *contract;
    const char *endpoint;
    const char *input_digest;
    int64_t managing_customer_id;
};

/* Open for a run; a file that does not exist is made. Statuses as bacm_bulk_new(). */
bacm_status bulk_journal_open(bacm_journal **out, const char *path,
                              const struct bulk_binding *binding, bacm_error *error);

/*
 * What an earlier run has recorded of a row: sets journaled, and state and sent when
 * there is something to go on from. BACM_E_JOURNAL_MISMATCH when the row is another.
 */
bacm_status bulk_journal_recall(bacm_journal *journal, struct bulk_row *row, bacm_error *error);

/*
 * One transaction: begin, any number of put, commit. Nothing is on disk before
 * commit has returned BACM_OK; after a failure all of it is as before begin.
 */
bacm_status bulk_journal_begin(bacm_journal *journal, bacm_error *error);
bacm_status bulk_journal_put(bacm_journal *journal, const struct bulk_row *row,
                             bacm_journal_state state, bacm_error *error);
bacm_status bulk_journal_commit(bacm_journal *journal, bacm_error *error);
void bulk_journal_rollback(bacm_journal *journal);

#endif
