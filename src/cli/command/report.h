/*
 * What a journal tells people: counts, what became of which row and why, how it went.
 */
#ifndef BACM_CLI_COMMAND_REPORT_H
#define BACM_CLI_COMMAND_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include <bacm/bulk.h>

/* Different reasons that are counted apart. */
#define REPORT_MAX_REASONS 64

/* Rows in one state, by the first error of the service that they have. */
struct report_count {
    bacm_journal_state state;
    bool has_code;
    int code;
    bacm_channel channel;
    uint64_t rows;
};

struct report {
    const char *path;
    bacm_journal *journal;
    bacm_journal_info info;
    struct report_count counts[REPORT_MAX_REASONS];
    size_t count;
    uint64_t rows;
};

/* A reason in words: of a code what it means and what to do, else the state's. */
void report_reason(const struct report_count *count, char *text, size_t size);

/* Write the page. False with the library's error, which is BACM_OK when writing has failed. */
bool report_html(struct report *report, FILE *file, bacm_error *error);

#endif
