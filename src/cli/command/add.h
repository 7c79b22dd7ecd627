/*
 * What can be done with the checked rows of `bacm add`.
 */
#ifndef BACM_CLI_COMMAND_ADD_H
#define BACM_CLI_COMMAND_ADD_H

#include "cli/command/selection.h"
#include "cli/command/session.h"
#include "cli/input/intake.h"

/* How rows are sent. */
struct add_options {
    const char *journal;         /* NULL: none */
    struct selection *selection; /* the rows to send; NULL: all */
    const char *failed_out;      /* file for the rows that are refused or invalid; NULL: none */
    unsigned concurrency;
    unsigned requests_per_minute; /* 0: no cap */
    unsigned tries;
    unsigned backoff_s;
    unsigned backoff_cap_s;
    unsigned throttle_wait_s;
    unsigned deadline_s;
};

/*
 * Send the rows and write a record a row. command is what the user typed, for
 * the advice to run it again. Returns the exit status.
 */
int add_send(struct session *session, struct intake *intake, const struct add_options *options,
             const char *command);

/* Write the messages that would be sent. Returns the exit status. */
int add_preview(struct session *session, struct intake *intake);

/*
 * Ask the service which rows it would refuse as duplicates, and write a record a
 * row. No invitation is sent. Returns the exit status.
 */
int add_check(struct session *session, struct intake *intake);

#endif
