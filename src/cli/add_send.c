/*
 * Sending one call after another.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "add.h"
#include "batch.h"
#include "exit_code.h"
#include "output.h"
#include "record.h"
#include "summary.h"

struct sender {
    struct session *session;
    struct intake *intake;
    struct output output;
    struct batch batch;
    bacm_bulk_summary summary;
    bool stopped; /* no further call: its error is in status */
    bacm_status status;
};

static void count_code(bacm_bulk_summary *summary, const bacm_service_error *error)
{
    size_t i = 0;

    if (!error->has_code)
        return;
    while (i < summary->code_count &&
           (summary->codes[i].channel != error->channel || summary->codes[i].code != error->code))
        i++;
    if (i == BACM_BULK_MAX_CODES) {
        summary->other_code_rows++;
        return;
    }
    if (i == summary->code_count)
        summary->codes[summary->code_count++] =
            (bacm_bulk_code_count){error->channel, error->code, 0};
    summary->codes[i].rows++;
}

static void count_record(bacm_bulk_summary *summary, const bacm_bulk_record *record)
{
    uint64_t *counts[] = {&summary->added, &summary->failed, &summary->invalid, &summary->not_sent,
                          &summary->unknown};

    summary->rows++;
    (*counts[record->outcome])++;
    for (size_t i = 0; i < record->error_count; i++)
        count_code(summary, &record->errors[i]);
}

static bool put(struct sender *sender, const struct row *row, bacm_bulk_record *record)
{
    record->struct_size = sizeof *record;
    record->index = row->index;
    record->tag = row->line;
    record->link = &row->link;
    count_record(&sender->summary, record);
    return output_record(&sender->output, record_make(record));
}

static bool put_invalid(struct sender *sender, const struct row *row, const struct problem *problem)
{
    bacm_service_error error = {BACM_CHANNEL_NONE, false, 0, "", problem->reason, problem->field};
    bacm_bulk_record record = {.outcome = BACM_BULK_INVALID,
                               .reason = BACM_E_INVALID_LINK,
                               .field = problem->field,
                               .errors = &error,
                               .error_count = 1,
                               .tracking_id = ""};

    return put(sender, row, &record);
}

static bacm_bulk_outcome outcome_of(bacm_link_outcome outcome)
{
    switch (outcome) {
    case BACM_OUTCOME_DONE:
        return BACM_BULK_ADDED;
    case BACM_OUTCOME_REFUSED:
        return BACM_BULK_FAILED;
    case BACM_OUTCOME_UNKNOWN:
        return BACM_BULK_UNKNOWN;
    default:
        return BACM_BULK_NOT_SENT;
    }
}

/* The slot of one row; results are NULL when the call was not made. */
static bool put_slot(struct sender *sender, const bacm_link_results *results, size_t i)
{
    bacm_link_outcome outcome = bacm_link_results_outcome(results, i);
    bacm_bulk_record record = {.outcome = outcome_of(outcome),
                               .field = "",
                               .tracking_id = bacm_link_results_tracking_id(results)};

    record.error_count = bacm_link_results_error_count(results, i);
    record.errors = bacm_link_results_error(results, i, 0);
    if (outcome == BACM_OUTCOME_DONE || outcome == BACM_OUTCOME_REFUSED)
        record.confirmed_by = BACM_BULK_BY_RESPONSE;
    else
        record.reason = sender->status;
    return put(sender, &sender->batch.rows[i], &record);
}

static bool send_batch(struct sender *sender)
{
    struct batch *batch = &sender->batch;
    bacm_link_results *results = NULL;
    bacm_error error;
    bool ok = true;

    if (batch->count > 0 && !sender->stopped) {
        sender->summary.calls++;
        sender->status =
            bacm_links_add(&results, sender->session->client, batch->links, batch->count, &error);
        sender->stopped = sender->status != BACM_OK && sender->status != BACM_E_PARTIAL;
        if (sender->stopped)
            session_failed(&error);
    }
    for (size_t i = 0; ok && i < batch->count; i++)
        ok = put_slot(sender, results, i);
    bacm_link_results_free(results);
    batch_clear(batch);
    return ok;
}

static bool send_rows(struct sender *sender)
{
    for (;;) {
        struct row *row = batch_next(&sender->batch);
        struct problem problem;

        switch (intake_next(sender->intake, row, &problem)) {
        case INPUT_ROW:
            batch_take(&sender->batch);
            if (batch_is_full(&sender->batch) && !send_batch(sender))
                return false;
            break;
        case INPUT_BAD_ROW:
            /* Records keep the order of the input. */
            if (!send_batch(sender) || !put_invalid(sender, row, &problem))
                return false;
            break;
        case INPUT_END:
            return send_batch(sender) && output_end(&sender->output);
        default:
            problem_report(&problem, input_name(sender->intake->input));
            return false;
        }
    }
}

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int add_send(struct session *session, struct intake *intake)
{
    struct sender sender = {.session = session, .intake = intake};
    uint64_t start = now_ms();
    int code = CLI_OK;

    sender.summary = (bacm_bulk_summary)BACM_BULK_SUMMARY_INIT;
    output_begin(&sender.output, session->settings, record_columns);
    if (!send_rows(&sender))
        code = CLI_FAILED;
    sender.summary.elapsed_ms = now_ms() - start;
    summary_print(&sender.summary);
    batch_free(&sender.batch);
    if (sender.stopped)
        code = exit_code_worse(code, exit_code_for(sender.status));
    return exit_code_worse(code, summary_exit_code(&sender.summary));
}
