/*
 * The consent of a user: the page's URL, and what the browser brings back.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "lib/auth/credentials.h"
#include "lib/auth/oauth.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/form.h"
#include "lib/base/text.h"

/* 32 bytes as base64url without padding, and a NUL. */
enum { RANDOM_BYTES = 32, RANDOM_TEXT = 44 };

struct bacm_consent {
    bacm_credentials *credentials;
    char state[RANDOM_TEXT];
    char verifier[RANDOM_TEXT]; /* "" without PKCE */
    char *url;
    bool used;
};

static void base64url(char out[RANDOM_TEXT], const unsigned char bytes[RANDOM_BYTES])
{
    unsigned char text[RANDOM_TEXT + 1];

    EVP_EncodeBlock(text, bytes, RANDOM_BYTES);
    for (size_t i = 0; i < RANDOM_TEXT - 1; i++)
        out[i] = (char)(text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i]);
    out[RANDOM_TEXT - 1] = '\0';
}

static bool make_random(char out[RANDOM_TEXT])
{
    unsigned char bytes[RANDOM_BYTES];

    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    base64url(out, bytes);
    OPENSSL_cleanse(bytes, sizeof bytes);
    return true;
}

static bool make_challenge(char out[RANDOM_TEXT], const char *verifier)
{
    unsigned char digest[EVP_MAX_MD_SIZE];

    if (EVP_Digest(verifier, strlen(verifier), digest, NULL, EVP_sha256(), NULL) != 1)
        return false;
    base64url(out, digest);
    return true;
}

static char *make_url(const struct bacm_consent *consent,
                      const struct bacm_oauth_settings *settings, const char *challenge)
{
    struct bacm_form query = {{NULL, 0, 0}, {NULL, 0, 0}, false};
    const char *separator = strchr(settings->authorize_url, '?') ? "&" : "?";
    struct bacm_buffer url = {NULL, 0, 0};
    bool made;

    bacm_form_add(&query, "client_id", settings->client_id, BACM_FORM_PLAIN);
    bacm_form_add(&query, "scope", settings->scope, BACM_FORM_PLAIN);
    bacm_form_add(&query, "response_type", "code", BACM_FORM_PLAIN);
    bacm_form_add(&query, "redirect_uri", settings->redirect_uri, BACM_FORM_PLAIN);
    bacm_form_add(&query, "state", consent->state, BACM_FORM_PLAIN);
    bacm_form_add(&query, "prompt", settings->prompt, BACM_FORM_PLAIN);
    bacm_form_add(&query, "code_challenge", challenge, BACM_FORM_PLAIN);
    bacm_form_add(&query, "code_challenge_method", *challenge ? "S256" : NULL, BACM_FORM_PLAIN);
    made = bacm_form_end(&query) &&
           bacm_buffer_add(&url, settings->authorize_url, strlen(settings->authorize_url)) == 0 &&
           bacm_buffer_add(&url, separator, 1) == 0 &&
           bacm_buffer_add(&url, query.sent.bytes, query.sent.size + 1) == 0;
    bacm_form_clear(&query);
    if (!made)
        bacm_buffer_clear(&url);
    return url.bytes;
}

static bool fill(struct bacm_consent *consent, const struct bacm_oauth_settings *settings)
{
    char challenge[RANDOM_TEXT] = "";

    if (!make_random(consent->state))
        return false;
    if (settings->uses_pkce &&
        (!make_random(consent->verifier) || !make_challenge(challenge, consent->verifier)))
        return false;
    consent->url = make_url(consent, settings, challenge);
    return consent->url != NULL;
}

bacm_status bacm_consent_new(bacm_consent **out, bacm_credentials *credentials, bacm_error *error)
{
    const struct bacm_oauth *oauth = credentials ? bacm_oauth_of(credentials) : NULL;
    struct bacm_consent *consent;

    bacm_error_clear(error);
    if (!out)
        return bacm_fail(error, BACM_E_ARGUMENT, "out is NULL");
    *out = NULL;
    if (!oauth)
        return bacm_fail(error, BACM_E_ARGUMENT, "the credentials are not of the OAuth kind");
    consent = calloc(1, sizeof *consent);
    if (!consent)
        return bacm_fail_memory(error);
    consent->credentials = bacm_credentials_retain(credentials);
    if (!fill(consent, &oauth->settings)) {
        bacm_consent_free(consent);
        return bacm_fail_memory(error);
    }
    *out = consent;
    return BACM_OK;
}

const char *bacm_consent_url(const bacm_consent *consent)
{
    return consent->url;
}

/* The query of an URL as new text, without the fragment. A text without '?' is the query. */
static char *copy_query(const char *redirected)
{
    const char *mark = strchr(redirected, '?');
    const char *query = mark ? mark + 1 : redirected;

    return strndup(query, strcspn(query, "# \t\r\n"));
}

/* What the consent page's redirection says; each one NULL when it does not. */
struct answer {
    char *state;
    char *code;
    char *error;
    char *description;
};

static bool read_answer(struct answer *answer, const char *query)
{
    return bacm_form_find(&answer->state, query, "state") &&
           bacm_form_find(&answer->code, query, "code") &&
           bacm_form_find(&answer->error, query, "error") &&
           bacm_form_find(&answer->description, query, "error_description");
}

static void answer_clear(struct answer *answer)
{
    free(answer->state);
    bacm_secret_free(answer->code);
    free(answer->error);
    free(answer->description);
}

static bool has_state(const struct bacm_consent *consent, const struct answer *answer)
{
    const size_t length = sizeof consent->state - 1;

    return answer->state && strlen(answer->state) == length &&
           CRYPTO_memcmp(answer->state, consent->state, length) == 0;
}

static bacm_status use_code(struct bacm_consent *consent, const char *code, bacm_error *error)
{
    const struct bacm_oauth *oauth = bacm_oauth_of(consent->credentials);
    const struct bacm_code_grant grant = {code, *consent->verifier ? consent->verifier : NULL,
                                          false};
    const struct bacm_token_request request = {
        bacm_monotonic_ms() + oauth->settings.options.call_timeout_ms, false, &grant};
    bacm_status status = bacm_secret_check(code, "code", error);

    if (status != BACM_OK)
        return status;
    status = bacm_token_cache_fetch(bacm_credentials_cache(consent->credentials), &request, error);
    consent->used = status == BACM_OK;
    return status;
}

static bacm_status finish(struct bacm_consent *consent, const struct answer *answer,
                          bacm_error *error)
{
    if (!has_state(consent, answer)) {
        bacm_error_hint(error, "Use the URL of this sign-in, whole, and not that of an earlier "
                               "one.");
        return bacm_fail(
            error, BACM_E_ARGUMENT,
            "the URL does not belong to this consent: its state is missing or another");
    }
    if (bacm_text_given(answer->error))
        return bacm_oauth_refused(answer->error, answer->description ? answer->description : "",
                                  error);
    if (bacm_text_given(answer->code))
        return use_code(consent, answer->code, error);
    return bacm_fail(error, BACM_E_ARGUMENT, "the URL has neither a code nor an error");
}

bacm_status bacm_consent_finish(bacm_consent *consent, const char *redirected, bacm_error *error)
{
    struct answer answer = {NULL, NULL, NULL, NULL};
    bacm_error unwanted;
    char *query;
    bacm_status status;

    if (!error)
        error = &unwanted;
    bacm_error_clear(error);
    if (!consent || !redirected || consent->used)
        return bacm_fail(error, BACM_E_ARGUMENT, "there is no consent or URL, or it is used up");
    query = copy_query(redirected);
    status = query && read_answer(&answer, query) ? finish(consent, &answer, error)
                                                  : bacm_fail_memory(error);
    answer_clear(&answer);
    bacm_secret_free(query);
    return status;
}

void bacm_consent_free(bacm_consent *consent)
{
    if (!consent)
        return;
    bacm_credentials_release(consent->credentials);
    free(consent->url);
    OPENSSL_cleanse(consent, sizeof *consent);
    free(consent);
}
