/*
 * A row of the input and the ClientLink made of it.
 */
#ifndef BACM_CLI_INPUT_ROW_H
#define BACM_CLI_INPUT_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bacm/links.h>

#include "cli/input/names.h"
#include "cli/terminal/problem.h"

/* Longest field in bytes: the longest text that the library takes. */
#define ROW_MAX_FIELD_BYTES BACM_MAX_LINK_TEXT_BYTES

struct row {
    uint64_t index; /* 0 for the first row, refused ones count */
    unsigned long line;
    bacm_client_link link; /* borrows from text */
    char *text[ROW_FIELD_COUNT];
    size_t capacity[ROW_FIELD_COUNT];
};

/* Make a row empty; its memory is kept. */
void row_clear(struct row *row);

/* The setters return false with field, reason and remedy in problem. */
bool row_set_integer(struct row *row, enum row_field field, int64_t value, struct problem *problem);
bool row_set_text(struct row *row, enum row_field field, const char *text, size_t size,
                  struct problem *problem);
bool row_set_boolean(struct row *row, enum row_field field, bool value);

/* Set a field of any kind from its text; an empty text leaves it absent. */
bool row_parse(struct row *row, enum row_field field, const char *text, size_t size,
               struct problem *problem);

/*
 * To be called when all fields are set: the client of a CustomerLink is a customer, and
 * where a list was not written for bacm one name of each client is enough.
 */
bool row_complete(struct row *row, const struct row_names *names, struct problem *problem);

/*
 * Check the whole row by the library's rules. own_customer stands in for a
 * managing customer that the row does not name; 0: it is not known yet.
 */
bool row_check(const struct row *row, const struct row_names *names, int64_t own_customer,
               struct problem *problem);

bool row_is_customer(const struct row *row);

/* Whether the row leaves the managing customer to the caller's own. */
bool row_needs_customer(const struct row *row);

void row_free(struct row *row);

#endif
