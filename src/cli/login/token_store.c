#include "cli/login/token_store.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "cli/login/token_cache.h"
#include "cli/login/token_file.h"
#include "cli/terminal/message.h"

/* What stands behind the path of the token in the names of the files beside it. */
#define LOCK_SUFFIX ".lock"

/* As long as a token call may take. */
#define LOGOUT_WAIT_MS 30000u

/* "name" of a profile as a file name: what is not plain is written %XX. */
static void put_name(char *out, size_t size, const char *name)
{
    size_t used = strlen(out);

    for (; *name != '\0' && used + 4 < size; name++) {
        const bool plain = isascii((unsigned char)*name) &&
                           (isalnum((unsigned char)*name) || strchr("-_", *name) != NULL);

        used += (size_t)snprintf(out + used, size - used, plain ? "%c" : "%%%02X",
                                 (unsigned char)*name);
    }
}

bool token_store_init(struct token_store *store, const struct settings *settings)
{
    const char *given = settings_text(settings, SETTING_TOKEN_FILE);
    const char *base = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    static const char suffix[] = ".token";
    size_t size = sizeof store->path - sizeof suffix - TOKEN_STORE_SUFFIX_BYTES;
    int length;

    store->settings = settings;
    store->draft = (struct private_draft)PRIVATE_DRAFT_NONE;
    store->lock = -1;
    if (given != NULL)
        length = snprintf(store->path, size, "%s", given);
    else if (base != NULL && *base == '/')
        length = snprintf(store->path, size, "%s/bacm/", base);
    else if (home != NULL && *home == '/')
        length = snprintf(store->path, size, "%s/.local/state/bacm/", home);
    else
        length = -1;
    if (length < 0 || (size_t)length >= size) {
        message_error("there is no place for the refresh token: set HOME or --token-file");
        return false;
    }
    if (given == NULL) {
        put_name(store->path, size, settings_text(settings, SETTING_PROFILE));
        snprintf(store->path + strlen(store->path), sizeof suffix, "%s", suffix);
    }
    return true;
}

bool token_store_exists(const struct token_store *store)
{
    return access(store->path, F_OK) == 0;
}

/*
 * The digest of the refresh token in the configuration, "" without one. A stored
 * token has grown from it; when somebody sets another one, that is the newer.
 */
static bool configured_digest(const struct settings *settings, char text[TOKEN_DIGEST_BYTES])
{
    const char *token = settings_text(settings, SETTING_REFRESH_TOKEN);

    text[0] = '\0';
    return token == NULL || token_digest(token, strlen(token), text);
}

int token_store_save(const char *refresh_token, void *user)
{
    struct token_store *store = user;
    char digest[TOKEN_DIGEST_BYTES];
    char *text = OPENSSL_zalloc(TOKEN_FILE_MAX_BYTES);
    bool ok = false;
    int length;

    if (text == NULL) {
        message_error("out of memory");
        return -1;
    }
    if (configured_digest(store->settings, digest)) {
        length =
            snprintf(text, TOKEN_FILE_MAX_BYTES,
                     TOKEN_FILE_WARNING "client-id = %s\nenvironment = %s\nconfigured = %s\n"
                                        "refresh-token = %s\n",
                     settings_text(store->settings, SETTING_CLIENT_ID),
                     settings_text(store->settings, SETTING_ENVIRONMENT), digest, refresh_token);
        ok = length > 0 && length < TOKEN_FILE_MAX_BYTES &&
             (store->draft.fd >= 0 || token_store_reserve(store) == 0) &&
             private_draft_use(&store->draft, store->path, text, (size_t)length);
    }
    OPENSSL_clear_free(text, TOKEN_FILE_MAX_BYTES);
    return ok ? 0 : -1;
}

static bool is_for(const struct token_store *store, char *text, size_t size, enum setting_id id)
{
    const char *name = setting_table[id].name;
    const char *now = settings_text(store->settings, id);
    const char *then = token_file_value(text, size, name);

    if (then != NULL && strcmp(then, now) == 0)
        return true;
    message_error("%s: this sign-in is of another %s; run: bacm login", store->path, name);
    return false;
}

/* Take the token out of what was read; an empty one when the configured one is newer. */
static bool take_token(const struct token_store *store, char *text, size_t size,
                       char *refresh_token, size_t token_size)
{
    char digest[TOKEN_DIGEST_BYTES];
    const char *configured = token_file_value(text, size, "configured");
    const char *token;

    if (!configured_digest(store->settings, digest))
        return false;
    if (digest[0] != '\0' && (configured == NULL || strcmp(configured, digest) != 0))
        return true;
    if (!is_for(store, text, size, SETTING_CLIENT_ID) ||
        !is_for(store, text, size, SETTING_ENVIRONMENT))
        return false;
    token = token_file_value(text, size, "refresh-token");
    if (token == NULL || *token == '\0' || strlen(token) >= token_size) {
        message_error("%s: holds no refresh token; run: bacm login", store->path);
        return false;
    }
    snprintf(refresh_token, token_size, "%s", token);
    return true;
}

int token_store_load(char *refresh_token, size_t size, void *user)
{
    const struct token_store *store = user;
    char *text;
    size_t text_size;
    bool ok;

    refresh_token[0] = '\0';
    switch (private_file_read(store->path, TOKEN_FILE_MAX_BYTES, &text, &text_size)) {
    case PRIVATE_FILE_READ:
        ok = take_token(store, text, text_size, refresh_token, size);
        private_file_free(text, text_size);
        return ok ? 0 : -1;
    case PRIVATE_FILE_ABSENT:
        return 0;
    default:
        return -1;
    }
}

void token_store_beside(const struct token_store *store, const char *suffix,
                        char path[TOKEN_STORE_PATH_BYTES])
{
    snprintf(path, TOKEN_STORE_PATH_BYTES, "%s%s", store->path, suffix);
}

int token_store_lock(unsigned wait_ms, void *user)
{
    struct token_store *store = user;
    char path[TOKEN_STORE_PATH_BYTES];

    token_store_beside(store, LOCK_SUFFIX, path);
    store->lock = private_lock(path, wait_ms);
    if (store->lock >= 0)
        return 0;
    return store->lock == PRIVATE_LOCK_BUSY ? 1 : -1;
}

void token_store_unlock(void *user)
{
    struct token_store *store = user;

    private_draft_drop(&store->draft);
    private_unlock(store->lock);
    store->lock = -1;
}

int token_store_reserve(void *user)
{
    struct token_store *store = user;

    if (store->draft.fd >= 0)
        return 0;
    if (store->lock >= 0)
        private_file_tidy(store->path); /* nobody else is at it, so these are of the dead */
    return private_draft_reserve(&store->draft, store->path, TOKEN_FILE_MAX_BYTES) ? 0 : -1;
}

/* The lock goes last, and while it is held: who waits for it finds that it is gone. */
bool token_store_remove(struct token_store *store)
{
    char path[TOKEN_STORE_PATH_BYTES];
    bool removed = false;

    if (!token_store_exists(store))
        return true;
    switch (token_store_lock(LOGOUT_WAIT_MS, store)) {
    case 0:
        removed = token_cache_remove(store) && private_file_remove(store->path);
        token_store_beside(store, LOCK_SUFFIX, path);
        unlink(path);
        token_store_unlock(store);
        return removed;
    case 1:
        message_error("%s: another bacm is renewing it; try again", store->path);
        return false;
    default:
        return false;
    }
}
