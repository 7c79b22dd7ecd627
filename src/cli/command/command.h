/*
 * Commands: one file each, one table of all. Parsing, help, man page and
 * completions are made from the table.
 */
#ifndef BACM_CLI_COMMAND_COMMAND_H
#define BACM_CLI_COMMAND_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/profile/settings.h"
#include "cli/profile/version.h"

#define COMMAND_MAX_OPTIONS 32

struct option_info {
    const char *name;     /* without dashes; NULL ends a list */
    char letter;          /* 0: none */
    const char *argument; /* NULL: a flag */
    const char *choices;  /* NULL: any; option_many: any, and more than once */
    const char *help;
};

/* In the place of choices: all values count, and stand in struct cli with newlines between. */
extern const char option_many[];

struct cli {
    struct settings settings;
    bool settings_broken; /* a message was given; see command.without_settings */
    const struct command *command;
    const char
        *option[COMMAND_MAX_OPTIONS]; /* as in command->options; "" for a flag; NULL: absent */
    char *many[COMMAND_MAX_OPTIONS];  /* values of options that may be given more than once */
    char **argument;
    size_t argument_count;
    int argc; /* the whole command line, as it was given */
    char **argv;
};

struct command {
    const char *name;
    const char *synopsis; /* arguments, for instance "[FILE]" */
    const char *summary;  /* one line, no full stop */
    const char *description;
    const char *in_version[CONTRACT_COUNT]; /* what only holds for a version; NULL: nothing */
    const char *examples;                   /* lines, each ended by a newline */
    const char *example_in_version[CONTRACT_COUNT];
    const struct option_info *options;
    size_t max_arguments;
    bool hidden;
    bool without_settings; /* runs although the configuration is broken */
    int (*run)(struct cli *cli);
};

extern const struct command *const command_table[];

const struct command *command_find(const char *name);

/*
 * Value of an option as a number within bounds, fallback when it is absent.
 * Returns false after a message.
 */
bool command_number(const struct cli *cli, size_t option, unsigned low, unsigned high,
                    unsigned fallback, unsigned *number);

/* The command line as it can be typed into a shell. New; NULL: out of memory. */
char *command_line(const struct cli *cli);

#endif
