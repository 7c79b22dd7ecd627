/*
 * How far a run of `bacm add` is, on stderr: one line that is rewritten on a
 * terminal, a line now and then elsewhere, nothing with --quiet.
 */
#ifndef BACM_CLI_OUTPUT_PROGRESS_H
#define BACM_CLI_OUTPUT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include <bacm/bulk.h>

struct progress {
    uint64_t rows; /* of the whole input */
    bool terminal;
    bool shared; /* results go to a terminal as well, so to the same one */
    uint64_t begun_ms;
    uint64_t said_ms;         /* when the last line was written elsewhere than on a terminal */
    bacm_bulk_wait said_wait; /* what that line has said of waiting */
    bool line_open;           /* the line on the terminal needs an end */
};

void progress_begin(struct progress *progress, uint64_t rows);

/* A bacm_bulk_progress_callback; user is the struct progress. */
void progress_show(const bacm_bulk_progress *state, void *user);

/* Take the line on the terminal away, before anything else is written there. */
void progress_clear(struct progress *progress);

/* The same, before a result is written. */
void progress_before_result(struct progress *progress);

#endif
