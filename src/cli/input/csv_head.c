#include "cli/input/csv_head.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/input/cell.h"

/* More columns than any list has. */
#define MAX_COLUMNS 4096

static bool has_problem(const struct problem *problem)
{
    return problem->reason[0] != '\0';
}

/* Room for one more column; grown whenever the count is a power of two. */
static struct csv_column *reserve(struct csv_head *head, struct problem *problem)
{
    struct csv_column *larger = head->columns;

    if (head->count == MAX_COLUMNS) {
        problem_set(problem, "", "there are more than %d columns", MAX_COLUMNS);
        return NULL;
    }
    if ((head->count & (head->count - 1)) == 0)
        larger = reallocarray(larger, head->count == 0 ? 1 : head->count * 2, sizeof *larger);
    if (larger == NULL) {
        problem_set(problem, "", "out of memory");
        return NULL;
    }
    head->columns = larger;
    return &head->columns[head->count];
}

/* A name without its place: what it means. */
static void look_up(struct csv_head *head, struct csv_column *column, struct problem *problem)
{
    if (column->name[0] == '\0') {
        column->field = ROW_PASSED_OVER;
        if (head->names->options->strict)
            problem_set(problem, "the first row must name every column", "this column has no name");
    } else if (isdigit((unsigned char)column->name[0])) {
        char remedy[sizeof problem->remedy];

        snprintf(remedy, sizeof remedy, "put a row of column names above, for instance %s",
                 row_name(head->names, ROW_CLIENT_ID));
        problem_set(problem, remedy, "'%s' is not the name of a column", column->name);
    } else {
        column->field = row_take_name(head->names, column->name, &column->match, problem);
        head->problem_is_name = column->field == ROW_FIELD_COUNT && column->match == NAME_UNKNOWN;
    }
}

/* The first unknown name has the remedy; the others are told with it. */
static void add_unknown(const struct csv_head *head, const char *name, struct problem *problem)
{
    size_t length = strlen(problem->reason);
    struct row_names names = *head->names;
    struct problem further = {0};
    enum name_match match;

    if (row_take_name(&names, name, &match, &further) == ROW_FIELD_COUNT && match == NAME_UNKNOWN)
        snprintf(problem->reason + length, sizeof problem->reason - length, ", '%s'", name);
}

bool csv_head_add(struct csv_head *head, const char *text, size_t size, struct problem *problem)
{
    struct csv_column *column;
    char name[sizeof column->name];

    cell_trim(&text, &size);
    snprintf(name, sizeof name, "%.*s", (int)(size < sizeof name ? size : sizeof name - 1),
             size > 0 ? text : "");
    if (has_problem(problem)) {
        if (head->problem_is_name && name[0] != '\0')
            add_unknown(head, name, problem);
        return true;
    }
    column = reserve(head, problem);
    if (column == NULL)
        return false;
    memset(column, 0, sizeof *column);
    memcpy(column->name, name, sizeof name);
    if (cell_is_utf8(text, size, problem))
        look_up(head, column, problem);
    column->meant = column->field;
    if (!has_problem(problem))
        head->count++;
    return true;
}

/* Of two names of one field the exact one counts; two that are alike are one too many. */
static bool settle(struct csv_head *head, size_t earlier, size_t later, struct problem *problem)
{
    struct csv_column *a = &head->columns[earlier];
    struct csv_column *b = &head->columns[later];

    if (a->meant != b->meant || a->meant == ROW_PASSED_OVER)
        return true;
    if (a->match != b->match) {
        (a->match == NAME_EXACT ? b : a)->field = ROW_PASSED_OVER;
        return true;
    }
    problem->column = later + 1;
    problem_set(problem, "remove one of the two",
                "column %s is here a second time, first as column %zu", b->name, earlier + 1);
    return false;
}

/* Columns without which no row can be right. */
static bool has_needed(const struct csv_head *head, struct problem *problem)
{
    const struct row_names *names = head->names;
    char remedy[sizeof problem->remedy];

    if (csv_head_column(head, ROW_CLIENT_ID) == 0 &&
        csv_head_column(head, ROW_CLIENT_NUMBER) == 0 &&
        ((names->page_customers && csv_head_column(head, ROW_TYPE) == 0) ||
         (csv_head_column(head, ROW_CUSTOMER_ID) == 0 &&
          csv_head_column(head, ROW_CUSTOMER_NUMBER) == 0))) {
        snprintf(remedy, sizeof remedy, "add it, or %s", row_name(names, ROW_CLIENT_NUMBER));
        problem_set(problem, remedy, "the column %s is missing", row_name(names, ROW_CLIENT_ID));
    } else if (names->to_add && names->version->needs_is_bill_to_client &&
               csv_head_column(head, ROW_IS_BILL_TO_CLIENT) == 0 &&
               csv_head_column(head, ROW_TYPE) == 0) {
        problem_set(problem,
                    "add it, with true where the client pays and false where the agency does",
                    "the column IsBillToClient is missing, which %s wants for each account",
                    names->version->name);
    }
    return !has_problem(problem);
}

static const char *nth_name(const void *user, size_t i)
{
    const struct csv_head *head = user;

    return i < head->count ? head->columns[i].name : NULL;
}

bool csv_head_complete(struct csv_head *head, struct problem *problem)
{
    for (size_t later = 1; later < head->count; later++) {
        for (size_t earlier = 0; earlier < later; earlier++) {
            if (!settle(head, earlier, later, problem))
                return false;
        }
    }
    return names_map_is_used(head->names, nth_name, head, problem) && has_needed(head, problem);
}

size_t csv_head_column(const struct csv_head *head, enum row_field field)
{
    for (size_t i = 0; i < head->count; i++) {
        if (head->columns[i].field == field)
            return i + 1;
    }
    return 0;
}

size_t csv_head_twin(const struct csv_head *head, size_t column)
{
    const struct csv_column *it = &head->columns[column];

    return it->field != it->meant ? csv_head_column(head, it->meant) : 0;
}

size_t csv_head_used(const struct csv_head *head)
{
    size_t used = 0;

    for (size_t i = 0; i < head->count; i++)
        used += head->columns[i].field != ROW_PASSED_OVER;
    return used;
}

void csv_head_free(struct csv_head *head)
{
    free(head->columns);
}
