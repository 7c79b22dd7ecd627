/*
 * bacm logout: forget the refresh token of a profile.
 */
#include "cli/command/commands.h"
#include "cli/login/oauth.h"
#include "cli/login/token_store.h"
#include "cli/profile/library_error.h"
#include "cli/profile/secret_command.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

/*
 * The issuer is told first: after the file is gone nobody could tell it. Whether it is
 * reached or not, the token is forgotten here.
 */
static void tell_issuer(struct token_store *store)
{
    bacm_credentials *credentials = NULL;
    bacm_error error;
    bacm_status status =
        oauth_credentials(&credentials, store->settings, store, NULL, NULL, true, &error);

    if (status == BACM_OK)
        status = bacm_oauth_revoke(credentials, &error);
    if (status == BACM_OK)
        message_note("The issuer has revoked the token");
    else if (status == BACM_E_ARGUMENT)
        message_note("The token itself lasts: %s. %s", error.message, error.hint);
    else {
        message_library(&error);
        message_error("warning: the token is not revoked, and may last");
    }
    bacm_credentials_release(credentials);
}

static int run(struct cli *cli)
{
    struct token_store store;
    bool existed;

    if (!token_store_init(&store, &cli->settings))
        return CLI_USAGE;
    existed = token_store_exists(&store);
    if (existed && settings_text(&cli->settings, SETTING_CLIENT_ID) != NULL &&
        secret_command_fill(&cli->settings))
        tell_issuer(&store);
    if (!token_store_remove(&store))
        return CLI_FAILED;
    message_note(existed ? "Signed out; %s is removed" : "Nobody was signed in; there is no %s",
                 store.path);
    if (settings_text(&cli->settings, SETTING_REFRESH_TOKEN) != NULL)
        message_error("warning: the configuration still has a refresh-token");
    return CLI_OK;
}

static const struct option_info option_table[] = {{0}};

const struct command command_logout = {
    .name = "logout",
    .synopsis = "",
    .summary = "forget the refresh token that bacm login stored",
    .description =
        "Removes the refresh token of the profile, with what was kept beside it, and has the "
        "issuer revoke it where it does so, as Google. Microsoft's token lasts until "
        "the user withdraws the consent in the settings of the account.",
    .examples = "  bacm logout\n"
                "  bacm logout --profile agency2\n",
    .options = option_table,
    .run = run,
};
