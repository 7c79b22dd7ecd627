#include "cli/input/pairs.h"

#include <stdlib.h>

#include <sqlite3.h>

#include "cli/terminal/message.h"

/* Pages in memory, in KiB. */
#define CACHE_KIB "512"

struct pairs {
    sqlite3 *db;
    sqlite3_stmt *add;
    sqlite3_stmt *look_up;
    struct pairs_found repeated;
};

/*
 * Nothing needs to survive: no journal, no wait for the disk, one transaction. NOCASE: what
 * a pair is says bacm_client_link_same_pair(), to which numbers have no case.
 */
static const char schema[] = "PRAGMA journal_mode = OFF;"
                             "PRAGMA synchronous = OFF;"
                             "PRAGMA temp_store = FILE;"
                             "PRAGMA cache_size = -" CACHE_KIB ";"
                             "CREATE TABLE pair (position INTEGER PRIMARY KEY, line INTEGER,"
                             "                   is_customer INTEGER,"
                             "                   client COLLATE NOCASE, manager COLLATE NOCASE);"
                             "CREATE TABLE repeated (position INTEGER PRIMARY KEY, line INTEGER,"
                             "                       is_customer INTEGER, first_line INTEGER);"
                             "BEGIN;";

static const char find_sql[] =
    "INSERT INTO repeated"
    "  SELECT position, line, is_customer, first_line FROM"
    "    (SELECT position, line, is_customer, first_value(line) OVER same AS first_line,"
    "            row_number() OVER same AS nth"
    "       FROM pair"
    "       WINDOW same AS (PARTITION BY is_customer, client,"
    "                                    coalesce(manager, ?1) COLLATE NOCASE"
    "                       ORDER BY position))"
    "    WHERE nth > 1";

static bool failed(const struct pairs *pairs)
{
    message_error("temporary database of the clients: %s; set TMPDIR to a folder with more room",
                  sqlite3_errmsg(pairs->db));
    return false;
}

static sqlite3_stmt *prepare(struct pairs *pairs, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(pairs->db, sql, -1, &statement, NULL) != SQLITE_OK)
        failed(pairs);
    return statement;
}

struct pairs *pairs_open(void)
{
    struct pairs *pairs = calloc(1, sizeof *pairs);

    if (pairs == NULL) {
        message_error("out of memory");
        return NULL;
    }
    /* No name: a file of its own, removed when it is closed. */
    if (sqlite3_open("", &pairs->db) != SQLITE_OK ||
        sqlite3_exec(pairs->db, schema, NULL, NULL, NULL) != SQLITE_OK)
        failed(pairs);
    else
        pairs->add = prepare(pairs, "INSERT INTO pair VALUES (?1, ?2, ?3, ?4, ?5)");
    if (pairs->add != NULL)
        pairs->look_up = prepare(pairs, "SELECT first_line FROM repeated WHERE position = ?1");
    if (pairs->look_up == NULL) {
        pairs_close(pairs);
        return NULL;
    }
    return pairs;
}

/* An id or a number, whichever is there; neither is NULL. */
static void bind_key(sqlite3_stmt *statement, int at, int64_t id, const char *number)
{
    if (id != 0)
        sqlite3_bind_int64(statement, at, id);
    else
        sqlite3_bind_text(statement, at, number, -1, SQLITE_STATIC);
}

bool pairs_add(struct pairs *pairs, const struct row *row)
{
    const bacm_client_link *link = &row->link;
    bool is_customer = row_is_customer(row);
    bool ok;

    sqlite3_bind_int64(pairs->add, 1, (sqlite3_int64)row->index);
    sqlite3_bind_int64(pairs->add, 2, (sqlite3_int64)row->line);
    sqlite3_bind_int(pairs->add, 3, is_customer);
    if (is_customer)
        bind_key(pairs->add, 4, link->client_customer_id, link->client_customer_number);
    else
        bind_key(pairs->add, 4, link->client_account_id, link->client_account_number);
    bind_key(pairs->add, 5, link->managing_customer_id, link->managing_customer_number);
    ok = sqlite3_step(pairs->add) == SQLITE_DONE || failed(pairs);
    sqlite3_reset(pairs->add);
    return ok;
}

static bool count_repeated(struct pairs *pairs)
{
    sqlite3_stmt *count =
        prepare(pairs, "SELECT count(*), coalesce(sum(is_customer), 0) FROM repeated");
    bool ok;

    if (count == NULL)
        return false;
    ok = sqlite3_step(count) == SQLITE_ROW || failed(pairs);
    pairs->repeated.rows = (uint64_t)sqlite3_column_int64(count, 0);
    pairs->repeated.customers = (uint64_t)sqlite3_column_int64(count, 1);
    sqlite3_finalize(count);
    return ok;
}

bool pairs_find(struct pairs *pairs, int64_t own_customer, struct pairs_found *found)
{
    sqlite3_stmt *find = NULL;
    bool ok = false;

    if (sqlite3_exec(pairs->db, "DELETE FROM repeated", NULL, NULL, NULL) != SQLITE_OK)
        return failed(pairs);
    find = prepare(pairs, find_sql);
    if (find == NULL)
        return false;
    if (own_customer != 0)
        sqlite3_bind_int64(find, 1, own_customer);
    ok = sqlite3_step(find) == SQLITE_DONE || failed(pairs);
    sqlite3_finalize(find);
    ok = ok && count_repeated(pairs);
    *found = pairs->repeated;
    return ok;
}

/* A row of which it cannot be told must not count as the first: it would be sent a second time. */
enum pairs_answer pairs_look_up(struct pairs *pairs, uint64_t index, unsigned long *first_line)
{
    enum pairs_answer answer;
    int code;

    if (pairs->repeated.rows == 0)
        return PAIRS_FIRST;
    sqlite3_bind_int64(pairs->look_up, 1, (sqlite3_int64)index);
    code = sqlite3_step(pairs->look_up);
    answer = code == SQLITE_ROW ? PAIRS_REPEATED : code == SQLITE_DONE ? PAIRS_FIRST : PAIRS_FAILED;
    if (answer == PAIRS_REPEATED)
        *first_line = (unsigned long)sqlite3_column_int64(pairs->look_up, 0);
    if (answer == PAIRS_FAILED)
        failed(pairs);
    sqlite3_reset(pairs->look_up);
    return answer;
}

void pairs_each(struct pairs *pairs, uint64_t limit, pairs_report *report, void *user)
{
    sqlite3_stmt *list = prepare(
        pairs, "SELECT line, first_line, is_customer FROM repeated ORDER BY position LIMIT ?1");

    if (list == NULL)
        return;
    sqlite3_bind_int64(list, 1, (sqlite3_int64)limit);
    while (sqlite3_step(list) == SQLITE_ROW)
        report((unsigned long)sqlite3_column_int64(list, 0),
               (unsigned long)sqlite3_column_int64(list, 1), sqlite3_column_int(list, 2) != 0,
               user);
    sqlite3_finalize(list);
}

unsigned long pairs_line_of_self(struct pairs *pairs, int64_t own_customer)
{
    sqlite3_stmt *find =
        prepare(pairs, "SELECT line FROM pair WHERE client = ?1 AND manager IS NULL LIMIT 1");
    unsigned long line = 0;

    if (find == NULL)
        return 0;
    sqlite3_bind_int64(find, 1, own_customer);
    if (sqlite3_step(find) == SQLITE_ROW)
        line = (unsigned long)sqlite3_column_int64(find, 0);
    sqlite3_finalize(find);
    return line;
}

void pairs_close(struct pairs *pairs)
{
    if (pairs == NULL)
        return;
    sqlite3_finalize(pairs->add);
    sqlite3_finalize(pairs->look_up);
    sqlite3_close(pairs->db);
    free(pairs);
}
