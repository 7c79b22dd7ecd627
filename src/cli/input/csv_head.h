/*
 * The columns of a CSV: what the names in its first row mean.
 */
#ifndef BACM_CLI_INPUT_CSV_HEAD_H
#define BACM_CLI_INPUT_CSV_HEAD_H

#include "cli/input/names.h"

struct csv_column {
    enum row_field field;
    enum row_field meant; /* of one that is passed over for another of this field; else as field */
    enum name_match match;
    char name[64]; /* as the input has it; "" for none */
};

/* Start from {.names = ...}. */
struct csv_head {
    struct row_names *names;
    struct csv_column *columns;
    size_t count;
    bool problem_is_name; /* some name is unknown: further ones are added to the problem */
};

/* Take the name of the next column; the first problem stays. False when memory is out. */
bool csv_head_add(struct csv_head *head, const char *text, size_t size, struct problem *problem);

/* To be called when all names are there: false with a problem. */
bool csv_head_complete(struct csv_head *head, struct problem *problem);

/* Number of the column of a field, 1 for the first; 0 when there is none. */
size_t csv_head_column(const struct csv_head *head, enum row_field field);

/* Number of the column for which this one, 0 for the first, is passed over; 0: it is not. */
size_t csv_head_twin(const struct csv_head *head, size_t column);

/* Columns that have a field. */
size_t csv_head_used(const struct csv_head *head);

void csv_head_free(struct csv_head *head);

#endif
