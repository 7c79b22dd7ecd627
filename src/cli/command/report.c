/*
 * bacm report: a journal for people, on a terminal or as a page.
 */
#include "cli/command/report.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "cli/command/commands.h"
#include "cli/output/output.h"
#include "cli/profile/library_error.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

enum { OPTION_HTML };

static const struct option_info option_table[] = {
    [OPTION_HTML] = {"html", 0, "FILE", NULL,
                     "write one self-contained page for a browser; - for stdout"},
    {0},
};

static const struct output_column columns[] = {
    {"state", "State", 8, false, NULL, false}, {"rows", "Rows", 9, true, NULL, false},
    {"code", "Code", 5, true, NULL, false},    {"reason", "Reason", 0, false, NULL, false},
    {NULL, NULL, 0, false, NULL, false},
};

void report_reason(const struct report_count *count, char *text, size_t size)
{
    const bacm_service_code *known =
        count->has_code ? bacm_service_code_find(count->channel, count->code) : NULL;

    if (known != NULL)
        snprintf(text, size, "%s. %s", known->meaning, known->advice);
    else if (count->has_code)
        snprintf(text, size, "error %d of the service", count->code);
    else if (count->state == BACM_JOURNAL_SENDING || count->state == BACM_JOURNAL_UNKNOWN)
        snprintf(text, size, "the next run asks the service what became of them");
    else if (count->state == BACM_JOURNAL_NOT_SENT)
        snprintf(text, size, "the next run sends them");
    else
        text[0] = '\0';
}

static bool same_count(const struct report_count *a, const struct report_count *b)
{
    return a->state == b->state && a->has_code == b->has_code && a->code == b->code &&
           a->channel == b->channel;
}

/* Reasons that find no place of their own are counted with the first of their state. */
static struct report_count *count_of(struct report *report, const struct report_count *wanted)
{
    struct report_count *same_state = NULL;

    for (size_t i = 0; i < report->count; i++) {
        if (same_count(&report->counts[i], wanted))
            return &report->counts[i];
        if (same_state == NULL && report->counts[i].state == wanted->state)
            same_state = &report->counts[i];
    }
    if (report->count == REPORT_MAX_REASONS)
        return same_state;
    report->counts[report->count] = *wanted;
    return &report->counts[report->count++];
}

static bool count_entry(const bacm_journal_entry *entry, void *user)
{
    struct report *report = user;
    struct report_count wanted = {.state = entry->state};
    struct report_count *count;

    if (entry->error_count > 0 && entry->errors[0].has_code) {
        wanted.has_code = true;
        wanted.code = entry->errors[0].code;
        wanted.channel = entry->errors[0].channel;
    }
    count = count_of(report, &wanted);
    if (count != NULL)
        count->rows++;
    report->rows++;
    return true;
}

static int put_records(const struct cli *cli, const struct report *report)
{
    struct output output;
    char reason[512];

    output_begin(&output, &cli->settings, columns);
    for (size_t i = 0; i < report->count; i++) {
        const struct report_count *count = &report->counts[i];

        report_reason(count, reason, sizeof reason);
        if (!output_record(&output,
                           json_pack("{s:s, s:I, s:o, s:o}", "state",
                                     bacm_journal_state_name(count->state), "rows",
                                     (json_int_t)count->rows, "code",
                                     count->has_code ? json_integer(count->code) : json_null(),
                                     "reason", output_text_or_null(reason))))
            return CLI_FAILED;
    }
    output_end(&output);
    return CLI_OK;
}

/* The journal may hold what not everybody may read, so the page is the owner's alone. */
static FILE *open_page(const char *path)
{
    int fd;

    if (strcmp(path, "-") == 0)
        return stdout;
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        message_error("--html %s: %s", path, strerror(errno));
    return fd >= 0 ? fdopen(fd, "w") : NULL;
}

static int put_page(struct report *report, const char *path)
{
    FILE *file = open_page(path);
    bacm_error error = {.status = BACM_OK};
    bool ok;

    if (file == NULL)
        return CLI_FAILED;
    ok = report_html(report, file, &error);
    if (file != stdout && fclose(file) != 0)
        ok = false;
    if (ok) {
        if (file != stdout)
            message_note("%s: %" PRIu64 " rows", path, report->rows);
        return CLI_OK;
    }
    if (error.status != BACM_OK)
        message_library(&error);
    else
        message_error("--html %s: %s", path, strerror(errno));
    return CLI_FAILED;
}

static int run(struct cli *cli)
{
    struct report report = {.info = BACM_JOURNAL_INFO_INIT};
    const char *page = cli->option[OPTION_HTML];
    bacm_error error;
    bacm_status status;
    int code = CLI_USAGE;

    if (cli->argument_count == 0) {
        message_error("name a journal");
        return CLI_USAGE;
    }
    report.path = cli->argument[0];
    status = bacm_journal_open(&report.journal, report.path, &error);
    if (status == BACM_OK)
        status = bacm_journal_inspect(report.journal, &report.info, &error);
    if (status == BACM_OK)
        status = bacm_journal_export(report.journal, count_entry, &report, &error);
    if (status == BACM_OK)
        code = page != NULL ? put_page(&report, page) : put_records(cli, &report);
    else
        message_library(&error);
    bacm_journal_close(report.journal);
    return code;
}

const struct command command_report = {
    .name = "report",
    .synopsis = "JOURNAL",
    .summary = "tell people what became of a list",
    .description =
        "Counts the rows of a journal by state and reason, with what each reason means and what to "
        "do about it. --html writes a page that needs nothing but a browser: the counts, what each "
        "look of bacm status has found over time, and the rows with their reasons; it is for "
        "people who do not use a terminal, and asks no network for anything.",
    .examples = "  bacm report clients.csv.journal\n"
                "  bacm report clients.csv.journal --html report.html\n",
    .options = option_table,
    .max_arguments = 1,
    .run = run,
};
