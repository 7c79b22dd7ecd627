#include "sim/state/directory.h"

#include <stdsoap2.h>

#include <openssl/evp.h>

#define CUSTOMER_COLUMNS "SELECT id, number, name, agency, version FROM customers "
#define ACCOUNT_COLUMNS                                                                            \
    "SELECT id, number, name, customer_id, prepaid, status, version FROM accounts "

static bool read_customer(struct state *state, struct soap *arena, sqlite3_stmt *row,
                          struct customer *out)
{
    if (!state_row(state, row))
        return false;
    out->id = sqlite3_column_int64(row, 0);
    out->number = soap_strdup(arena, state_text(row, 1));
    out->name = soap_strdup(arena, state_text(row, 2));
    out->agency = sqlite3_column_int(row, 3) != 0;
    out->version = sqlite3_column_int64(row, 4);
    sqlite3_reset(row);
    return true;
}

bool customer_by_id(struct state *state, struct soap *arena, int64_t id, struct customer *out)
{
    return read_customer(
        state, arena, state_query(state, CUSTOMER_COLUMNS "WHERE id = ?1 AND NOT deleted", "i", id),
        out);
}

bool customer_by_number(struct state *state, struct soap *arena, const char *number,
                        struct customer *out)
{
    return read_customer(
        state, arena,
        state_query(state, CUSTOMER_COLUMNS "WHERE number = ?1 AND NOT deleted", "t", number), out);
}

void account_read(sqlite3_stmt *row, struct account *out)
{
    *out = (struct account){.id = sqlite3_column_int64(row, 0),
                            .number = state_text(row, 1),
                            .name = state_text(row, 2),
                            .customer_id = sqlite3_column_int64(row, 3),
                            .prepaid = sqlite3_column_int(row, 4) != 0,
                            .status = state_text(row, 5),
                            .version = sqlite3_column_int64(row, 6)};
}

static bool find_account(struct state *state, struct soap *arena, sqlite3_stmt *row,
                         struct account *out)
{
    if (!state_row(state, row))
        return false;
    account_read(row, out);
    out->number = soap_strdup(arena, out->number);
    out->name = soap_strdup(arena, out->name);
    out->status = soap_strdup(arena, out->status);
    sqlite3_reset(row);
    return true;
}

bool account_by_id(struct state *state, struct soap *arena, int64_t id, struct account *out)
{
    return find_account(state, arena, state_query(state, ACCOUNT_COLUMNS "WHERE id = ?1", "i", id),
                        out);
}

bool account_by_number(struct state *state, struct soap *arena, const char *number,
                       struct account *out)
{
    return find_account(state, arena,
                        state_query(state, ACCOUNT_COLUMNS "WHERE number = ?1", "t", number), out);
}

bool user_by_id(struct state *state, struct soap *arena, int64_t id, struct user *out)
{
    sqlite3_stmt *row =
        state_query(state,
                    "SELECT id, customer_id, user_name, first_name, last_name, email, phone,"
                    " status, version FROM users WHERE id = ?1",
                    "i", id);
    if (!state_row(state, row))
        return false;
    out->id = sqlite3_column_int64(row, 0);
    out->customer_id = sqlite3_column_int64(row, 1);
    out->user_name = soap_strdup(arena, state_text(row, 2));
    out->first_name = soap_strdup(arena, state_text(row, 3));
    out->last_name = soap_strdup(arena, state_text(row, 4));
    out->email = soap_strdup(arena, state_text(row, 5));
    out->phone = soap_strdup(arena, state_text(row, 6));
    out->status = soap_strdup(arena, state_text(row, 7));
    out->version = sqlite3_column_int64(row, 8);
    sqlite3_reset(row);
    return true;
}

bool user_has_role(struct state *state, int64_t user_id, int role)
{
    return state_number(state, 0, "SELECT 1 FROM user_roles WHERE user_id = ?1 AND role_id = ?2",
                        "ii", user_id, (int64_t)role) != 0;
}

bool customer_reaches(struct state *state, int64_t customer_id, int64_t other_id)
{
    return state_number(state, 0, "SELECT ?2 IN " CUSTOMERS_BELOW("?1"), "ii", customer_id,
                        other_id) != 0;
}

int64_t customer_levels_below(struct state *state, int64_t customer_id)
{
    return state_number(state, 0, WITH_BELOW("?1") " SELECT max(level) FROM below", "i",
                        customer_id);
}

int64_t customer_levels_above(struct state *state, int64_t customer_id)
{
    return state_number(
        state, 0,
        "WITH RECURSIVE above(id, level) AS (SELECT ?1, 0 UNION"
        " SELECT k.customer_id, above.level + 1 FROM above JOIN links k"
        " ON k.client_customer_id = above.id WHERE k.newest AND k.status IN " MANAGED_STATUSES
        " AND above.level < 5) SELECT max(level) FROM above",
        "i", customer_id);
}

void version_text(int64_t version, char text[VERSION_TEXT_SIZE])
{
    unsigned char bytes[8];
    for (int i = 7; i >= 0; i--, version >>= 8)
        bytes[i] = (unsigned char)(version & 0xff);
    EVP_EncodeBlock((unsigned char *)text, bytes, sizeof bytes);
}

int64_t counter_next(struct state *state, const char *name)
{
    return state_number(state, 0,
                        "INSERT INTO counters(name, value) VALUES(?1, 1)"
                        " ON CONFLICT(name) DO UPDATE SET value = value + 1 RETURNING value",
                        "t", name);
}
