#include "bulk/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void bulk_error_clear(bacm_error *error)
{
    if (!error)
        return;
    memset(error, 0, sizeof *error);
    error->link_index = BACM_NO_INDEX;
}

/* Bytes of the character at text; 0 when it is not UTF-8, is cut, or is a control character. */
static size_t character_size(const unsigned char *text)
{
    static const unsigned least[] = {0, 0x20, 0xA0, 0x800, 0x10000};
    size_t size = *text < 0x80 ? 1 : *text < 0xC0 ? 0 : *text < 0xE0 ? 2 : *text < 0xF0 ? 3 : 4;
    unsigned code = size < 2 ? *text : *text & (0xFFu >> (size + 1));

    if (!size || *text >= 0xF8)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (text[i] & 0x3Fu);
    }
    if (code < least[size] || code == 0x7F || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        return 0;
    return size;
}

/* What error.h promises of messages: one line of UTF-8 without control characters. */
static void clean(char *text)
{
    char *to = text;

    while (*text) {
        size_t size = character_size((const unsigned char *)text);

        if (!size)
            *text = (unsigned char)*text < 0x80 ? ' ' : '?';
        for (size_t i = 0; i < (size ? size : 1); i++)
            *to++ = *text++;
    }
    *to = '\0';
}

bacm_status bulk_fail(bacm_error *error, bacm_status status, const char *format, ...)
{
    va_list arguments;
    time_t now = time(NULL);
    struct tm utc;

    if (!error)
        return status;
    bulk_error_clear(error);
    error->status = status;
    if (gmtime_r(&now, &utc))
        strftime(error->time, sizeof error->time, "%Y-%m-%dT%H:%M:%SZ", &utc);
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    clean(error->message);
    return status;
}

bacm_status bulk_fail_memory(bacm_error *error)
{
    return bulk_fail(error, BACM_E_NO_MEMORY, "out of memory");
}

void bulk_hint(bacm_error *error, const char *hint)
{
    if (!error)
        return;
    snprintf(error->hint, sizeof error->hint, "%s", hint);
    clean(error->hint);
}
