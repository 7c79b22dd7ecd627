#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings.h"
#include "suggest.h"

struct field_info {
    const char *name;
    enum row_kind kind;
    size_t offset; /* of the member of bacm_client_link */
};

static const struct field_info fields[ROW_FIELD_COUNT] = {
    [ROW_CLIENT_ACCOUNT_ID] = {"ClientAccountId", ROW_INTEGER,
                               offsetof(bacm_client_link, client_account_id)},
    [ROW_CLIENT_ACCOUNT_NUMBER] = {"ClientAccountNumber", ROW_TEXT,
                                   offsetof(bacm_client_link, client_account_number)},
    [ROW_MANAGING_CUSTOMER_ID] = {"ManagingCustomerId", ROW_INTEGER,
                                  offsetof(bacm_client_link, managing_customer_id)},
    [ROW_MANAGING_CUSTOMER_NUMBER] = {"ManagingCustomerNumber", ROW_TEXT,
                                      offsetof(bacm_client_link, managing_customer_number)},
    [ROW_NOTE] = {"Note", ROW_TEXT, offsetof(bacm_client_link, note)},
    [ROW_NAME] = {"Name", ROW_TEXT, offsetof(bacm_client_link, name)},
    [ROW_INVITER_EMAIL] = {"InviterEmail", ROW_TEXT, offsetof(bacm_client_link, inviter_email)},
    [ROW_INVITER_NAME] = {"InviterName", ROW_TEXT, offsetof(bacm_client_link, inviter_name)},
    [ROW_INVITER_PHONE] = {"InviterPhone", ROW_TEXT, offsetof(bacm_client_link, inviter_phone)},
    [ROW_IS_BILL_TO_CLIENT] = {"IsBillToClient", ROW_BOOLEAN,
                               offsetof(bacm_client_link, is_bill_to_client)},
    [ROW_START_DATE] = {"StartDate", ROW_TEXT, offsetof(bacm_client_link, start_date)},
    [ROW_SUPPRESS_NOTIFICATION] = {"SuppressNotification", ROW_BOOLEAN,
                                   offsetof(bacm_client_link, suppress_notification)},
};

static void *member(struct row *row, enum row_field field)
{
    return (char *)&row->link + fields[field].offset;
}

const char *row_field_name(enum row_field field)
{
    return fields[field].name;
}

enum row_kind row_field_kind(enum row_field field)
{
    return fields[field].kind;
}

enum row_field row_field_find(const char *name)
{
    int field = 0;

    while (field < ROW_FIELD_COUNT && strcmp(fields[field].name, name) != 0)
        field++;
    return (enum row_field)field;
}

void row_field_unknown(const char *name, struct problem *problem)
{
    struct suggest near;
    char remedy[sizeof problem->remedy] = "bacm add --help lists the names";

    suggest_begin(&near, name);
    for (int i = 0; i < ROW_FIELD_COUNT; i++)
        suggest_offer(&near, fields[i].name);
    if (suggest_best(&near) != NULL)
        snprintf(remedy, sizeof remedy, "did you mean %s?", suggest_best(&near));
    problem_set(problem, remedy, "unknown name '%.64s'", name);
}

void row_clear(struct row *row)
{
    row->link = (bacm_client_link)BACM_CLIENT_LINK_INIT;
}

bool row_set_integer(struct row *row, enum row_field field, int64_t value, struct problem *problem)
{
    if (value <= 0) {
        problem_set(problem, "ids are above 0", "%lld is not an id", (long long)value);
        return false;
    }
    *(int64_t *)member(row, field) = value;
    return true;
}

static bool reserve(struct row *row, enum row_field field, size_t size)
{
    char *larger;

    if (row->capacity[field] >= size)
        return true;
    larger = realloc(row->text[field], size);
    if (larger == NULL)
        return false;
    row->text[field] = larger;
    row->capacity[field] = size;
    return true;
}

bool row_set_text(struct row *row, enum row_field field, const char *text, size_t size,
                  struct problem *problem)
{
    if (size > ROW_MAX_FIELD_BYTES) {
        problem_set(problem, "shorten the text", "longer than %d bytes", ROW_MAX_FIELD_BYTES);
        return false;
    }
    if (!reserve(row, field, size + 1)) {
        problem_set(problem, "", "out of memory");
        return false;
    }
    memcpy(row->text[field], text, size);
    row->text[field][size] = '\0';
    *(const char **)member(row, field) = row->text[field];
    return true;
}

bool row_set_boolean(struct row *row, enum row_field field, bool value)
{
    *(bacm_tristate *)member(row, field) = value ? BACM_TRUE : BACM_FALSE;
    return true;
}

static bool parse_integer(struct row *row, enum row_field field, const char *text, size_t size,
                          struct problem *problem)
{
    char digits[32];
    int64_t value;

    snprintf(digits, sizeof digits, "%.*s", (int)(size < sizeof digits ? size : sizeof digits),
             text);
    if (size < sizeof digits && parse_number(digits, 0, INT64_MAX, &value))
        return row_set_integer(row, field, value, problem);
    problem_set(problem, "write the id in digits alone", "'%.*s'%s is not a whole number",
                (int)(size < 40 ? size : 40), text, size < 40 ? "" : "...");
    return false;
}

static bool parse_boolean(struct row *row, enum row_field field, const char *text, size_t size,
                          struct problem *problem)
{
    if (size == 4 && memcmp(text, "true", 4) == 0)
        return row_set_boolean(row, field, true);
    if (size == 5 && memcmp(text, "false", 5) == 0)
        return row_set_boolean(row, field, false);
    problem_set(problem, "write true or false", "'%.*s'%s is neither true nor false",
                (int)(size < 40 ? size : 40), text, size < 40 ? "" : "...");
    return false;
}

bool row_parse(struct row *row, enum row_field field, const char *text, size_t size,
               struct problem *problem)
{
    if (size == 0)
        return true;
    switch (fields[field].kind) {
    case ROW_INTEGER:
        return parse_integer(row, field, text, size, problem);
    case ROW_BOOLEAN:
        return parse_boolean(row, field, text, size, problem);
    default:
        return row_set_text(row, field, text, size, problem);
    }
}

bool row_needs_customer(const struct row *row)
{
    return row->link.managing_customer_id == 0 && row->link.managing_customer_number == NULL;
}

/* The message without the name of the field, which stands in front of it already. */
static const char *without_field(const bacm_error *error)
{
    size_t length = strlen(error->field);

    if (length > 0 && strncmp(error->message, error->field, length) == 0 &&
        strncmp(error->message + length, ": ", 2) == 0)
        return error->message + length + 2;
    return error->message;
}

bool row_check(const struct row *row, int64_t own_customer, struct problem *problem)
{
    bacm_client_link link = row->link;
    bacm_error error;

    if (row_needs_customer(row)) {
        /* Any id but the account's own keeps the other rules in force. */
        link.managing_customer_id = own_customer != 0             ? own_customer
                                    : link.client_account_id == 1 ? 2
                                                                  : 1;
    }
    if (bacm_client_link_check(NULL, &link, &error) == BACM_OK)
        return true;
    snprintf(problem->field, sizeof problem->field, "%s", error.field);
    problem_set(problem, error.hint, "%s", without_field(&error));
    return false;
}

void row_free(struct row *row)
{
    for (int i = 0; i < ROW_FIELD_COUNT; i++) {
        free(row->text[i]);
        row->text[i] = NULL;
        row->capacity[i] = 0;
    }
}
