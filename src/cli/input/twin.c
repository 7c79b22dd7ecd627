#include "cli/input/twin.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

bool twin_must_agree(enum row_field field)
{
    switch (field) {
    case ROW_CLIENT_ID:
    case ROW_CLIENT_NUMBER:
    case ROW_CUSTOMER_ID:
    case ROW_CUSTOMER_NUMBER:
    case ROW_ENTITY_CUSTOMER_NUMBER:
    case ROW_MANAGING_CUSTOMER_ID:
    case ROW_MANAGING_CUSTOMER_NUMBER:
        return true;
    default:
        return false;
    }
}

/* The value as a text; "" for none. Numbers of accounts and customers have no case. */
static const char *value_text(const struct row *row, enum row_field field, char digits[24])
{
    const char *member = (const char *)&row->link + link_fields[field].offset;
    const char *text;
    int64_t id;

    if (link_fields[field].kind == FIELD_INTEGER) {
        memcpy(&id, member, sizeof id);
        snprintf(digits, 24, "%" PRId64, id);
        return id != 0 ? digits : "";
    }
    memcpy(&text, member, sizeof text);
    return text != NULL ? text : "";
}

bool twin_agrees(const struct row *counts, const struct row *passed_over, enum row_field field,
                 const char *other, struct problem *problem)
{
    char digits[2][24];
    const char *a = value_text(counts, field, digits[0]);
    const char *b = value_text(passed_over, field, digits[1]);

    if (b[0] == '\0' || strcasecmp(a, b) == 0)
        return true;
    problem_set(problem, "remove one of the two",
                "%s means the same, and one of them says '%.40s', the other '%.40s'", other, a, b);
    return false;
}

void twin_describe(const char *passed_over, const char *counts, FILE *file)
{
    fprintf(file, ", '%s' passed over for '%s'", passed_over, counts);
}
