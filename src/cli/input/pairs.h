/*
 * Finds pairs of client and managing customer that stand in an input twice. An
 * account and a customer are two clients, also when their ids are the same.
 * They are kept in a temporary SQLite database, so that memory does not grow
 * with the input.
 */
#ifndef BACM_CLI_INPUT_PAIRS_H
#define BACM_CLI_INPUT_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/input/row.h"

struct pairs;

/* NULL after a message, as all functions here give one. */
struct pairs *pairs_open(void);

/* How many rows repeat an earlier one, and how many of them are links of customers. */
struct pairs_found {
    uint64_t rows;
    uint64_t customers;
};

bool pairs_add(struct pairs *pairs, const struct row *row);

/*
 * Find the second and further rows of a pair. own_customer stands in where a
 * row names no managing customer; 0: it is not known yet.
 */
bool pairs_find(struct pairs *pairs, int64_t own_customer, struct pairs_found *found);

enum pairs_answer { PAIRS_FIRST, PAIRS_REPEATED, PAIRS_FAILED /* after a message */ };

/* Whether pairs_find() found this row; then also the line of the first one. */
enum pairs_answer pairs_look_up(struct pairs *pairs, uint64_t index, unsigned long *first_line);

typedef void pairs_report(unsigned long line, unsigned long first_line, bool is_customer,
                          void *user);

/* Call for the first `limit` repeated rows, in order. */
void pairs_each(struct pairs *pairs, uint64_t limit, pairs_report *report, void *user);

/*
 * Line of the first row that names no managing customer and whose client has the
 * id own_customer; 0: none.
 */
unsigned long pairs_line_of_self(struct pairs *pairs, int64_t own_customer);

void pairs_close(struct pairs *pairs);

#endif
