#include "cli/command/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command/commands.h"
#include "cli/terminal/message.h"

#define COMMAND_ENTRY_(name) &command_##name,
const struct command *const command_table[] = {COMMAND_LIST(COMMAND_ENTRY_) NULL};
#undef COMMAND_ENTRY_

const char option_many[] = "";

const struct command *command_find(const char *name)
{
    for (size_t i = 0; command_table[i] != NULL; i++) {
        if (strcmp(command_table[i]->name, name) == 0)
            return command_table[i];
    }
    return NULL;
}

bool command_number(const struct cli *cli, size_t option, unsigned low, unsigned high,
                    unsigned fallback, unsigned *number)
{
    const char *text = cli->option[option];
    int64_t value = fallback;

    if (text != NULL && !parse_number(text, low, high, &value)) {
        message_error("--%s: '%s' is not a number from %u to %u",
                      cli->command->options[option].name, text, low, high);
        return false;
    }
    *number = (unsigned)value;
    return true;
}

static void put_word(FILE *file, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "%+,-./:=@_";

    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        fputs(word, file);
        return;
    }
    fputc('\'', file);
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            fputs("'\\''", file);
        else
            fputc(*word, file);
    }
    fputc('\'', file);
}

char *command_line(const struct cli *cli)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    if (file == NULL)
        return NULL;
    for (int i = 0; i < cli->argc; i++) {
        if (i > 0)
            fputc(' ', file);
        put_word(file, cli->argv[i]);
    }
    if (fclose(file) == 0)
        return text;
    free(text);
    return NULL;
}
