#include "cli/login/oauth.h"

#include <string.h>

#include "cli/login/token_cache.h"
#include "cli/profile/network.h"
#include "cli/profile/version.h"
#include "cli/terminal/message.h"
#include "cli/terminal/trace.h"

static void tell_warning(const char *text, void *user)
{
    (void)user;
    message_error("warning: %s", text);
}

static bool is(const struct settings *settings, enum setting_id id, const char *choice)
{
    return strcmp(settings_text(settings, id), choice) == 0;
}

static void fill_options(bacm_oauth_options *options, const struct settings *settings)
{
    const unsigned timeout_ms = (unsigned)settings_number(settings, SETTING_TIMEOUT) * 1000u;

    if (strcmp(version_oauth_platform(settings), "identity") == 0)
        options->platform = BACM_OAUTH_IDENTITY;
    else if (strcmp(version_oauth_platform(settings), "google") == 0)
        options->platform = BACM_OAUTH_GOOGLE;
    options->identity_provider_header = settings_flag(settings, SETTING_GOOGLE_HEADER);
    if (is(settings, SETTING_ENVIRONMENT, "sandbox"))
        options->environment = BACM_SANDBOX;
    if (is(settings, SETTING_APP_KIND, "web"))
        options->app_kind = BACM_APP_WEB;
    options->client_id = settings_text(settings, SETTING_CLIENT_ID);
    options->client_secret = settings_text(settings, SETTING_CLIENT_SECRET);
    options->refresh_token = settings_text(settings, SETTING_REFRESH_TOKEN);
    options->tenant = settings_text(settings, SETTING_TENANT);
    options->authorize_url = settings_text(settings, SETTING_AUTHORIZE_URL);
    options->token_url = settings_text(settings, SETTING_TOKEN_URL);
    options->device_url = settings_text(settings, SETTING_DEVICE_URL);
    options->revoke_url = settings_text(settings, SETTING_REVOKE_URL);
    options->redirect_uri = settings_text(settings, SETTING_REDIRECT_URI);
    options->scope = settings_text(settings, SETTING_SCOPE);
    options->ca_file = settings_text(settings, SETTING_CA_FILE);
    if (options->call_timeout_ms > timeout_ms)
        options->call_timeout_ms = timeout_ms;
    if (options->connect_timeout_ms > timeout_ms)
        options->connect_timeout_ms = timeout_ms;
    if (options->retry_delay_ms > timeout_ms)
        options->retry_delay_ms = timeout_ms;
}

bacm_status oauth_credentials(bacm_credentials **out, const struct settings *settings,
                              struct token_store *store, FILE *trace, const char *redirect_uri,
                              bool fresh, bacm_error *error)
{
    bacm_oauth_options options = BACM_OAUTH_OPTIONS_INIT;
    bacm_network network;

    fill_options(&options, settings);
    network_fill(&network, settings);
    options.network = &network;
    if (redirect_uri != NULL)
        options.redirect_uri = redirect_uri;
    options.store = token_store_save;
    options.load = token_store_load;
    options.lock = token_store_lock;
    options.unlock = token_store_unlock;
    options.reserve = token_store_reserve;
    if (!settings_flag(settings, SETTING_NO_TOKEN_CACHE)) {
        options.keep = token_cache_keep;
        options.recall = fresh ? NULL : token_cache_recall;
    }
    options.storage_user = store;
    options.warn = tell_warning;
    if (trace != NULL) {
        options.trace = trace_write;
        options.trace_user = trace;
    }
    return bacm_credentials_new_oauth(out, settings_text(settings, SETTING_DEVELOPER_TOKEN),
                                      &options, error);
}
