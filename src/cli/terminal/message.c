#include "cli/terminal/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/terminal/text.h"

static bool quiet_notes;
static bool mute_all;

void message_set_quiet(bool quiet)
{
    quiet_notes = quiet;
}

bool message_is_quiet(void)
{
    return quiet_notes;
}

void message_set_mute(bool mute)
{
    mute_all = mute;
}

static void say(const char *prefix, const char *format, va_list arguments)
{
    char line[MESSAGE_MAX_BYTES];

    if (mute_all)
        return;
    vsnprintf(line, sizeof line, format, arguments);
    fputs(prefix, stderr);
    text_put(stderr, line);
    fputc('\n', stderr);
}

void message_error(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say("bacm: ", format, arguments);
    va_end(arguments);
}

void message_note(const char *format, ...)
{
    va_list arguments;

    if (quiet_notes)
        return;
    va_start(arguments, format);
    say("", format, arguments);
    va_end(arguments);
}
