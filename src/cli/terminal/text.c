#include "cli/terminal/text.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define REPLACEMENT       "\xef\xbf\xbd"
#define REPLACEMENT_BYTES 3
#define ELLIPSIS          "\xe2\x80\xa6"

void text_start(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
}

/* One character of a text: its bytes as they may be written, and its columns. */
struct glyph {
    const char *bytes;
    size_t size;    /* bytes to write */
    size_t columns; /* that it takes on a terminal */
    size_t taken;   /* bytes of the text that it stands for */
};

static bool unsafe(wchar_t c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static struct glyph replaced(size_t taken)
{
    return (struct glyph){REPLACEMENT, REPLACEMENT_BYTES, 1, taken};
}

static struct glyph glyph_at(const char *text)
{
    unsigned char first = (unsigned char)*text;
    mbstate_t state = {0};
    wchar_t c = 0;
    size_t size;
    int columns;

    if (first >= 0x20 && first < 0x7f)
        return (struct glyph){text, 1, 1, 1};
    size = mbrtowc(&c, text, strnlen(text, MB_CUR_MAX), &state);
    if (size == (size_t)-1 || size == (size_t)-2 || size == 0)
        return replaced(1);
    if (unsafe(c))
        return replaced(size);
    columns = wcwidth(c);
    return (struct glyph){text, size, columns < 0 ? 1 : (size_t)columns, size};
}

char *text_clean(const char *text, bool keep_lines)
{
    char *copy = malloc(strlen(text) * REPLACEMENT_BYTES + 1);
    char *to = copy;

    if (copy == NULL)
        return NULL;
    while (*text != '\0') {
        struct glyph glyph = glyph_at(text);

        if (keep_lines && (*text == '\n' || *text == '\t'))
            glyph = (struct glyph){text, 1, 1, 1};
        else if (keep_lines && *text == '\r' && text[1] == '\n')
            glyph = (struct glyph){text, 0, 0, 1};
        memcpy(to, glyph.bytes, glyph.size);
        to += glyph.size;
        text += glyph.taken;
    }
    *to = '\0';
    return copy;
}

void text_put(FILE *file, const char *text)
{
    while (*text != '\0') {
        struct glyph glyph = glyph_at(text);

        fwrite(glyph.bytes, 1, glyph.size, file);
        text += glyph.taken;
    }
}

static size_t columns_of(const char *text)
{
    size_t columns = 0;

    while (*text != '\0') {
        struct glyph glyph = glyph_at(text);

        columns += glyph.columns;
        text += glyph.taken;
    }
    return columns;
}

/* Write as much of text as fits; returns the columns that it took. */
static size_t put_prefix(FILE *file, const char *text, size_t width)
{
    size_t used = 0;

    while (*text != '\0') {
        struct glyph glyph = glyph_at(text);

        if (used + glyph.columns > width)
            break;
        fwrite(glyph.bytes, 1, glyph.size, file);
        used += glyph.columns;
        text += glyph.taken;
    }
    return used;
}

void text_put_cell(FILE *file, const char *text, size_t width, bool right)
{
    size_t columns = columns_of(text);

    if (columns > width) {
        size_t used = put_prefix(file, text, width - 1);

        fputs(ELLIPSIS, file);
        fprintf(file, "%*s", (int)(width - 1 - used), "");
        return;
    }
    if (right)
        fprintf(file, "%*s", (int)(width - columns), "");
    put_prefix(file, text, width);
    if (!right)
        fprintf(file, "%*s", (int)(width - columns), "");
}

void text_put_wrapped(FILE *file, const char *text, size_t indent, size_t column, size_t width)
{
    bool first = true;

    while (*text != '\0') {
        size_t word = strcspn(text, " \n");

        if (!first && column + 1 + word > width) {
            fprintf(file, "\n%*s", (int)indent, "");
            column = indent;
            first = true;
        }
        if (!first)
            fputc(' ', file);
        fwrite(text, 1, word, file);
        column += word + !first;
        first = false;
        text += word;
        if (*text == '\n') {
            fprintf(file, "\n%*s", (int)indent, "");
            column = indent;
            first = true;
        }
        text += *text != '\0';
    }
    fputc('\n', file);
}
