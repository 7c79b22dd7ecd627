#include "cli/input/intake.h"

#include <inttypes.h>
#include <string.h>

#include "cli/terminal/message.h"

/* Problems that are listed one by one; the rest is counted. */
#define MAX_LISTED 100

bool intake_open(struct intake *intake, const struct input_options *options,
                 const struct version *version)
{
    memset(intake, 0, sizeof *intake);
    intake->input = input_open(options, version, true);
    if (intake->input == NULL)
        return false;
    intake->pairs = pairs_open();
    return intake->pairs != NULL;
}

/* The rules for one row; the place of a field is looked up for the problem. */
static bool good_row(struct intake *intake, const struct row *row, struct problem *problem)
{
    enum row_field field;

    if (row_check(row, input_names(intake->input), intake->own_customer, problem))
        return true;
    problem->line = row->line;
    field = row_find(problem->field);
    if (field != ROW_FIELD_COUNT)
        problem->column = input_column(intake->input, field);
    return false;
}

static void count_row(struct intake *intake, const struct row *row)
{
    if (row->link.suppress_notification == BACM_TRUE)
        intake->silent++;
    if (row_is_customer(row))
        intake->customers++;
    if (row_needs_customer(row))
        intake->needs_customer = true;
    else
        intake->names_customer = true;
}

static void repeated_problem(struct problem *problem, unsigned long line, unsigned long first_line,
                             bool is_customer)
{
    memset(problem, 0, sizeof *problem);
    problem->line = line;
    problem_set(problem, "remove one of the two: the client would be invited twice",
                "the same %s and managing customer as in line %lu",
                is_customer ? "customer" : "account", first_line);
}

static void report_repeated(unsigned long line, unsigned long first_line, bool is_customer,
                            void *user)
{
    const struct intake *intake = user;
    struct problem problem;

    repeated_problem(&problem, line, first_line, is_customer);
    problem_report(&problem, input_name(intake->input));
}

static bool find_repeated(struct intake *intake, bool quiet)
{
    uint64_t listed = intake->bad < MAX_LISTED ? intake->bad : MAX_LISTED;

    if (!pairs_find(intake->pairs, intake->own_customer, &intake->repeated))
        return false;
    if (!quiet && intake->repeated.rows > 0)
        pairs_each(intake->pairs, MAX_LISTED - listed, report_repeated, intake);
    return true;
}

static bool read_all(struct intake *intake, bool quiet)
{
    struct row row = {0};
    struct problem problem;
    enum input_event event;
    bool ok = true;

    while (ok && (event = input_next(intake->input, &row, &problem)) != INPUT_END) {
        if (event == INPUT_BROKEN) {
            problem_report(&problem, input_name(intake->input));
            message_error("%s: nothing was sent", input_name(intake->input));
            ok = false;
            break;
        }
        intake->rows++;
        if (event == INPUT_ROW && good_row(intake, &row, &problem)) {
            count_row(intake, &row);
            ok = pairs_add(intake->pairs, &row);
        } else if (++intake->bad <= MAX_LISTED && !quiet) {
            problem_report(&problem, input_name(intake->input));
        }
    }
    row_free(&row);
    return ok;
}

static bool refuse(const struct intake *intake)
{
    uint64_t bad = intake->bad + intake->repeated.rows;

    if (bad > MAX_LISTED)
        message_error("%s: %" PRIu64 " more bad rows", input_name(intake->input), bad - MAX_LISTED);
    message_error("%s: %" PRIu64 " of %" PRIu64 " rows are bad; nothing was sent. "
                  "Mend them, or leave them out with --skip-invalid",
                  input_name(intake->input), bad, intake->rows);
    return false;
}

bool intake_check(struct intake *intake, bool skip_invalid)
{
    if (!read_all(intake, skip_invalid))
        return false;
    input_tell(intake->input);
    if (!find_repeated(intake, skip_invalid))
        return false;
    if (intake->rows == 0) {
        message_error("%s: no rows; nothing was sent", input_name(intake->input));
        return false;
    }
    return skip_invalid || intake->bad + intake->repeated.rows == 0 || refuse(intake);
}

bool intake_set_customer(struct intake *intake, int64_t own_customer, bool skip_invalid)
{
    unsigned long line;

    intake->own_customer = own_customer;
    if (!intake->needs_customer)
        return true;
    line = pairs_line_of_self(intake->pairs, own_customer);
    if (line != 0 && !skip_invalid) {
        message_error("%s:%lu: %s: this is the managing customer's own id; write the id of the "
                      "client",
                      input_name(intake->input), line,
                      row_name(input_names(intake->input), ROW_CLIENT_ID));
        return false;
    }
    if (!intake->names_customer)
        return true;
    if (!find_repeated(intake, skip_invalid))
        return false;
    return skip_invalid || intake->repeated.rows == 0 || refuse(intake);
}

bool intake_rewind(struct intake *intake)
{
    struct problem problem;

    if (input_rewind(intake->input, &problem))
        return true;
    problem_report(&problem, input_name(intake->input));
    return false;
}

enum input_event intake_next(struct intake *intake, struct row *row, struct problem *problem)
{
    enum input_event event = input_next(intake->input, row, problem);
    unsigned long first_line;

    if (event != INPUT_ROW)
        return event;
    if (!good_row(intake, row, problem))
        return INPUT_BAD_ROW;
    switch (pairs_look_up(intake->pairs, row->index, &first_line)) {
    case PAIRS_REPEATED:
        repeated_problem(problem, row->line, first_line, row_is_customer(row));
        return INPUT_BAD_ROW;
    case PAIRS_FAILED:
        problem->line = row->line;
        problem_set(problem, "start again", "it cannot be told whether the row is a second one");
        return INPUT_BROKEN;
    case PAIRS_FIRST:
        break;
    }
    if (row_needs_customer(row))
        row->link.managing_customer_id = intake->own_customer;
    return INPUT_ROW;
}

void intake_close(struct intake *intake)
{
    input_close(intake->input);
    pairs_close(intake->pairs);
}
