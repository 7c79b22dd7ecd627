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

/*
 * SQL for "the caller may see account a": it is the caller's own (?1 is the
 * customer) or managed by it, alone or with its whole customer, and the user
 * (?2) is not limited to others. Status numbers: Active, UnlinkPending,
 * UnlinkInProgress, UnlinkFailed.
 */
#define ACCOUNT_MANAGED                                                                            \
    "(a.id IN (SELECT account_id FROM links WHERE customer_id = ?1 AND newest"                     \
    " AND status IN (6, 9, 11, 13)) OR a.customer_id IN (SELECT client_customer_id FROM links"     \
    " WHERE customer_id = ?1 AND newest AND client_customer_id <> 0"                               \
    " AND status IN (6, 9, 11, 13)))"
#define ACCOUNT_VISIBLE                                                                            \
    "(a.customer_id = ?1 OR " ACCOUNT_MANAGED ") AND (a.id IN (SELECT account_id FROM"             \
    " user_accounts WHERE user_id = ?2) OR NOT EXISTS (SELECT 1 FROM user_accounts"                \
    " WHERE user_id = ?2))"

/* The next number of a counter that never goes back, from 1. */
int64_t counter_next(struct state *state, const char *name);

#endif
