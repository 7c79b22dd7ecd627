/*
 * What one command keeps for the next beside the refresh token: the access token, until
 * it ends, and what the caller may do, for a quarter of an hour. Each in a file of mode
 * 0600, of use only with the settings and the refresh token that it was got with.
 */
#ifndef BACM_CLI_LOGIN_TOKEN_CACHE_H
#define BACM_CLI_LOGIN_TOKEN_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/login/token_store.h"

/* bacm_access_token_keep and bacm_access_token_recall; user is the token_store. */
void token_cache_keep(const char *access_token, unsigned renew_s, unsigned expires_s, void *user);
void token_cache_recall(char *access_token, size_t size, unsigned *renew_s, unsigned *expires_s,
                        void *user);

struct known_user {
    int64_t customer_id; /* 0: none */
    bool account_links;  /* may manage them */
    bool customer_links;
};

/* False when nothing is kept, or for too long. */
bool token_cache_load_user(const struct token_store *store, struct known_user *user);
void token_cache_save_user(const struct token_store *store, const struct known_user *user);

/* The service has denied what was kept. Any thread. */
void token_cache_drop_user(const struct token_store *store);

/* Remove both files; false after a message. */
bool token_cache_remove(const struct token_store *store);

#endif
