/*
 * Help, from the tables of commands and settings.
 */
#ifndef BACM_CLI_HELP_H
#define BACM_CLI_HELP_H

#include <stdio.h>

#include "command.h"

/* Help on bacm as a whole, or on a command when that is not NULL. */
void help_print(FILE *file, const struct command *command);

#endif
