/*
 * Secrets that a command writes to its stdout, so that they stand in a vault and in no
 * file of ours.
 */
#ifndef BACM_CLI_PROFILE_SECRET_COMMAND_H
#define BACM_CLI_PROFILE_SECRET_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/profile/settings.h"

/*
 * Run the command of a setting by /bin/sh and take the first line of its output; free
 * with secret_command_free(). The command must have ended well within --timeout. rest,
 * if not NULL, gets the second line, or "". NULL after a message.
 */
char *secret_command_run(const struct settings *settings, enum setting_id id, const char **rest);
void secret_command_free(char *secret);

/*
 * Fill the secrets that are not set from their commands, where there are such; false
 * after a message. TOKEN_COMMAND is not run: access tokens are fetched when needed.
 */
bool secret_command_fill(struct settings *settings);

#endif
