#include "command.h"

#include <string.h>

#include "commands.h"

const struct command *const command_table[] = {
    &command_add,
    &command_whoami,
    NULL,
};

const struct command *command_find(const char *name)
{
    for (size_t i = 0; command_table[i] != NULL; i++) {
        if (strcmp(command_table[i]->name, name) == 0)
            return command_table[i];
    }
    return NULL;
}
