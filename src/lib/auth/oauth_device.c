/*
 * Sign-in of a machine without a browser, and the end of a sign-in.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "lib/auth/credentials.h"
#include "lib/auth/oauth.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

/* RFC 8628: when nothing is said, and what is added when it was too often. */
enum { INTERVAL_S = 5, MOST_INTERVAL_S = 300 };

struct bacm_device {
    bacm_credentials *credentials;
    char *code;
    char *user_code;
    char *url;
    unsigned interval_s;
    bool used;
};

/* --- calls ------------------------------------------------------------------------- */

/* Post to another of the issuer's endpoints; *reply is NULL where its body does not count. */
static bacm_status ask(json_t **reply, struct bacm_oauth *oauth, const char *url,
                       struct bacm_form *form, const char *secret, bacm_error *error)
{
    const int64_t deadline_ms = bacm_monotonic_ms() + oauth->settings.options.call_timeout_ms;
    struct bacm_form_exchange exchange = {.secrets = {oauth->settings.client_secret, secret}};
    struct bacm_transport *transport = NULL;
    bacm_options options;
    json_t *object = NULL;
    bacm_status status;

    if (!bacm_form_end(form))
        return bacm_fail_memory(error);
    status = bacm_oauth_connect(&transport, &options, oauth, url, error);
    if (status == BACM_OK)
        status = bacm_oauth_post(transport, &exchange, oauth, form, deadline_ms, error);
    if (status == BACM_OK && (reply || error->http_status != 200))
        status = bacm_oauth_read_object(&object, exchange.body, exchange.body_size,
                                        exchange.secrets, error);
    if (transport)
        bacm_transport_end(transport);
    bacm_transport_free(transport);
    error->request_sent = false; /* to the service */
    if (reply)
        *reply = object;
    else
        bacm_oauth_object_free(object);
    return status;
}

/* --- devices ----------------------------------------------------------------------- */

static char *copy_of(const json_t *reply, const char *name, bool *failed)
{
    const char *text = json_string_value(json_object_get(reply, name));
    char *copy =
        text && *text && bacm_secret_check(text, name, NULL) == BACM_OK ? strdup(text) : NULL;

    if (!copy)
        *failed = true;
    return copy;
}

static bacm_status fill(struct bacm_device *device, const json_t *reply, bacm_error *error)
{
    const json_int_t interval = json_integer_value(json_object_get(reply, "interval"));
    bool failed = false;

    device->code = copy_of(reply, "device_code", &failed);
    device->user_code = copy_of(reply, "user_code", &failed);
    device->url = copy_of(reply, "verification_uri", &failed);
    device->interval_s =
        interval > 0 && interval <= MOST_INTERVAL_S ? (unsigned)interval : (unsigned)INTERVAL_S;
    if (!failed)
        return BACM_OK;
    bacm_error_hint(error, "Check device_url.");
    return bacm_fail(error, BACM_E_TOKEN, "the reply of device_url has no code for a device");
}

static bacm_status begin(struct bacm_device *device, struct bacm_oauth *oauth, bacm_error *error)
{
    struct bacm_form form = {{NULL, 0, 0}, {NULL, 0, 0}, false};
    json_t *reply = NULL;
    bacm_status status;

    bacm_form_add(&form, "client_id", oauth->settings.client_id, BACM_FORM_PLAIN);
    bacm_form_add(&form, "scope", oauth->settings.scope, BACM_FORM_PLAIN);
    status = ask(&reply, oauth, oauth->settings.device_url, &form, NULL, error);
    if (status == BACM_OK)
        status = fill(device, reply, error);
    bacm_form_clear(&form);
    bacm_oauth_object_free(reply);
    return status;
}

bacm_status bacm_device_new(bacm_device **out, bacm_credentials *credentials, bacm_error *error)
{
    struct bacm_oauth *oauth = credentials ? bacm_oauth_of(credentials) : NULL;
    bacm_error unwanted;
    bacm_device *device;
    bacm_status status;

    if (!error)
        error = &unwanted;
    bacm_error_clear(error);
    if (!out)
        return bacm_fail(error, BACM_E_ARGUMENT, "out is NULL");
    *out = NULL;
    if (!oauth)
        return bacm_fail(error, BACM_E_ARGUMENT, "the credentials are not of the OAuth kind");
    if (!oauth->settings.device_url) {
        bacm_error_hint(error, "Sign in with a browser, on whatever machine, and hand the address "
                               "over on which it ends.");
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the platform has no sign-in for devices: there is no device_url");
    }
    device = calloc(1, sizeof *device);
    if (!device)
        return bacm_fail_memory(error);
    device->credentials = bacm_credentials_retain(credentials);
    status = begin(device, oauth, error);
    if (status == BACM_OK)
        *out = device;
    else
        bacm_device_free(device);
    return status;
}

const char *bacm_device_url(const bacm_device *device)
{
    return device->url;
}

const char *bacm_device_user_code(const bacm_device *device)
{
    return device->user_code;
}

bacm_status bacm_device_poll(bacm_device *device, unsigned *wait_s, bacm_error *error)
{
    struct bacm_code_grant grant = {NULL, NULL, true};
    struct bacm_token_request request = {0, false, &grant};
    const struct bacm_oauth *oauth;
    bacm_error unwanted;
    bacm_status status;

    if (!error)
        error = &unwanted;
    bacm_error_clear(error);
    if (!device || !wait_s || device->used)
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "there is no device or wait_s, or it has signed in already");
    oauth = bacm_oauth_of(device->credentials);
    grant.code = device->code;
    request.deadline_ms = bacm_monotonic_ms() + oauth->settings.options.call_timeout_ms;
    *wait_s = 0;
    status = bacm_token_cache_fetch(bacm_credentials_cache(device->credentials), &request, error);
    device->used = status == BACM_OK;
    if (status != BACM_E_TOKEN)
        return status;
    if (strcmp(error->symbol, "slow_down") == 0 && device->interval_s < MOST_INTERVAL_S)
        device->interval_s += INTERVAL_S;
    else if (strcmp(error->symbol, "authorization_pending") != 0)
        return status;
    bacm_error_clear(error);
    *wait_s = device->interval_s;
    return BACM_OK;
}

void bacm_device_free(bacm_device *device)
{
    if (!device)
        return;
    bacm_credentials_release(device->credentials);
    bacm_secret_free(device->code);
    bacm_secret_free(device->user_code);
    free(device->url);
    free(device);
}

/* --- the end ----------------------------------------------------------------------- */

static bacm_status end_token(struct bacm_oauth *oauth, bacm_error *error)
{
    const struct bacm_oauth_settings *settings = &oauth->settings;
    struct bacm_form form = {{NULL, 0, 0}, {NULL, 0, 0}, false};
    bacm_status status;

    bacm_form_add(&form, "token", oauth->refresh_token, BACM_FORM_SECRET);
    bacm_form_add(&form, "token_type_hint", "refresh_token", BACM_FORM_PLAIN);
    bacm_form_add(&form, "client_id", settings->client_id, BACM_FORM_PLAIN);
    bacm_form_add(&form, "client_secret", settings->client_secret, BACM_FORM_SECRET);
    status = ask(NULL, oauth, settings->revoke_url, &form, oauth->refresh_token, error);
    bacm_form_clear(&form);
    return status;
}

bacm_status bacm_oauth_revoke(bacm_credentials *credentials, bacm_error *error)
{
    struct bacm_oauth *oauth = credentials ? bacm_oauth_of(credentials) : NULL;
    bacm_error unwanted;
    bacm_status status;

    if (!error)
        error = &unwanted;
    bacm_error_clear(error);
    if (!oauth)
        return bacm_fail(error, BACM_E_ARGUMENT, "the credentials are not of the OAuth kind");
    if (!oauth->settings.revoke_url) {
        bacm_error_hint(error, "The user withdraws the consent in the account: "
                               "https://account.live.com/consent/Manage, or of work and school "
                               "https://myapplications.microsoft.com.");
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the issuer revokes no tokens: there is no revoke_url");
    }
    status = bacm_oauth_load(oauth, NULL, error);
    if (status == BACM_OK && !oauth->refresh_token)
        status = bacm_fail(error, BACM_E_NO_CREDENTIALS, "there is no refresh token");
    return status == BACM_OK ? end_token(oauth, error) : status;
}
