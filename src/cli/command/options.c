#include "cli/command/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/terminal/message.h"
#include "cli/terminal/suggest.h"

/*
 * Values that getopt_long() returns: a letter, or one of these. Values of
 * settings and of a command's options lie in ranges of their own.
 */
#define CODE_HELP    256
#define CODE_VERSION 257
#define CODE_SETTING 300
#define CODE_COMMAND (CODE_SETTING + SETTING_COUNT)

#define MAX_LONG_OPTIONS (SETTING_COUNT + COMMAND_MAX_OPTIONS + 3)
#define MAX_LETTERS      64

/* What getopt_long() is given. */
struct syntax {
    struct option options[MAX_LONG_OPTIONS];
    size_t count;
    char letters[MAX_LETTERS];
    size_t letter_count;
};

char options_letter(enum setting_id id)
{
    switch (id) {
    case SETTING_QUIET:
        return 'q';
    case SETTING_VERBOSE:
        return 'v';
    default:
        return 0;
    }
}

static void add_option(struct syntax *syntax, const char *name, int has_argument, int code)
{
    syntax->options[syntax->count++] = (struct option){name, has_argument, NULL, code};
}

static void add_letter(struct syntax *syntax, char letter, bool has_argument)
{
    if (letter == 0 || syntax->letter_count + 3 > sizeof syntax->letters)
        return;
    syntax->letters[syntax->letter_count++] = letter;
    if (has_argument)
        syntax->letters[syntax->letter_count++] = ':';
}

/*
 * A secret has an option only to be refused: were it unknown, getopt would
 * repeat the value in its message, and the user would not learn what to do.
 */
static void build_syntax(struct syntax *syntax, const struct command *command)
{
    memset(syntax, 0, sizeof *syntax);
    /* '+': end at the command; ':': tell a missing value from an unknown option. */
    if (command == NULL)
        add_letter(syntax, '+', false);
    add_letter(syntax, ':', false);
    add_letter(syntax, 'h', false);
    add_option(syntax, "help", no_argument, CODE_HELP);
    add_option(syntax, "version", no_argument, CODE_VERSION);
    for (int id = 0; id < SETTING_COUNT; id++) {
        const struct setting_info *info = &setting_table[id];
        int has_argument = info->kind == SETTING_SECRET ? optional_argument
                           : info->argument == NULL     ? no_argument
                                                        : required_argument;

        add_option(syntax, info->name, has_argument, CODE_SETTING + id);
        add_letter(syntax, options_letter((enum setting_id)id), info->argument != NULL);
    }
    for (int i = 0; command != NULL && command->options[i].name != NULL; i++) {
        const struct option_info *info = &command->options[i];

        add_option(syntax, info->name, info->argument ? required_argument : no_argument,
                   CODE_COMMAND + i);
        add_letter(syntax, info->letter, info->argument != NULL);
    }
}

static const char *help_hint(const struct command *command, char hint[64])
{
    snprintf(hint, 64, "bacm %s%s--help", command ? command->name : "", command ? " " : "");
    return hint;
}

static enum options_result unknown_option(const struct syntax *syntax,
                                          const struct command *command, const char *given)
{
    struct suggest near;
    char name[SUGGEST_MAX_NAME + 1];
    char hint[64];

    help_hint(command, hint);
    if (optopt >= CODE_HELP) {
        message_error("%s: this option takes no value; see %s", given, hint);
        return OPTIONS_WRONG;
    }
    if (optopt != 0) {
        message_error("unknown option -%c; see %s", optopt, hint);
        return OPTIONS_WRONG;
    }
    snprintf(name, sizeof name, "%.*s", (int)strcspn(given + 2, "="), given + 2);
    suggest_begin(&near, name);
    for (size_t i = 0; i < syntax->count; i++) {
        int code = syntax->options[i].val;

        if (code < CODE_SETTING || code >= CODE_COMMAND ||
            setting_table[code - CODE_SETTING].kind != SETTING_SECRET)
            suggest_offer(&near, syntax->options[i].name);
    }
    if (suggest_best(&near) != NULL)
        message_error("unknown option --%s; did you mean --%s? See %s", name, suggest_best(&near),
                      hint);
    else
        message_error("unknown option --%s; see %s", name, hint);
    return OPTIONS_WRONG;
}

static bool take_setting(struct cli *cli, enum setting_id id, const char *value)
{
    const struct setting_info *info = &setting_table[id];
    char where[SUGGEST_MAX_NAME];

    if (info->kind == SETTING_SECRET) {
        char variable[SETTING_VARIABLE_BYTES];

        setting_variable(id, variable);
        message_error("--%s: secrets are not taken from the command line, where other users can "
                      "see them; set %s or the key %s in the configuration file",
                      info->name, variable, info->name);
        return false;
    }
    snprintf(where, sizeof where, "--%s", info->name);
    return settings_set(&cli->settings, id, value != NULL ? value : "yes", SOURCE_OPTION, where);
}

/* All values of the option so far, with newlines between. */
static bool add_value(struct cli *cli, size_t i, const char *value)
{
    const char *before = cli->many[i];
    char *values = NULL;

    if (asprintf(&values, "%s%s%s", before != NULL ? before : "", before != NULL ? "\n" : "",
                 value) < 0) {
        message_error("out of memory");
        return false;
    }
    free(cli->many[i]);
    cli->many[i] = values;
    cli->option[i] = values;
    return true;
}

static bool take_option(struct cli *cli, size_t i, const char *value)
{
    const struct option_info *info = &cli->command->options[i];

    if (info->choices == option_many)
        return add_value(cli, i, value);
    if (info->choices != NULL && !is_choice(info->choices, value)) {
        message_error("--%s: '%s' is none of %s", info->name, value, info->choices);
        return false;
    }
    cli->option[i] = value != NULL ? value : "";
    return true;
}

/* Code of a letter, which getopt_long() returns as it is. */
static int letter_code(const struct command *command, int letter)
{
    if (letter == 'h')
        return CODE_HELP;
    for (int id = 0; id < SETTING_COUNT; id++) {
        if (options_letter((enum setting_id)id) == letter)
            return CODE_SETTING + id;
    }
    for (int i = 0; command != NULL && command->options[i].name != NULL; i++) {
        if (command->options[i].letter == letter)
            return CODE_COMMAND + i;
    }
    return letter;
}

/* Read options up to the command, or all that remain after it. */
static enum options_result read_options(struct cli *cli, int argc, char **argv)
{
    struct syntax syntax;
    bool help = false;
    int code;

    build_syntax(&syntax, cli->command);
    opterr = 0;
    while ((code = getopt_long(argc, argv, syntax.letters, syntax.options, NULL)) != -1) {
        bool taken = true;

        if (code < CODE_HELP)
            code = letter_code(cli->command, code);
        if (code == CODE_HELP) {
            help = true; /* what follows may choose the version that help is about */
            continue;
        }
        if (code == CODE_VERSION)
            return OPTIONS_VERSION;
        if (code >= CODE_COMMAND)
            taken = take_option(cli, (size_t)(code - CODE_COMMAND), optarg);
        else if (code >= CODE_SETTING)
            taken = take_setting(cli, (enum setting_id)(code - CODE_SETTING), optarg);
        else if (help) {
            return OPTIONS_HELP; /* it may be what is missing */
        } else if (code == ':') {
            message_error("%s needs a value", argv[optind - 1]);
            return OPTIONS_WRONG;
        } else {
            return unknown_option(&syntax, cli->command, argv[optind - 1]);
        }
        if (!taken)
            return OPTIONS_WRONG;
    }
    return help ? OPTIONS_HELP : OPTIONS_RUN;
}

static bool find_command(struct cli *cli, const char *name)
{
    struct suggest near;

    cli->command = command_find(name);
    if (cli->command != NULL)
        return true;
    suggest_begin(&near, name);
    for (size_t i = 0; command_table[i] != NULL; i++) {
        if (!command_table[i]->hidden)
            suggest_offer(&near, command_table[i]->name);
    }
    if (suggest_best(&near) != NULL)
        message_error("unknown command '%s'; did you mean '%s'? See bacm --help", name,
                      suggest_best(&near));
    else
        message_error("unknown command '%s'; see bacm --help", name);
    return false;
}

enum options_result options_parse(struct cli *cli, int argc, char **argv)
{
    enum options_result result = read_options(cli, argc, argv);
    size_t left;
    bool help;

    if (result != OPTIONS_RUN)
        return result;
    if (optind == argc) {
        message_error("no command; see bacm --help");
        return OPTIONS_WRONG;
    }
    /* "help add" is another way to say "add --help". */
    help = strcmp(argv[optind], "help") == 0;
    if (help && (optind + 1 == argc || argv[optind + 1][0] == '-'))
        return OPTIONS_HELP;
    argv += optind + help;
    argc -= optind + help;
    if (!find_command(cli, argv[0]))
        return OPTIONS_WRONG;
    optind = 0; /* makes getopt_long() start anew, also with the other letters */
    result = read_options(cli, argc, argv);
    if (result != OPTIONS_RUN || help)
        return result != OPTIONS_RUN ? result : OPTIONS_HELP;
    cli->argument = argv + optind;
    left = (size_t)(argc - optind);
    cli->argument_count = left;
    if (left > cli->command->max_arguments) {
        char hint[64];

        message_error("'%s' is one argument too many; see %s",
                      cli->argument[cli->command->max_arguments], help_hint(cli->command, hint));
        return OPTIONS_WRONG;
    }
    return OPTIONS_RUN;
}
