/*
 * The way of one call: send, and when no reply was understood wait, search, and
 * send again what is not there. Nothing is sent twice without a search between.
 */
#include "bulk/lane.h"

#include <stdio.h>
#include <string.h>

#include "bulk/fail.h"
#include "bulk/recover.h"

/* Code of OperationError: an invitation of this pair exists. */
#define CODE_ALREADY_INVITED 1410

/* Whether there is a further step. */
enum step { STEP_END = 0, STEP_AGAIN };

/* Rows that go through the same requests. */
struct attempt {
    struct bulk_lane *lane;
    struct bulk_call *call;
    struct bulk_row *const *rows;
    size_t n;
    unsigned tries;           /* used up, of sending */
    unsigned failed_searches; /* in a row */
    bool answered;            /* the service has failed the last call, which had several rows */
    bool split;               /* send each row alone */
    enum bulk_end end;
    bacm_error error; /* the last one; status BACM_OK: none yet */
};

/* No other call could succeed after this. */
static bool is_fatal(bacm_status status)
{
    switch (status) {
    case BACM_E_ARGUMENT:
    case BACM_E_NO_MEMORY:
    case BACM_E_NO_LINKS:
    case BACM_E_TOO_MANY_LINKS:
    case BACM_E_INVALID_LINK:
    case BACM_E_NO_CREDENTIALS:
    case BACM_E_NOT_SUPER_ADMIN:
    case BACM_E_SANDBOX:
    case BACM_E_INVALID_SEARCH:
    case BACM_E_UNSUPPORTED_FIELD:
    case BACM_E_AUTHENTICATION:
    case BACM_E_AUTHORIZATION:
    case BACM_E_TOKEN_EXPIRED:
    case BACM_E_TOKEN:
    case BACM_E_TOKEN_STORE:
    case BACM_E_VERSION_RETIRED:
        return true;
    default:
        return false;
    }
}

static enum step stop(struct attempt *a, enum bulk_end end)
{
    a->end = end;
    return STEP_END;
}

static enum step out_of_memory(struct attempt *a)
{
    bulk_fail_memory(&a->error);
    return stop(a, BULK_END_FATAL);
}

static int64_t deadline(const struct attempt *a)
{
    int64_t started = atomic_load(&a->call->started_ms);

    return started ? started + a->lane->shared->deadline_ms : BULK_NO_DEADLINE;
}

/* The time that a call may take begins with its first request. */
static void start_clock(struct attempt *a)
{
    if (!atomic_load(&a->call->started_ms))
        atomic_store(&a->call->started_ms, bulk_pacing_now(&a->lane->shared->pacing));
}

/* Whether the attempt goes on after a wait; the reason why it was needed is in error already. */
static enum step go_on(struct attempt *a, enum bulk_pace pace)
{
    if (pace == BULK_PACE_GO)
        return STEP_AGAIN;
    if (a->error.status == BACM_OK)
        bulk_fail(&a->error, pace == BULK_PACE_CANCELED ? BACM_E_CANCELED : BACM_E_TIMEOUT,
                  pace == BULK_PACE_CANCELED ? "the run was ended"
                                             : "the time for this call is over");
    return stop(a, pace == BULK_PACE_CANCELED ? BULK_END_CANCELED : BULK_END_EXHAUSTED);
}

static enum step back_off(struct attempt *a, unsigned failures)
{
    return go_on(a, bulk_pacing_backoff(&a->lane->shared->pacing, failures, deadline(a)));
}

static enum step enter(struct attempt *a)
{
    struct bulk_pacing *pacing = &a->lane->shared->pacing;

    if (go_on(a, bulk_pacing_enter(pacing, deadline(a))) == STEP_END)
        return STEP_END;
    start_clock(a);
    return STEP_AGAIN;
}

/* Something is learnt of a row. What has been said of it stays. */
static void learn(struct bulk_row *row, enum bulk_event event, bacm_bulk_confirmation by)
{
    row->state = bulk_row_next(row->state, event);
    row->confirmed_by = bulk_row_is_decided(row) ? by : BACM_BULK_BY_NOTHING;
    row->reason = BACM_OK;
}

/* --- searching ------------------------------------------------------------- */

/* False when out of memory. */
static bool leave_to_people(struct bulk_row *row, const struct bulk_finding *finding)
{
    char message[256];
    const bacm_service_error error = {BACM_CHANNEL_NONE, false, 0, "", message, ""};

    bulk_row_decide(row, bulk_row_next(row->state, BULK_UNCLEAR), BACM_BULK_BY_NOTHING,
                    BACM_E_UNKNOWN_OUTCOME);
    snprintf(message, sizeof message,
             "the reply was lost; a search shows %s, last modified %s, which may or may not come "
             "from this invitation. It is not sent again: decide yourself",
             finding->status_text, *finding->modified ? finding->modified : "at no given time");
    return bulk_errors_set(&row->errors, &error, 1);
}

/* False when out of memory. */
static bool apply_finding(struct bulk_row *row, const struct bulk_finding *finding)
{
    if (finding->verdict != BULK_ABSENT)
        bulk_text_copy(row->tracking_id, sizeof row->tracking_id, finding->tracking_id);
    if (finding->verdict == BULK_UNCLEAR)
        return leave_to_people(row, finding);
    /* A link from before is what the service has refused the pair for, if it has. */
    learn(row, finding->verdict,
          finding->verdict == BULK_ADDED ? BACM_BULK_BY_SEARCH : BACM_BULK_BY_RESPONSE);
    if (row->state == BULK_ROW_ADDED)
        bulk_errors_clear(&row->errors);
    return true;
}

/* The rows to be searched for, or all that are open. */
static size_t collect(struct attempt *a, bool to_check, struct bulk_row **rows)
{
    size_t n = 0;

    for (size_t i = 0; i < a->n; i++) {
        enum bulk_row_state state = a->rows[i]->state;

        if (to_check ? bulk_state_wants_search(state) : !bulk_state_is_decided(state))
            rows[n++] = a->rows[i];
    }
    return n;
}

static enum step search_failed(struct attempt *a, bacm_status status)
{
    if (status == BACM_E_CANCELED)
        return stop(a, BULK_END_CANCELED);
    if (is_fatal(status))
        return stop(a, BULK_END_FATAL);
    if (status == BACM_E_THROTTLED)
        return STEP_AGAIN;
    if (++a->failed_searches >= a->lane->shared->tries)
        return stop(a, BULK_END_EXHAUSTED);
    return back_off(a, a->failed_searches);
}

/* Search for the rows whose earlier attempt is open. */
static enum step search(struct attempt *a, struct bulk_row *const *rows, size_t n)
{
    struct bulk_finding findings[BACM_MAX_LINKS_PER_CALL];
    bacm_error error;
    bool missing = false, kept = true;
    bacm_status status;

    start_clock(a);
    bulk_error_clear(&error);
    status = bulk_resolve(a->lane, rows, n, deadline(a), findings, &error);
    if (status != BACM_OK) {
        if (status != BACM_E_CANCELED || a->error.status == BACM_OK)
            a->error = error;
        return search_failed(a, status);
    }
    for (size_t i = 0; i < n; i++) {
        kept &= apply_finding(rows[i], &findings[i]);
        missing |= rows[i]->state == BULK_ROW_CLAIMED;
    }
    if (!kept)
        return out_of_memory(a);
    if (!missing) {
        a->failed_searches = 0;
        return STEP_AGAIN;
    }
    bulk_fail(&a->error, BACM_E_UNKNOWN_OUTCOME,
              "the service says that the pair is invited already, and no search shows the link");
    return search_failed(a, BACM_E_UNKNOWN_OUTCOME);
}

/* --- sending --------------------------------------------------------------- */

static bacm_retry_class class_of(const bacm_service_error *error)
{
    const bacm_service_code *known =
        error->has_code ? bacm_service_code_find(error->channel, error->code) : NULL;

    return known ? known->retry_class : BACM_RETRY_NEVER;
}

static bool says(const bacm_service_error *errors, size_t count, bacm_retry_class wanted)
{
    for (size_t k = 0; k < count; k++) {
        if (class_of(&errors[k]) == wanted)
            return true;
    }
    return false;
}

static bool says_invited(const bacm_service_error *errors, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (errors[k].has_code && errors[k].code == CODE_ALREADY_INVITED &&
            errors[k].channel != BACM_CHANNEL_ADAPI)
            return true;
    }
    return false;
}

static enum bulk_event said_of(const bacm_service_error *errors, size_t count)
{
    if (says_invited(errors, count))
        return BULK_SAID_INVITED;
    return says(errors, count, BACM_RETRY_BACKOFF) ? BULK_SAID_LATER : BULK_SAID_NO;
}

/*
 * The service refused this link. False when out of memory: a refusal without its
 * reason helps nobody, so the row counts as lost and is asked for another time.
 */
static bool refuse(struct bulk_row *row, const bacm_service_error *errors, size_t count)
{
    bool kept = bulk_errors_set(&row->errors, errors, count);

    learn(row, kept ? said_of(errors, count) : BULK_SAID_NOTHING, BACM_BULK_BY_RESPONSE);
    return kept;
}

/*
 * A reply with one slot a link. Memory may run out at one of them: what the reply says
 * of the others is kept all the same, or a row that was added would count as not sent.
 */
static enum step settle(struct attempt *a, struct bulk_row *const *rows, size_t n,
                        const bacm_link_results *results)
{
    bool lost = false, kept = true;

    for (size_t i = 0; i < n; i++) {
        size_t count = bacm_link_results_error_count(results, i);

        bulk_text_copy(rows[i]->tracking_id, sizeof rows[i]->tracking_id,
                       bacm_link_results_tracking_id(results));
        if (bacm_link_results_outcome(results, i) == BACM_OUTCOME_DONE)
            bulk_row_decide(rows[i], bulk_row_next(rows[i]->state, BULK_SAID_DONE),
                            BACM_BULK_BY_RESPONSE, BACM_OK);
        else if (bacm_link_results_outcome(results, i) == BACM_OUTCOME_UNKNOWN)
            learn(rows[i], BULK_SAID_NOTHING, BACM_BULK_BY_NOTHING);
        else
            kept &= refuse(rows[i], bacm_link_results_error(results, i, 0), count);
        lost |= rows[i]->state == BULK_ROW_LOST;
    }
    if (!kept)
        return out_of_memory(a);
    return lost ? back_off(a, a->tries) : STEP_AGAIN;
}

/* The service refused the call as a whole; the error names no link. */
static enum step refuse_all(struct attempt *a, struct bulk_row *const *rows, size_t n)
{
    const bacm_service_error one = {a->error.channel,      a->error.has_service_code,
                                    a->error.service_code, a->error.symbol,
                                    a->error.message,      a->error.details};

    if (n > 1) {
        a->split = true;
        return STEP_END;
    }
    bulk_text_copy(rows[0]->tracking_id, sizeof rows[0]->tracking_id, a->error.tracking_id);
    return refuse(rows[0], &one, 1) ? STEP_AGAIN : out_of_memory(a);
}

/* Whether nothing is known of any of the links. */
static bool lost(const bacm_link_results *results, size_t n, bacm_status status,
                 const bacm_error *error)
{
    if (!results)
        return status == BACM_E_NO_MEMORY && error->request_sent;
    for (size_t i = 0; i < n; i++) {
        if (bacm_link_results_outcome(results, i) != BACM_OUTCOME_UNKNOWN)
            return false;
    }
    return true;
}

static enum step apply_reply(struct attempt *a, struct bulk_row *const *rows, size_t n,
                             const bacm_link_results *results, bacm_status status)
{
    bool is_lost = lost(results, n, status, &a->error);

    if (status == BACM_OK || status == BACM_E_PARTIAL ||
        (results && status == BACM_E_UNKNOWN_OUTCOME && !is_lost))
        return settle(a, rows, n, results);
    if (is_lost) {
        atomic_fetch_add(&a->lane->shared->lost, 1);
        for (size_t i = 0; i < n; i++)
            learn(rows[i], BULK_SAID_NOTHING, BACM_BULK_BY_NOTHING);
    }
    if (is_fatal(status) || (status == BACM_E_HTTP && a->error.retry_class == BACM_RETRY_NEVER))
        return stop(a, BULK_END_FATAL);
    if (status == BACM_E_THROTTLED) {
        a->tries--;
        return STEP_AGAIN;
    }
    if (status == BACM_E_REFUSED && a->error.retry_class != BACM_RETRY_BACKOFF)
        return results ? refuse_all(a, rows, n) : stop(a, BULK_END_FATAL);
    return back_off(a, a->tries);
}

/*
 * Whether the service has read the call and failed: one of its links may be the reason. A
 * connection that breaks or an HTTP error is no answer, and meets each row alike.
 */
static bool is_answer(const bacm_error *error)
{
    return error->channel != BACM_CHANNEL_NONE && error->channel != BACM_CHANNEL_HTTP;
}

/*
 * No try is left. What is not decided and may be there has been searched for, so it may be
 * sent another time: each row alone, so that a link with which no call gets through costs
 * only itself.
 */
static enum step end_tries(struct attempt *a)
{
    if (!a->answered)
        return stop(a, BULK_END_EXHAUSTED);
    a->split = true;
    return STEP_END;
}

static void leave(const struct bulk_lane *lane, bacm_status status)
{
    struct bulk_shared *shared = lane->shared;
    const bool good = status == BACM_OK || status == BACM_E_PARTIAL;

    if (status == BACM_E_THROTTLED)
        atomic_fetch_add(&shared->throttled, 1);
    if (status == BACM_E_THROTTLED)
        bulk_pacing_pause(&shared->pacing, (int64_t)bacm_client_retry_after_s(lane->client) * 1000);
    bulk_pacing_leave(&shared->pacing, good                         ? BULK_REPLY_GOOD
                                       : status == BACM_E_THROTTLED ? BULK_REPLY_THROTTLED
                                                                    : BULK_REPLY_BAD);
}

static enum step send_rows(struct attempt *a, struct bulk_row *const *rows, size_t n)
{
    struct bulk_shared *shared = a->lane->shared;
    const bacm_client_link *links[BACM_MAX_LINKS_PER_CALL];
    bacm_link_results *results = NULL;
    bacm_error error;
    bacm_status status;
    enum step step;

    if (a->tries >= shared->tries)
        return end_tries(a);
    if (enter(a) == STEP_END)
        return STEP_END;
    for (size_t i = 0; i < n; i++)
        links[i] = &rows[i]->link;
    a->tries++;
    bulk_error_clear(&error);
    status = shared->service.add(&results, a->lane->client, links, n, &error);
    leave(a->lane, status);
    if (status != BACM_OK && status != BACM_E_PARTIAL)
        a->error = error;
    a->answered = n > 1 && is_answer(&error);
    step = apply_reply(a, rows, n, results, status);
    bacm_link_results_free(results);
    return step;
}

/* --- the whole way ---------------------------------------------------------- */

static enum step take_step(struct attempt *a)
{
    struct bulk_row *rows[BACM_MAX_LINKS_PER_CALL];
    size_t n = collect(a, true, rows);

    if (n)
        return search(a, rows, n);
    n = collect(a, false, rows);
    return n ? send_rows(a, rows, n) : STEP_END;
}

/* What is not decided stays open, and says why. */
static void give_up(struct attempt *a)
{
    for (size_t i = 0; i < a->n; i++) {
        struct bulk_row *row = a->rows[i];

        if (bulk_row_is_decided(row))
            continue;
        bulk_row_give_up(row, a->error.status);
        if (*a->error.tracking_id)
            bulk_text_copy(row->tracking_id, sizeof row->tracking_id, a->error.tracking_id);
        bulk_errors_set_error(&row->errors, &a->error);
    }
}

static void run(struct attempt *a)
{
    while (take_step(a) == STEP_AGAIN)
        continue;
}

/* How the call ends so far: the worst end of its attempts. */
static void note_end(const struct attempt *a)
{
    if (a->end > a->call->end) {
        a->call->end = a->end;
        a->call->error = a->error;
    }
}

static bool may_go_on(const struct attempt *a, unsigned failed_in_a_row)
{
    return a->end != BULK_END_FATAL && a->end != BULK_END_CANCELED &&
           failed_in_a_row < a->lane->shared->give_up_after;
}

/*
 * One bad link can have the whole call refused, or fail it: sent alone, the others pass. Each
 * row has its own tries, but when so many in a row use them up it is not the links, and the
 * rest is left open. A service that has decided some of them is no reason to end the run.
 */
static void run_alone(struct attempt *whole)
{
    unsigned failed = 0;
    bool decided = false;

    for (size_t i = 0; i < whole->n && may_go_on(whole, failed); i++) {
        struct attempt a = {
            .lane = whole->lane, .call = whole->call, .rows = &whole->rows[i], .n = 1};

        if (bulk_row_is_decided(whole->rows[i]))
            continue;
        bulk_error_clear(&a.error);
        run(&a);
        failed = a.end == BULK_END_DECIDED ? 0 : failed + 1;
        decided |= a.end == BULK_END_DECIDED;
        if (a.end == BULK_END_DECIDED)
            continue;
        give_up(&a);
        whole->error = a.error;
        if (a.end > whole->end)
            whole->end = a.end;
    }
    if (decided && whole->end == BULK_END_EXHAUSTED)
        whole->end = BULK_END_DECIDED;
}

void bulk_call_run(struct bulk_lane *lane, struct bulk_call *call)
{
    struct attempt a = {.lane = lane, .call = call, .rows = call->rows, .n = call->count};

    bulk_error_clear(&a.error);
    run(&a);
    if (a.split)
        run_alone(&a);
    note_end(&a);
    give_up(&a);
}
