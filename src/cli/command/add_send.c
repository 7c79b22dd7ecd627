#include <inttypes.h>
#include <stdio.h>

#include "cli/command/add.h"
#include "cli/command/failed_rows.h"
#include "cli/output/output.h"
#include "cli/output/progress.h"
#include "cli/output/record.h"
#include "cli/output/summary.h"
#include "cli/profile/library_error.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/message.h"

struct sender {
    struct intake *intake;
    struct row row;
    struct output output;
    struct progress progress;
    struct failed_rows failed;
    struct selection *selection; /* NULL: all rows are sent */
    uint64_t left_out;           /* rows that are none of it */
    int code;                    /* of the rows so far */
    char open_reason[512];       /* why the first row that is not decided is not */
};

static bool is_left_out(const struct sender *sender, uint64_t index)
{
    return sender->selection != NULL && !selection_has(sender->selection, index);
}

static bacm_bulk_source_result next_row(bacm_bulk_row *to, bacm_error *error, void *user)
{
    struct sender *sender = user;
    struct problem problem;

    switch (intake_next(sender->intake, &sender->row, &problem)) {
    case INPUT_ROW:
        to->link = sender->row.link;
        to->tag = sender->row.line;
        /* It keeps its place, and goes no further; put_record() knows of it. */
        return is_left_out(sender, sender->row.index) ? BACM_BULK_ROW_INVALID : BACM_BULK_ROW;
    case INPUT_BAD_ROW:
        to->link = sender->row.link;
        to->tag = sender->row.line;
        snprintf(error->field, sizeof error->field, "%.*s", (int)sizeof error->field - 1,
                 problem.field);
        snprintf(error->message, sizeof error->message, "%.*s", (int)sizeof error->message - 1,
                 problem.reason);
        return BACM_BULK_ROW_INVALID;
    case INPUT_END:
        return BACM_BULK_END;
    default:
        error->status = BACM_E_SOURCE;
        snprintf(error->message, sizeof error->message, "%s: line %lu: %.*s",
                 input_name(sender->intake->input), problem.line, (int)sizeof error->message / 2,
                 problem.reason);
        return BACM_BULK_SOURCE_ERROR;
    }
}

static void note_open_row(struct sender *sender, const bacm_bulk_record *record)
{
    const char *reason =
        record->error_count > 0 ? record->errors[0].message : bacm_status_text(record->reason);

    sender->code = exit_code_worse(sender->code, exit_code_for(record->reason));
    if (sender->open_reason[0] == '\0')
        snprintf(sender->open_reason, sizeof sender->open_reason, "%s", reason);
}

static bool put_record(const bacm_bulk_record *record, void *user)
{
    struct sender *sender = user;

    if (is_left_out(sender, record->index)) {
        sender->left_out++;
        return true;
    }
    if (record->outcome == BACM_BULK_NOT_SENT || record->outcome == BACM_BULK_UNKNOWN)
        note_open_row(sender, record);
    else if (record->outcome != BACM_BULK_ADDED)
        failed_rows_take(&sender->failed, record);
    progress_before_result(&sender->progress);
    return output_record(&sender->output, record_make(record));
}

static void fill_options(bacm_bulk_options *to, const struct add_options *from,
                         const struct intake *intake, const char *digest, struct progress *progress)
{
    *to = (bacm_bulk_options)BACM_BULK_OPTIONS_INIT;
    to->concurrency = from->concurrency;
    to->journal_path = from->journal;
    to->input_digest = digest;
    to->managing_customer_id = intake->own_customer;
    to->tries = from->tries;
    to->backoff_ms = from->backoff_s * 1000;
    to->backoff_cap_ms = from->backoff_cap_s * 1000;
    to->throttle_wait_ms = from->throttle_wait_s * 1000;
    to->requests_per_minute = from->requests_per_minute;
    to->deadline_ms = from->deadline_s * 1000;
    to->progress = progress_show;
    to->progress_user = progress;
}

/* "Nothing was sent" must be true where the exit status says so. */
static int run_exit_code(const struct sender *sender, bacm_status status,
                         const bacm_bulk_summary *summary)
{
    bool sent = summary->added > 0 || summary->failed > 0 || summary->unknown > 0;
    int code = exit_code_worse(sender->code, exit_code_for(status));

    if ((code == CLI_USAGE || code == CLI_PRECONDITION) && sent)
        code = CLI_FAILED;
    return exit_code_worse(code, summary_exit_code(summary));
}

/* A run that was told to end when every row was sent has done all that it was for. */
static bool ended_as_asked(bacm_status status, const bacm_bulk_summary *summary)
{
    return status == BACM_OK ||
           (status == BACM_E_CANCELED && summary->not_sent == 0 && summary->unknown == 0);
}

static void advise(bacm_status status, const bacm_bulk_summary *summary,
                   const struct add_options *options, const char *command)
{
    if (status != BACM_E_SINK && summary->not_sent == 0 && summary->unknown == 0)
        return;
    if (options->journal != NULL) {
        message_note("To finish the job run the same command again. It sends no row twice and asks "
                     "the service what became of unknown ones:");
        message_note("  %s", command);
    } else if (status == BACM_E_SINK || summary->unknown > 0) {
        message_note("There was no journal: see with `bacm search` which of the rows are there, "
                     "before you send them again.");
    }
}

static int run_sender(struct sender *sender, bacm_bulk *bulk, const struct add_options *options,
                      const char *command)
{
    bacm_bulk_summary summary = BACM_BULK_SUMMARY_INIT;
    bacm_error error;
    bacm_status status;

    interrupt_begin(bulk);
    status = bacm_bulk_run(&summary, bulk, next_row, sender, put_record, sender, &error);
    interrupt_end();
    summary.rows -= sender->left_out;
    summary.invalid -= sender->left_out;
    if (ended_as_asked(status, &summary))
        status = BACM_OK;
    progress_clear(&sender->progress);
    output_end(&sender->output);
    /* output_close() tells of a broken output. */
    if (status != BACM_OK && status != BACM_E_SINK)
        message_library(&error);
    else if (sender->open_reason[0] != '\0')
        message_error("some rows are open: %s", sender->open_reason);
    summary_print(&summary);
    if (!failed_rows_write(&sender->failed, sender->intake))
        sender->code = exit_code_worse(sender->code, CLI_FAILED);
    advise(status, &summary, options, command);
    return run_exit_code(sender, status, &summary);
}

int add_send(struct session *session, struct intake *intake, const struct add_options *options,
             const char *command)
{
    struct sender sender = {.intake = intake, .selection = options->selection};
    char digest[SOURCE_DIGEST_BYTES];
    bacm_bulk_options bulk_options;
    bacm_bulk *bulk = NULL;
    bacm_error error;
    int code;

    if (!failed_rows_open(&sender.failed, options->failed_out, intake))
        return CLI_PRECONDITION;
    input_digest(intake->input, digest);
    fill_options(&bulk_options, options, intake, digest, &sender.progress);
    if (bacm_bulk_new(&bulk, &bulk_options, &session->options, session->credentials, &error) !=
        BACM_OK) {
        failed_rows_close(&sender.failed);
        return session_failed(&error);
    }
    if (options->journal != NULL)
        message_note("journal: %s", options->journal);
    progress_begin(&sender.progress, intake->rows);
    output_begin(&sender.output, session->settings, record_columns);
    code = run_sender(&sender, bulk, options, command);
    bacm_bulk_free(bulk);
    row_free(&sender.row);
    failed_rows_close(&sender.failed);
    return code;
}
