/*
 * The tables of commands and settings as JSON, for the script that makes the
 * completions and the option lists of the man pages.
 */
#include <stdio.h>

#include <jansson.h>

#include "cli/command/command.h"
#include "cli/command/commands.h"
#include "cli/command/options.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

static json_t *letter_text(char letter)
{
    return letter != 0 ? json_stringn(&letter, 1) : json_null();
}

static json_t *settings_spec(void)
{
    json_t *list = json_array();

    for (int id = 0; id < SETTING_COUNT; id++) {
        const struct setting_info *info = &setting_table[id];
        char variable[SETTING_VARIABLE_BYTES];

        setting_variable((enum setting_id)id, variable);
        json_array_append_new(
            list,
            json_pack("{s:s, s:o, s:s?, s:s?, s:s?, s:s, s:s, s:b, s:b}", "name", info->name,
                      "letter", letter_text(options_letter((enum setting_id)id)), "argument",
                      info->argument, "choices", info->choices, "default", info->fallback, "help",
                      info->help, "variable", variable, "secret", info->kind == SETTING_SECRET,
                      "inFile", setting_in_file((enum setting_id)id)));
    }
    return list;
}

static json_t *options_spec(const struct option_info *info)
{
    json_t *list = json_array();

    for (; info->name != NULL; info++)
        json_array_append_new(list, json_pack("{s:s, s:o, s:s?, s:s?, s:s}", "name", info->name,
                                              "letter", letter_text(info->letter), "argument",
                                              info->argument, "choices",
                                              info->choices != option_many ? info->choices : NULL,
                                              "help", info->help));
    return list;
}

/* Texts that only hold for a version, by its name. */
static json_t *versions_spec(const char *const texts[CONTRACT_COUNT])
{
    json_t *object = json_object();

    for (size_t i = 0; i < CONTRACT_COUNT; i++) { /* of each the first wire stands for it */
        if (texts[i] != NULL)
            json_object_set_new(object, version_table[i].name, json_string(texts[i]));
    }
    return object;
}

static json_t *commands_spec(void)
{
    json_t *list = json_array();

    for (size_t i = 0; command_table[i] != NULL; i++) {
        const struct command *command = command_table[i];

        if (!command->hidden)
            json_array_append_new(
                list, json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:o}", "name", command->name,
                                "synopsis", command->synopsis, "summary", command->summary,
                                "description", command->description, "inVersion",
                                versions_spec(command->in_version), "examples", command->examples,
                                "examplesInVersion", versions_spec(command->example_in_version),
                                "options", options_spec(command->options)));
    }
    return list;
}

static int run(struct cli *cli)
{
    json_t *spec =
        json_pack("{s:o, s:o}", "settings", settings_spec(), "commands", commands_spec());

    (void)cli;
    if (spec == NULL || json_dumpf(spec, stdout, JSON_INDENT(2)) != 0) {
        json_decref(spec);
        message_error("the tables cannot be written");
        return CLI_FAILED;
    }
    json_decref(spec);
    putchar('\n');
    return CLI_OK;
}

static const struct option_info option_table[] = {{0}};

const struct command command_spec = {
    .name = "__spec",
    .synopsis = "",
    .summary = "write the tables of commands and settings as JSON",
    .description = "Writes the tables of commands and settings as JSON.",
    .examples = "  bacm __spec\n",
    .options = option_table,
    .hidden = true,
    .without_settings = true,
    .run = run,
};
