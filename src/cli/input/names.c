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

/* One line of --map; NAMEs are never longer than MAX_FOLDED. */
struct map_line {
    const char *text;
    int length;
    int header; /* bytes of HEADER; 0: it is no line of the form */
    char folded[MAX_FOLDED + 1];
    char name[MAX_FOLDED + 1]; /* "": the column is to be passed over */
};

/* Cut off the next line; false behind the last one. */
static bool next_map_line(const char **map, struct map_line *line)
{
    size_t length;
    const char *equals;

    if (*map == NULL || **map == '\0')
        return false;
    length = strcspn(*map, "\n");
    equals = memrchr(*map, '=', length);
    *line = (struct map_line){.text = *map, .length = (int)length};
    if (equals != NULL) {
        line->header = (int)(equals - *map);
        fold(*map, (size_t)line->header, line->folded);
        snprintf(line->name, sizeof line->name, "%.*s", (int)(*map + length - equals - 1),
                 equals + 1);
    }
    *map += length;
    *map += **map == '\n';
    return true;
}

/* The line of --map for a header, from 0 on; false: there is none. */
static bool map_name(const struct row_names *names, const char *header, struct map_line *line,
                     unsigned *number)
{
    const char *map = names->options->map;
    char wanted[MAX_FOLDED + 1];

    fold(header, strlen(header), wanted);
    for (*number = 0; next_map_line(&map, line); ++*number) {
        if (strcmp(line->folded, wanted) == 0)
            return true;
    }
    return false;
}

/* Whether a line before this one has the same header. */
static bool is_mapped_before(const char *map, const struct map_line *line)
{
    struct map_line earlier;

    while (next_map_line(&map, &earlier) && earlier.text != line->text) {
        if (strcmp(earlier.folded, line->folded) == 0)
            return true;
    }
    return false;
}

bool names_check_map(const char *map, struct problem *problem)
{
    const char *rest = map;
    enum row_field field = ROW_PASSED_OVER;
    struct map_line line;
    unsigned count = 0;

    while (problem->reason[0] == '\0' && next_map_line(&rest, &line)) {
        if (line.header == 0 ||
            (line.name[0] != '\0' && name_look_up(line.name, &field) == NAME_UNKNOWN))
            problem_set(problem,
                        "write HEADER=NAME, for instance 'Account ID=ClientAccountId', or "
                        "HEADER= to pass a column over",
                        "'%.*s' does not name a field", line.length, line.text);
        else if (is_mapped_before(map, &line))
            problem_set(problem, "give it once", "'%.*s' is here a second time", line.header,
                        line.text);
        else if (++count > NAMES_MAX_MAPPED)
            problem_set(problem, "", "there are more than %d", NAMES_MAX_MAPPED);
    }
    return problem->reason[0] == '\0';
}

/* Add a name that stands in the input to what is told of all. */
static void add_name(char *list, size_t size, const char *name)
{
    size_t length = strlen(list);

    if (name[0] != '\0')
        snprintf(list + length, size - length, "%s'%s'", length > 0 ? ", " : ": there are ", name);
}

/* Say that a header of --map is none of the columns, and which may be meant. */
static void unused_header(const struct map_line *line, names_nth *nth, const void *user,
                          struct problem *problem)
{
    char list[sizeof problem->reason / 2] = "";
    char header[SUGGEST_MAX_NAME + 1];
    char remedy[sizeof problem->remedy] = "give the header as it stands there";
    struct suggest near;
    const char *name;

    snprintf(header, sizeof header, "%.*s", line->header, line->text);
    suggest_begin(&near, header);
    for (size_t i = 0; nth != NULL && (name = nth(user, i)) != NULL; i++) {
        suggest_offer(&near, name);
        add_name(list, sizeof list, name);
    }
    if (nth != NULL && suggest_best(&near) != NULL)
        snprintf(remedy, sizeof remedy, "did you mean '%s'?", suggest_best(&near));
    problem_set(problem, remedy, "nothing here is called '%s', as --map has it%s", header, list);
}

bool names_map_is_used(const struct row_names *names, names_nth *nth, const void *user,
                       struct problem *problem)
{
    const char *map = names->options->map;
    struct map_line line;

    for (unsigned number = 0; next_map_line(&map, &line); number++) {
        if ((names->mapped >> number & 1) != 0)
            continue;
        unused_header(&line, nth, user, problem);
        return false;
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
    struct map_line line;
    enum row_field field;
    unsigned number;

    *match = NAME_EXACT;
    if (map_name(names, name, &line, &number)) {
        names->mapped |= (uint64_t)1 << number;
        if (line.name[0] == '\0')
            return ROW_PASSED_OVER;
        name_look_up(line.name, &field);
        return field == ROW_PASSED_OVER ? field
                                        : take_field(names, field, line.name, NAME_EXACT, problem);
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
