/*
 * The rows that were not added, given back in the input's own columns with the reason: a
 * file of the same kind as the input, ready to be mended and fed again.
 */
#ifndef BACM_CLI_COMMAND_FAILED_ROWS_H
#define BACM_CLI_COMMAND_FAILED_ROWS_H

#include <stdio.h>

#include <bacm/bulk.h>

#include "cli/input/intake.h"

struct failed_rows {
    const char *path; /* NULL: nobody wants them */
    FILE *out;
    FILE *reasons; /* index and reason of each, in order */
    uint64_t count;
    bool broken; /* some could not be kept */
};

/*
 * Open the file, before anything is sent: what cannot be written later is found out now.
 * It must not be the input. False after a message; then nothing is left open.
 */
bool failed_rows_open(struct failed_rows *failed, const char *path, const struct intake *intake);

/* Keep a record's reason. Records come in the order of the input. */
void failed_rows_take(struct failed_rows *failed, const bacm_bulk_record *record);

/* Read the input once more and write those rows. False after a message. */
bool failed_rows_write(struct failed_rows *failed, struct intake *intake);

void failed_rows_close(struct failed_rows *failed);

#endif
