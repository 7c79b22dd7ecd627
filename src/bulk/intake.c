#include "bulk/run.h"

#include <stdlib.h>

#include "bulk/fail.h"

/* Calls that wait for a lane, so that none is idle while the coordinator is at the disk. */
#define READY_PER_LANE 2

static void append(struct bacm_bulk *bulk, struct bulk_row *row)
{
    if (bulk->last_row)
        bulk->last_row->next = row;
    else
        bulk->first_row = row;
    bulk->last_row = row;
    bulk->window_rows++;
    bulk->window_bytes += row->bytes;
}

/* Refused before anything is sent. */
static void refuse(struct bacm_bulk *bulk, struct bulk_row *row, const bacm_error *error)
{
    bulk_row_decide(row, BULK_ROW_INVALID, BACM_BULK_BY_NOTHING,
                    error->status == BACM_OK ? BACM_E_INVALID_LINK : error->status);
    bulk_text_copy(row->field, sizeof row->field, error->field);
    if (!bulk_errors_set_error(&row->errors, error))
        bulk_stop(bulk, BACM_E_NO_MEMORY, NULL);
    bulk_settle(bulk, row);
}

/* No call will be made for this row in this run. */
static void leave_open(struct bacm_bulk *bulk, struct bulk_row *row)
{
    bulk_row_give_up(row, bulk->stop_status);
    bulk_settle(bulk, row);
}

static void recall(struct bacm_bulk *bulk, struct bulk_row *row)
{
    bacm_error error;
    bacm_status status;

    if (!bulk->journal)
        return;
    status = bulk_journal_recall(bulk->journal, row, &error);
    if (status != BACM_OK)
        bulk_stop(bulk, status, &error);
}

/* The call that is being filled is complete: with so many rows, or because no more can come. */
static void close_call(struct bacm_bulk *bulk)
{
    if (!bulk->filling)
        return;
    bulk_queue_push(&bulk->planned, bulk->filling);
    bulk->filling = NULL;
}

/* The service would have to guess which of two links of one pair is meant. */
static bool repeats(const struct bulk_call *call, const struct bulk_row *row)
{
    for (size_t i = 0; call && i < call->count; i++) {
        if (bacm_client_link_same_pair(&call->rows[i]->link, &row->link))
            return true;
    }
    return false;
}

static void plan(struct bacm_bulk *bulk, struct bulk_row *row)
{
    if (repeats(bulk->filling, row))
        close_call(bulk);
    if (!bulk->filling)
        bulk->filling = calloc(1, sizeof *bulk->filling);
    if (!bulk->filling) {
        bulk_stop(bulk, BACM_E_NO_MEMORY, NULL);
        leave_open(bulk, row);
        return;
    }
    bulk->filling->rows[bulk->filling->count++] = row;
    if (bulk->filling->count == BACM_MAX_LINKS_PER_CALL)
        close_call(bulk);
}

static void take(struct bacm_bulk *bulk, const bacm_bulk_row *from, bool refused, bacm_error *error)
{
    struct bulk_row *row = bulk_row_new(bulk->rows_read, from);

    if (!row) {
        bulk_stop(bulk, BACM_E_NO_MEMORY, NULL);
        bulk->input_ended = true;
        return;
    }
    bulk->rows_read++;
    append(bulk, row);
    if (refused || bacm_client_link_check(bulk->api, &row->link, error) != BACM_OK) {
        refuse(bulk, row, error);
        return;
    }
    recall(bulk, row);
    if (bulk_row_is_decided(row))
        bulk_settle(bulk, row);
    else if (bulk->stop_status != BACM_OK)
        leave_open(bulk, row);
    else
        plan(bulk, row);
}

static void read_row(struct bacm_bulk *bulk)
{
    bacm_bulk_row from = {BACM_CLIENT_LINK_INIT, 0};
    bacm_error error;
    bacm_bulk_source_result result;

    bulk_error_clear(&error);
    result = bulk->source(&from, &error, bulk->source_user);
    if (result == BACM_BULK_ROW || result == BACM_BULK_ROW_INVALID) {
        take(bulk, &from, result == BACM_BULK_ROW_INVALID, &error);
        return;
    }
    bulk->input_ended = true;
    if (result != BACM_BULK_END)
        bulk_stop(bulk, BACM_E_SOURCE, &error);
}

static bool window_full(const struct bacm_bulk *bulk)
{
    return bulk->window_rows >= bulk->options.window_rows ||
           bulk->window_bytes >= bulk->options.window_bytes;
}

static unsigned wanted(const struct bacm_bulk *bulk)
{
    return (1 + READY_PER_LANE) * bulk->worker_count;
}

bool bulk_intake(struct bacm_bulk *bulk)
{
    uint64_t before = bulk->rows_read;
    bool ended = bulk->input_ended;

    while (!bulk->input_ended && !bulk->sink_failed && !window_full(bulk) &&
           bulk->out + bulk->planned.count < wanted(bulk))
        read_row(bulk);
    if (bulk->input_ended || window_full(bulk))
        close_call(bulk);
    return bulk->rows_read != before || bulk->input_ended != ended;
}
