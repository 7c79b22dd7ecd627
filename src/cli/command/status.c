/*
 * bacm status: where every row of a list or of a journal stands now.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command/commands.h"
#include "cli/command/input_options.h"
#include "cli/command/looks.h"
#include "cli/command/rows_of.h"
#include "cli/command/session.h"
#include "cli/input/standing.h"
#include "cli/output/output.h"
#include "cli/output/record.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

enum { INPUT_OPTION_IDS, OPTION_WATCH, OPTION_CHANGED };

static const struct option_info option_table[] = {
    INPUT_OPTION_TABLE,
    [OPTION_WATCH] = {"watch", 'w', "SECONDS", NULL,
                      "look again every so many seconds, 10 to 86400, until it is interrupted, and "
                      "write the rows that have changed"},
    [OPTION_CHANGED] = {"changed", 0, NULL, NULL,
                        "write only the rows that have changed since the last look"},
    {0},
};

static const struct output_column row_columns[] = {
    {"list", NULL, 0, false, NULL, false},
    {"index", NULL, 0, false, NULL, false},
    {"line", "Line", 7, true, NULL, false},
    {"type", "Type", 12, false, NULL, true},
    {"clientAccountId", "Account id", 12, true, NULL, false},
    {"clientAccountNumber", "Number", 9, false, NULL, false},
    {"clientCustomerId", "Customer id", 12, true, NULL, true},
    {"clientCustomerNumber", "Number", 9, false, NULL, true},
    {"managingCustomerId", NULL, 0, false, NULL, false},
    {"managingCustomerNumber", NULL, 0, false, NULL, false},
    {"status", "Status", 16, false, NULL, false},
    {"daysLeft", "Days left", 9, true, NULL, false},
    {"lastModifiedDateTime", "Last modified", 24, false, NULL, false},
    {"lastStatus", "Before", 0, false, NULL, false},
    {NULL, NULL, 0, false, NULL, false},
};

static const struct output_column count_columns[] = {
    {"status", "Status", 16, false, NULL, false}, {"rows", "Rows", 9, true, NULL, false},
    {"changed", "Changed", 9, true, NULL, false}, {"daysLeft", "Days left", 0, false, NULL, false},
    {NULL, NULL, 0, false, NULL, false},
};

/* Rows of one status. */
struct count {
    uint64_t rows;
    uint64_t changed; /* since the last look */
    int least_days;
    int most_days;
};

struct viewer {
    struct session *session;
    struct standing *standing;
    struct looks **all_looks; /* of each list */
    struct looks *looks;      /* of the list that is being read */
    const char *list;
    struct output output;
    int64_t own;
    bool changed_only;
    struct count counts[BACM_LINK_STATUS_END_];
    int code;
};

static void count_row(struct viewer *viewer, const struct stand *stand, bool changed)
{
    struct count *count = &viewer->counts[stand->status];

    if (count->rows == 0 || stand->days_left < count->least_days)
        count->least_days = stand->days_left;
    if (count->rows == 0 || stand->days_left > count->most_days)
        count->most_days = stand->days_left;
    count->rows++;
    count->changed += changed;
}

static json_t *row_record(const struct viewer *viewer, const struct row_of *row,
                          const struct stand *stand, const char *previous)
{
    const bacm_client_link *link = row->link;
    int64_t manager = link->managing_customer_id != 0 ? link->managing_customer_id : viewer->own;

    return json_pack(
        "{s:o, s:I, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "list",
        output_text(viewer->list), "index", (json_int_t)row->index, "line", (json_int_t)row->line,
        "type", record_type(link), "clientAccountId", output_id(link->client_account_id),
        "clientAccountNumber", output_text_or_null(link->client_account_number), "clientCustomerId",
        output_id(link->client_customer_id), "clientCustomerNumber",
        output_text_or_null(link->client_customer_number), "managingCustomerId", output_id(manager),
        "managingCustomerNumber", output_text_or_null(link->managing_customer_number), "status",
        output_text_or_null(stand->status_text), "daysLeft",
        stand->days_left >= 0 ? json_integer(stand->days_left) : json_null(),
        "lastModifiedDateTime", output_text_or_null(stand->modified), "lastStatus",
        output_text_or_null(previous));
}

/* "" is a row without a link, also in what the last look has kept. */
#define NO_LINK "-"

static bool view_row(const struct row_of *row, void *user)
{
    struct viewer *viewer = user;
    char previous[BACM_JOURNAL_LOOK_BYTES];
    struct stand stand;
    const char *kept;
    bacm_error error;
    int64_t manager = row->link->managing_customer_id;
    bool changed;

    if (!standing_search(viewer->standing, viewer->session->client, viewer->session->version,
                         manager != 0 ? manager : viewer->own, &error)) {
        viewer->code = session_failed(&error);
        return false;
    }
    if (!standing_look(viewer->standing, row->link, viewer->own, &stand))
        return false;
    kept = stand.status_text[0] != '\0' ? stand.status_text : NO_LINK;
    if (!looks_exchange(viewer->looks, row->index, kept, previous))
        return false;
    changed = previous[0] != '\0' && strcmp(previous, kept) != 0;
    if (strcmp(previous, NO_LINK) == 0)
        previous[0] = '\0';
    count_row(viewer, &stand, changed);
    if (viewer->output.format == OUTPUT_TABLE && !viewer->changed_only)
        return true;
    if (viewer->changed_only && !changed)
        return true;
    return output_record(&viewer->output, row_record(viewer, row, &stand, previous));
}

static const char *status_name(int status)
{
    return status == BACM_LINK_STATUS_ABSENT ? "no link"
                                             : bacm_link_status_text((bacm_link_status)status);
}

static void days_text(const struct count *count, char text[32])
{
    if (count->least_days < 0)
        text[0] = '\0';
    else if (count->least_days == count->most_days)
        snprintf(text, 32, "%d", count->least_days);
    else
        snprintf(text, 32, "%d to %d", count->least_days, count->most_days);
}

/* The counts: a table of their own, or notes beside the rows. */
static void put_counts(struct viewer *viewer, bool table)
{
    struct output output;
    char days[32];

    output_begin(&output, viewer->session->settings, count_columns);
    for (int status = 0; status < BACM_LINK_STATUS_END_; status++) {
        const struct count *count = &viewer->counts[status];

        if (count->rows == 0)
            continue;
        days_text(count, days);
        if (table)
            output_record(&output, json_pack("{s:s, s:I, s:I, s:s}", "status", status_name(status),
                                             "rows", (json_int_t)count->rows, "changed",
                                             (json_int_t)count->changed, "daysLeft", days));
        else
            message_note("  %10" PRIu64 "  %s%s%s%s", count->rows, status_name(status),
                         days[0] != '\0' ? ", days left: " : "", days,
                         count->changed > 0 ? ", some changed since the last look" : "");
    }
}

/* One look at one list. */
static int view_list(struct viewer *viewer, const struct input_options *options,
                     struct looks **looks)
{
    int code = CLI_USAGE;

    viewer->list = options->path;
    if (*looks == NULL)
        *looks = looks_open(options->path);
    if (*looks == NULL)
        return CLI_PRECONDITION;
    viewer->looks = *looks;
    viewer->code = CLI_OK;
    if (rows_of(options, viewer->session->version, looks_journal(*looks), view_row, viewer) &&
        looks_keep(viewer->looks))
        code = CLI_OK;
    if (looks_journal(*looks) != NULL) {
        looks_close(*looks);
        *looks = NULL;
    }
    return viewer->code != CLI_OK ? viewer->code : code;
}

/* One look at all lists; what the service says is of now. */
static int view_all(const struct cli *cli, struct viewer *viewer, struct input_options *options)
{
    int code = CLI_OK;

    memset(viewer->counts, 0, sizeof viewer->counts);
    viewer->standing = standing_open();
    if (viewer->standing == NULL)
        return CLI_FAILED;
    for (size_t i = 0; code == CLI_OK && i < cli->argument_count; i++) {
        options->path = cli->argument[i];
        code = view_list(viewer, options, &viewer->all_looks[i]);
    }
    standing_close(viewer->standing);
    if (code == CLI_OK)
        put_counts(viewer, viewer->output.format == OUTPUT_TABLE);
    return code;
}

static int watch(const struct cli *cli, struct viewer *viewer, struct input_options *options,
                 unsigned seconds)
{
    int code = view_all(cli, viewer, options);

    while (code == CLI_OK && seconds != 0) {
        sleep(seconds);
        viewer->changed_only = true;
        code = view_all(cli, viewer, options);
    }
    output_end(&viewer->output);
    return code;
}

static int run(struct cli *cli)
{
    struct viewer viewer = {.changed_only = cli->option[OPTION_CHANGED] != NULL};
    struct input_options options;
    struct session session;
    unsigned seconds;
    int code;

    if (cli->argument_count == 0) {
        message_error("name a list, or a journal");
        return CLI_USAGE;
    }
    if (!input_options_read(cli, OPTION_FORMAT, NULL, &options) ||
        !command_number(cli, OPTION_WATCH, 10, 86400, 0, &seconds))
        return CLI_USAGE;
    code = session_open(&session, &cli->settings);
    if (code != CLI_OK)
        return code;
    viewer.session = &session;
    code = session_customer(&session, &viewer.own);
    viewer.all_looks = calloc(cli->argument_count, sizeof(struct looks *));
    if (code == CLI_OK && viewer.all_looks != NULL) {
        output_begin(&viewer.output, &cli->settings, row_columns);
        code = watch(cli, &viewer, &options, seconds);
    }
    for (size_t i = 0; viewer.all_looks != NULL && i < cli->argument_count; i++)
        looks_close(viewer.all_looks[i]);
    free(viewer.all_looks);
    session_close(&session);
    return code;
}

const struct command command_status = {
    .name = "status",
    .synopsis = "LIST|JOURNAL...",
    .summary = "tell where every row of a list stands now",
    .description =
        "Holds each row of a list, or of a journal, against the links that the service has: one "
        "search of the managing customer, however many rows there are. A table has the counts by "
        "status, and for invitations that wait the days until they expire, 30 after they were "
        "made; CSV and NDJSON have a record a row, with the counts on stderr.\n\n"
        "What was found is kept in the journal, that of the list where it has one, and the next "
        "look tells what has changed: lastStatus. --changed writes those rows alone, and so does "
        "--watch from its second look on.",
    .examples = "  bacm status clients.csv\n"
                "  bacm status clients.csv.journal --output csv >today.csv\n"
                "  bacm status --changed --watch 600 clients.csv\n",
    .options = option_table,
    .max_arguments = SIZE_MAX,
    .run = run,
};
