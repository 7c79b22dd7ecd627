/*
 * The rows of a list that are to be sent although an earlier run has dealt with them: those
 * whose links have ended, and those whose refusal may have passed. A search decides.
 */
#ifndef BACM_CLI_COMMAND_SELECTION_H
#define BACM_CLI_COMMAND_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/command/session.h"
#include "cli/input/intake.h"
#include "cli/input/statuses.h"

struct selection;

/* The statuses of --again, as short words or as the service has them; false after a message. */
bool selection_statuses(struct statuses *statuses, const char *text);

/*
 * Choose rows of the list, which is read from its begin: those whose link is in one of the
 * statuses. Returns an exit status; *out is NULL after a message.
 */
int selection_again(struct selection **out, struct session *session, struct intake *intake,
                    const struct statuses *statuses);

/*
 * The same for rows that the journal has as failed, for a reason that may have passed: no
 * link is in the way now.
 */
int selection_retry(struct selection **out, struct session *session, struct intake *intake,
                    const char *journal);

/* How many rows, and of these how many that suppress the mail, and links of customers. */
uint64_t selection_count(const struct selection *selection, uint64_t *silent, uint64_t *customers);

bool selection_has(struct selection *selection, uint64_t index);

/*
 * Have the journal, where there is one, forget what it has of these rows; it must be of
 * this list. False after a message.
 */
bool selection_open_rows(struct selection *selection, const struct intake *intake,
                         const char *journal);

void selection_free(struct selection *selection);

#endif
