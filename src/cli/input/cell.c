#include "cli/input/cell.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/profile/settings.h"

/* So much of a cell is shown in a message. */
#define SHOWN_BYTES 40

/* Blanks behind ASCII, and what directs or joins without being seen, as ranges. */
static const struct {
    uint32_t first;
    uint32_t last;
} blanks[] = {
    {0x85, 0x85},     {0xa0, 0xa0},     {0xad, 0xad},     {0x1680, 0x1680},
    {0x180e, 0x180e}, {0x2000, 0x200f}, {0x2028, 0x202f}, {0x205f, 0x2064},
    {0x2066, 0x2069}, {0x3000, 0x3000}, {0xfeff, 0xfeff},
};

/* The character that a text begins with, and its bytes; 0 bytes when it is no UTF-8. */
static size_t character(const char *text, size_t size, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)text[0];
    size_t bytes = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    if (bytes == 1)
        *code = first;
    if (bytes < 2 || bytes > size || first > 0xf4)
        return bytes == 1 ? 1 : 0;
    *code = first & (0x7fu >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | ((unsigned char)text[i] & 0x3f);
    }
    return *code < least[bytes] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff) ? 0
                                                                                            : bytes;
}

static bool is_blank(uint32_t code)
{
    if (code < 0x80)
        return code == ' ' || (code >= '\t' && code <= '\r');
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        if (code >= blanks[i].first && code <= blanks[i].last)
            return true;
    }
    return false;
}

size_t cell_blank(const char *text, size_t size)
{
    uint32_t code;
    size_t taken = size > 0 ? character(text, size, &code) : 0;

    return taken > 0 && is_blank(code) ? taken : 0;
}

/* Bytes of the blank that a text ends with. */
static size_t last_blank(const char *text, size_t size)
{
    size_t start = size;

    if (size == 0)
        return 0;
    do
        start--;
    while (start > 0 && size - start < 4 && ((unsigned char)text[start] & 0xc0) == 0x80);
    return cell_blank(text + start, size - start) == size - start ? size - start : 0;
}

void cell_trim(const char **text, size_t *size)
{
    size_t blank;

    while ((blank = cell_blank(*text, *size)) > 0) {
        *text += blank;
        *size -= blank;
    }
    while ((blank = last_blank(*text, *size)) > 0)
        *size -= blank;
}

bool cell_is_utf8(const char *text, size_t size, struct problem *problem)
{
    size_t at = 0;

    while (at < size) {
        uint32_t code;
        size_t taken = character(text + at, size - at, &code);

        if (taken == 0) {
            problem_set(problem, "save the file as UTF-8, or read it with --encoding windows-1252",
                        "byte %02X is not UTF-8", (unsigned)(unsigned char)text[at]);
            return false;
        }
        at += taken;
    }
    return true;
}

/* Digits with marks between them: "1,001,001", "1.001.001", "1 001 001". */
static bool is_grouped(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    char mark = text[digits];

    if (digits == 0 || digits > 3 || strchr(",.' ", mark) == NULL || mark == '\0')
        return false;
    for (text += digits; *text == mark; text += 4) {
        if (strspn(text + 1, "0123456789") != 3)
            return false;
    }
    return *text == '\0';
}

/* The same as long as a number can be with a fraction or an exponent. */
static bool is_floating(const char *text)
{
    text += strspn(text, "0123456789");
    if (*text != '.' && *text != ',' && *text != 'E' && *text != 'e')
        return false;
    return text[strspn(text, "0123456789.,eE+-")] == '\0';
}

/* Why a text that is no id looks like one, and the remedy. */
static bool explain_id(const char *text, const char **remedy, const char **reason)
{
    if (text[0] == '=' || text[0] == '\'') {
        *reason = text[0] == '=' ? "is a formula" : "has an apostrophe in front";
        *remedy = "write the digits alone, as text";
    } else if (is_grouped(text)) {
        *reason = "has marks between its digits";
        *remedy = "write the digits alone; check the last ones against their source";
    } else if (is_floating(text)) {
        *reason = strpbrk(text, "eE") != NULL ? "is in scientific notation; digits may be lost"
                                              : "has a fraction; digits may be lost";
        *remedy = "take the id from its source again, with the column formatted as text";
    } else if (isalpha((unsigned char)text[0]) && isdigit((unsigned char)text[1])) {
        *reason = "looks like a number such as X1001001, no id";
        *remedy = "call the column ClientAccountNumber, or ManagingCustomerNumber for a manager";
    } else {
        return false;
    }
    return true;
}

/* An invisible or foreign character between digits, which a person would look for in vain. */
static bool explain_character(const char *text, size_t size, struct problem *problem)
{
    size_t nth = 1;

    for (size_t at = 0; at < size; nth++) {
        uint32_t code;
        size_t taken = character(text + at, size - at, &code);

        if (taken == 0)
            return !cell_is_utf8(text, size, problem);
        if (code >= 0x80) {
            problem_set(problem, "write the id in digits alone",
                        "'%.*s'%s is not a whole number: it has U+%04X at character %zu",
                        (int)(size < SHOWN_BYTES ? size : SHOWN_BYTES), text,
                        size < SHOWN_BYTES ? "" : "...", (unsigned)code, nth);
            return true;
        }
        at += taken;
    }
    return false;
}

bool cell_id(const char *text, size_t size, int64_t *id, struct problem *problem)
{
    const char *remedy = "write the id in digits alone";
    const char *reason = NULL;
    char word[SHOWN_BYTES + 1];

    snprintf(word, sizeof word, "%.*s", (int)(size < sizeof word ? size : sizeof word), text);
    if (size < sizeof word && parse_number(word, 0, INT64_MAX, id))
        return true;
    if (explain_character(text, size, problem))
        return false;
    explain_id(word, &remedy, &reason);
    problem_set(problem, remedy, "'%s'%s is not a whole number%s%s", word,
                size < SHOWN_BYTES ? "" : "...", reason != NULL ? ": it " : "",
                reason != NULL ? reason : "");
    return false;
}

bool cell_like_id(const char *text, size_t size)
{
    bool digit = false;

    for (size_t at = 0; at < size; at++) {
        unsigned char c = (unsigned char)text[at];
        bool letter_in_front = at == 0 && isalpha(c);

        if (isalpha(c) && c != 'e' && c != 'E' && !letter_in_front)
            return false;
        digit = digit || isdigit(c);
    }
    return digit;
}

bool cell_boolean(const char *text, size_t size, bool *value, struct problem *problem)
{
    static const char *const words[2][3] = {{"false", "no", "0"}, {"true", "yes", "1"}};

    for (size_t i = 0; i < 6; i++) {
        const char *word = words[i % 2][i / 2];

        if (size == strlen(word) && strncasecmp(text, word, size) == 0) {
            *value = i % 2 == 1;
            return true;
        }
    }
    problem_set(problem, "write true or false", "'%.*s'%s is neither true nor false",
                (int)(size < SHOWN_BYTES ? size : SHOWN_BYTES), text,
                size < SHOWN_BYTES ? "" : "...");
    return false;
}
