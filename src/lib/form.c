#include "lib/form.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_unreserved(char c)
{
    return isascii((unsigned char)c) && (isalnum((unsigned char)c) || (c && strchr("-._~", c)));
}

static bool add_encoded(struct bacm_buffer *buffer, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (; *text; text++) {
        const unsigned char byte = (unsigned char)*text;
        const char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
        const bool plain = is_unreserved(*text);

        if (bacm_buffer_add(buffer, plain ? text : escape, plain ? 1 : sizeof escape) != 0)
            return false;
    }
    return true;
}

static bool add_field(struct bacm_buffer *buffer, const char *name, const char *value, bool encode)
{
    return (!buffer->size || bacm_buffer_add(buffer, "&", 1) == 0) && add_encoded(buffer, name) &&
           bacm_buffer_add(buffer, "=", 1) == 0 &&
           (encode ? add_encoded(buffer, value)
                   : bacm_buffer_add(buffer, value, strlen(value)) == 0);
}

void bacm_form_add(struct bacm_form *form, const char *name, const char *value,
                   enum bacm_form_field kind)
{
    const bool secret = kind == BACM_FORM_SECRET;

    if (!value || !*value || form->failed)
        return;
    form->failed = !add_field(&form->sent, name, value, true) ||
                   !add_field(&form->shown, name, secret ? "[redacted]" : value, !secret);
}

static bool end(struct bacm_buffer *buffer)
{
    if (bacm_buffer_add(buffer, "", 1) != 0)
        return false;
    buffer->size--;
    return true;
}

bool bacm_form_end(struct bacm_form *form)
{
    form->failed = form->failed || !end(&form->sent) || !end(&form->shown);
    return !form->failed;
}

void bacm_form_clear(struct bacm_form *form)
{
    bacm_buffer_clear(&form->sent);
    bacm_buffer_clear(&form->shown);
    form->failed = false;
}

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

    return at ? (int)(at - digits) : -1;
}

static char *decode(const char *text, size_t length)
{
    char *out = malloc(length + 1);
    size_t used = 0;

    if (!out)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < length ? hex_value(text[i + 1]) : -1;
            int low = high >= 0 ? hex_value(text[i + 2]) : -1;

            if (low < 0 || (high == 0 && low == 0)) {
                free(out);
                return NULL;
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        out[used++] = c;
    }
    out[used] = '\0';
    return out;
}

char *bacm_form_find(const char *query, const char *name)
{
    const size_t length = strlen(name);
    const char *value = NULL;

    while (*query) {
        if (strncmp(query, name, length) == 0 && query[length] == '=') {
            if (value)
                return NULL;
            value = query + length + 1;
        }
        query += strcspn(query, "&");
        query += *query == '&';
    }
    return value ? decode(value, strcspn(value, "&")) : NULL;
}
