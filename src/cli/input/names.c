#include "cli/input/names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/input/cell.h"
#include "cli/terminal/suggest.h"

/* Longest name that means anything, in letters. */
#define MAX_FOLDED 63

#define CLIENT_ACCOUNT_ID "ClientAccountId"

/* Names of the Microsoft Advertising pages, folded. */
static const struct page_name {
    const char *folded;
    enum row_field field;
} page_names[] = {
    {"accountid", ROW_CLIENT_ID},
    {"accountnumber", ROW_CLIENT_NUMBER},
    {"accountname", ROW_NAME},
    {"customerid", ROW_CUSTOMER_ID},
    {"customernumber", ROW_CUSTOMER_NUMBER},
};

/* What records of bacm have besides fields of links. */
static const char *const record_names[] = {
    "index",  "line",    "outcome", "confirmedBy", "errors",     "trackingId", "from",
    "wanted", "settled", "reached", "checked",     "state",      "blockedBy",  "sent",
    "reason", "list",    "rows",    "daysLeft",    "lastStatus", "again",
};

/* A name without regard to case, blanks and underscores. */
static void fold(const char *name, size_t size, char folded[MAX_FOLDED + 1])
{
    size_t length = 0;

    while (size > 0 && length < MAX_FOLDED) {
        size_t blank = cell_blank(name, size);

        if (blank == 0 && *name != '_')
            folded[length++] = (char)tolower((unsigned char)*name);
        blank = blank > 0 ? blank : 1;
        name += blank;
        size -= blank;
    }
    folded[size > 0 ? 0 : length] = '\0';
}

static bool is_close(const char *folded, const char *name)
{
    char other[MAX_FOLDED + 1];

    if (name == NULL)
        return false;
    fold(name, strlen(name), other);
    return strcmp(folded, other) == 0;
}

/* Whether the version has names as ClientAccountId, which v13 has renamed. */
static bool is_as_account(const struct version *version)
{
    return strcmp(version->client_id, CLIENT_ACCOUNT_ID) == 0;
}

const char *row_name(const struct row_names *names, enum row_field field)
{
    const struct link_field *info = &link_fields[field];
    bool as_account = names->spelling == ROW_AS_ACCOUNT ||
                      (names->spelling == ROW_NOT_SPELLED && is_as_account(names->version));

    return as_account && info->as_account != NULL ? info->as_account : info->name;
}

static bool is_element(const struct link_field *info, const char *name)
{
    return strcmp(info->name, name) == 0 ||
           (info->as_account != NULL && strcmp(info->as_account, name) == 0);
}

enum row_field row_find(const char *name)
{
    int field = 0;

    while (field < ROW_FIELD_COUNT && !is_element(&link_fields[field], name))
        field++;
    return (enum row_field)field;
}

static bool is_record_name(const char *name)
{
    for (size_t i = 0; i < sizeof record_names / sizeof *record_names; i++) {
        if (strcmp(record_names[i], name) == 0)
            return true;
    }
    return false;
}

static enum name_match look_up_close(const char *name, enum row_field *field)
{
    char folded[MAX_FOLDED + 1];

    fold(name, strlen(name), folded);
    for (int i = 0; i < ROW_FIELD_COUNT; i++) {
        *field = (enum row_field)i;
        if (is_close(folded, link_fields[i].name) || is_close(folded, link_fields[i].as_account))
            return NAME_CLOSE;
    }
    for (size_t i = 0; i < sizeof page_names / sizeof *page_names; i++) {
        *field = page_names[i].field;
        if (strcmp(folded, page_names[i].folded) == 0)
            return NAME_CLOSE;
    }
    *field = ROW_FIELD_COUNT;
    return NAME_UNKNOWN;
}

enum name_match name_look_up(const char *name, enum row_field *field)
{
    *field = row_find(name);
    if (*field != ROW_FIELD_COUNT)
        return NAME_EXACT;
    for (int i = 0; i < ROW_FIELD_COUNT; i++) {
        *field = (enum row_field)i;
        if (strcmp(link_fields[i].key, name) == 0)
            return NAME_EXACT;
    }
    *field = ROW_PASSED_OVER;
    if (is_record_name(name))
        return NAME_EXACT;
    return look_up_close(name, field);
}

/* Say that a name is none of a field, and which may be meant. */
static void unknown_name(const struct row_names *names, const char *name, struct problem *problem)
{
    struct suggest near;
    char remedy[sizeof problem->remedy] =
        "bacm add --help lists the names; --ignore-unknown-columns passes over such columns";

    suggest_begin(&near, name);
    for (int i = 0; i < ROW_FIELD_COUNT; i++) {
        if (link_fields[i].use != FIELD_TO_ADD)
            continue;
        if (names->version->links_customers || !link_fields[i].customer_links)
            suggest_offer(&near, row_name(names, (enum row_field)i));
        if (names->spelling == ROW_NOT_SPELLED && link_fields[i].as_account != NULL)
            suggest_offer(&near, link_fields[i].as_account);
    }
    if (suggest_best(&near) != NULL)
        snprintf(remedy, sizeof remedy,
                 "did you mean %s? --ignore-unknown-columns passes over such columns",
                 suggest_best(&near));
    problem_set(problem, remedy, "unknown name '%.64s'", name);
}

/* The name that --map gives a header; NULL: none, "": it is to be passed over. */
static bool map_name(const struct row_names *names, const char *header, char name[MAX_FOLDED + 1])
{
    const char *line = names->options->map;
    char wanted[MAX_FOLDED + 1];
    char folded[MAX_FOLDED + 1];

    fold(header, strlen(header), wanted);
    while (line != NULL && *line != '\0') {
        size_t length = strcspn(line, "\n");
        const char *equals = memrchr(line, '=', length);

        if (equals != NULL) {
            fold(line, (size_t)(equals - line), folded);
            if (strcmp(folded, wanted) == 0) {
                snprintf(name, MAX_FOLDED + 1, "%.*s", (int)(line + length - equals - 1),
                         equals + 1);
                return true;
            }
        }
        line += length;
        line += *line == '\n';
    }
    return false;
}

bool names_check_map(const char *map, struct problem *problem)
{
    while (map != NULL && *map != '\0') {
        size_t length = strcspn(map, "\n");
        const char *equals = memrchr(map, '=', length);
        char name[MAX_FOLDED + 1] = "";
        enum row_field field = ROW_PASSED_OVER;

        if (equals != NULL)
            snprintf(name, sizeof name, "%.*s", (int)(map + length - equals - 1), equals + 1);
        if (equals == NULL || equals == map ||
            (name[0] != '\0' && name_look_up(name, &field) == NAME_UNKNOWN)) {
            problem_set(problem,
                        "write HEADER=NAME, for instance 'Account ID=ClientAccountId', or "
                        "HEADER= to pass a column over",
                        "'%.*s' does not name a field", (int)length, map);
            return false;
        }
        map += length;
        map += *map == '\n';
    }
    return true;
}

/* Names of the pages fit to those of either version. */
static bool take_spelling(struct row_names *names, enum row_field field, const char *name,
                          enum name_match match, struct problem *problem)
{
    const struct link_field *info = &link_fields[field];
    char folded[MAX_FOLDED + 1];
    enum row_spelling spelling;

    if (info->as_account == NULL)
        return true;
    fold(name, strlen(name), folded);
    spelling = is_close(folded, info->name) ? ROW_AS_ENTITY : ROW_AS_ACCOUNT;
    if (names->spelling == ROW_NOT_SPELLED)
        names->spelling = spelling;
    if (names->spelling == spelling || (match == NAME_CLOSE && !is_close(folded, info->name) &&
                                        !is_close(folded, info->as_account)))
        return true;
    problem_set(problem, "use the names of one version in the whole input",
                "%s stands in an input that has %s names", name,
                names->spelling == ROW_AS_ACCOUNT ? "ClientAccount..." : "ClientEntity...");
    return false;
}

/* What an input may say of a link that only records have, or only the service. */
static enum row_field take_other(struct row_names *names, enum row_field field, const char *name,
                                 enum name_match match, struct problem *problem)
{
    if (link_fields[field].use == FIELD_OURS && names->version->links_customers) {
        names->page_customers = names->page_customers || match == NAME_CLOSE;
        names->loose = true;
        return field;
    }
    if (link_fields[field].use == FIELD_SERVICE && strcmp(name, link_fields[field].key) == 0) {
        names->link_record = true;
    } else if (link_fields[field].use == FIELD_SERVICE && names->options->strict) {
        problem_set(problem, "the service sets it; leave it out", "unknown name '%.64s'", name);
        return ROW_FIELD_COUNT;
    }
    return ROW_PASSED_OVER;
}

static enum row_field take_field(struct row_names *names, enum row_field field, const char *name,
                                 enum name_match match, struct problem *problem)
{
    const struct link_field *info = &link_fields[field];

    if (info->use != FIELD_TO_ADD)
        return take_other(names, field, name, match, problem);
    if (info->customer_links && !names->version->links_customers) {
        problem_set(problem, "leave it out, or use --api v13", "%s has no %s", names->version->name,
                    name);
        return ROW_FIELD_COUNT;
    }
    if (field == ROW_START_DATE && names->link_record && strcmp(name, info->key) == 0)
        return ROW_PASSED_OVER;
    names->loose = names->loose || !is_element(info, name);
    return take_spelling(names, field, name, match, problem) ? field : ROW_FIELD_COUNT;
}

enum row_field row_take_name(struct row_names *names, const char *name, enum name_match *match,
                             struct problem *problem)
{
    char mapped[MAX_FOLDED + 1];
    enum row_field field;

    *match = NAME_EXACT;
    if (map_name(names, name, mapped)) {
        if (mapped[0] == '\0')
            return ROW_PASSED_OVER;
        name_look_up(mapped, &field);
        return field == ROW_PASSED_OVER ? field
                                        : take_field(names, field, mapped, NAME_EXACT, problem);
    }
    *match = name_look_up(name, &field);
    if (field == ROW_PASSED_OVER)
        return field;
    if (field == ROW_FIELD_COUNT && names->options->ignore_unknown)
        return ROW_PASSED_OVER;
    if (field == ROW_FIELD_COUNT) {
        unknown_name(names, name, problem);
        return field;
    }
    if (*match == NAME_CLOSE && names->options->strict) {
        char remedy[sizeof problem->remedy];

        snprintf(remedy, sizeof remedy, "write %s, or leave --strict out", row_name(names, field));
        problem_set(problem, remedy, "unknown name '%.64s'", name);
        return ROW_FIELD_COUNT;
    }
    names->guessed = names->guessed || *match == NAME_CLOSE;
    return take_field(names, field, name, *match, problem);
}
