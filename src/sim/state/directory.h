/* Customers, accounts and users: what the data set says about who is who. */
#ifndef BACM_SIM_STATE_DIRECTORY_H
#define BACM_SIM_STATE_DIRECTORY_H

#include "sim/state/state.h"

#define ROLE_CAMPAIGN_MANAGER 16
#define ROLE_AGGREGATOR       33
#define ROLE_SUPER_ADMIN      41
#define ROLE_CLIENT_VIEWER    100
#define ROLE_STANDARD         203

struct soap;

struct customer {
    int64_t id;
    const char *number;
    const char *name;
    bool agency;
    int64_t version;
};

struct account {
    int64_t id;
    const char *number;
    const char *name;
    int64_t customer_id;
    bool prepaid;
    const char *status;
    int64_t version;
};

struct user {
    int64_t id;
    int64_t customer_id;
    const char *user_name;
    const char *first_name;
    const char *last_name;
    const char *email;
    const char *phone;
    const char *status;
    int64_t version;
};

/*
 * Each finds one object and fills *out, with text that lives in the arena of
 * the call's engine context; false when there is no such object.
 */
bool customer_by_id(struct state *state, struct soap *arena, int64_t id, struct customer *out);
bool customer_by_number(struct state *state, struct soap *arena, const char *number,
                        struct customer *out);
bool account_by_id(struct state *state, struct soap *arena, int64_t id, struct account *out);
/* From the columns id, number, name, customer_id, prepaid, status, version; borrows text. */
void account_read(sqlite3_stmt *row, struct account *out);
bool account_by_number(struct state *state, struct soap *arena, const char *number,
                       struct account *out);
bool user_by_id(struct state *state, struct soap *arena, int64_t id, struct user *out);

bool user_has_role(struct state *state, int64_t user_id, int role);

#define VERSION_TEXT_SIZE 16

/* A version as the time stamp that the service shows: base64 of eight bytes. */
void version_text(int64_t version, char text[VERSION_TEXT_SIZE]);

/* Statuses of a link that gives access: Active, UnlinkPending, UnlinkInProgress, UnlinkFailed. */
#define MANAGED_STATUSES "(6, 9, 11, 13)"

/* How many links of whole customers may follow each other. */
#define HIERARCHY_LEVELS 5

/*
 * SQL for a customer (an expression) and those that are linked below it as a whole, over
 * all levels: a table `below` of id, permission of its own link, and level.
 */
#define WITH_BELOW(CUSTOMER)                                                                       \
    "WITH RECURSIVE below(id, permission, level) AS (SELECT " CUSTOMER ", NULL, 0 UNION"           \
    " SELECT k.client_customer_id, k.permission, below.level + 1 FROM below JOIN links k"          \
    " ON k.customer_id = below.id WHERE k.newest AND k.client_customer_id <> 0"                    \
    " AND k.status IN " MANAGED_STATUSES " AND below.level < 5)"
#define CUSTOMERS_BELOW(CUSTOMER) "(" WITH_BELOW(CUSTOMER) " SELECT id FROM below)"

/*
 * SQL for "the caller may see account a": it belongs to the caller's customer (?1) or one
 * below it, or is managed by one of them, and the user (?2) is not limited to others.
 */
#define ACCOUNT_VISIBLE                                                                            \
    "(a.customer_id IN " CUSTOMERS_BELOW(                                                          \
        "?1") " OR a.id IN (SELECT account_id FROM links WHERE"                                    \
              " newest AND status IN " MANAGED_STATUSES " AND customer_id IN " CUSTOMERS_BELOW(    \
                  "?1") "))"                                                                       \
                        " AND (a.id IN (SELECT account_id FROM user_accounts WHERE user_id = ?2)"  \
                        " OR NOT EXISTS (SELECT 1 FROM user_accounts WHERE user_id = ?2))"

/* Whether a customer is the other one or stands below it. */
bool customer_reaches(struct state *state, int64_t customer_id, int64_t other_id);

/* How many levels of links of whole customers stand below a customer, or above it. */
int64_t customer_levels_below(struct state *state, int64_t customer_id);
int64_t customer_levels_above(struct state *state, int64_t customer_id);

/* The next number of a counter that never goes back, from 1. */
int64_t counter_next(struct state *state, const char *name);

#endif
