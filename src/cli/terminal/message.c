#include "cli/terminal/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

static void put_line(FILE *file, const char *prefix, const char *line)
{
    fputs(prefix, file);
    text_put(file, line);
    fputc('\n', file);
}

/* One write(): several processes may share a log, and stderr has no buffer. */
static void put_at_once(const char *text, size_t size)
{
    while (size > 0) {
        ssize_t written = write(STDERR_FILENO, text, size);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        text += written;
        size -= (size_t)written;
    }
}

static void say(const char *prefix, const char *format, va_list arguments)
{
    char line[MESSAGE_MAX_BYTES];
    char *whole = NULL;
    size_t size = 0;
    FILE *text;

    if (mute_all)
        return;
    vsnprintf(line, sizeof line, format, arguments);
    text = open_memstream(&whole, &size);
    if (text == NULL) {
        put_line(stderr, prefix, line);
        return;
    }
    put_line(text, prefix, line);
    if (fclose(text) == 0)
        put_at_once(whole, size);
    free(whole);
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
