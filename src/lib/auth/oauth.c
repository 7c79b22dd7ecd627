/*
 * The grants: a code or a refresh token goes to the token endpoint, the new
 * refresh token to storage, and only then the access token to the caller.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/auth/credentials.h"
#include "lib/auth/oauth.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/form.h"
#include "lib/base/text.h"

/* The first size of the options that this library knows. */
#define LEAST_OPTIONS_SIZE offsetof(bacm_oauth_options, lock)

/* Tries after the first one that ended with invalid_grant. */
enum { MOST_AGAIN = 4 };

/* What one token call sends. */
struct grant {
    const char *type;
    const char *token_field; /* the form's name of token */
    const char *token;
    const char *verifier; /* NULL: without PKCE */
    bool has_redirect;
};

static void warn(const struct bacm_oauth *oauth, const char *text)
{
    if (oauth->settings.options.warn)
        oauth->settings.options.warn(text, oauth->settings.options.warn_user);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* --- one token call ------------------------------------------------------------ */

static void build_form(struct bacm_form *form, const struct bacm_oauth_settings *settings,
                       const struct grant *grant)
{
    bacm_form_add(form, "client_id", settings->client_id, BACM_FORM_PLAIN);
    bacm_form_add(form, "client_secret", settings->client_secret, BACM_FORM_SECRET);
    bacm_form_add(form, "grant_type", grant->type, BACM_FORM_PLAIN);
    bacm_form_add(form, grant->token_field, grant->token, BACM_FORM_SECRET);
    bacm_form_add(form, "code_verifier", grant->verifier, BACM_FORM_SECRET);
    if (grant->has_redirect)
        bacm_form_add(form, "redirect_uri", settings->redirect_uri, BACM_FORM_PLAIN);
    bacm_form_add(form, "scope", settings->scope, BACM_FORM_PLAIN);
}

/* The token call failed before a reply was read: nothing is known, nothing is lost. */
static bacm_status no_answer(bacm_error *error)
{
    char message[sizeof error->message];

    memcpy(message, error->message, sizeof message);
    bacm_fail(error, error->status, "token endpoint: %s", message);
    if (error->status == BACM_E_PROTOCOL || error->status == BACM_E_LIMIT) {
        error->status = BACM_E_TOKEN;
        bacm_error_hint(error, "Check token_url: what answers there is no OAuth server.");
    }
    if (error->status == BACM_E_RESOLVE || error->status == BACM_E_CONNECT ||
        error->status == BACM_E_NETWORK || error->status == BACM_E_TIMEOUT)
        error->retry_class = BACM_RETRY_BACKOFF;
    return error->status;
}

bacm_status bacm_oauth_post(struct bacm_transport *transport, struct bacm_form_exchange *exchange,
                            const struct bacm_oauth *oauth, const struct bacm_form *form,
                            int64_t deadline_ms, bacm_error *error)
{
    exchange->form = form->sent.bytes;
    exchange->form_size = form->sent.size;
    exchange->shown_form = form->shown.bytes;
    exchange->show_reply = bacm_oauth_show_reply;
    exchange->deadline_ms =
        earlier(deadline_ms, bacm_monotonic_ms() + oauth->settings.options.call_timeout_ms);
    if (bacm_transport_post_form(transport, exchange, error) == BACM_OK)
        return BACM_OK;
    return no_answer(error);
}

static bacm_status post(struct bacm_oauth *oauth, const struct grant *grant,
                        const struct bacm_form *form, int64_t deadline_ms,
                        struct bacm_token_reply *reply, bacm_error *error)
{
    struct bacm_form_exchange exchange = {
        .secrets = {oauth->settings.client_secret, grant->token, grant->verifier}};
    bacm_status status =
        bacm_oauth_post(oauth->transport, &exchange, oauth, form, deadline_ms, error);

    if (status == BACM_OK)
        status = bacm_oauth_read_reply(reply, exchange.body, exchange.body_size, exchange.secrets,
                                       error);
    bacm_transport_end(oauth->transport);
    return status;
}

static bacm_status call(struct bacm_oauth *oauth, const struct grant *grant, int64_t deadline_ms,
                        struct bacm_token_reply *reply, bacm_error *error)
{
    struct bacm_form form = {{NULL, 0, 0}, {NULL, 0, 0}, false};
    bacm_status status;

    bacm_error_clear(error);
    status = bacm_oauth_reserve(oauth, error); /* a grant is spent by the call */
    if (status != BACM_OK)
        return status;
    build_form(&form, &oauth->settings, grant);
    status = bacm_form_end(&form) ? post(oauth, grant, &form, deadline_ms, reply, error)
                                  : bacm_fail_memory(error);
    bacm_form_clear(&form);
    /* What these say is of the call to the service, which has not begun. */
    error->request_sent = false;
    return status;
}

/* --- the refresh grant --------------------------------------------------------- */

static bacm_status refresh(struct bacm_oauth *oauth, int64_t deadline_ms,
                           struct bacm_token_reply *reply, bacm_error *error)
{
    bacm_status status = bacm_oauth_load(oauth, NULL, error);
    const struct grant grant = {"refresh_token", "refresh_token", oauth->refresh_token, NULL,
                                oauth->settings.refresh_has_redirect};

    if (status != BACM_OK)
        return status;
    if (!oauth->refresh_token) {
        bacm_error_hint(error, "Sign in first, for instance with bacm login: a user must consent "
                               "once.");
        return bacm_fail(error, BACM_E_NO_CREDENTIALS, "there is no refresh token");
    }
    return call(oauth, &grant, deadline_ms, reply, error);
}

static void pause_ms(unsigned milliseconds)
{
    struct timespec left = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};

    while (nanosleep(&left, &left) != 0)
        ;
}

static bool is_invalid_grant(bacm_status status, const bacm_error *error)
{
    return status == BACM_E_TOKEN && strcmp(error->symbol, "invalid_grant") == 0;
}

/*
 * The endpoint has been seen to refuse a good token once and to take it a moment later. And
 * a process that knows no lock may have spent the token and stored its successor.
 */
static bacm_status refresh_patiently(struct bacm_oauth *oauth, int64_t deadline_ms,
                                     struct bacm_token_reply *reply, bacm_error *error)
{
    const unsigned delay_ms = oauth->settings.options.retry_delay_ms;
    bacm_status status = refresh(oauth, deadline_ms, reply, error);
    bool is_newer = true;

    for (int again = 0; again < MOST_AGAIN && is_newer && is_invalid_grant(status, error);
         again++) {
        bacm_error unwanted;

        if (bacm_monotonic_ms() + delay_ms >= deadline_ms)
            return status;
        if (again == 0)
            pause_ms(delay_ms);
        else if (bacm_oauth_load(oauth, &is_newer, &unwanted) != BACM_OK || !is_newer)
            break;
        status = refresh(oauth, deadline_ms, reply, error);
    }
    return status;
}

/* --- what a grant gave ----------------------------------------------------------- */

static void fill_token(const struct bacm_oauth *oauth, struct bacm_access_token *token,
                       struct bacm_token_reply *reply, int64_t asked_ms)
{
    const int64_t margin_ms = (int64_t)oauth->settings.options.margin_s * 1000;

    token->value = reply->access_token;
    reply->access_token = NULL;
    token->expires_ms = BACM_TOKEN_NO_EXPIRY;
    token->renew_ms = BACM_TOKEN_NO_EXPIRY;
    if (reply->lifetime_ms) {
        token->expires_ms = asked_ms + reply->lifetime_ms;
        token->renew_ms = token->expires_ms - earlier(margin_ms, reply->lifetime_ms / 2);
    }
}

/* The tokens of a grant become pending; true when there is a refresh token to store. */
static bool keep(struct bacm_oauth *oauth, struct bacm_token_reply *reply, int64_t asked_ms)
{
    const bool is_new =
        reply->refresh_token &&
        (!oauth->refresh_token || strcmp(oauth->refresh_token, reply->refresh_token) != 0);

    if (!reply->refresh_token && !oauth->settings.keeps_refresh_token &&
        !oauth->warned_of_missing) {
        oauth->warned_of_missing = true;
        warn(oauth, "the token endpoint gave no new refresh token; the old one is kept. Is "
                    "offline_access missing in scope?");
    }
    if (is_new) {
        bacm_secret_free(oauth->refresh_token);
        oauth->refresh_token = reply->refresh_token;
        reply->refresh_token = NULL;
    }
    bacm_access_token_clear(&oauth->pending);
    fill_token(oauth, &oauth->pending, reply, asked_ms);
    return is_new;
}

static bacm_status take_code(struct bacm_oauth *oauth, const struct bacm_token_request *request,
                             struct bacm_token_reply *reply, bacm_error *error)
{
    const bool is_device = request->code->is_device;
    const struct grant grant = {is_device ? "urn:ietf:params:oauth:grant-type:device_code"
                                          : "authorization_code",
                                is_device ? "device_code" : "code", request->code->code,
                                request->code->verifier, !is_device};
    bacm_status status = call(oauth, &grant, request->deadline_ms, reply, error);

    if (status == BACM_OK && !reply->refresh_token) {
        bacm_token_reply_clear(reply);
        bacm_error_hint(error, "Add offline_access to scope.");
        return bacm_fail(error, BACM_E_TOKEN, "the token endpoint gave no refresh token");
    }
    return status;
}

/* With the storage locked. */
static bacm_status renew(struct bacm_oauth *oauth, const struct bacm_token_request *request,
                         bacm_error *error)
{
    struct bacm_token_reply reply = {NULL, NULL, 0};
    const int64_t asked_ms = bacm_token_clock_ms();
    bool to_store = oauth->pending.value && !request->code; /* an earlier one was not stored */
    bacm_status status = BACM_OK;

    if (!to_store) {
        status = request->code ? take_code(oauth, request, &reply, error)
                               : refresh_patiently(oauth, request->deadline_ms, &reply, error);
        if (status == BACM_OK)
            to_store = keep(oauth, &reply, asked_ms);
        bacm_token_reply_clear(&reply);
    }
    return status == BACM_OK && to_store ? bacm_oauth_store(oauth, error) : status;
}

static bool recall(struct bacm_oauth *oauth, const struct bacm_token_request *request,
                   struct bacm_access_token *out)
{
    return !request->code && !oauth->pending.value &&
           bacm_oauth_recall(oauth, request->refused, out);
}

static bacm_status fetch(struct bacm_token_source *source, const struct bacm_token_request *request,
                         struct bacm_access_token *out, bacm_error *error)
{
    struct bacm_oauth *oauth = (struct bacm_oauth *)source;
    bacm_status status;

    if (recall(oauth, request, out))
        return BACM_OK;
    status = bacm_oauth_lock(oauth, request->deadline_ms, error);
    if (status != BACM_OK)
        return status;
    if (!recall(oauth, request, out)) { /* nobody has renewed while this one waited */
        status = renew(oauth, request, error);
        if (status == BACM_OK) {
            *out = oauth->pending;
            memset(&oauth->pending, 0, sizeof oauth->pending);
            bacm_oauth_keep(oauth, out);
        }
    }
    bacm_oauth_unlock(oauth);
    return status;
}

/* --- life -------------------------------------------------------------------- */

static void oauth_free(struct bacm_token_source *source)
{
    struct bacm_oauth *oauth = (struct bacm_oauth *)source;

    bacm_transport_free(oauth->transport);
    bacm_secret_free(oauth->refresh_token);
    bacm_access_token_clear(&oauth->pending);
    bacm_oauth_settings_clear(&oauth->settings);
    free(oauth);
}

bacm_status bacm_oauth_connect(struct bacm_transport **out, bacm_options *options,
                               const struct bacm_oauth *oauth, const char *url, bacm_error *error)
{
    const bacm_oauth_options *given = &oauth->settings.options;

    *options = (bacm_options)BACM_OPTIONS_INIT_FOR(NULL);
    options->endpoint = url;
    options->ca_file = oauth->settings.ca_file;
    options->connect_timeout_ms = given->connect_timeout_ms;
    options->send_timeout_ms = given->call_timeout_ms;
    options->receive_timeout_ms = given->call_timeout_ms;
    options->max_reply_bytes = BACM_OAUTH_MAX_REPLY;
    options->no_keep_alive = true;
    options->trace = given->trace;
    options->trace_user = given->trace_user;
    return bacm_transport_new(out, options, &oauth->settings.route, NULL, error);
}

/* A program that was built before the options grew leaves their new members at nothing. */
static bacm_oauth_options grown(const bacm_oauth_options *options)
{
    bacm_oauth_options all = BACM_OAUTH_OPTIONS_INIT;

    memcpy(&all, options, options->struct_size < sizeof all ? options->struct_size : sizeof all);
    return all;
}

static bacm_status oauth_new(struct bacm_oauth **out, const bacm_oauth_options *options,
                             bacm_error *error)
{
    struct bacm_oauth *oauth = calloc(1, sizeof *oauth);
    bacm_status status;

    if (!oauth)
        return bacm_fail_memory(error);
    oauth->source.fetch = fetch;
    oauth->source.free = oauth_free;
    status = bacm_oauth_settings_fill(&oauth->settings, options, error);
    if (status == BACM_OK && bacm_text_given(options->refresh_token)) {
        oauth->refresh_token = strdup(options->refresh_token);
        if (!oauth->refresh_token)
            status = bacm_fail_memory(error);
    }
    if (status == BACM_OK)
        status = bacm_oauth_connect(&oauth->transport, &oauth->transport_options, oauth,
                                    oauth->settings.token_url, error);
    if (status != BACM_OK) {
        oauth_free(&oauth->source);
        return status;
    }
    *out = oauth;
    return BACM_OK;
}

bacm_status bacm_credentials_new_oauth(bacm_credentials **out, const char *developer_token,
                                       const bacm_oauth_options *options, bacm_error *error)
{
    struct bacm_oauth *oauth = NULL;
    bacm_oauth_options all;
    bacm_status status;

    bacm_error_clear(error);
    if (!out)
        return bacm_fail(error, BACM_E_ARGUMENT, "out is NULL");
    *out = NULL;
    if (!options)
        return bacm_fail(error, BACM_E_ARGUMENT, "the options are NULL");
    if (options->struct_size < LEAST_OPTIONS_SIZE)
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the options were not started from BACM_OAUTH_OPTIONS_INIT");
    all = grown(options);
    status = oauth_new(&oauth, &all, error);
    if (status == BACM_OK)
        status = bacm_credentials_new_source(out, developer_token, &oauth->source, error);
    if (status == BACM_OK && all.platform == BACM_OAUTH_GOOGLE && all.identity_provider_header)
        bacm_credentials_set_provider(*out, "Google");
    if (status != BACM_OK && oauth)
        oauth_free(&oauth->source);
    return status;
}

struct bacm_oauth *bacm_oauth_of(bacm_credentials *credentials)
{
    struct bacm_token_cache *cache = bacm_credentials_cache(credentials);

    return cache && cache->source->fetch == fetch ? (struct bacm_oauth *)cache->source : NULL;
}
