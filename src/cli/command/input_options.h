/*
 * The options of each command that reads a list of clients.
 */
#ifndef BACM_CLI_COMMAND_INPUT_OPTIONS_H
#define BACM_CLI_COMMAND_INPUT_OPTIONS_H

#include "cli/command/command.h"
#include "cli/input/options.h"

/* To stand in a command's enumeration of its options, in this order. */
#define INPUT_OPTION_IDS                                                                           \
    OPTION_FORMAT, OPTION_DELIMITER, OPTION_ENCODING, OPTION_MAP, OPTION_IGNORE_UNKNOWN,           \
        OPTION_STRICT

/* The same in its table. */
#define INPUT_OPTION_TABLE                                                                         \
    [OPTION_FORMAT] = {"format", 0, "FORMAT", "csv,ndjson,json",                                   \
                       "csv, or ndjson or json (one object a line, or an array of objects); "      \
                       "default: by the first characters"},                                        \
    [OPTION_DELIMITER] = {"delimiter", 0, "CHAR", NULL,                                            \
                          "separator of a CSV, or tab; default: comma, semicolon or tab, as the "  \
                          "first row tells"},                                                      \
    [OPTION_ENCODING] = {"encoding", 0, "NAME", "utf-8,utf-16,windows-1252",                       \
                         "utf-8, utf-16 or windows-1252; default: UTF-8, or UTF-16 where its "     \
                         "mark says so"},                                                          \
    [OPTION_MAP] = {"map", 0, "HEADER=NAME", option_many,                                          \
                    "read the column HEADER as NAME, for instance 'Account "                       \
                    "ID=ClientAccountId'; HEADER= passes it over; may be given several times, "    \
                    "once for each column of the list"},                                           \
    [OPTION_IGNORE_UNKNOWN] = {"ignore-unknown-columns", 0, NULL, NULL,                            \
                               "pass over columns whose names mean nothing to bacm"},              \
    [OPTION_STRICT] = {"strict", 0, NULL, NULL,                                                    \
                       "guess nothing: names as the contract writes them, a named separator, "     \
                       "all fields in each row"}

/*
 * Read the options of a command, of which OPTION_FORMAT is number `first`; path NULL: there
 * is no input. False after a message.
 */
bool input_options_read(const struct cli *cli, size_t first, const char *path,
                        struct input_options *options);

#endif
