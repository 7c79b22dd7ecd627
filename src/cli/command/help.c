#include "cli/command/help.h"

#include <string.h>

#include "cli/command/options.h"
#include "cli/terminal/text.h"

#define WIDTH       79
#define HELP_COLUMN 30

static const char exit_statuses[] =
    "Exit status:\n"
    "  0  done; every link added\n"
    "  1  some link failed, is invalid or was not sent, or a result could not be\n"
    "     written; with add --check-duplicates: some row would be refused\n"
    "  2  bad usage or input; nothing was sent\n"
    "  3  refused by a precondition; nothing was sent: no token, not the role, the\n"
    "     sandbox of v11, a journal of another run or one that cannot be written, a\n"
    "     change that may not follow, N at the question\n"
    "  4  authentication or authorisation\n"
    "  5  the service reports a fault, or is throttling\n"
    "  6  network or TLS\n"
    "  7  some outcome is unknown: search before you send again\n"
    "Of several that apply, the first of 7, 4, 5, 6, 3, 2, 1 is returned; where 2 or\n"
    "3 ends a run after rows were sent, it is 1. SIGINT and SIGTERM let the calls in\n"
    "flight end: 0 when every row was added all the same, else 1, or 7. A second one\n"
    "leaves at once.\n";

static void put_option(FILE *file, const char *name, char letter, const char *argument,
                       const char *help)
{
    char left[64];
    int length;

    if (letter != 0)
        length = snprintf(left, sizeof left, "  -%c, --%s", letter, name);
    else
        length = snprintf(left, sizeof left, "      --%s", name);
    if (argument != NULL)
        length += snprintf(left + length, sizeof left - (size_t)length, " %s", argument);
    fputs(left, file);
    if (length >= HELP_COLUMN - 1)
        fprintf(file, "\n%*s", HELP_COLUMN, "");
    else
        fprintf(file, "%*s", HELP_COLUMN - length, "");
    text_put_wrapped(file, help, HELP_COLUMN, HELP_COLUMN, WIDTH);
}

static void put_settings(FILE *file)
{
    fputs("Global options, before or after the command:\n", file);
    for (int id = 0; id < SETTING_COUNT; id++) {
        const struct setting_info *info = &setting_table[id];

        if (info->kind != SETTING_SECRET)
            put_option(file, info->name, options_letter((enum setting_id)id), info->argument,
                       info->help);
    }
    put_option(file, "help", 'h', NULL, "this help, or with a command help on that");
    put_option(file, "version", 0, NULL, "version of the program and its library");
}

static void put_secrets(FILE *file)
{
    fputs("\nSecrets come from the environment or the configuration file alone:\n", file);
    for (int id = 0; id < SETTING_COUNT; id++) {
        char variable[SETTING_VARIABLE_BYTES];

        if (setting_table[id].kind != SETTING_SECRET)
            continue;
        setting_variable((enum setting_id)id, variable);
        fprintf(file, "  %-*s", HELP_COLUMN - 2, variable);
        text_put_wrapped(file, setting_table[id].help, HELP_COLUMN, HELP_COLUMN, WIDTH);
    }
}

static void help_overview(FILE *file)
{
    fputs("Usage: bacm [OPTION]... COMMAND [ARGUMENT]...\n\n"
          "Client links of the Bing Ads Customer Management service, version 11 or 13.\n\n"
          "Commands:\n",
          file);
    for (size_t i = 0; command_table[i] != NULL; i++) {
        if (!command_table[i]->hidden)
            fprintf(file, "  %-10s  %s\n", command_table[i]->name, command_table[i]->summary);
    }
    fputs("\n", file);
    put_settings(file);
    put_secrets(file);
    fputs("\nEach global option has an environment variable as well: BACM_CA_FILE for --ca-file.\n"
          "The configuration file has [NAME] sections of lines KEY = VALUE; a key is an option\n"
          "without its dashes, but not config or profile, or the name of a secret, such as\n"
          "developer-token.\n\n",
          file);
    fputs("Before clients get mail or something is changed bacm asks, when standard error\n"
          "is a terminal; elsewhere it sends at once, as with --yes.\n\n",
          file);
    fputs(exit_statuses, file);
    fputs("\nExamples:\n"
          "  bacm doctor                       check configuration and credentials\n"
          "  bacm add --dry-run --managing-customer-id 2002002 clients.csv\n"
          "                                    show what would be sent\n"
          "  bacm add clients.csv              invite every account of the file\n"
          "  bacm add --help                   more on a command\n",
          file);
}

static void help_command(FILE *file, const struct command *command, const struct version *version)
{
    const char *here = command->in_version[version->contract];
    const char *example = command->example_in_version[version->contract];

    fprintf(file, "Usage: bacm %s [OPTION]...%s%s\n\n", command->name,
            command->synopsis[0] ? " " : "", command->synopsis);
    text_put_wrapped(file, command->description, 0, 0, WIDTH);
    if (here != NULL) {
        fprintf(file, "\nVersion %s. ", version->number);
        text_put_wrapped(file, here, 0, strlen(version->number) + strlen("Version . "), WIDTH);
    }
    if (command->options[0].name != NULL)
        fputs("\nOptions:\n", file);
    for (const struct option_info *info = command->options; info->name != NULL; info++)
        put_option(file, info->name, info->letter, info->argument, info->help);
    fprintf(file, "\nExamples:\n%s%s", command->examples, example != NULL ? example : "");
    fputs("\nGlobal options and exit statuses: bacm --help\n", file);
}

void help_print(FILE *file, const struct command *command, const struct version *version)
{
    if (command == NULL)
        help_overview(file);
    else
        help_command(file, command, version);
}
