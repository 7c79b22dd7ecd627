/*
 * Exit statuses of bacm, and which of several wins.
 */
#ifndef BACM_CLI_TERMINAL_EXIT_CODE_H
#define BACM_CLI_TERMINAL_EXIT_CODE_H

#include <bacm/error.h>

enum exit_code {
    CLI_OK = 0,
    CLI_FAILED = 1,       /* some link failed or was not sent, or a result could not be written */
    CLI_USAGE = 2,        /* bad usage or input, nothing sent */
    CLI_PRECONDITION = 3, /* refused before anything was sent */
    CLI_AUTHENTICATION = 4,
    CLI_SERVICE = 5, /* fault, or throttled past the budget */
    CLI_NETWORK = 6,
    CLI_UNKNOWN = 7 /* some outcome is unknown */
};

/* Exit status of a call that ended with a library status. */
int exit_code_for(bacm_status status);

/* The one of two that is reported: the first of 7, 4, 5, 6, 3, 2, 1. */
int exit_code_worse(int a, int b);

#endif
