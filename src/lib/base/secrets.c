#include "lib/base/secrets.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/error.h"
#include "lib/base/text.h"

/* In pieces that a memset() does with wide registers: buffers of requests are cleansed whole. */
void bacm_cleanse(void *bytes, size_t size)
{
    enum { PIECE = 1024 };
    char *at = bytes;

    for (; size > PIECE; size -= PIECE, at += PIECE)
        explicit_bzero(at, PIECE);
    explicit_bzero(at, size);
}

void bacm_secret_free(char *secret)
{
    if (secret)
        bacm_cleanse(secret, strlen(secret));
    free(secret);
}

void bacm_secrets_clear(struct bacm_secrets *secrets)
{
    bacm_secret_free(secrets->developer_token);
    bacm_secret_free(secrets->access_token);
    bacm_secret_free(secrets->user_name);
    bacm_secret_free(secrets->password);
    memset(secrets, 0, sizeof *secrets);
}

void bacm_secrets_list(const struct bacm_secrets *secrets, const char *list[BACM_SECRET_COUNT])
{
    list[0] = secrets->developer_token;
    list[1] = secrets->access_token;
    list[2] = secrets->user_name;
    list[3] = secrets->password;
}

bacm_status bacm_secret_check(const char *secret, const char *what, bacm_error *error)
{
    if (!secret)
        return BACM_OK;
    if (strnlen(secret, BACM_MAX_SECRET_BYTES + 1) > BACM_MAX_SECRET_BYTES)
        return bacm_fail(error, BACM_E_ARGUMENT, "the %s is longer than %d bytes", what,
                         BACM_MAX_SECRET_BYTES);
    for (const unsigned char *p = (const unsigned char *)secret; *p; p++) {
        if (*p < 0x20 || *p == 0x7F)
            return bacm_fail(error, BACM_E_ARGUMENT,
                             "the %s has a control character; was it read with its line end?",
                             what);
    }
    if (bacm_text_check(secret, NULL, NULL) != BACM_TEXT_OK)
        return bacm_fail(error, BACM_E_ARGUMENT, "the %s is not UTF-8", what);
    return BACM_OK;
}
