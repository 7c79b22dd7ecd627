/*
 * bacm journal list and prune: the journals of a folder, and which of them are done.
 */
#ifndef BACM_CLI_COMMAND_JOURNAL_FILES_H
#define BACM_CLI_COMMAND_JOURNAL_FILES_H

#include "cli/command/command.h"

/* What to do with the journals in these files and folders; without any: in this folder. */
struct journal_files {
    char **path;
    size_t count;
    bool prune;          /* remove those that are done */
    bool yes;            /* else only tell which */
    unsigned older_than; /* days; younger ones are kept */
};

/* Write a record a journal. Returns the exit status. */
int journal_files(const struct cli *cli, const struct journal_files *wanted);

#endif
