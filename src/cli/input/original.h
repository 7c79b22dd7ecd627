/*
 * A record of a CSV as it was written, so that it can be given back with a reason.
 */
#ifndef BACM_CLI_INPUT_ORIGINAL_H
#define BACM_CLI_INPUT_ORIGINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The column in which a reason stands. */
#define ORIGINAL_REASON "reason"

struct cell_list {
    char *text; /* cells, each ended by a NUL */
    size_t size;
    size_t capacity;
    size_t count;
};

/* Start from {0}. */
struct original {
    struct cell_list head;
    struct cell_list cells; /* of the record under way */
};

void original_clear(struct original *original);

/* False when memory is out. */
bool original_add(struct original *original, const char *text, size_t size);

/* The record under way is the head of all further ones. */
void original_keep_head(struct original *original);

/*
 * Write the record with the reason behind it, or in the place of an earlier reason; the
 * head with reason NULL.
 */
void original_put_csv(const struct original *original, FILE *file, char delimiter,
                      const char *reason);

void original_free(struct original *original);

#endif
