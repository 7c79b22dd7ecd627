#include "sim/state/state.h"

#include "sim/state/complain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Numbers are the same in upper and lower case. */
static const char *const schema[] = {
    "CREATE TABLE IF NOT EXISTS customers(id INTEGER PRIMARY KEY,"
    " number TEXT NOT NULL COLLATE NOCASE UNIQUE, name TEXT NOT NULL,"
    " agency INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,"
    " version INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE IF NOT EXISTS accounts(id INTEGER PRIMARY KEY,"
    " number TEXT NOT NULL COLLATE NOCASE UNIQUE, name TEXT NOT NULL,"
    " customer_id INTEGER NOT NULL, prepaid INTEGER NOT NULL,"
    " status TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 0)",
    "CREATE INDEX IF NOT EXISTS account_owner ON accounts(customer_id, id)",
    "CREATE TABLE IF NOT EXISTS users(id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL,"
    " user_name TEXT NOT NULL UNIQUE, password TEXT, first_name TEXT, last_name TEXT, email TEXT,"
    " phone TEXT, status TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE IF NOT EXISTS user_roles(user_id INTEGER NOT NULL, role_id INTEGER NOT NULL,"
    " PRIMARY KEY(user_id, role_id)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS user_accounts(user_id INTEGER NOT NULL,"
    " account_id INTEGER NOT NULL, PRIMARY KEY(user_id, account_id)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS developer_tokens(token TEXT PRIMARY KEY, user_id INTEGER)",
    "CREATE TABLE IF NOT EXISTS access_tokens(token TEXT PRIMARY KEY, user_id INTEGER NOT NULL,"
    " expires_ms INTEGER)",
    "CREATE TABLE IF NOT EXISTS oauth_clients(client_id TEXT PRIMARY KEY, secret TEXT,"
    " redirect_uri TEXT)",
    "CREATE TABLE IF NOT EXISTS refresh_tokens(token TEXT PRIMARY KEY, user_id INTEGER NOT NULL,"
    " client_id TEXT NOT NULL, revoked INTEGER NOT NULL DEFAULT 0)",
    /* The first refresh token of a sign-in names the family of those that came of it. */
    "CREATE TABLE IF NOT EXISTS token_families(token TEXT PRIMARY KEY, family TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS device_codes(code TEXT PRIMARY KEY, user_code TEXT NOT NULL UNIQUE,"
    " client_id TEXT NOT NULL, scope TEXT, user_id INTEGER, denied INTEGER NOT NULL DEFAULT 0,"
    " expires_ms INTEGER NOT NULL, next_ms INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS authorization_codes(code TEXT PRIMARY KEY,"
    " user_id INTEGER NOT NULL, client_id TEXT NOT NULL, redirect_uri TEXT NOT NULL,"
    " challenge TEXT, challenge_method TEXT, scope TEXT, expires_ms INTEGER NOT NULL)",
    /* One row an invitation; `newest` marks the one that the service shows of a pair. */
    "CREATE TABLE IF NOT EXISTS links(id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL,"
    " customer_id INTEGER NOT NULL, newest INTEGER NOT NULL, status INTEGER NOT NULL, note TEXT,"
    " name TEXT, inviter_email TEXT, inviter_name TEXT, inviter_phone TEXT,"
    " bill_to_client INTEGER NOT NULL, start_date TEXT, start_ms INTEGER NOT NULL,"
    " suppress INTEGER NOT NULL, modified TEXT NOT NULL, modified_by INTEGER NOT NULL,"
    " timestamp TEXT, map TEXT, held INTEGER NOT NULL DEFAULT 0,"
    " will_fail INTEGER NOT NULL DEFAULT 0, due_ms INTEGER,"
    " client_customer_id INTEGER NOT NULL DEFAULT 0, permission TEXT)",
    "CREATE INDEX IF NOT EXISTS link_account ON links(account_id, customer_id) WHERE newest",
    "CREATE INDEX IF NOT EXISTS link_customer ON links(customer_id, account_id) WHERE newest",
    /* For ACCOUNT_VISIBLE, and the roles that v13 shows. */
    "CREATE INDEX IF NOT EXISTS link_managed ON links(customer_id, account_id)"
    " WHERE newest AND status IN (6, 9, 11, 13)",
    "CREATE INDEX IF NOT EXISTS link_due ON links(due_ms) WHERE due_ms IS NOT NULL",
    "CREATE TABLE IF NOT EXISTS link_history(link_id INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
    " status INTEGER NOT NULL, user_id INTEGER NOT NULL)",
    "CREATE INDEX IF NOT EXISTS history_link ON link_history(link_id)",
    "CREATE TABLE IF NOT EXISTS user_invitations(id INTEGER PRIMARY KEY, first_name TEXT,"
    " last_name TEXT, email TEXT, customer_id INTEGER NOT NULL, role TEXT, account_ids TEXT,"
    " lcid TEXT, expires_ms INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
};

/* What files of earlier releases lack. */
static const struct {
    const char *missing; /* a column */
    const char *add;
} additions[] = {
    {"client_customer_id",
     "ALTER TABLE links ADD COLUMN client_customer_id INTEGER NOT NULL DEFAULT 0"},
    {"permission", "ALTER TABLE links ADD COLUMN permission TEXT"},
};

static const char *const tables[] = {
    "customers",     "accounts",         "users",
    "user_roles",    "user_accounts",    "developer_tokens",
    "access_tokens", "oauth_clients",    "refresh_tokens",
    "links",         "link_history",     "authorization_codes",
    "counters",      "user_invitations", "token_families",
    "device_codes",
};

static void report(struct state *state, const char *what)
{
    complain("state: %.300s: %s", what, sqlite3_errmsg(state->db));
    snprintf(state->reason, sizeof state->reason, "%s", sqlite3_errmsg(state->db));
    state->failed = true;
}

static bool execute(struct state *state, const char *sql)
{
    if (sqlite3_exec(state->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    report(state, sql);
    return false;
}

static bool add_columns(struct state *state)
{
    for (size_t i = 0; i < sizeof additions / sizeof additions[0]; i++) {
        if (!state_number(state, 0, "SELECT 1 FROM pragma_table_info('links') WHERE name = ?1", "t",
                          additions[i].missing) &&
            !execute(state, additions[i].add))
            return false;
    }
    return execute(state, "CREATE INDEX IF NOT EXISTS link_client ON links(client_customer_id,"
                          " customer_id) WHERE newest AND client_customer_id <> 0");
}

bool state_open(struct state *state, const char *path)
{
    *state = (struct state){0};
    pthread_mutex_init(&state->lock, NULL);
    mode_t mask = umask(077); /* the file holds tokens */
    int opened =
        sqlite3_open_v2(path ? path : ":memory:", &state->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    umask(mask);
    if (opened != SQLITE_OK) {
        report(state, path ? path : "in memory");
        return false;
    }
    /* WAL with NORMAL survives the process being killed without a sync at each commit. */
    sqlite3_busy_timeout(state->db, 5000);
    bool ready =
        execute(state, "PRAGMA journal_mode=WAL") && execute(state, "PRAGMA synchronous=NORMAL");
    for (size_t i = 0; ready && i < sizeof schema / sizeof schema[0]; i++)
        ready = execute(state, schema[i]);
    return ready && add_columns(state);
}

void state_close(struct state *state)
{
    for (size_t i = 0; i < STATE_MAX_STATEMENTS; i++)
        sqlite3_finalize(state->statements[i]);
    sqlite3_close(state->db);
    pthread_mutex_destroy(&state->lock);
}

bool state_is_empty(struct state *state)
{
    return state_number(state, 0, "SELECT count(*) FROM (SELECT 1 FROM customers LIMIT 1)", "") ==
           0;
}

void state_clear(struct state *state)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i]);
        execute(state, sql);
    }
}

void state_begin(struct state *state)
{
    pthread_mutex_lock(&state->lock);
    state->failed = false;
    execute(state, "BEGIN IMMEDIATE");
}

bool state_end(struct state *state, bool keep)
{
    bool kept = keep && !state->failed && execute(state, "COMMIT");
    if (!kept && !sqlite3_get_autocommit(state->db))
        execute(state, "ROLLBACK");
    pthread_mutex_unlock(&state->lock);
    return kept || !keep;
}

static sqlite3_stmt *prepared(struct state *state, const char *sql)
{
    sqlite3_stmt **slot = state->statements;
    sqlite3_stmt **end = slot + STATE_MAX_STATEMENTS;
    for (; slot < end && *slot; slot++) {
        if (strcmp(sqlite3_sql(*slot), sql) == 0) {
            sqlite3_reset(*slot);
            return *slot;
        }
    }
    if (slot == end || sqlite3_prepare_v3(state->db, sql, -1, SQLITE_PREPARE_PERSISTENT, slot,
                                          NULL) != SQLITE_OK) {
        report(state, sql);
        return NULL;
    }
    return *slot;
}

static sqlite3_stmt *query(struct state *state, const char *sql, const char *types,
                           va_list arguments)
{
    sqlite3_stmt *statement = prepared(state, sql);
    for (int i = 1; statement && *types; i++, types++) {
        int bound = *types == 'i' ? sqlite3_bind_int64(statement, i, va_arg(arguments, int64_t))
                                  : sqlite3_bind_text(statement, i, va_arg(arguments, const char *),
                                                      -1, SQLITE_TRANSIENT);
        if (bound != SQLITE_OK)
            report(state, sql);
    }
    return statement;
}

sqlite3_stmt *state_query(struct state *state, const char *sql, const char *types, ...)
{
    va_list arguments;
    va_start(arguments, types);
    sqlite3_stmt *statement = query(state, sql, types, arguments);
    va_end(arguments);
    return statement;
}

bool state_row(struct state *state, sqlite3_stmt *statement)
{
    if (!statement)
        return false;
    int step = sqlite3_step(statement);
    if (step == SQLITE_ROW)
        return true;
    if (step != SQLITE_DONE)
        report(state, sqlite3_sql(statement));
    sqlite3_reset(statement);
    return false;
}

int state_run(struct state *state, const char *sql, const char *types, ...)
{
    va_list arguments;
    va_start(arguments, types);
    sqlite3_stmt *statement = query(state, sql, types, arguments);
    va_end(arguments);
    if (!statement)
        return 0;
    state_row(state, statement);
    return sqlite3_changes(state->db);
}

int64_t state_number(struct state *state, int64_t fallback, const char *sql, const char *types, ...)
{
    va_list arguments;
    va_start(arguments, types);
    sqlite3_stmt *statement = query(state, sql, types, arguments);
    va_end(arguments);
    int64_t value = fallback;
    if (state_row(state, statement)) {
        value = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
    }
    return value;
}

const char *state_text(sqlite3_stmt *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}
