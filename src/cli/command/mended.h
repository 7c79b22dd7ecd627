/*
 * A list that was mended after its journal was made: which rows are the same, which have
 * changed, which are new and which are gone. Rows are known by their pairs.
 */
#ifndef BACM_CLI_COMMAND_MENDED_H
#define BACM_CLI_COMMAND_MENDED_H

#include <stdbool.h>

#include "cli/input/intake.h"

struct mended;

/*
 * Hold the list, which is read from its begin, against its journal. *out is NULL when there
 * is nothing to do: no journal, one of this very list, or one that shares no pair with it,
 * which is for another list and is left to be refused. What is found is told. Returns an
 * exit status.
 */
int mended_find(struct mended **out, struct intake *intake, const char *journal);

/* Make the journal one of this list: each row keeps what is known of it. False after a message. */
bool mended_apply(struct mended *mended, const char *journal);

void mended_free(struct mended *mended);

#endif
