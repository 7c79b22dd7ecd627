/*
 * The rows of a list or of a journal, whichever a path leads to.
 */
#ifndef BACM_CLI_COMMAND_ROWS_OF_H
#define BACM_CLI_COMMAND_ROWS_OF_H

#include <stdbool.h>
#include <stdint.h>

#include <bacm/bulk.h>

#include "cli/input/options.h"
#include "cli/profile/version.h"

/* One row; entry is NULL where it comes from a list. Everything is borrowed. */
struct row_of {
    uint64_t index;
    unsigned long line;
    const bacm_client_link *link;
    const bacm_journal_entry *entry;
};

/* False ends the reading. */
typedef bool rows_of_callback(const struct row_of *row, void *user);

/* Whether the file is a journal, by its first bytes. */
bool is_journal(const char *path);

/*
 * Hand out each row of options->path in order. journal: what the path leads to when it is a
 * journal and open already, else NULL. The rows of a list that are bad are
 * reported and count as a failure, after the good ones. False after a message, or when the
 * callback has ended it.
 */
bool rows_of(const struct input_options *options, const struct version *version,
             bacm_journal *journal, rows_of_callback *callback, void *user);

#endif
