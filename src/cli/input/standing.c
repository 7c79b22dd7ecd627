#include "cli/input/standing.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sqlite3.h>

#include "cli/terminal/message.h"

#define SECONDS_A_DAY 86400

struct standing {
    sqlite3 *db;
    sqlite3_stmt *add;
    sqlite3_stmt *look;
    char status_text[64];
    char modified[64];
};

/* The newest link of a pair comes from the search alone; numbers have no case. */
static const char schema[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
    "PRAGMA cache_size = -512;"
    "CREATE TABLE searched (manager INTEGER PRIMARY KEY);"
    "CREATE TABLE link (is_customer INTEGER, id INTEGER, number TEXT COLLATE NOCASE,"
    "                   manager INTEGER, status TEXT, modified TEXT);"
    "CREATE INDEX by_id ON link (id, manager);"
    "CREATE INDEX by_number ON link (number, manager);"
    "BEGIN;";

static const char look_sql[] = "SELECT status, modified FROM link"
                               " WHERE is_customer = ?1 AND manager = ?4 AND"
                               "       CASE WHEN ?2 <> 0 THEN id = ?2 ELSE number = ?3 END"
                               " ORDER BY modified DESC LIMIT 1";

static bool failed(const struct standing *standing)
{
    message_error("temporary database of the links: %s; set TMPDIR to a folder with more room",
                  sqlite3_errmsg(standing->db));
    return false;
}

struct standing *standing_open(void)
{
    struct standing *standing = calloc(1, sizeof *standing);

    if (standing == NULL) {
        message_error("out of memory");
        return NULL;
    }
    if (sqlite3_open("", &standing->db) == SQLITE_OK &&
        sqlite3_exec(standing->db, schema, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(standing->db, "INSERT INTO link VALUES (?1, ?2, ?3, ?4, ?5, ?6)", -1,
                           &standing->add, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(standing->db, look_sql, -1, &standing->look, NULL) == SQLITE_OK)
        return standing;
    failed(standing);
    standing_close(standing);
    return NULL;
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    sqlite3_bind_text(statement, at, text != NULL ? text : "", -1, SQLITE_STATIC);
}

static bool add(struct standing *standing, const bacm_client_link *link)
{
    sqlite3_stmt *to = standing->add;
    bool is_customer = link->client_customer_id != 0;
    bool ok;

    sqlite3_bind_int(to, 1, is_customer);
    sqlite3_bind_int64(to, 2, is_customer ? link->client_customer_id : link->client_account_id);
    bind_text(to, 3, is_customer ? link->client_customer_number : link->client_account_number);
    sqlite3_bind_int64(to, 4, link->managing_customer_id);
    bind_text(to, 5, link->status_text);
    bind_text(to, 6, link->last_modified_date_time);
    ok = sqlite3_step(to) == SQLITE_DONE || failed(standing);
    sqlite3_reset(to);
    return ok;
}

/* Whether it is the first time that this managing customer is asked for. */
static bool is_new(struct standing *standing, int64_t manager)
{
    char sql[96];

    sqlite3_snprintf(sizeof sql, sql, "INSERT OR IGNORE INTO searched VALUES (%lld)",
                     (long long)manager);
    sqlite3_exec(standing->db, sql, NULL, NULL, NULL);
    return sqlite3_changes(standing->db) > 0;
}

static bool read_links(struct standing *standing, bacm_link_iterator *links, bacm_error *error)
{
    const bacm_client_link *link = NULL;

    while (bacm_link_iterator_next(links, &link, error) == BACM_OK) {
        if (link == NULL)
            return true;
        if (!add(standing, link)) {
            *error = (bacm_error){.status = BACM_E_NO_MEMORY};
            return false;
        }
    }
    return false;
}

bool standing_search(struct standing *standing, bacm_client *client, const struct version *version,
                     int64_t manager, bacm_error *error)
{
    bacm_link_search search = BACM_LINK_SEARCH_INIT;
    bacm_link_iterator *links = NULL;
    bool ok;

    if (!is_new(standing, manager))
        return true;
    /* Where there is this predicate, the other one does not find links of customers. */
    if (version->links_customers)
        search.direct_managing_customer_id = manager;
    else
        search.managing_customer_id = manager;
    search.order = BACM_ORDER_BY_ACCOUNT_ID;
    ok = bacm_link_iterator_new(&links, client, &search, error) == BACM_OK &&
         read_links(standing, links, error);
    bacm_link_iterator_free(links);
    return ok;
}

/* Days until an invitation of that day expires; -1 when the day cannot be read. */
static int days_left(const char *modified)
{
    struct tm utc = {0};
    double days;

    if (strptime(modified, "%Y-%m-%dT%H:%M:%S", &utc) == NULL)
        return -1;
    days = STANDING_DAYS - difftime(time(NULL), timegm(&utc)) / SECONDS_A_DAY;
    return days <= 0 ? 0 : days > STANDING_DAYS ? STANDING_DAYS : (int)(days + 0.999);
}

static void keep(char *to, size_t size, sqlite3_stmt *from, int column)
{
    const char *text = (const char *)sqlite3_column_text(from, column);

    sqlite3_snprintf((int)size, to, "%s", text != NULL ? text : "");
}

bool standing_look(struct standing *standing, const bacm_client_link *link, int64_t own_customer,
                   struct stand *stand)
{
    sqlite3_stmt *look = standing->look;
    bool is_customer = link->type == BACM_CUSTOMER_LINK;
    int64_t manager = link->managing_customer_id;
    int code;

    sqlite3_bind_int(look, 1, is_customer);
    sqlite3_bind_int64(look, 2, is_customer ? link->client_customer_id : link->client_account_id);
    bind_text(look, 3, is_customer ? link->client_customer_number : link->client_account_number);
    sqlite3_bind_int64(look, 4, manager != 0 ? manager : own_customer);
    standing->status_text[0] = standing->modified[0] = '\0';
    code = sqlite3_step(look);
    if (code == SQLITE_ROW) {
        keep(standing->status_text, sizeof standing->status_text, look, 0);
        keep(standing->modified, sizeof standing->modified, look, 1);
    }
    sqlite3_reset(look);
    stand->status_text = standing->status_text;
    stand->modified = standing->modified;
    stand->status = bacm_link_status_parse(standing->status_text);
    stand->days_left =
        stand->status == BACM_STATUS_LINK_PENDING ? days_left(standing->modified) : -1;
    return code == SQLITE_ROW || code == SQLITE_DONE || failed(standing);
}

void standing_close(struct standing *standing)
{
    if (standing == NULL)
        return;
    sqlite3_finalize(standing->add);
    sqlite3_finalize(standing->look);
    sqlite3_close(standing->db);
    free(standing);
}
