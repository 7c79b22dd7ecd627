/*
 * Which endpoints, scope and redirect URI belong to a platform and an
 * environment, and whether the options fit together.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auth/credentials.h"
#include "lib/auth/oauth.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/net/endpoint.h"

enum { MAX_SETTING_BYTES = 1023, MAX_SECONDS = 24 * 60 * 60 };

static const char tenant_mark[] = "{tenant}";

#define IDENTITY_DEVICE "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode"

/* Google has no sandbox of its own. A refresh token comes with each consent that is asked for. */
#define GOOGLE                                                                                     \
    {                                                                                              \
        "https://accounts.google.com/o/oauth2/v2/auth?access_type=offline",                        \
            "https://oauth2.googleapis.com/token", "http://localhost", "openid email profile",     \
            "consent", true, false, NULL, "https://oauth2.googleapis.com/revoke", true             \
    }

struct preset {
    const char *authorize_url;
    const char *token_url;
    const char *redirect_uri;
    const char *scope;
    const char *prompt;
    bool uses_pkce;
    bool refresh_has_redirect;
    const char *device_url;
    const char *revoke_url;
    bool keeps_refresh_token; /* its replies bring no new one */
};

/*
 * live.com knows the redirect URI in each grant. PKCE came with its successor, and what knows
 * nothing of it passes the two parameters over.
 */
static const struct preset presets[][2] =
    {
        [BACM_OAUTH_LIVE] =
            {
                [BACM_PRODUCTION] = {"https://login.live.com/oauth20_authorize.srf",
                                     "https://login.live.com/oauth20_token.srf",
                                     "https://login.live.com/oauth20_desktop.srf", "bingads.manage",
                                     NULL, true, true, NULL, NULL, false},
                [BACM_SANDBOX] = {"https://login.live-int.com/oauth20_authorize.srf",
                                  "https://login.live-int.com/oauth20_token.srf",
                                  "https://login.live-int.com/oauth20_desktop.srf",
                                  "bingads.manage", "login", true, true, NULL, NULL, false},
            },
        [BACM_OAUTH_IDENTITY] =
            {
                [BACM_PRODUCTION] =
                    {"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
                     "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
                     "https://login.microsoftonline.com/common/oauth2/nativeclient",
                     "https://ads.microsoft.com/msads.manage offline_access", NULL, true, false,
                     IDENTITY_DEVICE, NULL, false},
                [BACM_SANDBOX] =
                    {"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
                     "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
                     "https://login.microsoftonline.com/common/oauth2/nativeclient",
                     "https://si.ads.microsoft.com/msads.manage offline_access", NULL, true, false,
                     IDENTITY_DEVICE, NULL, false},
            },
        [BACM_OAUTH_GOOGLE] = {[BACM_PRODUCTION] = GOOGLE, [BACM_SANDBOX] = GOOGLE},
};

static bacm_status check_text(const char *text, const char *name, bool required, bacm_error *error)
{
    if (!bacm_text_given(text))
        return required ? bacm_fail(error, BACM_E_ARGUMENT, "%s is missing", name) : BACM_OK;
    if (strnlen(text, MAX_SETTING_BYTES + 1) > MAX_SETTING_BYTES)
        return bacm_fail(error, BACM_E_ARGUMENT, "%s is longer than %d bytes", name,
                         MAX_SETTING_BYTES);
    return bacm_secret_check(text, name, error);
}

static bacm_status check_tenant(const bacm_oauth_options *options, bacm_error *error)
{
    const char *tenant = options->tenant ? options->tenant : "";

    if (*tenant && options->platform != BACM_OAUTH_IDENTITY &&
        !(options->token_url && strstr(options->token_url, tenant_mark))) {
        bacm_error_hint(error, "Leave tenant out, or set platform to the identity platform.");
        return bacm_fail(error, BACM_E_ARGUMENT, "only the identity platform knows a tenant");
    }
    for (const char *p = tenant; *p; p++) {
        if (!isascii((unsigned char)*p) || (!isalnum((unsigned char)*p) && !strchr("-.", *p)))
            return bacm_fail(
                error, BACM_E_ARGUMENT,
                "tenant is neither a GUID nor a domain name nor a word such as common");
    }
    return BACM_OK;
}

static bacm_status check_app(const bacm_oauth_options *options, bacm_error *error)
{
    const bool has_secret = bacm_text_given(options->client_secret);

    switch (options->app_kind) {
    case BACM_APP_NATIVE:
        if (!has_secret || options->platform == BACM_OAUTH_GOOGLE)
            return BACM_OK;
        bacm_error_hint(error, "Leave client_secret out, or set app_kind to web if the "
                               "application is registered as a web app.");
        return bacm_fail(error, BACM_E_ARGUMENT, "a native app must not have a client_secret");
    case BACM_APP_WEB:
        if (has_secret)
            return BACM_OK;
        bacm_error_hint(error, "Set client_secret, or app_kind to native if the application is "
                               "registered as a native app.");
        return bacm_fail(error, BACM_E_ARGUMENT, "a web app needs its client_secret");
    }
    return bacm_fail(error, BACM_E_ARGUMENT, "app_kind is neither native nor web");
}

static bacm_status check_numbers(const bacm_oauth_options *options, bacm_error *error)
{
    if (options->platform != BACM_OAUTH_LIVE && options->platform != BACM_OAUTH_IDENTITY &&
        options->platform != BACM_OAUTH_GOOGLE)
        return bacm_fail(error, BACM_E_ARGUMENT, "platform is not known");
    if (options->environment != BACM_PRODUCTION && options->environment != BACM_SANDBOX)
        return bacm_fail(error, BACM_E_ARGUMENT, "environment is neither production nor sandbox");
    if (!options->connect_timeout_ms || !options->call_timeout_ms ||
        options->connect_timeout_ms > MAX_SECONDS * 1000u ||
        options->call_timeout_ms > MAX_SECONDS * 1000u)
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "connect_timeout_ms and call_timeout_ms must be from 1 to %u",
                         MAX_SECONDS * 1000u);
    if (!options->lock != !options->unlock)
        return bacm_fail(error, BACM_E_ARGUMENT, "lock and unlock must be given together");
    if (options->margin_s > MAX_SECONDS || options->retry_delay_ms > options->call_timeout_ms)
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "margin_s is more than a day, or retry_delay_ms more than "
                         "call_timeout_ms");
    return BACM_OK;
}

static bacm_status check(const bacm_oauth_options *options, bacm_error *error)
{
    const struct {
        const char *text;
        const char *name;
        bool required;
    } texts[] = {
        {options->client_id, "client_id", true},
        {options->client_secret, "client_secret", false},
        {options->authorize_url, "authorize_url", false},
        {options->token_url, "token_url", false},
        {options->redirect_uri, "redirect_uri", false},
        {options->scope, "scope", false},
        {options->tenant, "tenant", false},
        {options->device_url, "device_url", false},
        {options->revoke_url, "revoke_url", false},
    };
    bacm_status status = BACM_OK;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == BACM_OK; i++)
        status = check_text(texts[i].text, texts[i].name, texts[i].required, error);
    if (status == BACM_OK)
        status = bacm_secret_check(options->refresh_token, "refresh token", error);
    if (status == BACM_OK)
        status = check_tenant(options, error);
    if (status == BACM_OK)
        status = check_app(options, error);
    return status == BACM_OK ? check_numbers(options, error) : status;
}

/* A copy of the option, or else of the preset's text; NULL without either. */
static char *choose(const char *option, const char *preset, bool *failed)
{
    const char *text = bacm_text_given(option) ? option : preset;
    char *copy = text ? strdup(text) : NULL;

    if (text && !copy)
        *failed = true;
    return copy;
}

/* The same for an URL, with the tenant in its place. */
static char *choose_url(const char *option, const char *preset, const char *tenant, bool *failed)
{
    const char *url = bacm_text_given(option) ? option : preset;
    const char *place = url ? strstr(url, tenant_mark) : NULL;
    size_t size = url ? strlen(url) + strlen(tenant) + 1 : 0;
    char *copy;

    if (!place)
        return choose(url, NULL, failed);
    copy = malloc(size);
    if (copy)
        snprintf(copy, size, "%.*s%s%s", (int)(place - url), url, tenant,
                 place + sizeof tenant_mark - 1);
    else
        *failed = true;
    return copy;
}

static bacm_status check_url(const char *url, const char *name, bacm_error *error)
{
    struct bacm_endpoint endpoint;
    bacm_status status = bacm_endpoint_parse(&endpoint, url, error);

    if (status != BACM_OK)
        bacm_error_hint(error, "Set %s to an https:// URL.", name);
    return status;
}

bacm_status bacm_oauth_settings_fill(struct bacm_oauth_settings *settings,
                                     const bacm_oauth_options *options, bacm_error *error)
{
    const struct preset *preset;
    const char *tenant = bacm_text_given(options->tenant) ? options->tenant : "common";
    bool failed = false;
    bacm_status status = check(options, error);

    memset(settings, 0, sizeof *settings);
    if (status != BACM_OK)
        return status;
    preset = &presets[options->platform][options->environment];
    settings->options = *options;
    settings->options.network = NULL;
    status = bacm_route_fill(&settings->route, options->network, error);
    if (status != BACM_OK)
        return status;
    settings->prompt = preset->prompt;
    settings->uses_pkce = preset->uses_pkce;
    settings->keeps_refresh_token = preset->keeps_refresh_token;
    settings->refresh_has_redirect = preset->refresh_has_redirect;
    settings->client_id = choose(options->client_id, NULL, &failed);
    settings->client_secret = choose(options->client_secret, NULL, &failed);
    settings->authorize_url =
        choose_url(options->authorize_url, preset->authorize_url, tenant, &failed);
    settings->token_url = choose_url(options->token_url, preset->token_url, tenant, &failed);
    settings->device_url = choose_url(options->device_url, preset->device_url, tenant, &failed);
    settings->revoke_url = choose_url(options->revoke_url, preset->revoke_url, tenant, &failed);
    settings->redirect_uri = choose(options->redirect_uri, preset->redirect_uri, &failed);
    settings->scope = choose(options->scope, preset->scope, &failed);
    settings->ca_file = choose(options->ca_file, NULL, &failed);
    if (failed)
        return bacm_fail_memory(error);
    status = check_url(settings->authorize_url, "authorize_url", error);
    if (status == BACM_OK)
        status = check_url(settings->token_url, "token_url", error);
    if (status == BACM_OK && settings->device_url)
        status = check_url(settings->device_url, "device_url", error);
    if (status == BACM_OK && settings->revoke_url)
        status = check_url(settings->revoke_url, "revoke_url", error);
    return status;
}

void bacm_oauth_settings_clear(struct bacm_oauth_settings *settings)
{
    free(settings->client_id);
    bacm_secret_free(settings->client_secret);
    free(settings->authorize_url);
    free(settings->token_url);
    free(settings->redirect_uri);
    free(settings->scope);
    free(settings->device_url);
    free(settings->revoke_url);
    free(settings->ca_file);
    bacm_route_clear(&settings->route);
    memset(settings, 0, sizeof *settings);
}
