/*
 * The client accounts that a command is about: ids as arguments, or the column
 * ClientAccountId of an input.
 */
#ifndef BACM_CLI_ACCOUNTS_H
#define BACM_CLI_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct accounts {
    int64_t *ids; /* each once, in the order given */
    size_t count;
};

/*
 * Read ids from arguments, several in one with commas between, and from a CSV or
 * NDJSON input when path is not NULL. False after a message.
 */
bool accounts_read(struct accounts *accounts, char **argument, size_t count, const char *path);

void accounts_free(struct accounts *accounts);

#endif
