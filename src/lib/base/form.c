#include "lib/base/form.h"

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

/* Decode in place; false when it is badly encoded. */
static bool decode(char *text)
{
    char *out = text;

    for (const char *p = text; *p; p++) {
        char c = *p;

        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            const int high = hex_value(p[1]);
            const int low = high >= 0 ? hex_value(p[2]) : -1;

            if (low < 0 || (high == 0 && low == 0))
                return false;
            c = (char)(high * 16 + low);
            p += 2;
        }
        *out++ = c;
    }
    *out = '\0';
    return true;
}

bool bacm_form_find(char **value, const char *query, const char *name)
{
    const size_t length = strlen(name);
    const char *found = NULL;

    *value = NULL;
    while (*query) {
        if (strncmp(query, name, length) == 0 && query[length] == '=') {
            if (found)
                return true;
            found = query + length + 1;
        }
        query += strcspn(query, "&");
        query += *query == '&';
    }
    if (!found)
        return true;
    *value = strndup(found, strcspn(found, "&"));
    if (!*value)
        return false;
    if (!decode(*value)) {
        free(*value);
        *value = NULL;
    }
    return true;
}
