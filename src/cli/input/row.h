/*
 * A row of the input and the ClientLink made of it.
 */
#ifndef BACM_CLI_INPUT_ROW_H
#define BACM_CLI_INPUT_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bacm/links.h>

#include "cli/profile/version.h"
#include "cli/terminal/problem.h"

/* Columns and keys: the elements of ClientLink that AddClientLinks takes. */
enum row_field {
    ROW_TYPE,
    ROW_CLIENT_ID,
    ROW_CLIENT_NUMBER,
    ROW_MANAGING_CUSTOMER_ID,
    ROW_MANAGING_CUSTOMER_NUMBER,
    ROW_NOTE,
    ROW_NAME,
    ROW_INVITER_EMAIL,
    ROW_INVITER_NAME,
    ROW_INVITER_PHONE,
    ROW_IS_BILL_TO_CLIENT,
    ROW_START_DATE,
    ROW_SUPPRESS_NOTIFICATION,
    ROW_CUSTOMER_LINK_PERMISSION,
    ROW_FIELD_COUNT
};

enum row_kind { ROW_INTEGER, ROW_TEXT, ROW_BOOLEAN, ROW_LINK_TYPE };

/*
 * What an input calls its fields. The client is ClientAccountId in v11 and
 * ClientEntityId in v13: an input may use either with both versions, but one only.
 */
enum row_spelling { ROW_NOT_SPELLED, ROW_AS_ACCOUNT, ROW_AS_ENTITY };

struct row_names {
    const struct version *version;
    bool to_add; /* the rows are to be invited; else only their clients matter */
    enum row_spelling spelling;
};

/* Longest field in bytes: the longest text that the library takes. */
#define ROW_MAX_FIELD_BYTES BACM_MAX_LINK_TEXT_BYTES

struct row {
    uint64_t index; /* 0 for the first row, refused ones count */
    unsigned long line;
    bacm_client_link link; /* borrows from text */
    char *text[ROW_FIELD_COUNT];
    size_t capacity[ROW_FIELD_COUNT];
};

enum row_kind row_field_kind(enum row_field field);

/* Name of a field as the input spells it, or else the version. */
const char *row_name(const struct row_names *names, enum row_field field);

/* Field of a name in any version and spelling, or ROW_FIELD_COUNT. */
enum row_field row_find(const char *name);

/*
 * Field of a name that stands in the input; ROW_FIELD_COUNT with a problem when it
 * is none, or none of this version, or spelled in another way before.
 */
enum row_field row_take_name(struct row_names *names, const char *name, struct problem *problem);

/* Make a row empty; its memory is kept. */
void row_clear(struct row *row);

/* The setters return false with field, reason and remedy in problem. */
bool row_set_integer(struct row *row, enum row_field field, int64_t value, struct problem *problem);
bool row_set_text(struct row *row, enum row_field field, const char *text, size_t size,
                  struct problem *problem);
bool row_set_boolean(struct row *row, enum row_field field, bool value);

/* Set a field of any kind from its text; an empty text leaves it absent. */
bool row_parse(struct row *row, enum row_field field, const char *text, size_t size,
               struct problem *problem);

/*
 * To be called when all fields are set: the client of a CustomerLink is a customer.
 */
bool row_complete(struct row *row, const struct row_names *names, struct problem *problem);

/*
 * Check the whole row by the library's rules. own_customer stands in for a
 * managing customer that the row does not name; 0: it is not known yet.
 */
bool row_check(const struct row *row, const struct row_names *names, int64_t own_customer,
               struct problem *problem);

bool row_is_customer(const struct row *row);

/* Whether the row leaves the managing customer to the caller's own. */
bool row_needs_customer(const struct row *row);

void row_free(struct row *row);

#endif
