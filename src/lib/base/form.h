/*
 * application/x-www-form-urlencoded, as the OAuth endpoints speak it.
 */
#ifndef BACM_LIB_BASE_FORM_H
#define BACM_LIB_BASE_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/redact.h"

enum bacm_form_field { BACM_FORM_PLAIN = 0, BACM_FORM_SECRET };

/*
 * A form under way, and beside it the same form as a trace may show it: a
 * secret is never written to the second one.
 */
struct bacm_form {
    struct bacm_buffer sent;
    struct bacm_buffer shown;
    bool failed; /* out of memory: the form is not complete */
};

/* Append a field; one without a value is left out. */
void bacm_form_add(struct bacm_form *form, const char *name, const char *value,
                   enum bacm_form_field kind);
/* End both texts with a NUL, which does not count as part of them; false when out of memory. */
bool bacm_form_end(struct bacm_form *form);
/* Cleanse and free. */
void bacm_form_clear(struct bacm_form *form);

/*
 * Value of a field in a query that ends at a NUL, decoded, as new text; NULL
 * when it is not there exactly once or is badly encoded. False when out of
 * memory.
 */
bool bacm_form_find(char **value, const char *query, const char *name);

#endif
