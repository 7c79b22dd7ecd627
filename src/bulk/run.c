#include "bulk/run.h"

#include <stdlib.h>
#include <string.h>

#include "bulk/fail.h"

/* The coordinator looks after lanes that are past their deadline this often. */
#define TICK_MS 1000

void bulk_stop(struct bacm_bulk *bulk, bacm_status status, const bacm_error *error)
{
    if (bulk->stop_status != BACM_OK)
        return;
    bulk->stop_status = status;
    if (error)
        bulk->stop_error = *error;
    else
        bulk_fail(&bulk->stop_error, status, "%s", bacm_status_text(status));
    bulk_errors_set_error(&bulk->stop_errors, &bulk->stop_error);
    bulk_pacing_cancel(&bulk->shared.pacing);
}

void bulk_settle(struct bacm_bulk *bulk, struct bulk_row *row)
{
    row->place = BULK_ROW_SETTLED;
    row->bytes += row->errors.bytes;
    bulk->window_bytes += row->errors.bytes;
}

/* --- the journal ------------------------------------------------------------- */

static bacm_status put_call(struct bacm_bulk *bulk, struct bulk_call *call, bool sending,
                            bacm_error *error)
{
    bacm_status status = BACM_OK;

    for (size_t i = 0; i < call->count && status == BACM_OK; i++) {
        struct bulk_row *row = call->rows[i];

        if (sending) {
            status = bulk_journal_put(bulk->journal, row, BACM_JOURNAL_SENDING, error);
            row->journaled = true;
        } else if (row->journaled) {
            status = bulk_journal_put(bulk->journal, row, bulk_state_in_journal(row->state), error);
        }
    }
    return status;
}

static bacm_status put_calls(struct bacm_bulk *bulk, const struct bulk_queue *queue, bool sending,
                             bacm_error *error)
{
    bacm_status status = BACM_OK;

    for (struct bulk_call *call = queue->first; call && status == BACM_OK; call = call->next)
        status = put_call(bulk, call, sending, error);
    return status;
}

/* One transaction for all that came back and all that is about to leave. */
static bacm_status write_journal(struct bacm_bulk *bulk, bacm_error *error)
{
    bacm_status status;

    if (!bulk->journal || (!bulk->finished.count && !bulk->planned.count))
        return BACM_OK;
    status = bulk_journal_begin(bulk->journal, error);
    if (status != BACM_OK)
        return status;
    status = put_calls(bulk, &bulk->finished, false, error);
    if (status == BACM_OK)
        status = put_calls(bulk, &bulk->planned, true, error);
    if (status == BACM_OK)
        return bulk_journal_commit(bulk->journal, error);
    bulk_journal_rollback(bulk->journal);
    return status;
}

/* The attempt begins now, unless an earlier one is still open. */
static void stamp(struct bacm_bulk *bulk)
{
    const struct bulk_moment now = bulk_moment_now(&bulk->shared.clock);

    for (struct bulk_call *call = bulk->planned.first; call; call = call->next) {
        for (size_t i = 0; i < call->count; i++) {
            if (call->rows[i]->state == BULK_ROW_FRESH)
                call->rows[i]->sent = now;
        }
    }
}

/* --- calls that came back ------------------------------------------------------ */

static void count_failure(struct bacm_bulk *bulk, const struct bulk_call *call)
{
    switch (call->end) {
    case BULK_END_DECIDED:
        bulk->failed_in_a_row = 0;
        break;
    case BULK_END_EXHAUSTED:
        if (++bulk->failed_in_a_row >= bulk->options.give_up_after)
            bulk_stop(bulk, call->error.status, &call->error);
        break;
    case BULK_END_FATAL:
        bulk_stop(bulk, call->error.status, &call->error);
        break;
    case BULK_END_CANCELED:
        break;
    }
}

/* Rows of a call that was ended have the reason of the run's end. */
static void decide(const struct bacm_bulk *bulk, struct bulk_row *row)
{
    if (!bulk_row_is_decided(row))
        bulk_row_give_up(row, bulk->stop_status);
    else if (row->reason == BACM_E_CANCELED && bulk->stop_status != BACM_OK) {
        row->reason = bulk->stop_status;
        bulk_errors_clear(&row->errors);
    }
}

static void decide_finished(struct bacm_bulk *bulk)
{
    for (struct bulk_call *call = bulk->finished.first; call; call = call->next) {
        for (size_t i = 0; i < call->count; i++)
            decide(bulk, call->rows[i]);
    }
}

static bool collect(struct bacm_bulk *bulk)
{
    if (!bulk_lanes_collect(bulk))
        return false;
    for (struct bulk_call *call = bulk->finished.first; call; call = call->next)
        count_failure(bulk, call);
    return true;
}

static void release_finished(struct bacm_bulk *bulk)
{
    struct bulk_call *call;

    while ((call = bulk_queue_pop(&bulk->finished)) != NULL) {
        for (size_t i = 0; i < call->count; i++) {
            if (call->rows[i]->place == BULK_ROW_DELIVERED)
                bulk_row_free(call->rows[i]);
            else
                bulk_settle(bulk, call->rows[i]);
        }
        free(call);
    }
}

/* --- the run -------------------------------------------------------------------- */

static void check_canceled(struct bacm_bulk *bulk)
{
    if (atomic_load(&bulk->canceled))
        bulk_stop(bulk, BACM_E_CANCELED, NULL);
}

/* What was planned when the run stopped, and what no lane has begun. */
static void recall_if_stopped(struct bacm_bulk *bulk)
{
    if (bulk->stop_status == BACM_OK)
        return;
    if (bulk->filling) {
        bulk_queue_push(&bulk->planned, bulk->filling);
        bulk->filling = NULL;
    }
    bulk_lanes_recall(bulk);
}

/* Once round: what came back, what is to be sent, the journal between both, and the sink. */
static bool turn(struct bacm_bulk *bulk)
{
    bool moved = collect(bulk);
    bacm_error error;
    bacm_status status;

    check_canceled(bulk);
    moved |= bulk_intake(bulk);
    recall_if_stopped(bulk);
    decide_finished(bulk);
    stamp(bulk);
    status = write_journal(bulk, &error);
    if (status != BACM_OK) {
        bulk_stop(bulk, status, &error);
        recall_if_stopped(bulk);
        decide_finished(bulk);
    }
    bulk_lanes_dispatch(bulk);
    release_finished(bulk);
    bulk_lanes_abandon(bulk);
    moved |= bulk_deliver(bulk);
    return moved;
}

static bool over(const struct bacm_bulk *bulk)
{
    return bulk->input_ended && !bulk->first_row && !bulk->filling && !bulk->planned.count &&
           !bulk->finished.count && !bulk->out;
}

static int tick(const struct bacm_bulk *bulk)
{
    return bulk->options.progress && bulk->options.progress_interval_ms < TICK_MS
               ? (int)bulk->options.progress_interval_ms
               : TICK_MS;
}

static void run(struct bacm_bulk *bulk)
{
    while (!over(bulk)) {
        bool moved = turn(bulk);

        bulk_report(bulk, false);
        if (!moved && !over(bulk))
            bulk_lanes_wait(bulk, tick(bulk));
    }
}

bacm_status bacm_bulk_run(bacm_bulk_summary *summary, bacm_bulk *bulk, bacm_bulk_source *source,
                          void *source_user, bacm_bulk_sink *sink, void *sink_user,
                          bacm_error *error)
{
    bacm_status status;

    bulk_error_clear(error);
    if (!summary || !bulk || !source || !sink)
        return bulk_fail(error, BACM_E_ARGUMENT, "summary, bulk, source or sink is NULL");
    if (bulk->used)
        return bulk_fail(error, BACM_E_ARGUMENT, "a run can be used once");
    bulk->used = true;
    bulk->source = source;
    bulk->source_user = source_user;
    bulk->sink = sink;
    bulk->sink_user = sink_user;
    bulk->begun_ms = bulk_pacing_now(&bulk->shared.pacing);
    status = bulk_lanes_start(bulk, error);
    if (status == BACM_OK)
        run(bulk);
    bulk_lanes_join(bulk);
    if (status == BACM_OK) {
        bulk_report(bulk, true);
        status = bulk->stop_status;
        if (status != BACM_OK && error)
            *error = bulk->stop_error;
    }
    bulk_summarize(bulk);
    *summary = bulk->summary;
    return status;
}

/* --- making and freeing ------------------------------------------------------------ */

static bacm_status check_options(const bacm_bulk_options *options, bacm_error *error)
{
    if (options->struct_size < sizeof *options)
        return bulk_fail(error, BACM_E_ARGUMENT, "options is not initialised");
    if (options->concurrency < 1 || options->concurrency > BACM_BULK_MAX_CONCURRENCY)
        return bulk_fail(error, BACM_E_ARGUMENT, "concurrency is %u, allowed is 1 to %d",
                         options->concurrency, BACM_BULK_MAX_CONCURRENCY);
    if (options->journal_path && (!options->input_digest || !*options->input_digest))
        return bulk_fail(error, BACM_E_ARGUMENT, "a journal needs the digest of the input");
    if (!options->tries || !options->deadline_ms || !options->give_up_after ||
        !options->window_bytes || !options->progress_interval_ms)
        return bulk_fail(error, BACM_E_ARGUMENT,
                         "tries, deadline_ms, give_up_after, window_bytes and "
                         "progress_interval_ms must be above 0");
    if (options->throttle_wait_ms >= options->deadline_ms)
        return bulk_fail(error, BACM_E_ARGUMENT,
                         "the pause after throttling, %u ms, must be shorter than the time for a "
                         "call, %u ms, or a throttled call is never tried again",
                         options->throttle_wait_ms, options->deadline_ms);
    if (options->window_rows < BACM_MAX_LINKS_PER_CALL)
        return bulk_fail(error, BACM_E_ARGUMENT, "window_rows must be at least %d",
                         BACM_MAX_LINKS_PER_CALL);
    return BACM_OK;
}

static bool init_locks(struct bacm_bulk *bulk)
{
    if (!bulk_service_clock_init(&bulk->shared.clock, bulk->options.clock_tolerance_ms))
        return false;
    if (!bulk_pacing_init(&bulk->shared.pacing, &bulk->options, NULL)) {
        bulk_service_clock_destroy(&bulk->shared.clock);
        return false;
    }
    if (pthread_mutex_init(&bulk->lock, NULL) == 0) {
        if (pthread_mutex_init(&bulk->callback_lock, NULL) == 0) {
            if (bulk_cond_init(&bulk->work))
                return true;
            pthread_mutex_destroy(&bulk->callback_lock);
        }
        pthread_mutex_destroy(&bulk->lock);
    }
    bulk_pacing_destroy(&bulk->shared.pacing);
    bulk_service_clock_destroy(&bulk->shared.clock);
    return false;
}

static const char *endpoint_name(const bacm_options *client_options)
{
    if (client_options && client_options->endpoint)
        return client_options->endpoint;
    return client_options && client_options->environment == BACM_SANDBOX ? "sandbox" : "production";
}

static bacm_status open_journal(struct bacm_bulk *bulk, const bacm_options *client_options,
                                bacm_error *error)
{
    const struct bulk_binding binding = {
        .contract = bacm_client_version(bulk->workers[0].lane.client),
        .endpoint = endpoint_name(client_options),
        .input_digest = bulk->options.input_digest,
        .managing_customer_id = bulk->options.managing_customer_id,
    };

    if (!bulk->options.journal_path)
        return BACM_OK;
    return bulk_journal_open(&bulk->journal, bulk->options.journal_path, &binding, error);
}

static struct bacm_bulk *make(const bacm_bulk_options *options)
{
    struct bacm_bulk *bulk = calloc(1, sizeof *bulk);

    if (!bulk)
        return NULL;
    bulk->options = *options;
    bulk->summary.struct_size = sizeof bulk->summary;
    bulk->run_call = bulk_call_run;
    bulk->shared.tries = options->tries;
    bulk->shared.give_up_after = options->give_up_after;
    bulk->shared.deadline_ms = options->deadline_ms;
    bulk->shared.service = (struct bulk_service){bacm_links_add, bacm_links_search};
    bulk->wake[0] = bulk->wake[1] = -1;
    if (init_locks(bulk))
        return bulk;
    free(bulk);
    return NULL;
}

bacm_status bacm_bulk_new(bacm_bulk **out, const bacm_bulk_options *options,
                          const bacm_options *client_options, bacm_credentials *credentials,
                          bacm_error *error)
{
    const bacm_bulk_options defaults = BACM_BULK_OPTIONS_INIT;
    struct bacm_bulk *bulk;
    bacm_status status;

    bulk_error_clear(error);
    if (!out || !credentials)
        return bulk_fail(error, BACM_E_ARGUMENT, "%s is NULL", out ? "credentials" : "out");
    *out = NULL;
    if (!options)
        options = &defaults;
    status = check_options(options, error);
    if (status != BACM_OK)
        return status;
    bulk = make(options);
    if (!bulk)
        return bulk_fail_memory(error);
    status = bulk_lanes_make(bulk, client_options, credentials, error);
    if (status == BACM_OK)
        status = open_journal(bulk, client_options, error);
    if (status != BACM_OK) {
        bacm_bulk_free(bulk);
        return status;
    }
    bulk->options.journal_path = NULL; /* borrowed, and done with */
    bulk->options.input_digest = NULL;
    *out = bulk;
    return BACM_OK;
}

static void free_calls(struct bulk_queue *queue)
{
    struct bulk_call *call;

    while ((call = bulk_queue_pop(queue)) != NULL)
        free(call);
}

void bacm_bulk_free(bacm_bulk *bulk)
{
    if (!bulk)
        return;
    bulk_lanes_free(bulk);
    bacm_journal_close(bulk->journal);
    free_calls(&bulk->planned);
    while (bulk->first_row) {
        struct bulk_row *row = bulk->first_row;

        bulk->first_row = row->next;
        bulk_row_free(row);
    }
    free(bulk->filling);
    bulk_errors_clear(&bulk->stop_errors);
    pthread_cond_destroy(&bulk->work);
    pthread_mutex_destroy(&bulk->callback_lock);
    pthread_mutex_destroy(&bulk->lock);
    bulk_pacing_destroy(&bulk->shared.pacing);
    bulk_service_clock_destroy(&bulk->shared.clock);
    free(bulk);
}
