/*
 * What the last look at each row has found: kept in the journal of a list, or, where there
 * is none, as long as the program runs.
 */
#ifndef BACM_CLI_COMMAND_LOOKS_H
#define BACM_CLI_COMMAND_LOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include <bacm/bulk.h>

struct looks;

/* Of a list or a journal. NULL after a message. */
struct looks *looks_open(const char *path);

/*
 * Keep a status, and give the one before: "" when it is the first look. False after a
 * message.
 */
bool looks_exchange(struct looks *looks, uint64_t index, const char *status,
                    char previous[BACM_JOURNAL_LOOK_BYTES]);

/* The journal that has them, which others may want to open between two rounds; NULL: none. */
bacm_journal *looks_journal(const struct looks *looks);

/* To be called after each round; what is not kept is forgotten. False after a message. */
bool looks_keep(struct looks *looks);

void looks_close(struct looks *looks);

#endif
