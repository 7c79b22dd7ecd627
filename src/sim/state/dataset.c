#include "sim/state/dataset.h"

#include "sim/state/datetime.h"
#include "sim/state/directory.h"
#include "sim/state/links.h"
#include "sim/state/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_SIZE 24

/* What a loader of one item needs besides the item. */
struct loading {
    struct state *state;
    int64_t now_ms;
    const struct link_timing *timing;
};

typedef bool item_loader(const struct loading *loading, json_t *item, json_error_t *error);

static bool is_among(const char *name, const char *const *names)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

static bool reject(json_error_t *error, const char *reason)
{
    snprintf(error->text, sizeof error->text, "%s", reason);
    return false;
}

static bool load_customer(const struct loading *loading, json_t *item, json_error_t *error)
{
    json_int_t id;
    const char *number = NULL;
    const char *name;
    int agency = 0;
    char default_number[NUMBER_SIZE];
    if (json_unpack_ex(item, error, 0, "{s:I,s?s,s:s,s?b!}", "id", &id, "number", &number, "name",
                       &name, "agency", &agency) != 0)
        return false;
    snprintf(default_number, sizeof default_number, "C%" JSON_INTEGER_FORMAT, id);
    state_run(loading->state,
              "INSERT INTO customers(id, number, name, agency) VALUES(?1, ?2, ?3, ?4)", "itti",
              (int64_t)id, number ? number : default_number, name, (int64_t)agency);
    return true;
}

static bool load_account(const struct loading *loading, json_t *item, json_error_t *error)
{
    json_int_t id;
    json_int_t customer_id;
    const char *number = NULL;
    const char *name;
    const char *status = "Active";
    int prepaid = 0;
    char default_number[NUMBER_SIZE];
    if (json_unpack_ex(item, error, 0, "{s:I,s?s,s:s,s:I,s?b,s?s!}", "id", &id, "number", &number,
                       "name", &name, "customerId", &customer_id, "prepaid", &prepaid, "status",
                       &status) != 0)
        return false;
    static const char *const statuses[] = {"Draft",   "Active",    "Inactive", "Pause",
                                           "Pending", "Suspended", NULL};
    if (!is_among(status, statuses))
        return reject(error, "status is not an AccountLifeCycleStatus");
    snprintf(default_number, sizeof default_number, "X%07" JSON_INTEGER_FORMAT, id);
    state_run(loading->state,
              "INSERT INTO accounts(id, number, name, customer_id, prepaid, status)"
              " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
              "ittiit", (int64_t)id, number ? number : default_number, name, (int64_t)customer_id,
              (int64_t)prepaid, status);
    return true;
}

static bool load_numbers(struct state *state, const char *sql, int64_t user_id, json_t *numbers)
{
    size_t index;
    json_t *number;
    json_array_foreach(numbers, index, number)
    {
        if (!json_is_integer(number))
            return false;
        state_run(state, sql, "ii", user_id, (int64_t)json_integer_value(number));
    }
    return true;
}

static bool load_user(const struct loading *loading, json_t *item, json_error_t *error)
{
    json_int_t id;
    json_int_t customer_id;
    const char *user_name;
    const char *password = NULL;
    const char *first_name = NULL;
    const char *last_name = NULL;
    const char *email = NULL;
    const char *phone = NULL;
    const char *status = "Active";
    json_t *roles;
    json_t *accounts = NULL;
    if (json_unpack_ex(item, error, 0, "{s:I,s:I,s:s,s?s,s?s,s?s,s?s,s?s,s?s,s:o,s?o!}", "id", &id,
                       "customerId", &customer_id, "userName", &user_name, "password", &password,
                       "firstName", &first_name, "lastName", &last_name, "email", &email, "phone",
                       &phone, "status", &status, "roles", &roles, "accounts", &accounts) != 0)
        return false;
    static const char *const statuses[] = {"Pending", "Active", "Inactive", "Deleted", NULL};
    if (!is_among(status, statuses))
        return reject(error, "status is not a UserLifeCycleStatus");
    state_run(loading->state,
              "INSERT INTO users(id, customer_id, user_name, password, first_name, last_name,"
              " email, phone, status) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
              "iittttttt", (int64_t)id, (int64_t)customer_id, user_name, password, first_name,
              last_name, email, phone, status);
    if (!load_numbers(loading->state, "INSERT INTO user_roles(user_id, role_id) VALUES(?1, ?2)", id,
                      roles) ||
        !load_numbers(loading->state,
                      "INSERT INTO user_accounts(user_id, account_id) VALUES(?1, ?2)", id,
                      accounts))
        return reject(error, "roles and accounts must be lists of numbers");
    return true;
}

static bool load_developer_token(const struct loading *loading, json_t *item, json_error_t *error)
{
    const char *token;
    json_int_t user_id = 0;
    if (json_unpack_ex(item, error, 0, "{s:s,s?I!}", "token", &token, "userId", &user_id) != 0)
        return false;
    state_run(loading->state,
              "INSERT INTO developer_tokens(token, user_id) VALUES(?1, nullif(?2, 0))", "ti", token,
              (int64_t)user_id);
    return true;
}

static bool load_access_token(const struct loading *loading, json_t *item, json_error_t *error)
{
    const char *token;
    json_int_t user_id;
    int expired = 0;
    if (json_unpack_ex(item, error, 0, "{s:s,s:I,s?b!}", "token", &token, "userId", &user_id,
                       "expired", &expired) != 0)
        return false;
    state_run(loading->state,
              "INSERT INTO access_tokens(token, user_id, expires_ms)"
              " VALUES(?1, ?2, iif(?3, 0, NULL))",
              "tii", token, (int64_t)user_id, (int64_t)expired);
    return true;
}

static bool load_oauth_client(const struct loading *loading, json_t *item, json_error_t *error)
{
    const char *client_id;
    const char *secret = NULL;
    const char *redirect_uri = NULL;
    if (json_unpack_ex(item, error, 0, "{s:s,s?s,s?s!}", "clientId", &client_id, "secret", &secret,
                       "redirectUri", &redirect_uri) != 0)
        return false;
    state_run(loading->state,
              "INSERT INTO oauth_clients(client_id, secret, redirect_uri) VALUES(?1, ?2, ?3)",
              "ttt", client_id, secret, redirect_uri);
    return true;
}

static bool load_refresh_token(const struct loading *loading, json_t *item, json_error_t *error)
{
    const char *token;
    const char *client_id;
    json_int_t user_id;
    int revoked = 0;
    if (json_unpack_ex(item, error, 0, "{s:s,s:s,s:I,s?b!}", "token", &token, "clientId",
                       &client_id, "userId", &user_id, "revoked", &revoked) != 0)
        return false;
    state_run(loading->state,
              "INSERT INTO refresh_tokens(token, client_id, user_id, revoked)"
              " VALUES(?1, ?2, ?3, ?4)",
              "ttii", token, client_id, (int64_t)user_id, (int64_t)revoked);
    return true;
}

static bool load_link(const struct loading *loading, json_t *item, json_error_t *error)
{
    struct link link = {.start_ms = loading->now_ms};
    const char *status = "LinkPending";
    json_int_t account_id = 0;
    json_int_t client_customer_id = 0;
    json_int_t customer_id;
    json_int_t user_id = 0;
    json_t *map = NULL;
    int bill_to_client = 0;
    int suppress = 0;
    int held = 0;
    char now[DATETIME_TEXT_SIZE];
    datetime_format(loading->now_ms, now);
    link.start_date = now;
    if (json_unpack_ex(item, error, 0,
                       "{s?I,s?I,s?s,s:I,s?s,s?s,s?s,s?s,s?s,s?s,s?b,s?s,s?b,s?s,s?I,s?s,s?o,s?b!}",
                       "accountId", &account_id, "clientCustomerId", &client_customer_id,
                       "customerLinkPermission", &link.permission, "managingCustomerId",
                       &customer_id, "status", &status, "note", &link.note, "name", &link.name,
                       "inviterEmail", &link.inviter_email, "inviterName", &link.inviter_name,
                       "inviterPhone", &link.inviter_phone, "isBillToClient", &bill_to_client,
                       "startDate", &link.start_date, "suppressNotification", &suppress,
                       "lastModified", &link.modified, "lastModifiedByUserId", &user_id,
                       "timestamp", &link.timestamp, "forwardCompatibilityMap", &map, "held",
                       &held) != 0)
        return false;
    struct datetime start;
    if (!account_id == !client_customer_id)
        return reject(error, "a link has either an accountId or a clientCustomerId");
    if (client_customer_id && !link.permission)
        link.permission = "Standard";
    if (!link_status_parse(status, &link.status))
        return reject(error, "status is not a ClientLinkStatus");
    if (!datetime_parse(link.start_date, &start))
        return reject(error, "startDate is not an xs:dateTime");
    char *map_text = map ? json_dumps(map, JSON_COMPACT) : NULL;
    link.key = (struct link_key){account_id, client_customer_id, customer_id};
    link.bill_to_client = bill_to_client != 0;
    link.suppress_notification = suppress != 0;
    link.held = held != 0;
    link.start_ms = start.ms;
    link.map = map_text;
    link_insert(loading->state, &link, user_id, loading->now_ms, loading->timing);
    free(map_text);
    return true;
}

static const struct {
    const char *key;
    item_loader *load;
} sections[] = {
    {"customers", load_customer},
    {"accounts", load_account},
    {"users", load_user},
    {"developerTokens", load_developer_token},
    {"accessTokens", load_access_token},
    {"oauthClients", load_oauth_client},
    {"refreshTokens", load_refresh_token},
    {"links", load_link},
};

static item_loader *find_loader(const char *key)
{
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        if (strcmp(sections[i].key, key) == 0)
            return sections[i].load;
    }
    return NULL;
}

/* The first text, or name, that no reply could carry; NULL when there is none. */
static const char *find_unsendable(json_t *value)
{
    const char *key;
    size_t index;
    json_t *inner;
    const char *found = NULL;
    if (json_is_string(value) &&
        !text_can_be_sent(json_string_value(value), json_string_length(value)))
        return json_string_value(value);
    json_array_foreach(value, index, inner)
    {
        found = found ? found : find_unsendable(inner);
    }
    json_object_foreach(value, key, inner)
    {
        if (!found && !text_can_be_sent(key, strlen(key)))
            found = key;
        found = found ? found : find_unsendable(inner);
    }
    return found;
}

json_t *dataset_read(const char *path, char error[DATASET_ERROR_SIZE])
{
    json_error_t failure;
    json_t *data = json_load_file(path, JSON_REJECT_DUPLICATES, &failure);
    if (!data)
        snprintf(error, DATASET_ERROR_SIZE, "%s line %d: %s", path, failure.line, failure.text);
    return data;
}

/* What one section says of another: the query finds the first value that is not there. */
#define NOT_AMONG(COLUMN, TABLE, OTHERS)                                                           \
    "SELECT " COLUMN " FROM " TABLE " WHERE " COLUMN " NOT IN (SELECT id FROM " OTHERS ") LIMIT 1"

static const struct {
    const char *place;
    const char *others;
    const char *sql;
} references[] = {
    {"accounts: customerId", "customers", NOT_AMONG("customer_id", "accounts", "customers")},
    {"users: customerId", "customers", NOT_AMONG("customer_id", "users", "customers")},
    {"users: accounts", "accounts", NOT_AMONG("account_id", "user_accounts", "accounts")},
    {"developerTokens: userId", "users", NOT_AMONG("user_id", "developer_tokens", "users")},
    {"accessTokens: userId", "users", NOT_AMONG("user_id", "access_tokens", "users")},
    {"refreshTokens: userId", "users", NOT_AMONG("user_id", "refresh_tokens", "users")},
    {"links: managingCustomerId", "customers", NOT_AMONG("customer_id", "links", "customers")},
    {"links: accountId", "accounts",
     "SELECT account_id FROM links WHERE account_id <> 0"
     " AND account_id NOT IN (SELECT id FROM accounts) LIMIT 1"},
    {"links: clientCustomerId", "customers",
     "SELECT client_customer_id FROM links WHERE client_customer_id <> 0"
     " AND client_customer_id NOT IN (SELECT id FROM customers) LIMIT 1"},
};

/* All that is named by its id is there; else the reason says which is not. */
static bool references_hold(struct state *state, char error[DATASET_ERROR_SIZE])
{
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        int64_t dangling = state_number(state, INT64_MIN, references[i].sql, "");
        if (dangling == INT64_MIN)
            continue;
        snprintf(error, DATASET_ERROR_SIZE, "%s %" PRId64 " is not among the %s",
                 references[i].place, dangling, references[i].others);
        return false;
    }
    return true;
}

bool dataset_load(struct state *state, json_t *data, int64_t now_ms,
                  const struct link_timing *timing, char error[DATASET_ERROR_SIZE])
{
    const struct loading loading = {state, now_ms, timing};
    const char *key;
    json_t *items;
    if (!json_is_object(data)) {
        snprintf(error, DATASET_ERROR_SIZE, "a data set is a JSON object; see --print-data");
        return false;
    }
    const char *unsendable = find_unsendable(data);
    if (unsendable) {
        snprintf(error, DATASET_ERROR_SIZE, "\"%.60s\" has a character that XML forbids",
                 unsendable);
        return false;
    }
    json_object_foreach(data, key, items)
    {
        item_loader *load = find_loader(key);
        if (!load || !json_is_array(items)) {
            snprintf(error, DATASET_ERROR_SIZE, "%.60s is not a section of a data set", key);
            return false;
        }
        for (size_t i = 0; i < json_array_size(items); i++) {
            json_error_t failure;
            if (!load(&loading, json_array_get(items, i), &failure) || state->failed) {
                snprintf(error, DATASET_ERROR_SIZE, "%.60s[%zu]: %.120s", key, i,
                         state->failed ? state->reason : failure.text);
                return false;
            }
        }
    }
    return references_hold(state, error);
}
