#include "cli/profile/config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/profile/private_file.h"
#include "cli/terminal/message.h"
#include "cli/terminal/suggest.h"

/* The longest key has fewer. */
#define SHOWN_NAME_BYTES 32

struct parser {
    struct settings *settings;
    const char *path;
    const char *profile;
    unsigned line;
    char section[CONFIG_NAME_BYTES]; /* "" before the first one */
    struct config_sections *sections;
    bool seen_keys[SETTING_COUNT];
    bool found; /* the wanted section */
};

bool config_path(const struct settings *settings, char *path, size_t size)
{
    const char *given = settings_text(settings, SETTING_CONFIG);
    const char *base = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    int length;

    if (given != NULL)
        length = snprintf(path, size, "%s", given);
    else if (base != NULL && *base == '/')
        length = snprintf(path, size, "%s/bacm/config", base);
    else if (home != NULL && *home == '/')
        length = snprintf(path, size, "%s/.config/bacm/config", home);
    else
        return false;
    return length >= 0 && (size_t)length < size;
}

static bool fail(const struct parser *parser, const char *reason, const char *what)
{
    message_error("%s:%u: %s%s%s", parser->path, parser->line, reason, what[0] ? " " : "", what);
    return false;
}

static char *trim(char *text)
{
    size_t length;

    while (isspace((unsigned char)*text))
        text++;
    length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
    return text;
}

static bool read_section(struct parser *parser, char *text)
{
    size_t length = strlen(text);

    if (text[length - 1] != ']')
        return fail(parser, "a section is written [NAME]", "");
    text[length - 1] = '\0';
    text = trim(text + 1);
    if (*text == '\0' || strlen(text) >= CONFIG_NAME_BYTES)
        return fail(parser, "a section needs a name of 1 to 63 characters", "");
    if (parser->sections->count == CONFIG_MAX_PROFILES)
        return fail(parser, "more than 64 sections", "");
    for (size_t i = 0; i < parser->sections->count; i++) {
        if (strcmp(parser->sections->name[i], text) == 0)
            return fail(parser, "this section stands here a second time; join the two:", text);
    }
    snprintf(parser->sections->name[parser->sections->count++], CONFIG_NAME_BYTES, "%s", text);
    snprintf(parser->section, sizeof parser->section, "%s", text);
    memset(parser->seen_keys, 0, sizeof parser->seen_keys);
    parser->found = parser->found || strcmp(text, parser->profile) == 0;
    return true;
}

/*
 * What looks like the name of a key at the begin of the text, and no more of it: without
 * its '=' a line can be a name and a secret, and a secret can have a '=' at its end.
 */
static void copy_name(char name[SHOWN_NAME_BYTES], const char *text)
{
    size_t length = 0;

    while (length < SHOWN_NAME_BYTES - 1 &&
           (isalnum((unsigned char)text[length]) || text[length] == '-' || text[length] == '_'))
        length++;
    memcpy(name, text, length);
    name[length] = '\0';
}

static bool unknown_key(const struct parser *parser, const char *text)
{
    struct suggest near;
    char what[MESSAGE_MAX_BYTES];
    char key[SHOWN_NAME_BYTES];

    copy_name(key, text);
    if (setting_find(key) != SETTING_COUNT && text[strlen(key)] != '\0')
        return fail(parser, "only '=' may follow the key", key);
    if (setting_find(key) != SETTING_COUNT) {
        char variable[SETTING_VARIABLE_BYTES];

        setting_variable(setting_find(key), variable);
        snprintf(what, sizeof what, "'%s': it cannot stand in the file; give --%s or %s", key, key,
                 variable);
        return fail(parser, "key", what);
    }
    suggest_begin(&near, key);
    for (int id = 0; id < SETTING_COUNT; id++) {
        if (setting_in_file((enum setting_id)id))
            suggest_offer(&near, setting_table[id].name);
    }
    snprintf(what, sizeof what, "'%s'%s%s%s", key,
             suggest_best(&near) ? "; did you mean '" : "; see bacm --help for the keys",
             suggest_best(&near) ? suggest_best(&near) : "", suggest_best(&near) ? "'?" : "");
    return fail(parser, "unknown key", what);
}

static bool read_key(struct parser *parser, char *text)
{
    char *equals = strchr(text, '=');
    char where[CONFIG_PATH_BYTES + 32];
    enum setting_id id;
    char *value;

    if (equals == NULL)
        return fail(parser, "neither [SECTION] nor KEY = VALUE", "");
    if (parser->section[0] == '\0')
        return fail(parser, "a key before the first section; write [default] above it", "");
    *equals = '\0';
    text = trim(text);
    value = trim(equals + 1);
    id = setting_find(text);
    if (id == SETTING_COUNT || !setting_in_file(id))
        return unknown_key(parser, text);
    if (*value == '\0')
        return fail(parser, "no value; delete the line or complete it:", text);
    if (parser->seen_keys[id])
        return fail(parser, "this key stands in the section a second time:", text);
    parser->seen_keys[id] = true;
    if (strcmp(parser->section, parser->profile) != 0)
        return true;
    snprintf(where, sizeof where, "%s:%u: %s", parser->path, parser->line, text);
    return settings_set(parser->settings, id, value, SOURCE_FILE, where);
}

static bool read_line(struct parser *parser, char *text)
{
    text = trim(text);
    if (*text == '\0' || *text == '#' || *text == ';')
        return true;
    return *text == '[' ? read_section(parser, text) : read_key(parser, text);
}

static bool read_lines(struct parser *parser, char *text, size_t size)
{
    if (memchr(text, '\0', size) != NULL) {
        message_error("%s: has a NUL byte; this is not a text file", parser->path);
        return false;
    }
    while (text != NULL) {
        char *line = strsep(&text, "\n");

        parser->line++;
        if (!read_line(parser, line))
            return false;
    }
    return true;
}

static bool check_profile(const struct parser *parser)
{
    struct suggest near;

    if (parser->found || parser->settings->source[SETTING_PROFILE] == SOURCE_DEFAULT)
        return true;
    suggest_begin(&near, parser->profile);
    for (size_t i = 0; i < parser->sections->count; i++)
        suggest_offer(&near, parser->sections->name[i]);
    if (suggest_best(&near) != NULL)
        message_error("%s: no section [%s]; did you mean '%s'?", parser->path, parser->profile,
                      suggest_best(&near));
    else
        message_error("%s: no section [%s]", parser->path, parser->profile);
    return false;
}

static bool read_file(struct parser *parser, bool wants_profile)
{
    const bool named = settings_text(parser->settings, SETTING_CONFIG) != NULL;
    char *text = NULL;
    size_t size = 0;
    bool ok;

    switch (private_file_read(parser->path, CONFIG_MAX_BYTES, &text, &size)) {
    case PRIVATE_FILE_READ:
        ok = read_lines(parser, text, size) && (!wants_profile || check_profile(parser));
        private_file_free(text, size);
        return ok;
    case PRIVATE_FILE_ABSENT:
        if (named)
            message_error("%s: %s", parser->path, strerror(ENOENT));
        return !named;
    default:
        return false;
    }
}

bool config_list(const struct settings *settings, struct config_sections *sections)
{
    struct settings unwanted = *settings; /* the profile "" is that of no section */
    char path[CONFIG_PATH_BYTES];
    struct parser parser = {
        .settings = &unwanted, .path = path, .profile = "", .sections = sections};

    sections->count = 0;
    return !config_path(settings, path, sizeof path) || read_file(&parser, false);
}

bool config_read(struct settings *settings)
{
    struct config_sections sections = {.count = 0};
    char path[CONFIG_PATH_BYTES];
    struct parser parser = {.settings = settings,
                            .path = path,
                            .profile = settings_text(settings, SETTING_PROFILE),
                            .sections = &sections};

    return !config_path(settings, path, sizeof path) || read_file(&parser, true);
}
