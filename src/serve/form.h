/* Fields of a query or of an application/x-www-form-urlencoded body. */
#ifndef BACM_SERVE_FORM_H
#define BACM_SERVE_FORM_H

#include "serve/buffer.h"

#define FORM_MAX_FIELDS 32

struct form {
    char *text; /* decoded in place; what the fields point into */
    struct {
        const char *name;
        const char *value;
    } fields[FORM_MAX_FIELDS];
    size_t count;
};

/* False when there are too many fields, a bad escape, or no memory. */
bool form_parse(struct form *form, const char *text);
void form_free(struct form *form);

/* The first field of that name, NULL when it is absent. */
const char *form_get(const struct form *form, const char *name);

/* Text as it stands in a query. */
void form_escape(struct buffer *out, const char *text);

#endif
