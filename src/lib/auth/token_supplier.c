/*
 * Access tokens from a callback of the application.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/auth/credentials.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

struct supplier {
    struct bacm_token_source source; /* the first member */
    bacm_token_supplier *call;
    void *user;
};

struct bacm_token_answer {
    struct bacm_access_token token;
};

/* Tokens are renewed so long before their end, but not in the first half of their life. */
enum { MARGIN_MS = 60 * 1000 };

int bacm_token_answer_set(bacm_token_answer *answer, const char *access_token, unsigned lifetime_s)
{
    const int64_t lifetime_ms = (int64_t)lifetime_s * 1000;
    struct bacm_access_token *token = &answer->token;

    bacm_access_token_clear(token);
    if (!bacm_text_given(access_token) ||
        bacm_secret_check(access_token, "access token", NULL) != BACM_OK)
        return -1;
    token->value = strdup(access_token);
    if (!token->value)
        return -1;
    token->expires_ms = BACM_TOKEN_NO_EXPIRY;
    token->renew_ms = BACM_TOKEN_NO_EXPIRY;
    if (lifetime_s) {
        token->expires_ms = bacm_token_clock_ms() + lifetime_ms;
        token->renew_ms =
            token->expires_ms - (lifetime_ms / 2 < MARGIN_MS ? lifetime_ms / 2 : MARGIN_MS);
    }
    return 0;
}

static bacm_status fetch(struct bacm_token_source *source, const struct bacm_token_request *request,
                         struct bacm_access_token *out, bacm_error *error)
{
    const struct supplier *supplier = (const struct supplier *)source;
    struct bacm_token_answer answer = {{NULL, 0, 0}};

    if (supplier->call(&answer, request->refused, supplier->user) == 0 && answer.token.value) {
        *out = answer.token;
        return BACM_OK;
    }
    bacm_access_token_clear(&answer.token);
    bacm_error_hint(error, "Look at the supplier of access tokens that the program has set.");
    return bacm_fail(error, BACM_E_TOKEN, "the supplier gave no access token that can be used");
}

static void supplier_free(struct bacm_token_source *source)
{
    free(source);
}

bacm_status bacm_credentials_new_supplier(bacm_credentials **out, const char *developer_token,
                                          bacm_token_supplier *supplier, void *user,
                                          bacm_error *error)
{
    struct supplier *source;
    bacm_status status;

    bacm_error_clear(error);
    if (!out)
        return bacm_fail(error, BACM_E_ARGUMENT, "out is NULL");
    *out = NULL;
    if (!supplier)
        return bacm_fail(error, BACM_E_ARGUMENT, "the supplier is NULL");
    source = calloc(1, sizeof *source);
    if (!source)
        return bacm_fail_memory(error);
    source->source.fetch = fetch;
    source->source.free = supplier_free;
    source->call = supplier;
    source->user = user;
    status = bacm_credentials_new_source(out, developer_token, &source->source, error);
    if (status != BACM_OK)
        free(source);
    return status;
}
