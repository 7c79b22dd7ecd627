/*
 * The input of `bacm add`: read whole and checked before anything is sent, then
 * read a second time for sending.
 */
#ifndef BACM_CLI_INPUT_INTAKE_H
#define BACM_CLI_INPUT_INTAKE_H

#include "cli/input/input.h"
#include "cli/input/pairs.h"

struct intake {
    struct input *input;
    struct pairs *pairs;
    int64_t own_customer;        /* for rows that name none; 0: not known yet */
    uint64_t rows;               /* good and bad */
    uint64_t bad;                /* by themselves */
    struct pairs_found repeated; /* the same pair as an earlier one */
    uint64_t silent;             /* good rows that suppress the mail to the client */
    uint64_t customers;          /* good rows whose client is a customer */
    bool needs_customer;         /* some good row leaves the managing customer out */
    bool names_customer;         /* some good row names one */
};

/* Open an input; false after a message. */
bool intake_open(struct intake *intake, const struct input_options *options,
                 const struct version *version);

/*
 * Read all rows and check them. Every problem is reported on stderr, unless
 * bad rows are to be left out. Returns false when the input can not be used.
 */
bool intake_check(struct intake *intake, bool skip_invalid);

/*
 * Check what only the caller's own customer id can tell, and use that id for
 * the rows that name none.
 */
bool intake_set_customer(struct intake *intake, int64_t own_customer, bool skip_invalid);

/* Begin to read the input a second time; false after a message. */
bool intake_rewind(struct intake *intake);

/*
 * The next row, ready to be sent, or INPUT_BAD_ROW with the problem.
 */
enum input_event intake_next(struct intake *intake, struct row *row, struct problem *problem);

void intake_close(struct intake *intake);

#endif
