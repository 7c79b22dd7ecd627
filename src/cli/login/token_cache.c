#include "cli/login/token_cache.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "cli/login/token_file.h"
#include "cli/profile/version.h"

#define ACCESS_SUFFIX ".access"
#define USER_SUFFIX   ".user"

/* A role can be taken away; who has asked lately need not ask again. */
#define USER_LASTS_S 900

/* No access token is used for longer, whatever the issuer has said. */
#define MOST_LIFE_S 86400

/* What the kept things are of: the sign-in's settings, and the file with its refresh token. */
static bool sign_in_digest(const struct token_store *store, char text[TOKEN_DIGEST_BYTES])
{
    static const enum setting_id ids[] = {
        SETTING_CLIENT_ID, SETTING_APP_KIND,      SETTING_ENVIRONMENT, SETTING_TENANT,
        SETTING_TOKEN_URL, SETTING_AUTHORIZE_URL, SETTING_SCOPE,       SETTING_REFRESH_TOKEN,
        SETTING_API,       SETTING_ENDPOINT,      SETTING_CONNECT_TO,
    };
    char *all = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&all, &size);
    struct stat status = {0};
    bool ok;

    if (file == NULL)
        return false;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const char *value = settings_text(store->settings, ids[i]);

        fprintf(file, "%s%c", value != NULL ? value : "", value != NULL ? '\n' : '\r');
    }
    if (stat(store->path, &status) == 0)
        fprintf(file, "%ju %jd %jd.%09ld", (uintmax_t)status.st_ino, (intmax_t)status.st_size,
                (intmax_t)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    fprintf(file, "\n%s", version_oauth_platform(store->settings));
    ok = fclose(file) == 0 && token_digest(all, size, text);
    OPENSSL_cleanse(all, size);
    free(all);
    return ok;
}

/* Write a file for this sign-in; format begins behind the lines that all of them have. */
static void save(const struct token_store *store, const char *suffix, const char *lines)
{
    char path[TOKEN_STORE_PATH_BYTES];
    char digest[TOKEN_DIGEST_BYTES];
    char *text = OPENSSL_zalloc(TOKEN_FILE_MAX_BYTES);
    int length;

    if (text != NULL && sign_in_digest(store, digest)) {
        token_store_beside(store, suffix, path);
        length = snprintf(text, TOKEN_FILE_MAX_BYTES, TOKEN_FILE_WARNING "for = %s\nat = %jd\n%s",
                          digest, (intmax_t)time(NULL), lines);
        if (length > 0 && length < TOKEN_FILE_MAX_BYTES)
            private_file_write(path, text, (size_t)length);
    }
    OPENSSL_clear_free(text, TOKEN_FILE_MAX_BYTES);
}

/* A number of a line; -1: none that is good. */
static int64_t number_of(char *text, size_t size, const char *name)
{
    const char *value = token_file_value(text, size, name);
    int64_t number;

    return value != NULL && parse_number(value, 0, INT64_MAX, &number) ? number : -1;
}

/*
 * Read a file of this sign-in; its age in seconds. What is of another one, of the future,
 * or open to others counts for nothing, and is written anew in time.
 */
static bool load(const struct token_store *store, const char *suffix, char **text, size_t *size,
                 int64_t *age_s)
{
    char path[TOKEN_STORE_PATH_BYTES];
    char digest[TOKEN_DIGEST_BYTES];
    const char *of;
    int64_t at;

    token_store_beside(store, suffix, path);
    if (!private_file_is_mine(path) ||
        private_file_read(path, TOKEN_FILE_MAX_BYTES, text, size) != PRIVATE_FILE_READ)
        return false;
    of = token_file_value(*text, *size, "for");
    at = number_of(*text, *size, "at");
    *age_s = (int64_t)time(NULL) - at;
    if (of != NULL && at >= 0 && *age_s >= 0 && sign_in_digest(store, digest) &&
        strcmp(of, digest) == 0)
        return true;
    private_file_free(*text, *size);
    return false;
}

void token_cache_keep(const char *access_token, unsigned renew_s, unsigned expires_s, void *user)
{
    char *lines = OPENSSL_zalloc(TOKEN_FILE_MAX_BYTES);
    int length;

    if (lines == NULL)
        return;
    length = snprintf(lines, TOKEN_FILE_MAX_BYTES, "renew = %u\nexpires = %u\naccess-token = %s\n",
                      renew_s, expires_s, access_token);
    if (length > 0 && length < TOKEN_FILE_MAX_BYTES)
        save(user, ACCESS_SUFFIX, lines);
    OPENSSL_clear_free(lines, TOKEN_FILE_MAX_BYTES);
}

/* What is left of a time, 0 when nothing. */
static unsigned left_of(int64_t whole_s, int64_t age_s)
{
    const int64_t left_s = (whole_s < MOST_LIFE_S ? whole_s : MOST_LIFE_S) - age_s;

    return left_s > 0 ? (unsigned)left_s : 0;
}

void token_cache_recall(char *access_token, size_t size, unsigned *renew_s, unsigned *expires_s,
                        void *user)
{
    char *text;
    size_t text_size;
    int64_t age_s;
    const char *token;

    if (!load(user, ACCESS_SUFFIX, &text, &text_size, &age_s))
        return;
    *renew_s = left_of(number_of(text, text_size, "renew"), age_s);
    *expires_s = left_of(number_of(text, text_size, "expires"), age_s);
    token = token_file_value(text, text_size, "access-token");
    if (token != NULL && strlen(token) < size)
        snprintf(access_token, size, "%s", token);
    private_file_free(text, text_size);
}

bool token_cache_load_user(const struct token_store *store, struct known_user *user)
{
    char *text;
    size_t size;
    int64_t age_s;
    bool ok;

    if (!load(store, USER_SUFFIX, &text, &size, &age_s))
        return false;
    user->customer_id = number_of(text, size, "customer-id");
    user->account_links = number_of(text, size, "account-links") == 1;
    user->customer_links = number_of(text, size, "customer-links") == 1;
    ok = user->customer_id >= 0 && age_s < USER_LASTS_S;
    private_file_free(text, size);
    return ok;
}

void token_cache_save_user(const struct token_store *store, const struct known_user *user)
{
    char lines[128];

    snprintf(lines, sizeof lines,
             "customer-id = %" PRId64 "\naccount-links = %d\ncustomer-links = %d\n",
             user->customer_id, user->account_links, user->customer_links);
    save(store, USER_SUFFIX, lines);
}

void token_cache_drop_user(const struct token_store *store)
{
    char path[TOKEN_STORE_PATH_BYTES];

    token_store_beside(store, USER_SUFFIX, path);
    unlink(path);
}

bool token_cache_remove(const struct token_store *store)
{
    char path[TOKEN_STORE_PATH_BYTES];
    bool ok;

    token_store_beside(store, USER_SUFFIX, path);
    ok = private_file_remove(path);
    token_store_beside(store, ACCESS_SUFFIX, path);
    return private_file_remove(path) && ok;
}
