/*
 * The members of a JSON object as fields of a row.
 */
#ifndef BACM_CLI_INPUT_JSON_ROW_H
#define BACM_CLI_INPUT_JSON_ROW_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "cli/input/row.h"

/* Two members of one field; "": none were seen. */
struct json_twin {
    char passed_over[64];
    char counts[64];
};

/* Start from {.names = ...}; other is to be freed with row_free(). */
struct json_row {
    struct row_names *names;
    struct row other; /* value of a further member */
    struct json_twin twins[ROW_FIELD_COUNT];
};

/*
 * Take all members; false with a problem. An object with a problem is read to its end, so
 * that its record can tell who was meant.
 */
bool json_row_take(struct json_row *fields, struct row *row, json_t *object,
                   struct problem *problem);

/* Name the members that were passed over for another of the same field. */
void json_row_describe(const struct json_row *fields, FILE *file);

/* "a string", for a message. */
const char *json_row_type_name(const json_t *value);

#endif
