/*
 * What a format of the input provides.
 */
#ifndef BACM_CLI_INPUT_INPUT_FORMAT_H
#define BACM_CLI_INPUT_INPUT_FORMAT_H

#include "cli/input/input.h"

struct reader;

struct input_format {
    struct reader *(*open)(struct source *source,
                           struct row_names *names); /* NULL: out of memory */
    /* index is set by the caller, line by the reader */
    enum input_event (*next)(struct reader *reader, struct row *row, struct problem *problem);
    size_t (*column)(const struct reader *reader, enum row_field field);
    /* What was guessed, as a list with commas; false when nothing was. */
    bool (*describe)(const struct reader *reader, FILE *file);
    void (*put_original)(const struct reader *reader, FILE *file, const char *reason);
    void (*close)(struct reader *reader);
};

extern const struct input_format input_csv;
extern const struct input_format input_json;

#endif
