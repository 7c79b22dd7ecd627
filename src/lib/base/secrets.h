/*
 * The secrets of a call: copied, checked, cleansed.
 */
#ifndef BACM_LIB_BASE_SECRETS_H
#define BACM_LIB_BASE_SECRETS_H

#include <bacm/credentials.h>

/* Secrets of one call; each one NULL or a copy of its own. */
struct bacm_secrets {
    char *developer_token;
    char *access_token;
    char *user_name;
    char *password;
    const char *identity_provider; /* what the header of this name says: static text, no secret */
};

enum { BACM_SECRET_COUNT = 4 };

/* The secrets as an array, for code that treats all alike. */
void bacm_secrets_list(const struct bacm_secrets *secrets, const char *list[BACM_SECRET_COUNT]);

/* Overwrite what may hold a secret, so that no compiler leaves it out. */
void bacm_cleanse(void *bytes, size_t size);

/* Cleanse and free. */
void bacm_secrets_clear(struct bacm_secrets *secrets);

/* Cleanse and free one secret. NULL is allowed. */
void bacm_secret_free(char *secret);

/* Whether a secret can be sent; what names it in the error. NULL is allowed. */
bacm_status bacm_secret_check(const char *secret, const char *what, bacm_error *error);

#endif
