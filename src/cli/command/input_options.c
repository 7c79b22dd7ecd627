#include "cli/command/input_options.h"

#include <string.h>

#include "cli/terminal/message.h"

enum { FORMAT, DELIMITER, ENCODING, MAP, IGNORE_UNKNOWN, STRICT };

static bool read_delimiter(const char *text, char *delimiter)
{
    if (text == NULL)
        return true;
    *delimiter = strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0 ? '\t' : text[0];
    if ((*delimiter == '\t' || text[1] == '\0') && strchr("\"\r\n", *delimiter) == NULL &&
        (unsigned char)*delimiter < 0x80)
        return true;
    message_error("--delimiter: '%s' cannot be a separator; give one character, or tab", text);
    return false;
}

bool input_options_read(const struct cli *cli, size_t first, const char *path,
                        struct input_options *options)
{
    const char *const *option = cli->option + first;

    *options = (struct input_options){
        .path = path,
        .format = option[FORMAT],
        .encoding = option[ENCODING],
        .map = option[MAP],
        .ignore_unknown = option[IGNORE_UNKNOWN] != NULL,
        .strict = option[STRICT] != NULL,
    };
    return read_delimiter(option[DELIMITER], &options->delimiter);
}
