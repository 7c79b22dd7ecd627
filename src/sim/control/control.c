#include "sim/control/control.h"

#include "sim/control/control_directory.h"

#include "sim/state/datetime.h"
#include "sim/state/links.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool control_allowed(struct exchange *exchange)
{
    const char *mark = http_header(exchange->request, "X-Bacm-Sim");
    const char *host = http_header(exchange->request, "Host");
    const char *own = exchange->sim->options.listen_host;
    size_t length = host ? strcspn(host, host[0] == '[' ? "]" : ":") : 0;
    const char *allowed[] = {"localhost", "127.0.0.1", "[::1", own};
    bool known = false;
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        known |= strlen(allowed[i]) == length && host && strncasecmp(host, allowed[i], length) == 0;
    if (known && mark && strcmp(mark, "1") == 0)
        return true;
    exchange_text(exchange, 403, "Control requests need the header \"X-Bacm-Sim: 1\".\n");
    return false;
}

static void bad_request(struct exchange *exchange, const char *reason)
{
    exchange_json(exchange, 400, json_pack("{s:s}", "error", reason));
}

static json_t *clock_json(struct sim *sim)
{
    char now[DATETIME_TEXT_SIZE];
    datetime_format(clock_now_ms(&sim->clock), now);
    return json_pack("{s:s,s:f}", "now", now, "rate", clock_rate(&sim->clock));
}

/* {"step": seconds}, {"rate": N} (0 stands still), {"now": "dateTime"} */
static void change_clock(struct exchange *exchange, json_t *body)
{
    struct sim *sim = exchange->sim;
    double step = 0;
    double rate = -1;
    const char *now = NULL;
    struct datetime date;
    json_error_t error;
    if (json_unpack_ex(body, &error, 0, "{s?F,s?F,s?s!}", "step", &step, "rate", &rate, "now",
                       &now) != 0) {
        bad_request(exchange, error.text);
        return;
    }
    if (step < 0 || step > 1e10 || rate > 1e6 || (now && !datetime_parse(now, &date))) {
        bad_request(exchange, "step and rate must not be negative, now must be a dateTime");
        return;
    }
    if (now)
        clock_set(&sim->clock, date.ms);
    if (rate >= 0)
        clock_set_rate(&sim->clock, rate);
    clock_step(&sim->clock, (int64_t)(step * 1000));
    exchange_json(exchange, 200, clock_json(sim));
}

/* {"add": "SPEC"}, {"clear": true} */
static void change_faults(struct exchange *exchange, json_t *body)
{
    struct faults *faults = &exchange->sim->faults;
    const char *spec = NULL;
    int clear = 0;
    char reason[FAULT_REASON_SIZE];
    json_error_t error;
    if (json_unpack_ex(body, &error, 0, "{s?s,s?b!}", "add", &spec, "clear", &clear) != 0) {
        bad_request(exchange, error.text);
        return;
    }
    if (clear)
        faults_clear(faults);
    if (spec && !faults_add(faults, spec, reason))
        bad_request(exchange, reason);
    else
        exchange_json(exchange, 200, faults_list(faults));
}

static json_t *history_json(struct state *state, int64_t link_id)
{
    json_t *history = json_array();
    sqlite3_stmt *row = state_query(
        state, "SELECT at_ms, status, user_id FROM link_history WHERE link_id = ?1 ORDER BY rowid",
        "i", link_id);
    while (state_row(state, row)) {
        char at[DATETIME_TEXT_SIZE];
        datetime_format(sqlite3_column_int64(row, 0), at);
        json_array_append_new(
            history, json_pack("{s:s,s:s,s:I}", "at", at, "status",
                               link_status_name((enum link_status)sqlite3_column_int(row, 1)),
                               "userId", (json_int_t)sqlite3_column_int64(row, 2)));
    }
    return history;
}

static json_t *link_json(struct state *state, const struct link *link, bool newest)
{
    const bool whole = link_kind_of(&link->key) == LINK_OF_CUSTOMER;
    return json_pack(
        "{s:I,s:s,s:I,s:s,s:I,s:s,s:s*,s:s,s:s?,s:s?,s:b,s:s?,s:s,s:I,s:s?,s:b,s:b,s:o}", "id",
        (json_int_t)link->id, "type", link_kind_name(link_kind_of(&link->key)),
        whole ? "clientCustomerId" : "accountId",
        (json_int_t)(whole ? link->key.client_customer_id : link->key.account_id),
        whole ? "clientCustomerNumber" : "accountNumber", link->client_number, "managingCustomerId",
        (json_int_t)link->key.customer_id, "managingCustomerNumber", link->customer_number,
        "customerLinkPermission", link->permission, "status", link_status_name(link->status),
        "name", link->name, "note", link->note, "isBillToClient", link->bill_to_client, "startDate",
        link->start_date, "lastModified", link->modified, "lastModifiedByUserId",
        (json_int_t)link->modified_by, "timestamp", link->timestamp, "held", link->held, "newest",
        newest, "history", history_json(state, link->id));
}

/*
 * Every invitation there ever was, by id: ?accountId, ?clientCustomerId,
 * ?managingCustomerId, ?after, ?limit.
 */
static void list_links(struct exchange *exchange)
{
    struct sim *sim = exchange->sim;
    struct control_page page;
    if (control_page_begin(exchange, &page)) {
        json_t *list = json_array();
        int64_t last = 0;
        state_begin(&sim->state);
        links_advance(&sim->state, clock_now_ms(&sim->clock), &sim->timing);
        sqlite3_stmt *row = state_query(
            &sim->state,
            "SELECT " LINK_COLUMNS ", l.newest FROM links l" LINK_JOINS
            "WHERE l.id > ?1 AND (?2 = 0 OR l.account_id = ?2)"
            " AND (?3 = 0 OR l.customer_id = ?3)"
            " AND (?4 = 0 OR l.client_customer_id = ?4) AND" LINK_WHOLE "ORDER BY l.id LIMIT ?5",
            "iiiii", page.after, control_page_number(&page, "accountId"),
            control_page_number(&page, "managingCustomerId"),
            control_page_number(&page, "clientCustomerId"), page.limit);
        while (state_row(&sim->state, row)) {
            struct link link;
            link_read(row, &link);
            last = link.id;
            json_array_append_new(list, link_json(&sim->state, &link,
                                                  sqlite3_column_int(row, LINK_COLUMN_COUNT) != 0));
        }
        state_end(&sim->state, true);
        control_page_answer(exchange, &page, "links", list, last);
    }
    control_page_end(&page);
}

/*
 * {"accountId" or "clientCustomerId", "managingCustomerId"} and what to change: "status", "held",
 * "willFail" whatever the rules say; "clientAnswer" as the client would do it in
 * the web interface, by the rules.
 */
static void change_link(struct exchange *exchange, json_t *body)
{
    struct sim *sim = exchange->sim;
    struct link_order order = {.held = -1, .will_fail = -1};
    json_int_t account_id = 0;
    json_int_t client_customer_id = 0;
    json_int_t customer_id;
    const char *status = NULL;
    const char *answer = NULL;
    json_error_t error;
    if (json_unpack_ex(body, &error, 0, "{s?I,s?I,s:I,s?s,s?s,s?b,s?b!}", "accountId", &account_id,
                       "clientCustomerId", &client_customer_id, "managingCustomerId", &customer_id,
                       "status", &status, "clientAnswer", &answer, "held", &order.held, "willFail",
                       &order.will_fail) != 0 ||
        !account_id == !client_customer_id ||
        (status && !link_status_parse(status, &order.status)) ||
        (answer && !link_status_parse(answer, &order.status)) || (status && answer)) {
        bad_request(exchange,
                    "wanted: accountId or clientCustomerId, managingCustomerId, and of status or "
                    "clientAnswer (a ClientLinkStatus), held, willFail what is to change");
        return;
    }
    order.key = (struct link_key){account_id, client_customer_id, customer_id};
    order.set_status = status || answer;
    order.as_client = answer != NULL;
    state_begin(&sim->state);
    const char *refusal =
        link_override(&sim->state, &order, clock_now_ms(&sim->clock), &sim->timing);
    bool kept = state_end(&sim->state, !refusal);
    if (refusal || !kept)
        bad_request(exchange, refusal ? refusal : "the state cannot be stored");
    else
        exchange_json(exchange, 200, json_pack("{s:b}", "changed", 1));
}

static void reset(struct exchange *exchange, json_t *body)
{
    (void)body;
    char reason[SIM_REASON_SIZE];
    faults_clear(&exchange->sim->faults);
    if (sim_load_data(exchange->sim, reason))
        exchange_json(exchange, 200, json_pack("{s:b}", "reset", 1));
    else
        exchange_json(exchange, 500, json_pack("{s:s}", "error", reason));
}

/* {"expireUser": id} ends its access tokens, {"revokeUser": id} its refresh tokens. */
static void change_tokens(struct exchange *exchange, json_t *body)
{
    struct state *state = &exchange->sim->state;
    json_int_t expire = 0;
    json_int_t revoke = 0;
    json_error_t error;
    if (json_unpack_ex(body, &error, 0, "{s?I,s?I!}", "expireUser", &expire, "revokeUser",
                       &revoke) != 0) {
        bad_request(exchange, error.text);
        return;
    }
    state_begin(state);
    int expired = state_run(state, "UPDATE access_tokens SET expires_ms = 0 WHERE user_id = ?1",
                            "i", (int64_t)expire);
    int revoked = state_run(state, "UPDATE refresh_tokens SET revoked = 1 WHERE user_id = ?1", "i",
                            (int64_t)revoke);
    state_end(state, true);
    exchange_json(exchange, 200, json_pack("{s:i,s:i}", "expired", expired, "revoked", revoked));
}

static void list_clock(struct exchange *exchange)
{
    exchange_json(exchange, 200, clock_json(exchange->sim));
}

static void list_faults(struct exchange *exchange)
{
    exchange_json(exchange, 200, faults_list(&exchange->sim->faults));
}

static void list_log(struct exchange *exchange)
{
    struct control_page page;
    if (control_page_begin(exchange, &page))
        exchange_json(exchange, 200, log_recent(&exchange->sim->log, page.after));
    control_page_end(&page);
}

static const struct {
    const char *name;
    void (*get)(struct exchange *exchange);
    void (*post)(struct exchange *exchange, json_t *body);
} resources[] = {
    {"/clock", list_clock, change_clock},
    {"/faults", list_faults, change_faults},
    {"/links", list_links, change_link},
    {"/log", list_log, NULL},
    {"/customers", control_list_customers, NULL},
    {"/accounts", control_list_accounts, NULL},
    {"/reset", NULL, reset},
    {"/tokens", NULL, change_tokens},
};

void control_answer(struct exchange *exchange)
{
    const char *name = exchange->request->path + strlen(SIM_CONTROL_PATH);
    const char *method = exchange->request->method;
    if (!control_allowed(exchange))
        return;
    for (size_t i = 0; i < sizeof resources / sizeof resources[0]; i++) {
        if (strcmp(resources[i].name, name) != 0)
            continue;
        if (strcmp(method, "GET") == 0 && resources[i].get) {
            resources[i].get(exchange);
        } else if (strcmp(method, "POST") == 0 && resources[i].post) {
            json_error_t error;
            json_t *body = json_loadb(buffer_string(&exchange->request->body),
                                      exchange->request->body.length, 0, &error);
            if (json_is_object(body))
                resources[i].post(exchange, body);
            else
                bad_request(exchange, "the body must be a JSON object");
            json_decref(body);
        } else {
            exchange_text(exchange, 405, "This control request has another method.\n");
        }
        return;
    }
    exchange_text(exchange, 404, "There is no such control request; see bacm-sim --help.\n");
}
