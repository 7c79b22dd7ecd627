/*
 * What the token endpoint answers: tokens, or a refusal and what to do about it.
 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <openssl/crypto.h>

#include "lib/auth/credentials.h"
#include "lib/auth/oauth.h"
#include "lib/base/error.h"
#include "lib/base/redact.h"
#include "lib/base/text.h"

/* A lifetime beyond this is taken for this: a year. */
#define MAX_LIFETIME_S (365LL * 24 * 60 * 60)

/* Refusals with the option to look at, the more particular ones first. */
#define NEEDS_A_PERSON                                                                             \
    "Sign in again, for instance with bacm login: the issuer wants a person, and multi-factor "    \
    "authentication (MFA), without which the service takes no tokens since October 2026; the "     \
    "scope of such tokens ends in msads.manage."

static const struct advice {
    const char *code; /* NULL: any */
    const char *part; /* of the description; NULL: any */
    const char *text;
} advices[] = {
    {"invalid_request", "send a client secret",
     "Leave client_secret out and set app_kind to native: the application is registered as a "
     "native app; or the refresh token was issued without a secret, then sign in again."},
    {NULL, "AADSTS50072", NEEDS_A_PERSON}, /* has to register for MFA */
    {NULL, "AADSTS50074", NEEDS_A_PERSON}, /* MFA was not passed */
    {NULL, "AADSTS50076", NEEDS_A_PERSON}, /* MFA is due */
    {NULL, "AADSTS50078", NEEDS_A_PERSON}, /* ... again */
    {NULL, "AADSTS50079", NEEDS_A_PERSON}, /* has to register for MFA */
    {NULL, "AADSTS50158", NEEDS_A_PERSON}, /* an external challenge */
    {NULL, "AADSTS50196",
     "Let fewer jobs ask for tokens, and do not set no_token_cache: the issuer has met the same "
     "request too often."},
    {"interaction_required", NULL, NEEDS_A_PERSON},
    {"login_required", NULL, NEEDS_A_PERSON},
    {"consent_required", NULL, NEEDS_A_PERSON},
    {NULL, "AADSTS7000218",
     "Set client_secret and set app_kind to web: the application is "
     "registered as a web app."},
    {NULL, "AADSTS7000215", "Check client_secret: it is wrong or has expired."},
    {NULL, "AADSTS70002",
     "Check client_secret, and client_id with app_kind: the application could "
     "not be identified."},
    {NULL, "AADSTS50011", "Set redirect_uri to one that is registered for the application."},
    {NULL, "AADSTS700016",
     "Check client_id, environment and tenant: the application is not known "
     "there."},
    {NULL, "AADSTS70011", "Check scope: it is malformed or does not belong to the environment."},
    {NULL, "AADSTS90002", "Check tenant: there is none of this name."},
    {"invalid_grant", NULL,
     "Sign in again, for instance with bacm login: the refresh token has expired, was revoked, "
     "or belongs to another client_id, redirect_uri, scope or environment; a code lasts five "
     "minutes and works once."},
    {"invalid_client", NULL, "Check client_secret, client_id, app_kind and redirect_uri."},
    {"unauthorized_client", NULL,
     "Check client_id and environment: the application is not known "
     "there, or may not ask for tokens in this way."},
    {"access_denied", NULL, "The user did not agree: sign in again."},
    {"authorization_declined", NULL, "The user did not agree: sign in again."},
    {"expired_token", NULL, "Nobody agreed in time: sign in again."},
    {"bad_verification_code", NULL, "Sign in again: the issuer does not know this device code."},
    {"invalid_scope", NULL, "Check scope: it is malformed or does not belong to the environment."},
    {"temporarily_unavailable", NULL, "Try again later."},
    {"server_error", NULL, "Try again later."},
    {NULL, NULL, "Check client_id, app_kind, redirect_uri, scope and token_url."},
};

static const char *find_advice(const char *code, const char *description)
{
    const struct advice *advice = advices;

    while ((advice->code && strcmp(advice->code, code) != 0) ||
           (advice->part && !strstr(description, advice->part)))
        advice++;
    return advice->text;
}

bacm_status bacm_oauth_refused(const char *code, const char *description, bacm_error *error)
{
    bacm_fail(error, BACM_E_TOKEN, "no token was given: %s%s%s", code, *description ? ": " : "",
              description);
    bacm_text_line(error->symbol, sizeof error->symbol, code);
    bacm_text_line(error->details, sizeof error->details, description);
    bacm_error_hint(error, "%s", find_advice(code, description));
    if (strcmp(code, "temporarily_unavailable") == 0 || strcmp(code, "server_error") == 0) {
        error->status = BACM_E_SERVICE;
        error->retry_class = BACM_RETRY_BACKOFF;
    }
    return error->status;
}

static bacm_status not_well(bacm_status status, bacm_error *error)
{
    bacm_fail(error, status, "the token endpoint answers with HTTP %d", error->http_status);
    error->retry_class = BACM_RETRY_BACKOFF;
    bacm_error_hint(error, "Try again later.");
    return status;
}

static bacm_status not_understood(bacm_error *error)
{
    if (error->http_status >= 500)
        return not_well(BACM_E_SERVICE, error);
    bacm_error_hint(error, "Check token_url.");
    if (error->http_status == 200)
        return bacm_fail(error, BACM_E_TOKEN,
                         "the reply of the token endpoint is not that of an OAuth server");
    return bacm_fail(error, BACM_E_TOKEN, "the token endpoint answers with HTTP %d",
                     error->http_status);
}

static const char *text_of(const json_t *reply, const char *name)
{
    const char *text = json_string_value(json_object_get(reply, name));

    return text ? text : "";
}

/* --- what may be said of a reply ---------------------------------------------------- */

static const char *const token_names[] = {"access_token", "refresh_token", "id_token"};

enum { TOKEN_NAMES = sizeof token_names / sizeof token_names[0] };

/* The secrets of the request, which a reply may repeat, and those that it brings. */
struct secrets {
    const char *list[BACM_SECRET_COUNT + TOKEN_NAMES];
};

static struct secrets secrets_of(const json_t *reply, const char *const *of_request)
{
    struct secrets secrets;

    memcpy(secrets.list, of_request, BACM_SECRET_COUNT * sizeof of_request[0]);
    for (size_t i = 0; i < TOKEN_NAMES; i++)
        secrets.list[BACM_SECRET_COUNT + i] = text_of(reply, token_names[i]);
    return secrets;
}

/* Text without secrets, new; NULL when out of memory. */
static char *clean(const char *text, const struct secrets *secrets)
{
    struct bacm_buffer out = {NULL, 0, 0};

    if (bacm_redact(&out, text, strlen(text), secrets->list, BACM_SECRET_COUNT + TOKEN_NAMES) ==
            0 &&
        bacm_buffer_add(&out, "", 1) == 0)
        return out.bytes;
    bacm_buffer_clear(&out);
    return NULL;
}

/* A refusal may repeat what it refuses. That goes before anything is cut to size. */
static bacm_status refused(const json_t *reply, const struct secrets *secrets, bacm_error *error)
{
    char *code = clean(text_of(reply, "error"), secrets);
    char *description = clean(text_of(reply, "error_description"), secrets);
    bacm_status status = code && description ? bacm_oauth_refused(code, description, error)
                                             : bacm_fail_memory(error);

    free(code);
    free(description);
    return status;
}

/* --- tokens ------------------------------------------------------------------------- */

/* A number, or a text that is one. */
static int64_t lifetime_of(const json_t *reply)
{
    const json_t *value = json_object_get(reply, "expires_in");
    double seconds = json_number_value(value);

    if (json_is_string(value)) {
        char *end;

        seconds = strtod(json_string_value(value), &end);
        if (*end || end == json_string_value(value))
            seconds = 0;
    }
    if (!(seconds > 0))
        return 0;
    return (int64_t)((seconds < MAX_LIFETIME_S ? seconds : (double)MAX_LIFETIME_S) * 1000);
}

/* A token of the reply; NULL when it has none. */
static bacm_status take_token(char **out, const json_t *reply, const char *name, bacm_error *error)
{
    const char *text = text_of(reply, name);
    bacm_status status = bacm_secret_check(text, name, error);

    if (status != BACM_OK) {
        error->status = BACM_E_TOKEN;
        bacm_error_hint(error, "The token endpoint gave a token that cannot be used.");
        return BACM_E_TOKEN;
    }
    *out = *text ? strdup(text) : NULL;
    return *text && !*out ? bacm_fail_memory(error) : BACM_OK;
}

static bacm_status take_tokens(struct bacm_token_reply *reply, const json_t *json,
                               bacm_error *error)
{
    bacm_status status = take_token(&reply->access_token, json, "access_token", error);

    if (status == BACM_OK)
        status = take_token(&reply->refresh_token, json, "refresh_token", error);
    if (status == BACM_OK && !reply->access_token)
        status = not_understood(error);
    reply->lifetime_ms = lifetime_of(json);
    return status;
}

/* Not the strings of a whole tree: only tokens are secret. */
static void cleanse_tokens(json_t *json)
{
    const char *name;
    json_t *value;

    json_object_foreach(json, name, value)
    {
        if (json_is_string(value))
            OPENSSL_cleanse((char *)json_string_value(value), json_string_length(value));
    }
}

bacm_status bacm_oauth_read_object(json_t **out, const char *body, size_t size,
                                   const char *const *secrets, bacm_error *error)
{
    struct secrets all;
    bacm_status status = BACM_OK;

    *out = NULL;
    if (error->http_status == 429)
        return not_well(BACM_E_THROTTLED, error);
    *out = json_loadb(body, size, 0, NULL);
    all = secrets_of(*out, secrets);
    if (*text_of(*out, "error"))
        status = refused(*out, &all, error);
    else if (!json_is_object(*out) || error->http_status != 200)
        status = not_understood(error);
    return status;
}

void bacm_oauth_object_free(json_t *object)
{
    cleanse_tokens(object);
    json_decref(object);
}

bacm_status bacm_oauth_read_reply(struct bacm_token_reply *reply, const char *body, size_t size,
                                  const char *const *secrets, bacm_error *error)
{
    json_t *json = NULL;
    bacm_status status;

    memset(reply, 0, sizeof *reply);
    status = bacm_oauth_read_object(&json, body, size, secrets, error);
    if (status == BACM_OK)
        status = take_tokens(reply, json, error);
    bacm_oauth_object_free(json);
    if (status != BACM_OK)
        bacm_token_reply_clear(reply);
    return status;
}

void bacm_token_reply_clear(struct bacm_token_reply *reply)
{
    bacm_secret_free(reply->access_token);
    bacm_secret_free(reply->refresh_token);
    memset(reply, 0, sizeof *reply);
}

/* --- the trace ------------------------------------------------------------------------ */

/* JSON as text in this library's memory: json_dumps() would take jansson's. */
static char *dump(const json_t *json)
{
    const size_t flags = (size_t)(JSON_PRESERVE_ORDER | JSON_COMPACT);
    const size_t size = json_dumpb(json, NULL, 0, flags);
    char *text = size ? malloc(size + 1) : NULL;

    if (text) {
        json_dumpb(json, text, size, flags);
        text[size] = '\0';
    }
    return text;
}

static bool is_harmless(const char *name)
{
    static const char *const harmless[] = {"token_type", "expires_in", "ext_expires_in",
                                           "scope",      "error",      "error_codes",
                                           "timestamp",  "trace_id",   "correlation_id"};

    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++) {
        if (strcmp(name, harmless[i]) == 0)
            return true;
    }
    return false;
}

static json_t *show_text(const char *text, const struct secrets *secrets)
{
    char *shown = clean(text, secrets);
    json_t *json = shown ? json_string(shown) : NULL;

    free(shown);
    return json;
}

/* A value of a harmless field, which need not be what its name says. */
static json_t *show_scalar(json_t *value, const struct secrets *secrets)
{
    if (json_is_string(value))
        return show_text(json_string_value(value), secrets);
    return json_is_object(value) || json_is_array(value) ? json_null() : json_incref(value);
}

static json_t *show_harmless(json_t *value, const struct secrets *secrets)
{
    json_t *shown;
    json_t *item;
    size_t i;

    if (!json_is_array(value))
        return show_scalar(value, secrets);
    shown = json_array();
    json_array_foreach(value, i, item)
    {
        if (json_array_append_new(shown, show_scalar(item, secrets)) != 0) {
            json_decref(shown);
            return NULL;
        }
    }
    return shown;
}

/* Of any other field it is shown that there is one; its name may be anything, too. */
static int show_other(json_t *shown, const char *name, const json_t *value,
                      const struct secrets *secrets)
{
    char *clean_name = clean(name, secrets);
    int failed =
        !clean_name ||
        json_object_set_new(shown, clean_name,
                            json_is_string(value) ? json_string("[redacted]") : json_null()) != 0;

    free(clean_name);
    return failed;
}

static char *show_fields(json_t *reply, const struct secrets *secrets)
{
    json_t *shown = json_object();
    const char *name;
    json_t *value;
    int failed = 0;
    char *text;

    json_object_foreach(reply, name, value)
    {
        if (!failed && is_harmless(name))
            failed = json_object_set_new(shown, name, show_harmless(value, secrets));
        else if (!failed)
            failed = show_other(shown, name, value, secrets);
    }
    text = failed ? NULL : dump(shown);
    json_decref(shown);
    return text;
}

/* Two lines as one new text; NULL when one is NULL or there is no memory. */
static char *join(const char *head, const char *body)
{
    struct bacm_buffer text = {NULL, 0, 0};

    if (head && body && bacm_buffer_add(&text, head, strlen(head)) == 0 &&
        bacm_buffer_add(&text, "\n", 1) == 0 && bacm_buffer_add(&text, body, strlen(body) + 1) == 0)
        return text.bytes;
    bacm_buffer_clear(&text);
    return NULL;
}

char *bacm_oauth_show_reply(const char *head, const char *body, size_t size,
                            const char *const *secrets)
{
    json_t *json = json_loadb(body, size, 0, NULL);
    const struct secrets all = secrets_of(json, secrets);
    char *shown_head = clean(head, &all);
    char *shown_body =
        json_is_object(json) ? show_fields(json, &all) : strdup("[a body that is no JSON object]");
    char *text = join(shown_head, shown_body);

    free(shown_head);
    free(shown_body);
    cleanse_tokens(json);
    json_decref(json);
    return text;
}
