/*
 * The commands, in the order of the help. Each is command_NAME in NAME.c.
 */
#ifndef BACM_CLI_COMMAND_COMMANDS_H
#define BACM_CLI_COMMAND_COMMANDS_H

#include "cli/command/command.h"

#define COMMAND_LIST(X)                                                                            \
    X(add)                                                                                         \
    X(search)                                                                                      \
    X(update)                                                                                      \
    X(wait)                                                                                        \
    X(status)                                                                                      \
    X(report)                                                                                      \
    X(journal)                                                                                     \
    X(call)                                                                                        \
    X(whoami)                                                                                      \
    X(login)                                                                                       \
    X(logout)                                                                                      \
    X(profile)                                                                                     \
    X(doctor)                                                                                      \
    X(spec)

#define COMMAND_DECLARATION_(name) extern const struct command command_##name;
COMMAND_LIST(COMMAND_DECLARATION_)
#undef COMMAND_DECLARATION_

#endif
