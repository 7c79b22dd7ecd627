#include "serve/form.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int hex_value(char digit)
{
    if (isdigit((unsigned char)digit))
        return digit - '0';
    digit = (char)tolower((unsigned char)digit);
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* In place; a NUL cannot be part of a field. */
static bool decode(char *text)
{
    char *out = text;
    for (const char *at = text; *at; at++) {
        if (*at == '%') {
            int high = hex_value(at[1]);
            int low = high < 0 ? -1 : hex_value(at[2]);
            if (low < 0 || (high == 0 && low == 0))
                return false;
            *out++ = (char)(high * 16 + low);
            at += 2;
        } else {
            *out++ = *at == '+' ? ' ' : *at;
        }
    }
    *out = '\0';
    return true;
}

bool form_parse(struct form *form, const char *text)
{
    *form = (struct form){.text = strdup(text)};
    char *rest = form->text;
    if (!rest)
        return false;
    for (char *field = strsep(&rest, "&"); field; field = strsep(&rest, "&")) {
        if (!*field)
            continue;
        char *value = strchr(field, '=');
        if (value)
            *value++ = '\0';
        else
            value = field + strlen(field);
        if (form->count == FORM_MAX_FIELDS || !decode(field) || !decode(value))
            return false;
        form->fields[form->count].name = field;
        form->fields[form->count].value = value;
        form->count++;
    }
    return true;
}

void form_free(struct form *form)
{
    free(form->text);
    *form = (struct form){.text = NULL};
}

const char *form_get(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++) {
        if (strcmp(form->fields[i].name, name) == 0)
            return form->fields[i].value;
    }
    return NULL;
}

void form_escape(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (isalnum(byte) || strchr("-._~", byte))
            buffer_append(out, text, 1);
        else
            buffer_printf(out, "%%%02X", byte);
    }
}
