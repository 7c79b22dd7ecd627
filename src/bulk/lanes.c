#include "bulk/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bulk/fail.h"

/* A lane that ends its call by itself at the deadline shall not be overtaken. */
#define ABANDON_GRACE_MS 2000

void bulk_queue_push(struct bulk_queue *queue, struct bulk_call *call)
{
    call->next = NULL;
    if (queue->last)
        queue->last->next = call;
    else
        queue->first = call;
    queue->last = call;
    queue->count++;
}

struct bulk_call *bulk_queue_pop(struct bulk_queue *queue)
{
    struct bulk_call *call = queue->first;

    if (!call)
        return NULL;
    queue->first = call->next;
    if (!queue->first)
        queue->last = NULL;
    queue->count--;
    return call;
}

/* --- callbacks of the clients ---------------------------------------------- */

static void on_trace(bacm_trace_kind kind, const char *data, size_t size, void *user)
{
    struct bulk_worker *worker = user;
    struct bacm_bulk *bulk = worker->bulk;

    pthread_mutex_lock(&bulk->callback_lock);
    bulk->trace(kind, data, size, bulk->trace_user);
    pthread_mutex_unlock(&bulk->callback_lock);
}

/* What is not the service's, such as an error page on the way, does not tell its time. */
static void note_time(struct bulk_shared *shared, const bacm_call_record *record)
{
    const int64_t now = bulk_steady_ms();

    if (record->status == BACM_OK || *record->tracking_id)
        bulk_service_clock_note(&shared->clock, record->date_ms,
                                now - (int64_t)record->milliseconds - 1, now);
}

/* One library call may make more than one request: GetUser for the role, a renewed token. */
static void on_call(const bacm_call_record *record, void *user)
{
    struct bulk_worker *worker = user;
    struct bacm_bulk *bulk = worker->bulk;
    struct bulk_shared *shared = &bulk->shared;

    if (strcmp(record->operation, "AddClientLinks") == 0)
        atomic_fetch_add(&shared->calls, 1);
    else if (strcmp(record->operation, "SearchClientLinks") == 0)
        atomic_fetch_add(&shared->searches, 1);
    if (strcmp(record->operation, "GetUser") == 0 || record->attempt > 1)
        bulk_pacing_charge(&shared->pacing);
    note_time(shared, record);
    if (!bulk->on_call)
        return;
    pthread_mutex_lock(&bulk->callback_lock);
    bulk->on_call(record, bulk->on_call_user);
    pthread_mutex_unlock(&bulk->callback_lock);
}

static void on_log(bacm_log_level level, const char *text, void *user)
{
    struct bulk_worker *worker = user;
    struct bacm_bulk *bulk = worker->bulk;

    pthread_mutex_lock(&bulk->callback_lock);
    bulk->log(level, text, bulk->log_user);
    pthread_mutex_unlock(&bulk->callback_lock);
}

static bacm_status make_client(struct bulk_worker *worker, const bacm_options *given,
                               bacm_credentials *credentials, bacm_error *error)
{
    bacm_options options = *given;

    worker->lane.shared = &worker->bulk->shared;
    options.on_call = on_call;
    options.on_call_user = worker;
    options.trace_user = worker;
    if (options.trace)
        options.trace = on_trace;
    options.log_user = worker;
    if (options.log)
        options.log = on_log;
    return bacm_client_new(&worker->lane.client, &options, credentials, error);
}

static bacm_status make_pipe(struct bacm_bulk *bulk, bacm_error *error)
{
    if (pipe2(bulk->wake, O_CLOEXEC | O_NONBLOCK) == 0)
        return BACM_OK;
    bulk->wake[0] = bulk->wake[1] = -1;
    return bulk_fail(error, BACM_E_NO_MEMORY, "no pipe can be made: %s", strerror(errno));
}

bacm_status bulk_lanes_make(struct bacm_bulk *bulk, const bacm_options *client_options,
                            bacm_credentials *credentials, bacm_error *error)
{
    const bacm_options defaults = BACM_OPTIONS_INIT_FOR(NULL); /* v11 is linked when named */
    const bacm_options *given = client_options ? client_options : &defaults;
    bacm_status status = make_pipe(bulk, error);

    if (status != BACM_OK)
        return status;
    if (given->struct_size < sizeof *given)
        return bulk_fail(error, BACM_E_ARGUMENT, "client_options is not initialised");
    bulk->api = given->api;
    bulk->trace = given->trace;
    bulk->trace_user = given->trace_user;
    bulk->on_call = given->on_call;
    bulk->on_call_user = given->on_call_user;
    bulk->log = given->log;
    bulk->log_user = given->log_user;
    bulk->workers = calloc(bulk->options.concurrency, sizeof *bulk->workers);
    if (!bulk->workers)
        return bulk_fail_memory(error);
    for (unsigned i = 0; i < bulk->options.concurrency; i++) {
        bulk->workers[i].bulk = bulk;
        status = make_client(&bulk->workers[i], given, credentials, error);
        if (status != BACM_OK)
            return status;
        bulk->worker_count++;
    }
    return BACM_OK;
}

/* --- threads ---------------------------------------------------------------- */

/* A full pipe wakes as well as one byte does. */
static void wake_coordinator(const struct bacm_bulk *bulk)
{
    ssize_t written = write(bulk->wake[1], "", 1);

    (void)written;
}

void bacm_bulk_cancel(bacm_bulk *bulk)
{
    int saved = errno;

    if (!bulk)
        return;
    atomic_store(&bulk->canceled, true);
    wake_coordinator(bulk);
    errno = saved;
}

static struct bulk_call *next_call(struct bulk_worker *worker)
{
    struct bacm_bulk *bulk = worker->bulk;
    struct bulk_call *call;

    pthread_mutex_lock(&bulk->lock);
    while ((!bulk->ready.count || bulk->halted) && !bulk->closing)
        pthread_cond_wait(&bulk->work, &bulk->lock);
    call = bulk_queue_pop(&bulk->ready);
    worker->current = call;
    pthread_mutex_unlock(&bulk->lock);
    return call;
}

static void give_back(struct bulk_worker *worker, struct bulk_call *call)
{
    struct bacm_bulk *bulk = worker->bulk;

    pthread_mutex_lock(&bulk->lock);
    worker->current = NULL;
    bulk->halted |= call->end == BULK_END_FATAL; /* the coordinator may be slow to see it */
    bulk_queue_push(&bulk->done, call);
    pthread_mutex_unlock(&bulk->lock);
    wake_coordinator(bulk);
}

static void *work(void *argument)
{
    struct bulk_worker *worker = argument;
    struct bulk_call *call;

    while ((call = next_call(worker)) != NULL) {
        worker->bulk->run_call(&worker->lane, call);
        give_back(worker, call);
    }
    return NULL;
}

bacm_status bulk_lanes_start(struct bacm_bulk *bulk, bacm_error *error)
{
    sigset_t all, before;
    int failed = 0;

    /* the application's handlers run in the application's threads */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    while (bulk->thread_count < bulk->worker_count && !failed) {
        struct bulk_worker *worker = &bulk->workers[bulk->thread_count];

        failed = pthread_create(&worker->thread, NULL, work, worker);
        if (!failed)
            bulk->thread_count++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        return bulk_fail(error, BACM_E_NO_MEMORY, "no thread can be made: %s", strerror(failed));
    return BACM_OK;
}

void bulk_lanes_dispatch(struct bacm_bulk *bulk)
{
    struct bulk_call *call;

    if (!bulk->planned.count)
        return;
    pthread_mutex_lock(&bulk->lock);
    while ((call = bulk_queue_pop(&bulk->planned)) != NULL) {
        bulk_queue_push(&bulk->ready, call);
        bulk->out++;
    }
    pthread_cond_broadcast(&bulk->work);
    pthread_mutex_unlock(&bulk->lock);
}

static bool take_back(struct bacm_bulk *bulk, struct bulk_queue *from)
{
    struct bulk_call *call;
    bool any = false;

    pthread_mutex_lock(&bulk->lock);
    while ((call = bulk_queue_pop(from)) != NULL) {
        bulk_queue_push(&bulk->finished, call);
        bulk->out--;
        any = true;
    }
    pthread_mutex_unlock(&bulk->lock);
    return any;
}

bool bulk_lanes_collect(struct bacm_bulk *bulk)
{
    return take_back(bulk, &bulk->done);
}

/* A call that was not begun is decided by the engine, like one that was ended. */
void bulk_lanes_recall(struct bacm_bulk *bulk)
{
    struct bulk_call *call;

    while ((call = bulk_queue_pop(&bulk->planned)) != NULL)
        bulk_queue_push(&bulk->finished, call);
    take_back(bulk, &bulk->ready);
}

void bulk_lanes_abandon(struct bacm_bulk *bulk)
{
    int64_t now = bulk_pacing_now(&bulk->shared.pacing);

    pthread_mutex_lock(&bulk->lock);
    for (unsigned i = 0; i < bulk->thread_count; i++) {
        struct bulk_call *call = bulk->workers[i].current;
        int64_t started = call ? atomic_load(&call->started_ms) : 0;

        if (!started || now < started + bulk->shared.deadline_ms + ABANDON_GRACE_MS)
            continue;
        for (size_t k = 0; k < call->count; k++) {
            if (call->rows[k]->place == BULK_ROW_AT_WORK)
                call->rows[k]->place = BULK_ROW_ABANDONED;
        }
    }
    pthread_mutex_unlock(&bulk->lock);
}

void bulk_lanes_wait(struct bacm_bulk *bulk, int timeout_ms)
{
    struct pollfd readable = {.fd = bulk->wake[0], .events = POLLIN};
    char drain[64];

    if (poll(&readable, 1, timeout_ms) <= 0)
        return;
    while (read(bulk->wake[0], drain, sizeof drain) == (ssize_t)sizeof drain)
        continue;
}

void bulk_lanes_join(struct bacm_bulk *bulk)
{
    pthread_mutex_lock(&bulk->lock);
    bulk->closing = true;
    pthread_cond_broadcast(&bulk->work);
    pthread_mutex_unlock(&bulk->lock);
    for (unsigned i = 0; i < bulk->thread_count; i++)
        pthread_join(bulk->workers[i].thread, NULL);
    bulk->thread_count = 0;
}

void bulk_lanes_free(struct bacm_bulk *bulk)
{
    for (unsigned i = 0; i < bulk->worker_count; i++)
        bacm_client_free(bulk->workers[i].lane.client);
    free(bulk->workers);
    for (int i = 0; i < 2; i++) {
        if (bulk->wake[i] >= 0)
            close(bulk->wake[i]);
    }
}
