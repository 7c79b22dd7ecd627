/*
 * The refresh token of a profile, in a file of its own. Which application it
 * was given to stands beside it: it is of no use to another one.
 */
#ifndef BACM_CLI_LOGIN_TOKEN_STORE_H
#define BACM_CLI_LOGIN_TOKEN_STORE_H

#include <limits.h>

#include "cli/profile/private_file.h"
#include "cli/profile/settings.h"

/* What stands behind the path of the token in the names of the files beside it. */
#define TOKEN_STORE_SUFFIX_BYTES 8
#define TOKEN_STORE_PATH_BYTES   (PATH_MAX + TOKEN_STORE_SUFFIX_BYTES)

struct token_store {
    char path[PATH_MAX];
    const struct settings *settings; /* borrowed */
    struct private_draft draft;      /* room for the next refresh token */
    int lock;                        /* -1: not held */
};

/* Finds the place of the file. False after a message when there is none. */
bool token_store_init(struct token_store *store, const struct settings *settings);

/* Whether there is a file; what it holds is not looked at. */
bool token_store_exists(const struct token_store *store);

/*
 * The callbacks of bacm_oauth_options: jobs that share the file take turns, and none
 * spends a token whose successor could not be stored. user is the token_store.
 */
int token_store_save(const char *refresh_token, void *user);
int token_store_load(char *refresh_token, size_t size, void *user);
int token_store_lock(unsigned wait_ms, void *user);
void token_store_unlock(void *user);
int token_store_reserve(void *user);

/* Path of a file beside that of the token. */
void token_store_beside(const struct token_store *store, const char *suffix,
                        char path[TOKEN_STORE_PATH_BYTES]);

bool token_store_remove(struct token_store *store);

#endif
