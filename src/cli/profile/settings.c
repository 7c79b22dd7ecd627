#include "cli/profile/settings.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "cli/terminal/message.h"

#define SETTING_INFO_(id, name, kind, argument, choices, def, help)                                \
    {name, kind, argument, choices, def, help},
const struct setting_info setting_table[SETTING_COUNT] = {SETTING_LIST(SETTING_INFO_)};
#undef SETTING_INFO_

void setting_variable(enum setting_id id, char variable[SETTING_VARIABLE_BYTES])
{
    static const char prefix[] = "BACM_";
    const char *name = setting_table[id].name;
    size_t at = sizeof prefix - 1;

    memcpy(variable, prefix, at);
    for (; *name != '\0' && at + 1 < SETTING_VARIABLE_BYTES; name++)
        variable[at++] = *name == '-' ? '_' : (char)toupper((unsigned char)*name);
    variable[at] = '\0';
}

enum setting_id setting_find(const char *name)
{
    int id = 0;

    while (id < SETTING_COUNT && strcmp(setting_table[id].name, name) != 0)
        id++;
    return (enum setting_id)id;
}

bool setting_in_file(enum setting_id id)
{
    return id != SETTING_CONFIG && id != SETTING_PROFILE;
}

bool parse_number(const char *text, int64_t low, int64_t high, int64_t *number)
{
    char *end;
    long long value;

    if (!isdigit((unsigned char)*text))
        return false;
    errno = 0;
    value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || value < low || value > high)
        return false;
    *number = value;
    return true;
}

bool is_choice(const char *choices, const char *text)
{
    size_t length = strlen(text);

    while (*choices != '\0') {
        size_t word = strcspn(choices, ",");

        if (word == length && memcmp(choices, text, length) == 0)
            return true;
        choices += word + (choices[word] == ',');
    }
    return false;
}

static bool truth(const char *text, bool *value)
{
    *value = is_choice("1,yes,true,on", text);
    return *value || is_choice("0,no,false,off", text);
}

static bool valid(const struct setting_info *info, const char *text, const char *where)
{
    int64_t number;
    bool flag;

    switch (info->kind) {
    case SETTING_FLAG:
        if (truth(text, &flag))
            return true;
        message_error("%s: '%s' is neither yes nor no", where, text);
        return false;
    case SETTING_CHOICE:
        if (is_choice(info->choices, text))
            return true;
        message_error("%s: '%s' is none of %s", where, text, info->choices);
        return false;
    case SETTING_SECONDS:
        if (parse_number(text, 1, SETTING_MAX_SECONDS, &number))
            return true;
        message_error("%s: '%s' is not a number of seconds from 1 to %d", where, text,
                      SETTING_MAX_SECONDS);
        return false;
    case SETTING_ID:
        if (parse_number(text, 1, INT64_MAX, &number))
            return true;
        message_error("%s: '%s' is not an id; write the number alone", where, text);
        return false;
    case SETTING_BYTES:
        if (parse_number(text, 1024, INT32_MAX, &number))
            return true;
        message_error("%s: '%s' is not a number of bytes from 1024 to %d", where, text, INT32_MAX);
        return false;
    default:
        return true;
    }
}

static void forget(char *text)
{
    if (text != NULL)
        OPENSSL_clear_free(text, strlen(text));
}

bool settings_set(struct settings *settings, enum setting_id id, const char *text,
                  enum setting_source source, const char *where)
{
    char *copy;

    if (!valid(&setting_table[id], text, where))
        return false;
    if (settings->source[id] > source)
        return true;
    copy = OPENSSL_strdup(text);
    if (copy == NULL) {
        message_error("out of memory");
        return false;
    }
    forget(settings->value[id]);
    settings->value[id] = copy;
    settings->source[id] = source;
    return true;
}

bool settings_from_environment(struct settings *settings)
{
    for (int id = 0; id < SETTING_COUNT; id++) {
        char variable[SETTING_VARIABLE_BYTES];
        const char *value;

        setting_variable((enum setting_id)id, variable);
        value = getenv(variable);
        if (value != NULL && *value != '\0' &&
            !settings_set(settings, (enum setting_id)id, value, SOURCE_ENVIRONMENT, variable))
            return false;
    }
    return true;
}

const char *settings_text(const struct settings *settings, enum setting_id id)
{
    return settings->value[id] != NULL ? settings->value[id] : setting_table[id].fallback;
}

bool settings_flag(const struct settings *settings, enum setting_id id)
{
    const char *text = settings_text(settings, id);
    bool value = false;

    return text != NULL && truth(text, &value) && value;
}

int64_t settings_number(const struct settings *settings, enum setting_id id)
{
    const char *text = settings_text(settings, id);
    int64_t number = 0;

    if (text != NULL)
        parse_number(text, 0, INT64_MAX, &number);
    return number;
}

void settings_free(struct settings *settings)
{
    for (int id = 0; id < SETTING_COUNT; id++) {
        forget(settings->value[id]);
        settings->value[id] = NULL;
    }
}
