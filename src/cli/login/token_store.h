/*
 * The refresh token of a profile, in a file of its own. Which application it
 * was given to stands beside it: it is of no use to another one.
 */
#ifndef BACM_CLI_LOGIN_TOKEN_STORE_H
#define BACM_CLI_LOGIN_TOKEN_STORE_H

#include <limits.h>

#include "cli/profile/settings.h"

struct token_store {
    char path[PATH_MAX];
    const struct settings *settings; /* borrowed */
};

/* Finds the place of the file. False after a message when there is none. */
bool token_store_init(struct token_store *store, const struct settings *settings);

/* Whether there is a file; what it holds is not looked at. */
bool token_store_exists(const struct token_store *store);

/* bacm_refresh_token_store and bacm_refresh_token_load; user is the token_store. */
int token_store_save(const char *refresh_token, void *user);
int token_store_load(char *refresh_token, size_t size, void *user);

bool token_store_remove(const struct token_store *store);

#endif
