/*
 * A run: the coordinator, which is the caller's thread, and its lanes.
 *
 * The coordinator alone reads the source, writes the journal and calls the sink.
 * Rows go from it to a lane as calls and come back decided:
 *
 *   source -> row -> call -> journal "sending" -> ready queue -> lane
 *   sink <- row, in order <- journal outcome <- done queue <- lane
 */
#ifndef BACM_BULK_RUN_H
#define BACM_BULK_RUN_H

#include "bulk/journal.h"
#include "bulk/lane.h"

struct bulk_queue {
    struct bulk_call *first;
    struct bulk_call *last;
    unsigned count;
};

void bulk_queue_push(struct bulk_queue *queue, struct bulk_call *call);
struct bulk_call *bulk_queue_pop(struct bulk_queue *queue);

/* One thread and what it works on. */
struct bulk_worker {
    struct bacm_bulk *bulk;
    struct bulk_lane lane;
    pthread_t thread;
    struct bulk_call *current; /* under the lock */
};

struct bacm_bulk {
    bacm_bulk_options options;
    bacm_api *api; /* of the clients */
    struct bulk_shared shared;
    bacm_journal *journal;
    void (*run_call)(struct bulk_lane *lane, struct bulk_call *call); /* tests put their own */

    /* lanes */
    struct bulk_worker *workers;
    unsigned worker_count; /* with a client */
    unsigned thread_count; /* with a running thread */
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct bulk_queue ready; /* under the lock */
    struct bulk_queue done;  /* under the lock */
    bool closing;            /* under the lock */
    bool halted;             /* under the lock: no lane shall begin another call */
    pthread_mutex_t callback_lock;
    bacm_trace_callback *trace;
    void *trace_user;
    bacm_call_callback *on_call;
    void *on_call_user;
    bacm_log_callback *log;
    void *log_user;
    int wake[2]; /* a pipe, because a signal handler can write to it */
    atomic_bool canceled;

    /* coordinator */
    bool used;
    bacm_bulk_source *source;
    void *source_user;
    bacm_bulk_sink *sink;
    void *sink_user;
    bool input_ended;
    bool sink_failed;
    uint64_t rows_read;
    struct bulk_row *first_row; /* not yet handed to the sink, in order */
    struct bulk_row *last_row;
    size_t window_rows;
    size_t window_bytes;
    struct bulk_call *filling;  /* the call that takes the next row */
    struct bulk_queue planned;  /* complete, not yet in the journal */
    struct bulk_queue finished; /* came back, not yet in the journal */
    unsigned out;               /* calls in the ready queue, with lanes, in the done queue */
    unsigned failed_in_a_row;
    bacm_status stop_status; /* BACM_OK: going on */
    bacm_error stop_error;
    struct bulk_errors stop_errors;
    bacm_bulk_summary summary;
    int64_t begun_ms;
    int64_t reported_ms;
    bacm_bulk_wait reported_wait;
};

/* run.c: make no further call. The first reason stands. */
void bulk_stop(struct bacm_bulk *bulk, bacm_status status, const bacm_error *error);

/* run.c: nothing will change any more in a row, so what its errors take is known. */
void bulk_settle(struct bacm_bulk *bulk, struct bulk_row *row);

/* intake.c: read rows and plan calls while there is room; whether anything was read. */
bool bulk_intake(struct bacm_bulk *bulk);

/* lanes.c */
bacm_status bulk_lanes_make(struct bacm_bulk *bulk, const bacm_options *client_options,
                            bacm_credentials *credentials, bacm_error *error);
bacm_status bulk_lanes_start(struct bacm_bulk *bulk, bacm_error *error);
/* Hand planned calls to the lanes. */
void bulk_lanes_dispatch(struct bacm_bulk *bulk);
/* Take calls that came back to bulk->finished; whether there were any. */
bool bulk_lanes_collect(struct bacm_bulk *bulk);
/* Take back the calls that no lane has begun: their rows are not sent. */
void bulk_lanes_recall(struct bacm_bulk *bulk);
/* Give up calls whose lane is long past the deadline: their rows are unknown. */
void bulk_lanes_abandon(struct bacm_bulk *bulk);
/* Wait until a lane or a signal handler wakes the coordinator. */
void bulk_lanes_wait(struct bacm_bulk *bulk, int timeout_ms);
/* End the threads; waits for calls that are under way. */
void bulk_lanes_join(struct bacm_bulk *bulk);
void bulk_lanes_free(struct bacm_bulk *bulk);

/* output.c: hand settled rows to the sink, in order; whether there were any. */
bool bulk_deliver(struct bacm_bulk *bulk);
void bulk_report(struct bacm_bulk *bulk, bool now);
/* Fill in what is counted elsewhere. */
void bulk_summarize(struct bacm_bulk *bulk);

#endif
