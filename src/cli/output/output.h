/*
 * Results on stdout: one record a row, as a table, CSV or NDJSON.
 */
#ifndef BACM_CLI_OUTPUT_OUTPUT_H
#define BACM_CLI_OUTPUT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "cli/profile/settings.h"

struct output_column {
    const char *name;  /* key in NDJSON, head in CSV; NULL ends a list */
    const char *title; /* head in a table; NULL: not in the table */
    size_t width;      /* in a table; 0: as wide as it comes, for the last one */
    bool right;        /* numbers */
    /* Text of a value in a table; NULL: as in CSV. New, NULL: out of memory. */
    char *(*text)(const json_t *value);
    bool customer_links; /* only where the version links customers; not for the first one */
};

enum output_format { OUTPUT_TABLE, OUTPUT_CSV, OUTPUT_NDJSON };

struct output {
    FILE *file;
    enum output_format format;
    const struct output_column *columns;
    bool customer_links;
    bool head_written;
};

/*
 * Begin to write to stdout in the format that the settings tell. Records have all
 * columns; those that the settings' version does not know are left out.
 */
void output_begin(struct output *output, const struct settings *settings,
                  const struct output_column *columns);

/*
 * Write a record, an object with the columns' names as keys. The record is
 * taken; NULL stands for one that could not be made. Returns false when it was
 * not written whole; output_close() tells why.
 */
bool output_record(struct output *output, json_t *record);

/* To be called after the last record: writes the head of a CSV without records. */
bool output_end(struct output *output);

/*
 * Close stdout. A result that did not reach its reader must not end as a
 * success: returns the exit status that tells so, after a message.
 */
int output_close(int code);

/* Values of a record: text of any origin, made safe; NULL gives null. */
json_t *output_text(const char *text);
/* null for "" too. */
json_t *output_text_or_null(const char *text);
/* null for 0. */
json_t *output_id(int64_t id);

#endif
