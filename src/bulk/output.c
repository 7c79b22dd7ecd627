#include "bulk/run.h"

#include "bulk/fail.h"

static void count_code(bacm_bulk_summary *summary, const bacm_service_error *error)
{
    for (size_t i = 0; i < summary->code_count; i++) {
        bacm_bulk_code_count *entry = &summary->codes[i];

        if (entry->channel == error->channel && entry->code == error->code) {
            entry->rows++;
            return;
        }
    }
    if (summary->code_count == BACM_BULK_MAX_CODES) {
        summary->other_code_rows++;
        return;
    }
    summary->codes[summary->code_count++] = (bacm_bulk_code_count){error->channel, error->code, 1};
}

static void count(bacm_bulk_summary *summary, const bacm_bulk_record *record)
{
    uint64_t *const by_outcome[] = {&summary->added, &summary->failed, &summary->invalid,
                                    &summary->not_sent, &summary->unknown};

    ++*by_outcome[record->outcome];
    summary->by_search += record->confirmed_by == BACM_BULK_BY_SEARCH;
    summary->by_journal += record->confirmed_by == BACM_BULK_BY_JOURNAL;
    for (size_t k = 0; k < record->error_count; k++) {
        if (record->errors[k].has_code)
            count_code(summary, &record->errors[k]);
    }
}

static const bacm_service_error abandoned_error = {
    BACM_CHANNEL_NONE, false, 0, "", "the call has not come back within its time", ""};

static bacm_bulk_record record_of(const struct bacm_bulk *bulk, const struct bulk_row *row)
{
    bacm_bulk_record record = {
        .struct_size = sizeof record,
        .index = row->index,
        .tag = row->tag,
        .link = &row->link,
        .outcome = BACM_BULK_UNKNOWN,
        .reason = BACM_E_TIMEOUT,
        .field = "",
        .errors = &abandoned_error,
        .error_count = 1,
        .tracking_id = "",
    };

    if (row->place != BULK_ROW_SETTLED)
        return record;
    record.outcome = bulk_state_outcome(row->state);
    record.confirmed_by = row->confirmed_by;
    record.reason = row->reason;
    record.field = row->field;
    record.errors = row->errors.list;
    record.error_count = row->errors.count;
    record.tracking_id = row->tracking_id;
    if (!record.error_count && record.reason != BACM_OK) {
        record.errors = bulk->stop_errors.list;
        record.error_count = bulk->stop_errors.count;
    }
    return record;
}

/* A record that nobody has got: what became of a row that was sent counts all the same. */
static void count_unreported(bacm_bulk_summary *summary, const bacm_bulk_record *record)
{
    if (record->outcome != BACM_BULK_INVALID && record->outcome != BACM_BULK_NOT_SENT)
        count(summary, record);
}

static void hand_over(struct bacm_bulk *bulk, const struct bulk_row *row)
{
    bacm_bulk_record record = record_of(bulk, row);
    bacm_error error;

    if (!bulk->sink_failed && bulk->sink(&record, bulk->sink_user)) {
        bulk->summary.rows++;
        count(&bulk->summary, &record);
        return;
    }
    count_unreported(&bulk->summary, &record);
    if (bulk->sink_failed)
        return;
    bulk->sink_failed = true;
    bulk->input_ended = true;
    bulk_fail(&error, BACM_E_SINK, "the record of row %llu could not be written",
              (unsigned long long)row->index);
    bulk_stop(bulk, BACM_E_SINK, &error);
}

/* A row that a lane still holds belongs to its call from now on. */
bool bulk_deliver(struct bacm_bulk *bulk)
{
    bool any = false;

    while (bulk->first_row && bulk->first_row->place != BULK_ROW_AT_WORK) {
        struct bulk_row *row = bulk->first_row;

        bulk->first_row = row->next;
        if (!bulk->first_row)
            bulk->last_row = NULL;
        bulk->window_rows--;
        bulk->window_bytes -= row->bytes;
        hand_over(bulk, row);
        if (row->place == BULK_ROW_SETTLED)
            bulk_row_free(row);
        else
            row->place = BULK_ROW_DELIVERED;
        any = true;
    }
    return any;
}

void bulk_summarize(struct bacm_bulk *bulk)
{
    struct bulk_shared *shared = &bulk->shared;
    bacm_bulk_summary *summary = &bulk->summary;

    summary->calls = atomic_load(&shared->calls);
    summary->searches = atomic_load(&shared->searches);
    summary->lost = atomic_load(&shared->lost);
    summary->throttled = atomic_load(&shared->throttled);
    summary->elapsed_ms = (uint64_t)(bulk_pacing_now(&shared->pacing) - bulk->begun_ms);
}

void bulk_report(struct bacm_bulk *bulk, bool now)
{
    struct bulk_pacing_state state;
    bacm_bulk_progress progress;
    int64_t time = bulk_pacing_now(&bulk->shared.pacing);

    if (!bulk->options.progress)
        return;
    state = bulk_pacing_state(&bulk->shared.pacing);
    if (!now && state.wait == bulk->reported_wait &&
        time < bulk->reported_ms + bulk->options.progress_interval_ms)
        return;
    bulk->reported_ms = time;
    bulk->reported_wait = state.wait;
    bulk_summarize(bulk);
    progress = (bacm_bulk_progress){
        .struct_size = sizeof progress,
        .so_far = &bulk->summary,
        .rows_read = bulk->rows_read,
        .calls_in_flight = state.in_flight,
        .wait = state.wait,
        .wait_ms = state.wait_ms,
        .stopping = bulk->stop_status != BACM_OK,
    };
    bulk->options.progress(&progress, bulk->options.progress_user);
}
