/*
 * bacm logout: forget the refresh token of a profile.
 */
#include "cli/command/commands.h"
#include "cli/login/token_store.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

static int run(struct cli *cli)
{
    struct token_store store;
    bool existed;

    if (!token_store_init(&store, &cli->settings))
        return CLI_USAGE;
    existed = token_store_exists(&store);
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
    .description = "Removes the file with the refresh token of the profile. The token itself lasts "
                   "until the user withdraws the consent in the settings of the account.",
    .examples = "  bacm logout\n"
                "  bacm logout --profile agency2\n",
    .options = option_table,
    .run = run,
};
