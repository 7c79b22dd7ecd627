#include "lib/base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Bytes of the UTF-8 character at p, with its code point; 0 when malformed. */
static size_t decode(const unsigned char *p, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length;

    if (p[0] < 0x80) {
        *code = p[0];
        return 1;
    }
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        length = 2;
        *code = p[0] & 0x1Fu;
    } else if ((p[0] & 0xF0) == 0xE0) {
        length = 3;
        *code = p[0] & 0x0Fu;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        length = 4;
        *code = p[0] & 0x07u;
    } else {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        *code = (*code << 6) | (p[i] & 0x3Fu);
    }
    if (*code < least[length] || *code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF))
        return 0;
    return length;
}

static bool xml_allows(uint32_t code)
{
    return code == 0x9 || code == 0xA || code == 0xD || (code >= 0x20 && code <= 0xFFFD) ||
           code >= 0x10000;
}

/* What needs no decoding; in most texts that is all. */
static size_t plain_length(const unsigned char *p)
{
    size_t length = 0;

    while (p[length] >= 0x20 && p[length] < 0x80)
        length++;
    return length;
}

enum bacm_text_fault bacm_text_check(const char *text, size_t *offset, size_t *characters)
{
    const unsigned char *start = (const unsigned char *)text;
    const unsigned char *p = start;
    enum bacm_text_fault fault = BACM_TEXT_OK;
    size_t count = plain_length(p);

    p += count;
    while (*p) {
        uint32_t code = 0;
        size_t plain;
        size_t length = decode(p, &code);

        if (!length)
            fault = BACM_TEXT_NOT_UTF8;
        else if (!xml_allows(code))
            fault = BACM_TEXT_NOT_XML;
        if (fault != BACM_TEXT_OK)
            break;
        plain = plain_length(p + length);
        p += length + plain;
        count += 1 + plain;
    }
    if (offset)
        *offset = (size_t)(p - start);
    if (characters)
        *characters = count;
    return fault;
}

void bacm_text_line(char *buffer, size_t size, const char *text)
{
    const unsigned char *p = (const unsigned char *)(text ? text : "");
    size_t used = 0;
    bool space = true; /* also drops leading white space */

    if (!size)
        return;
    while (*p) {
        uint32_t code = 0;
        size_t length = decode(p, &code);
        bool blank = !length || !xml_allows(code) || code <= ' ' || (code >= 0x7F && code < 0xA0);

        if (!length)
            length = 1;
        if (blank) {
            if (!space && used + 1 < size)
                buffer[used++] = ' ';
            space = true;
        } else {
            if (used + length >= size)
                break;
            memcpy(buffer + used, p, length);
            used += length;
            space = false;
        }
        p += length;
    }
    while (used && buffer[used - 1] == ' ')
        used--;
    buffer[used] = '\0';
}

void bacm_text_clean(char *text)
{
    const unsigned char *from = (const unsigned char *)text;
    char *to = text;

    while (*from) {
        uint32_t code = 0;
        size_t length = decode(from, &code);
        size_t step = length ? length : 1;

        if (length && xml_allows(code) && (code < 0x7F || code >= 0xA0)) {
            memmove(to, from, length);
            to += length;
        } else {
            *to++ = '?';
        }
        from += step;
    }
    *to = '\0';
}

void bacm_text_end_whole(char *text)
{
    size_t last = strlen(text);
    uint32_t code;

    while (last && ((unsigned char)text[last - 1] & 0xC0) == 0x80)
        last--;
    if (last && !decode((const unsigned char *)text + last - 1, &code))
        text[last - 1] = '\0';
}

void bacm_text_format(char *buffer, size_t size, const char *format, ...)
{
    char line[2048];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    bacm_text_line(buffer, size, line);
}

bool bacm_text_given(const char *text)
{
    return text && *text;
}

void bacm_text_now(char *buffer, size_t size)
{
    time_t now = time(NULL);
    struct tm utc;

    if (!gmtime_r(&now, &utc) || !strftime(buffer, size, "%Y-%m-%dT%H:%M:%SZ", &utc))
        buffer[0] = '\0';
}
