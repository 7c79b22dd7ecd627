#include "cli/input/row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/input/cell.h"

static void *member(struct row *row, enum row_field field)
{
    return (char *)&row->link + link_fields[field].offset;
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
    int64_t value;

    return cell_id(text, size, &value, problem) && row_set_integer(row, field, value, problem);
}

static bool parse_boolean(struct row *row, enum row_field field, const char *text, size_t size,
                          struct problem *problem)
{
    bool value;

    return cell_boolean(text, size, &value, problem) && row_set_boolean(row, field, value);
}

static bool parse_type(struct row *row, const char *text, size_t size, struct problem *problem)
{
    char word[32];

    snprintf(word, sizeof word, "%.*s", (int)(size < sizeof word ? size : sizeof word), text);
    row->link.type = bacm_link_type_parse(word);
    if (row->link.type == BACM_ACCOUNT_LINK || row->link.type == BACM_CUSTOMER_LINK)
        return true;
    row->link.type = BACM_LINK_TYPE_ABSENT;
    problem_set(problem, "write one of the two", "'%.*s'%s is neither AccountLink nor CustomerLink",
                (int)(size < 40 ? size : 40), text, size < 40 ? "" : "...");
    return false;
}

bool row_parse(struct row *row, enum row_field field, const char *text, size_t size,
               struct problem *problem)
{
    if (size == 0)
        return true;
    switch (link_fields[field].kind) {
    case FIELD_INTEGER:
        return parse_integer(row, field, text, size, problem);
    case FIELD_BOOLEAN:
        return parse_boolean(row, field, text, size, problem);
    case FIELD_LINK_TYPE:
        return parse_type(row, text, size, problem);
    default:
        return row_set_text(row, field, text, size, problem);
    }
}

bool row_needs_customer(const struct row *row)
{
    return row->link.managing_customer_id == 0 && row->link.managing_customer_number == NULL;
}

bool row_is_customer(const struct row *row)
{
    return row->link.type == BACM_CUSTOMER_LINK;
}

/*
 * Of a pair of id and number the id is enough, and of account and customer the account:
 * lists that were not written for bacm have them all. A CustomerLink may have the pair:
 * it is kept where no name had to be guessed.
 */
static void drop_further(bacm_client_link *link, const struct row_names *names)
{
    if (link->client_account_id != 0 && (names->guessed || link->type != BACM_CUSTOMER_LINK))
        link->client_account_number = NULL;
    if (link->client_customer_id != 0 && names->guessed)
        link->client_customer_number = NULL;
    if (link->type == BACM_CUSTOMER_LINK)
        link->client_entity_customer_number = NULL;
    if (link->managing_customer_id != 0)
        link->managing_customer_number = NULL;
}

/* What a row says of a customer, in columns that are those of records or pages. */
static void take_customer(bacm_client_link *link, const struct row_names *names)
{
    bool account = link->client_account_id != 0 || link->client_account_number != NULL;
    bool customer = link->client_customer_id != 0 || link->client_customer_number != NULL;

    if (customer && !account && link->type == BACM_LINK_TYPE_ABSENT && !names->page_customers)
        link->type = BACM_CUSTOMER_LINK;
    if (link->type == BACM_CUSTOMER_LINK)
        return;
    link->client_customer_id = 0;
    link->client_customer_number = NULL;
}

bool row_complete(struct row *row, const struct row_names *names, struct problem *problem)
{
    bacm_client_link *link = &row->link;
    enum row_field given = link->client_account_id != 0 ? ROW_CLIENT_ID : ROW_CLIENT_NUMBER;

    take_customer(link, names);
    if (names->loose)
        drop_further(link, names);
    if (!row_is_customer(row) || (link->client_account_id == 0 && !link->client_account_number))
        return true;
    link->client_customer_id = link->client_account_id;
    link->client_customer_number = link->client_account_number;
    link->client_account_id = 0;
    link->client_account_number = NULL;
    if (names->spelling != ROW_AS_ACCOUNT)
        return true;
    snprintf(problem->field, sizeof problem->field, "%s", row_name(names, given));
    problem_set(problem, "call it ClientEntityId or ClientEntityNumber in the whole input",
                "the client of a CustomerLink is a customer, no account");
    return false;
}

/* The library names the client as the version does; here it is named as in the input. */
static void respell(const struct row_names *names, char *text, size_t size)
{
    bool from_account = strcmp(names->version->client_id, "ClientAccountId") == 0;
    const char *from = from_account ? "ClientAccount" : "ClientEntity";
    const char *to = from_account ? "ClientEntity" : "ClientAccount";
    char rest[sizeof((struct problem *)0)->reason];
    const char *end = text + size;

    if (names->spelling == ROW_NOT_SPELLED || from_account == (names->spelling == ROW_AS_ACCOUNT))
        return;
    while ((text = strstr(text, from)) != NULL) {
        snprintf(rest, sizeof rest, "%s", text + strlen(from));
        snprintf(text, (size_t)(end - text), "%s%s", to, rest);
        text += strnlen(text, strlen(to));
    }
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

/* Any id but the client's own keeps the other rules in force. */
static int64_t stand_in(const bacm_client_link *link)
{
    return link->client_account_id == 1 || link->client_customer_id == 1 ? 2 : 1;
}

bool row_check(const struct row *row, const struct row_names *names, int64_t own_customer,
               struct problem *problem)
{
    bacm_client_link link = row->link;
    bacm_error error;

    if (row_needs_customer(row))
        link.managing_customer_id = own_customer != 0 ? own_customer : stand_in(&link);
    if (bacm_client_link_check(names->version->api, &link, &error) == BACM_OK)
        return true;
    snprintf(problem->field, sizeof problem->field, "%s", error.field);
    problem_set(problem, error.hint, "%s", without_field(&error));
    respell(names, problem->field, sizeof problem->field);
    respell(names, problem->reason, sizeof problem->reason);
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
