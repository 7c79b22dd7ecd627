/*
 * The configuration file: [profile] sections of "key = value" lines.
 */
#ifndef BACM_CLI_PROFILE_CONFIG_H
#define BACM_CLI_PROFILE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/profile/settings.h"

/* Longest file; many profiles with tokens of the greatest length fit. */
#define CONFIG_MAX_BYTES (256 << 10)

/*
 * Write the path of the file: --config, else below $XDG_CONFIG_HOME or
 * ~/.config. Returns false when no home folder is known or the path is too
 * long; then there is no file.
 */
bool config_path(const struct settings *settings, char *path, size_t size);

#define CONFIG_PATH_BYTES   4096
#define CONFIG_NAME_BYTES   64
#define CONFIG_MAX_PROFILES 64

struct config_sections {
    char name[CONFIG_MAX_PROFILES][CONFIG_NAME_BYTES];
    size_t count;
};

/* The sections of the file, in its order; none without a file. False after a message. */
bool config_list(const struct settings *settings, struct config_sections *sections);

/*
 * Take the settings of the profile. A missing file is an error only when it was
 * named. The whole file must be right, whichever profile is used: any error
 * gives a message with its line, and false.
 */
bool config_read(struct settings *settings);

#endif
