/*
 * Finds pairs of account and managing customer that stand in an input twice.
 * They are kept in a temporary SQLite database, so that memory does not grow
 * with the input.
 */
#ifndef BACM_CLI_PAIRS_H
#define BACM_CLI_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

#include "row.h"

struct pairs;

/* NULL after a message, as all functions here give one. */
struct pairs *pairs_open(void);

bool pairs_add(struct pairs *pairs, const struct row *row);

/*
 * Find the second and further rows of a pair. own_customer stands in where a
 * row names no managing customer; 0: it is not known yet.
 */
bool pairs_find(struct pairs *pairs, int64_t own_customer, uint64_t *count);

/* Whether pairs_find() found this row; then also the line of the first one. */
bool pairs_is_repeated(struct pairs *pairs, uint64_t index, unsigned long *first_line);

/* Call for the first `limit` repeated rows, in order. */
void pairs_each(struct pairs *pairs, uint64_t limit,
                void (*report)(unsigned long line, unsigned long first_line, void *user),
                void *user);

/*
 * Line of the first row that names no managing customer and whose account id
 * is own_customer; 0: none.
 */
unsigned long pairs_line_of_self(struct pairs *pairs, int64_t own_customer);

void pairs_close(struct pairs *pairs);

#endif
