/*
 * Reading the command line.
 */
#ifndef BACM_CLI_COMMAND_OPTIONS_H
#define BACM_CLI_COMMAND_OPTIONS_H

#include "cli/command/command.h"

enum options_result {
    OPTIONS_RUN,     /* cli is filled; run the command */
    OPTIONS_HELP,    /* --help; of cli->command when that is set */
    OPTIONS_VERSION, /* --version */
    OPTIONS_WRONG    /* a message was given */
};

/* Global options may stand before and after the command. */
enum options_result options_parse(struct cli *cli, int argc, char **argv);

/* Letter of a setting's option, or 0. */
char options_letter(enum setting_id id);

#endif
