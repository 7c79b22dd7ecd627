#include "cli/input/row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/profile/settings.h"
#include "cli/terminal/suggest.h"

#define CLIENT_ACCOUNT_ID "ClientAccountId"

struct field_info {
    const char *name;
    enum row_kind kind;
    size_t offset;          /* of the member of bacm_client_link */
    bool customer_links;    /* only where a version links customers */
    const char *as_account; /* another spelling */
};

static const struct field_info fields[ROW_FIELD_COUNT] = {
    [ROW_TYPE] = {"Type", ROW_LINK_TYPE, offsetof(bacm_client_link, type), true, NULL},
    [ROW_CLIENT_ID] = {"ClientEntityId", ROW_INTEGER, offsetof(bacm_client_link, client_account_id),
                       false, CLIENT_ACCOUNT_ID},
    [ROW_CLIENT_NUMBER] = {"ClientEntityNumber", ROW_TEXT,
                           offsetof(bacm_client_link, client_account_number), false,
                           "ClientAccountNumber"},
    [ROW_MANAGING_CUSTOMER_ID] = {"ManagingCustomerId", ROW_INTEGER,
                                  offsetof(bacm_client_link, managing_customer_id), false, NULL},
    [ROW_MANAGING_CUSTOMER_NUMBER] = {"ManagingCustomerNumber", ROW_TEXT,
                                      offsetof(bacm_client_link, managing_customer_number), false,
                                      NULL},
    [ROW_NOTE] = {"Note", ROW_TEXT, offsetof(bacm_client_link, note), false, NULL},
    [ROW_NAME] = {"Name", ROW_TEXT, offsetof(bacm_client_link, name), false, NULL},
    [ROW_INVITER_EMAIL] = {"InviterEmail", ROW_TEXT, offsetof(bacm_client_link, inviter_email),
                           false, NULL},
    [ROW_INVITER_NAME] = {"InviterName", ROW_TEXT, offsetof(bacm_client_link, inviter_name), false,
                          NULL},
    [ROW_INVITER_PHONE] = {"InviterPhone", ROW_TEXT, offsetof(bacm_client_link, inviter_phone),
                           false, NULL},
    [ROW_IS_BILL_TO_CLIENT] = {"IsBillToClient", ROW_BOOLEAN,
                               offsetof(bacm_client_link, is_bill_to_client), false, NULL},
    [ROW_START_DATE] = {"StartDate", ROW_TEXT, offsetof(bacm_client_link, start_date), false, NULL},
    [ROW_SUPPRESS_NOTIFICATION] = {"SuppressNotification", ROW_BOOLEAN,
                                   offsetof(bacm_client_link, suppress_notification), false, NULL},
    [ROW_CUSTOMER_LINK_PERMISSION] = {"CustomerLinkPermission", ROW_TEXT,
                                      offsetof(bacm_client_link, customer_link_permission), true,
                                      NULL},
};

/* Elements of ClientLink that only the service sets. */
static const char *const set_by_service[] = {
    "Status",           "LastModifiedDateTime",       "LastModifiedByUserId", "Timestamp",
    "ClientEntityName", "ClientEntityCustomerNumber", "ManagingCustomerName",
};

static void *member(struct row *row, enum row_field field)
{
    return (char *)&row->link + fields[field].offset;
}

enum row_kind row_field_kind(enum row_field field)
{
    return fields[field].kind;
}

/* Whether the version has names as ClientAccountId, which v13 has renamed. */
static bool is_as_account(const struct version *version)
{
    return strcmp(version->client_id, CLIENT_ACCOUNT_ID) == 0;
}

const char *row_name(const struct row_names *names, enum row_field field)
{
    const struct field_info *info = &fields[field];
    bool as_account = names->spelling == ROW_AS_ACCOUNT ||
                      (names->spelling == ROW_NOT_SPELLED && is_as_account(names->version));

    return as_account && info->as_account != NULL ? info->as_account : info->name;
}

static bool has_name(const struct field_info *info, const char *name)
{
    return strcmp(info->name, name) == 0 ||
           (info->as_account != NULL && strcmp(info->as_account, name) == 0);
}

enum row_field row_find(const char *name)
{
    int field = 0;

    while (field < ROW_FIELD_COUNT && !has_name(&fields[field], name))
        field++;
    return (enum row_field)field;
}

static bool is_set_by_service(const char *name)
{
    for (size_t i = 0; i < sizeof set_by_service / sizeof *set_by_service; i++) {
        if (strcmp(set_by_service[i], name) == 0)
            return true;
    }
    return false;
}

/* Say that a name is none of a field, and which may be meant. */
static void unknown_name(const struct row_names *names, const char *name, struct problem *problem)
{
    struct suggest near;
    char remedy[sizeof problem->remedy] = "bacm add --help lists the names";

    suggest_begin(&near, name);
    for (int i = 0; i < ROW_FIELD_COUNT; i++) {
        if (names->version->links_customers || !fields[i].customer_links)
            suggest_offer(&near, row_name(names, (enum row_field)i));
        if (names->spelling == ROW_NOT_SPELLED && fields[i].as_account != NULL)
            suggest_offer(&near, fields[i].as_account);
    }
    if (is_set_by_service(name))
        snprintf(remedy, sizeof remedy, "the service sets it; leave it out");
    else if (suggest_best(&near) != NULL)
        snprintf(remedy, sizeof remedy, "did you mean %s?", suggest_best(&near));
    problem_set(problem, remedy, "unknown name '%.64s'", name);
}

static bool take_spelling(struct row_names *names, const struct field_info *info, const char *name,
                          struct problem *problem)
{
    enum row_spelling spelling;

    if (info->as_account == NULL)
        return true;
    spelling = strcmp(info->name, name) == 0 ? ROW_AS_ENTITY : ROW_AS_ACCOUNT;
    if (names->spelling == ROW_NOT_SPELLED)
        names->spelling = spelling;
    if (names->spelling == spelling)
        return true;
    problem_set(problem, "use the names of one version in the whole input",
                "%s stands in an input that has %s names", name,
                names->spelling == ROW_AS_ACCOUNT ? "ClientAccount..." : "ClientEntity...");
    return false;
}

enum row_field row_take_name(struct row_names *names, const char *name, struct problem *problem)
{
    enum row_field field = row_find(name);

    if (field == ROW_FIELD_COUNT) {
        unknown_name(names, name, problem);
        return field;
    }
    if (fields[field].customer_links && !names->version->links_customers) {
        problem_set(problem, "leave it out, or use --api v13", "%s has no %s", names->version->name,
                    name);
        return ROW_FIELD_COUNT;
    }
    return take_spelling(names, &fields[field], name, problem) ? field : ROW_FIELD_COUNT;
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
    switch (fields[field].kind) {
    case ROW_INTEGER:
        return parse_integer(row, field, text, size, problem);
    case ROW_BOOLEAN:
        return parse_boolean(row, field, text, size, problem);
    case ROW_LINK_TYPE:
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

bool row_complete(struct row *row, const struct row_names *names, struct problem *problem)
{
    bacm_client_link *link = &row->link;
    enum row_field given = link->client_account_id != 0 ? ROW_CLIENT_ID : ROW_CLIENT_NUMBER;

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
    bool from_account = is_as_account(names->version);
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
