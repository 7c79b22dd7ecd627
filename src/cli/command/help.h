/*
 * Help, from the tables of commands and settings.
 */
#ifndef BACM_CLI_COMMAND_HELP_H
#define BACM_CLI_COMMAND_HELP_H

#include <stdio.h>

#include "cli/command/command.h"
#include "cli/profile/version.h"

/*
 * Help on bacm as a whole, or on a command when that is not NULL, as it is with
 * this version of the contract.
 */
void help_print(FILE *file, const struct command *command, const struct version *version);

#endif
