#include "cli/command/update_links.h"

#include <stdio.h>
#include <string.h>

#include "cli/output/output.h"
#include "cli/output/record.h"
#include "cli/profile/library_error.h"
#include "cli/terminal/exit_code.h"

static const struct output_column columns[] = {
    {"clientAccountId", "Account id", 12, true, NULL, false},
    {"clientCustomerId", "Customer id", 12, true, NULL, true},
    {"managingCustomerId", "Manager", 12, true, NULL, false},
    {"from", "From", 16, false, NULL, false},
    {"wanted", "Wanted", 15, false, NULL, false},
    {"outcome", "Outcome", 8, false, NULL, false},
    {"errors", "Reason", 0, false, record_errors_text, false},
    {"trackingId", NULL, 0, false, NULL, false},
    {NULL, NULL, 0, false, NULL, false},
};

/* One client of a call. */
struct target {
    int64_t id;
    const bacm_client_link *link; /* borrowed from a page; NULL: none that can be sent */
    bacm_error refusal;           /* why none; status BACM_OK when there is one */
    char from[32];                /* status of the link that was found; "" for none */
};

struct updater {
    struct session *session;
    const struct update_action *action;
    int64_t customer;
    struct output output;
    bool customers; /* what the clients of the call are; else accounts */
    struct target targets[BACM_MAX_LINKS_PER_CALL];
    bacm_link_page *pages[BACM_MAX_LINKS_PER_CALL];
    size_t count;
    bool sent;    /* some UpdateClientLinks has left */
    bool refused; /* some link was not done */
    bool stopped; /* no further call */
    bacm_status status;
};

static void refuse(struct target *target, bacm_status status, const char *message)
{
    memset(&target->refusal, 0, sizeof target->refusal);
    target->link = NULL;
    target->refusal.status = status;
    snprintf(target->refusal.message, sizeof target->refusal.message, "%s", message);
}

/* The id of a link's client, when that is what the call is about; else 0. */
static int64_t client_of(const struct updater *updater, const bacm_client_link *link)
{
    return updater->customers ? link->client_customer_id : link->client_account_id;
}

/* Take a link that was found for the target, unless an earlier one fits as well. */
static void offer(struct updater *updater, struct target *target, const bacm_client_link *link)
{
    bacm_error error;

    if (client_of(updater, link) != target->id ||
        (updater->customer != 0 && link->managing_customer_id != updater->customer))
        return;
    snprintf(target->from, sizeof target->from, "%s", link->status_text ? link->status_text : "");
    if (bacm_link_transition_check(updater->action->side, link->status, updater->action->wanted,
                                   &error) != BACM_OK) {
        if (target->link == NULL && target->refusal.status != BACM_E_ARGUMENT)
            target->refusal = error;
        return;
    }
    if (target->link != NULL || target->refusal.status == BACM_E_ARGUMENT) {
        refuse(target, BACM_E_ARGUMENT,
               updater->customers
                   ? "several agencies have invited this customer; give --managing-customer-id"
                   : "several agencies have invited this account; give --managing-customer-id");
        return;
    }
    target->link = link;
    target->refusal.status = BACM_OK;
}

/* Search for a run of targets; the page is kept as long as its links are used. */
static bacm_status search(struct updater *updater, size_t first, size_t n, bacm_error *error)
{
    bacm_link_search query = BACM_LINK_SEARCH_INIT;
    int64_t ids[BACM_MAX_LINKS_PER_CALL];
    bacm_status status;

    for (size_t i = 0; i < n; i++)
        ids[i] = updater->targets[first + i].id;
    query.client_account_ids = query.client_customer_ids = ids;
    query.client_account_count = updater->customers ? 0 : n;
    query.client_customer_count = updater->customers ? n : 0;
    query.managing_customer_id = updater->customer;
    status = bacm_links_search(&updater->pages[first], updater->session->client, &query, 0, error);
    if (status != BACM_OK)
        return status;
    for (size_t k = 0; k < bacm_link_page_count(updater->pages[first]); k++) {
        for (size_t i = 0; i < n; i++)
            offer(updater, &updater->targets[first + i],
                  bacm_link_page_get(updater->pages[first], k));
    }
    return BACM_OK;
}

/* A client may ask for one of its accounts at a time. */
static bacm_status search_all(struct updater *updater, bacm_error *error)
{
    size_t step = updater->action->side == BACM_SIDE_CLIENT ? 1 : updater->count;
    bacm_status status = BACM_OK;

    for (size_t i = 0; status == BACM_OK && i < updater->count; i += step)
        status = search(updater, i, step, error);
    return status;
}

static const char *outcome_name(bacm_link_outcome outcome)
{
    static const char *const names[] = {"not_sent", "done", "failed", "unknown"};

    return names[outcome];
}

static bool put(struct updater *updater, const struct target *target, bacm_link_outcome outcome,
                const bacm_service_error *errors, size_t error_count, const char *tracking_id)
{
    const bacm_client_link *link = target->link;

    updater->refused = updater->refused || outcome != BACM_OUTCOME_DONE;
    return output_record(
        &updater->output,
        json_pack("{s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:o}", "clientAccountId",
                  output_id(updater->customers ? 0 : target->id), "clientCustomerId",
                  output_id(updater->customers ? target->id : 0), "managingCustomerId",
                  output_id(link != NULL ? link->managing_customer_id : updater->customer), "from",
                  output_text_or_null(target->from), "wanted",
                  bacm_link_status_text(updater->action->wanted), "outcome", outcome_name(outcome),
                  "errors", record_errors(errors, error_count), "trackingId",
                  output_text_or_null(tracking_id)));
}

/* A target that was not sent, and why. */
static bool put_unsent(struct updater *updater, const struct target *target, const char *message)
{
    bacm_service_error error = {BACM_CHANNEL_NONE, false, 0, "", message, ""};

    return put(updater, target, BACM_OUTCOME_NOT_SENT, &error, 1, "");
}

static bool put_results(struct updater *updater, const bacm_link_results *results)
{
    size_t slot = 0;

    for (size_t i = 0; i < updater->count; i++) {
        const struct target *target = &updater->targets[i];
        bool ok;

        if (results == NULL && updater->stopped)
            ok = put_unsent(updater, target, bacm_status_text(updater->status));
        else if (target->link == NULL)
            ok = put_unsent(updater, target, target->refusal.message);
        else {
            ok = put(updater, target, bacm_link_results_outcome(results, slot),
                     bacm_link_results_error(results, slot, 0),
                     bacm_link_results_error_count(results, slot),
                     bacm_link_results_tracking_id(results));
            slot++;
        }
        if (!ok)
            return false;
    }
    return true;
}

static bacm_link_results *send(struct updater *updater, bacm_error *error)
{
    const bacm_client_link *links[BACM_MAX_LINKS_PER_CALL];
    bacm_link_results *results = NULL;
    size_t n = 0;

    for (size_t i = 0; i < updater->count; i++) {
        if (updater->targets[i].link != NULL)
            links[n++] = updater->targets[i].link;
    }
    if (n == 0)
        return NULL;
    updater->status =
        bacm_links_update_with_search(&results, updater->session->client, links, n,
                                      updater->action->side, updater->action->wanted, error);
    updater->sent = updater->sent || error->request_sent || results != NULL;
    return results;
}

static bool update_call(struct updater *updater)
{
    bacm_link_results *results = NULL;
    bacm_error error = {0};
    bool ok;

    if (!updater->stopped) {
        updater->status = search_all(updater, &error);
        if (updater->status == BACM_OK)
            results = send(updater, &error);
        updater->stopped = updater->status != BACM_OK && updater->status != BACM_E_PARTIAL;
        if (updater->stopped)
            message_library(&error);
    }
    ok = put_results(updater, results);
    bacm_link_results_free(results);
    for (size_t i = 0; i < updater->count; i++) {
        bacm_link_page_free(updater->pages[i]);
        updater->pages[i] = NULL;
    }
    return ok;
}

/* A call has clients of one kind: they want different roles, and different searches. */
static void set_targets(struct updater *updater, const struct clients *clients, size_t first)
{
    bool customers = clients_is_customer(clients, first);
    size_t left = (customers ? clients->count : clients->account_count) - first;

    updater->customers = customers;
    updater->count = left < BACM_MAX_LINKS_PER_CALL ? left : BACM_MAX_LINKS_PER_CALL;
    for (size_t i = 0; i < updater->count; i++) {
        updater->targets[i].id = clients->ids[first + i];
        updater->targets[i].from[0] = '\0';
        refuse(&updater->targets[i], BACM_E_TRANSITION,
               customers ? "there is no link of this customer"
                         : "there is no link of this account");
    }
}

static int exit_code(const struct updater *updater)
{
    int code = updater->stopped ? exit_code_for(updater->status) : CLI_OK;

    if (updater->refused)
        code = exit_code_worse(code, updater->sent ? CLI_FAILED : CLI_PRECONDITION);
    if ((code == CLI_USAGE || code == CLI_PRECONDITION) && updater->sent)
        code = CLI_FAILED;
    return code;
}

int update_links(struct session *session, const struct update_action *action, int64_t customer,
                 const struct clients *clients)
{
    struct updater updater = {.session = session, .action = action, .customer = customer};
    bool ok = true;

    output_begin(&updater.output, session->settings, columns);
    for (size_t i = 0; ok && i < clients->count; i += updater.count) {
        set_targets(&updater, clients, i);
        ok = update_call(&updater);
    }
    return ok ? exit_code(&updater) : exit_code_worse(exit_code(&updater), CLI_FAILED);
}
