/*
 * How an input is to be read, as a person says it.
 */
#ifndef BACM_CLI_INPUT_OPTIONS_H
#define BACM_CLI_INPUT_OPTIONS_H

#include <stdbool.h>

/* Absent ones are told from the input itself. */
struct input_options {
    const char *path;     /* "-": stdin */
    const char *format;   /* "csv", "ndjson", "json" */
    const char *encoding; /* "utf-8", "utf-16", "windows-1252" */
    const char *map;      /* "HEADER=NAME" lines */
    char delimiter;       /* 0: absent */
    bool ignore_unknown;  /* columns that are none of ours */
    bool strict;          /* nothing may be guessed */
    bool keep_original;   /* input_put_original() will be asked */
};

#endif
