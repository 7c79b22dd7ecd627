/*
 * bacm profile: the sections of the configuration file, one for each agency.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command/commands.h"
#include "cli/login/token_store.h"
#include "cli/output/output.h"
#include "cli/profile/config.h"
#include "cli/profile/version.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

static const struct output_column columns[] = {
    {"profile", "Profile", 16, false, NULL, false},
    {"api", "API", 8, false, NULL, false},
    {"environment", "Environment", 11, false, NULL, false},
    {"managingCustomerId", "Manager", 10, true, NULL, false},
    {"signIn", "Sign-in", 0, false, NULL, false},
    {"endpoint", NULL, 0, false, NULL, false},
    {"tokenFile", NULL, 0, false, NULL, false},
    {NULL, NULL, 0, false, NULL, false},
};

/* Where its commands get their tokens. */
static const char *sign_in(const struct settings *settings, const struct token_store *store)
{
    if (settings_text(settings, SETTING_ACCESS_TOKEN) != NULL)
        return "access-token";
    if (settings_text(settings, SETTING_USERNAME) != NULL)
        return "username";
    if (settings_text(settings, SETTING_TOKEN_COMMAND) != NULL)
        return "token-command";
    if (settings_text(settings, SETTING_CLIENT_ID) == NULL)
        return "none";
    if (token_store_exists(store))
        return "signed in";
    return settings_text(settings, SETTING_REFRESH_TOKEN) != NULL ||
                   settings_text(settings, SETTING_REFRESH_TOKEN_COMMAND) != NULL
               ? "refresh-token"
               : "run bacm login";
}

static bool show(struct output *output, const struct settings *settings)
{
    struct token_store store;

    if (!token_store_init(&store, settings))
        return false;
    return output_record(
        output, json_pack("{s:o, s:s, s:s, s:o, s:s, s:o, s:o}", "profile",
                          output_text(settings_text(settings, SETTING_PROFILE)), "api",
                          version_of(settings)->name, "environment",
                          settings_text(settings, SETTING_ENVIRONMENT), "managingCustomerId",
                          output_id(settings_number(settings, SETTING_MANAGING_CUSTOMER)), "signIn",
                          sign_in(settings, &store), "endpoint",
                          output_text_or_null(settings_text(settings, SETTING_ENDPOINT)),
                          "tokenFile", output_text(store.path)));
}

/* The profile as a command would have it: what the environment says holds for all of them. */
static bool load(struct settings *settings, const char *name, const char *path)
{
    return settings_set(settings, SETTING_PROFILE, name, SOURCE_OPTION, "profile") &&
           settings_set(settings, SETTING_CONFIG, path, SOURCE_OPTION, "config") &&
           settings_from_environment(settings) && config_read(settings);
}

static int run(struct cli *cli)
{
    static struct config_sections sections;
    char path[CONFIG_PATH_BYTES];
    struct output output;
    int code = CLI_OK;

    if (cli->argument_count == 0 || strcmp(cli->argument[0], "list") != 0) {
        message_error("say bacm profile list");
        return CLI_USAGE;
    }
    if (!config_list(&cli->settings, &sections))
        return CLI_USAGE;
    output_begin(&output, &cli->settings, columns);
    for (size_t i = 0; i < sections.count && code == CLI_OK; i++) {
        struct settings settings = {0};

        if (!config_path(&cli->settings, path, sizeof path) ||
            !load(&settings, sections.name[i], path) || !show(&output, &settings))
            code = CLI_USAGE;
        settings_free(&settings);
    }
    output_end(&output);
    return code;
}

static const struct option_info option_table[] = {{0}};

const struct command command_profile = {
    .name = "profile",
    .synopsis = "list",
    .summary = "list the profiles of the configuration file",
    .description =
        "Lists the sections of the configuration file, each of which can be an agency with an api, "
        "an environment, a managing customer and a sign-in of its own: give its name to --profile, "
        "of bacm login and of any other command. signIn tells where its tokens come from: 'signed "
        "in' by bacm login, a key of the file, or nowhere until bacm login is run.",
    .examples = "  bacm profile list\n"
                "  bacm login --profile agency2\n"
                "  bacm search --profile agency2\n",
    .options = option_table,
    .max_arguments = 1,
    .run = run,
};
