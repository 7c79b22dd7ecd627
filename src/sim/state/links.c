#include "sim/state/links.h"

#include "sim/state/datetime.h"
#include "sim/state/directory.h"
#include <stdsoap2.h>
#include <string.h>

void link_read(sqlite3_stmt *row, struct link *out)
{
    *out = (struct link){
        .id = sqlite3_column_int64(row, 0),
        .key = {sqlite3_column_int64(row, 1), sqlite3_column_int64(row, 2),
                sqlite3_column_int64(row, 3)},
        .status = (enum link_status)sqlite3_column_int(row, 4),
        .client_number = state_text(row, 5),
        .client_name = state_text(row, 6),
        .owner_number = state_text(row, 7),
        .customer_number = state_text(row, 8),
        .customer_name = state_text(row, 9),
        .permission = state_text(row, 10),
        .note = state_text(row, 11),
        .name = state_text(row, 12),
        .inviter_email = state_text(row, 13),
        .inviter_name = state_text(row, 14),
        .inviter_phone = state_text(row, 15),
        .bill_to_client = sqlite3_column_int(row, 16) != 0,
        .start_date = state_text(row, 17),
        .start_ms = sqlite3_column_int64(row, 18),
        .suppress_notification = sqlite3_column_int(row, 19) != 0,
        .modified = state_text(row, 20),
        .modified_by = sqlite3_column_int64(row, 21),
        .timestamp = state_text(row, 22),
        .map = state_text(row, 23),
        .held = sqlite3_column_int(row, 24) != 0,
    };
}

enum link_kind link_kind_of(const struct link_key *key)
{
    return key->account_id ? LINK_OF_ACCOUNT : LINK_OF_CUSTOMER;
}

const char *link_kind_name(enum link_kind kind)
{
    return kind == LINK_OF_CUSTOMER ? "CustomerLink" : "AccountLink";
}

bool link_kind_parse(const char *name, enum link_kind *out)
{
    *out = name && strcmp(name, "CustomerLink") == 0 ? LINK_OF_CUSTOMER : LINK_OF_ACCOUNT;
    return !name || !name[0] || strcmp(name, link_kind_name(*out)) == 0;
}

#define OF_KEY "account_id = ?1 AND client_customer_id = ?2 AND customer_id = ?3 AND newest"

static void copy_text(struct soap *arena, const char **text)
{
    *text = soap_strdup(arena, *text);
}

bool link_find(struct state *state, struct soap *arena, const struct link_key *key,
               struct link *out)
{
    sqlite3_stmt *row =
        state_query(state,
                    "SELECT " LINK_COLUMNS " FROM links l" LINK_JOINS
                    "WHERE l.account_id = ?1 AND l.client_customer_id = ?2"
                    " AND l.customer_id = ?3 AND l.newest AND" LINK_WHOLE,
                    "iii", key->account_id, key->client_customer_id, key->customer_id);
    if (!state_row(state, row))
        return false;
    link_read(row, out);
    copy_text(arena, &out->client_number);
    copy_text(arena, &out->client_name);
    copy_text(arena, &out->owner_number);
    copy_text(arena, &out->customer_number);
    copy_text(arena, &out->customer_name);
    copy_text(arena, &out->permission);
    copy_text(arena, &out->note);
    copy_text(arena, &out->name);
    copy_text(arena, &out->inviter_email);
    copy_text(arena, &out->inviter_name);
    copy_text(arena, &out->inviter_phone);
    copy_text(arena, &out->start_date);
    copy_text(arena, &out->modified);
    copy_text(arena, &out->timestamp);
    copy_text(arena, &out->map);
    sqlite3_reset(row);
    return true;
}

/* A new value for every change, counting up like a row version. */
static void new_timestamp(struct state *state, char text[VERSION_TEXT_SIZE])
{
    version_text(counter_next(state, "link_version"), text);
}

static void add_history(struct state *state, int64_t link_id, enum link_status status,
                        int64_t user_id, int64_t at_ms)
{
    state_run(state,
              "INSERT INTO link_history(link_id, at_ms, status, user_id) VALUES(?1,?2,?3,?4)",
              "iiii", link_id, at_ms, (int64_t)status, user_id);
}

int64_t link_insert(struct state *state, const struct link *link, int64_t user_id, int64_t now_ms,
                    const struct link_timing *timing)
{
    char modified[DATETIME_TEXT_SIZE];
    char timestamp[VERSION_TEXT_SIZE];
    datetime_format(now_ms, modified);
    new_timestamp(state, timestamp);
    int64_t due_ms =
        link->held ? -1 : link_status_due(link->status, now_ms, link->start_ms, timing);
    const struct link_key *key = &link->key;
    state_run(state, "UPDATE links SET newest = 0 WHERE " OF_KEY, "iii", key->account_id,
              key->client_customer_id, key->customer_id);
    int64_t id = state_number(
        state, 0,
        "INSERT INTO links(account_id, customer_id, newest, status, note, name, inviter_email,"
        " inviter_name, inviter_phone, bill_to_client, start_date, start_ms, suppress, modified,"
        " modified_by, timestamp, map, held, due_ms, client_customer_id, permission)"
        " VALUES(?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
        " nullif(?18, -1), ?19, ?20) RETURNING id",
        "iiitttttitiitittiiit", key->account_id, key->customer_id, (int64_t)link->status,
        link->note, link->name, link->inviter_email, link->inviter_name, link->inviter_phone,
        (int64_t)link->bill_to_client, link->start_date, link->start_ms,
        (int64_t)link->suppress_notification, link->modified ? link->modified : modified, user_id,
        link->timestamp ? link->timestamp : timestamp, link->map, (int64_t)link->held, due_ms,
        key->client_customer_id, link->permission);
    add_history(state, id, link->status, user_id, now_ms);
    return id;
}

void link_change(struct state *state, int64_t link_id, enum link_status status, const char *note,
                 int64_t start_ms, bool held, int64_t user_id, int64_t at_ms,
                 const struct link_timing *timing)
{
    char modified[DATETIME_TEXT_SIZE];
    char timestamp[VERSION_TEXT_SIZE];
    datetime_format(at_ms, modified);
    new_timestamp(state, timestamp);
    int64_t due_ms = held ? -1 : link_status_due(status, at_ms, start_ms, timing);
    state_run(state,
              "UPDATE links SET status = ?2, note = coalesce(?3, note), modified = ?4,"
              " modified_by = ?5, timestamp = ?6, due_ms = nullif(?7, -1) WHERE id = ?1",
              "iittiti", link_id, (int64_t)status, note, modified, user_id, timestamp, due_ms);
    add_history(state, link_id, status, user_id, at_ms);
}

bool link_managed_by_other(struct state *state, const struct link_key *key)
{
    bool managed = false;
    if (link_kind_of(key) == LINK_OF_CUSTOMER)
        return false;
    sqlite3_stmt *row = state_query(
        state, "SELECT status FROM links WHERE account_id = ?1 AND newest AND customer_id <> ?2",
        "ii", key->account_id, key->customer_id);
    while (state_row(state, row))
        managed |= link_status_is_managed((enum link_status)sqlite3_column_int(row, 0));
    return managed;
}

/* Why the client may not answer so, NULL when it may. */
static const char *answer_refusal(struct state *state, const struct link_order *order,
                                  enum link_status from)
{
    if (order->status != LINK_ACCEPTED && order->status != LINK_DECLINED)
        return "a client answers with LinkAccepted or LinkDeclined";
    if (from != LINK_PENDING)
        return "only an invitation that is pending can be answered";
    if (order->status == LINK_ACCEPTED && link_managed_by_other(state, &order->key))
        return "another agency manages the account";
    return NULL;
}

const char *link_override(struct state *state, const struct link_order *order, int64_t now_ms,
                          const struct link_timing *timing)
{
    links_advance(state, now_ms, timing);
    sqlite3_stmt *row =
        state_query(state, "SELECT id, status, start_ms, held FROM links WHERE " OF_KEY, "iii",
                    order->key.account_id, order->key.client_customer_id, order->key.customer_id);
    if (!state_row(state, row))
        return "there is no link of this pair";
    int64_t id = sqlite3_column_int64(row, 0);
    enum link_status from = (enum link_status)sqlite3_column_int(row, 1);
    int64_t start_ms = sqlite3_column_int64(row, 2);
    bool held = order->held >= 0 ? order->held != 0 : sqlite3_column_int(row, 3) != 0;
    sqlite3_reset(row);
    const char *refusal = order->as_client ? answer_refusal(state, order, from) : NULL;
    if (refusal)
        return refusal;
    if (order->set_status || order->held >= 0)
        link_change(state, id, order->set_status ? order->status : from, NULL, start_ms, held, 0,
                    now_ms, timing);
    state_run(state,
              "UPDATE links SET held = ?2, will_fail = iif(?3 < 0, will_fail, ?3) WHERE id = ?1",
              "iii", id, (int64_t)held, (int64_t)order->will_fail);
    return NULL;
}

void links_advance(struct state *state, int64_t now_ms, const struct link_timing *timing)
{
    for (;;) {
        sqlite3_stmt *row = state_query(state,
                                        "SELECT id, status, start_ms, will_fail, due_ms FROM links"
                                        " WHERE due_ms <= ?1 ORDER BY due_ms, id LIMIT 1",
                                        "i", now_ms);
        if (!state_row(state, row))
            return;
        int64_t id = sqlite3_column_int64(row, 0);
        enum link_status from = (enum link_status)sqlite3_column_int(row, 1);
        int64_t start_ms = sqlite3_column_int64(row, 2);
        bool will_fail = sqlite3_column_int(row, 3) != 0;
        int64_t due_ms = sqlite3_column_int64(row, 4);
        sqlite3_reset(row);
        enum link_status to = link_status_next(from, will_fail);
        link_change(state, id, to, NULL, start_ms, false, 0, due_ms, timing);
        if (to == LINK_FAILED || to == UNLINK_FAILED)
            state_run(state, "UPDATE links SET will_fail = 0 WHERE id = ?1", "i", id);
    }
}
