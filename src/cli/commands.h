/*
 * The commands, each in the file cmd_NAME.c.
 */
#ifndef BACM_CLI_COMMANDS_H
#define BACM_CLI_COMMANDS_H

#include "command.h"

extern const struct command command_add;
extern const struct command command_whoami;

#endif
