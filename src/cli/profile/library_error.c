#include "cli/profile/library_error.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/profile/settings.h"
#include "cli/terminal/message.h"

/* Longest name of a member of the library's options that is looked up. */
#define MAX_MEMBER_BYTES 64

/* The hint that the command line has for want of a secret; NULL: none. */
static const char *secret_hint(const bacm_error *error)
{
    static const struct {
        const char *message;
        const char *hint;
    } missing[] = {
        {"there is no developer token", "Set BACM_DEVELOPER_TOKEN or the key developer-token."},
        {"there is no access token", "Set BACM_CLIENT_ID or the key client-id and run bacm login, "
                                     "or set BACM_ACCESS_TOKEN."},
        {"user name and password must be given together",
         "Set BACM_USERNAME and BACM_PASSWORD, or the keys username and password."},
        {"there is no refresh token", "Run bacm login, or set BACM_REFRESH_TOKEN."},
    };

    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        if (error->status == BACM_E_NO_CREDENTIALS &&
            strcmp(error->message, missing[i].message) == 0)
            return missing[i].hint;
    }
    return NULL;
}

/* Length of the name of a setting, or 0; *setting: which one a member of the library's is. */
static size_t member_name(const char *text, enum setting_id *setting)
{
    static const char suffix[] = "_file";
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
    char name[MAX_MEMBER_BYTES] = "";

    if (length >= sizeof name || memchr(text, '_', length) == NULL)
        return 0;
    for (size_t i = 0; i < length; i++)
        name[i] = text[i] == '_' ? '-' : text[i];
    *setting = setting_find(name);
    if (*setting == SETTING_COUNT && length >= sizeof suffix &&
        memcmp(text + length - (sizeof suffix - 1), suffix, sizeof suffix - 1) == 0) {
        name[length - (sizeof suffix - 1)] = '\0';
        *setting = setting_find(name);
    }
    return *setting != SETTING_COUNT ? length : 0;
}

/* The library says proxy_user where the command line has proxy-user. */
static void name_settings(char *text)
{
    char *to = text;
    char before = ' ';

    while (*text != '\0') {
        enum setting_id setting;
        bool begins = before != '_' && !isalnum((unsigned char)before);
        size_t length = begins ? member_name(text, &setting) : 0;

        before = *text;
        if (length == 0) {
            *to++ = *text++;
            continue;
        }
        to = mempcpy(to, setting_table[setting].name, strlen(setting_table[setting].name));
        text += length;
    }
    *to = '\0';
}

bacm_error message_translate(const bacm_error *error)
{
    bacm_error shown = *error;
    const char *hint = secret_hint(error);

    if (hint != NULL)
        snprintf(shown.hint, sizeof shown.hint, "%s", hint);
    name_settings(shown.hint);
    if (error->status == BACM_E_ARGUMENT) /* else it may be the service's own words */
        name_settings(shown.message);
    return shown;
}

void message_library(const bacm_error *error)
{
    const bacm_error shown = message_translate(error);
    char line[MESSAGE_MAX_BYTES];

    bacm_error_format(&shown, line, sizeof line);
    message_error("%s", line);
}
