/* Stored client links: finding, inviting, changing, moving on by the clock. */
#ifndef BACM_SIM_STATE_LINKS_H
#define BACM_SIM_STATE_LINKS_H

#include "sim/state/link_status.h"
#include "sim/state/sent_link.h"
#include "sim/state/state.h"

struct soap;

/* What tells links apart: an account or a whole customer, and who manages it. */
struct link_key {
    int64_t account_id;         /* 0: a link of a customer */
    int64_t client_customer_id; /* 0: a link of an account */
    int64_t customer_id;        /* the managing one */
};

/* Texts are kept as they were received, so that they can be given back unchanged. */
struct link {
    int64_t id;
    struct link_key key;
    enum link_status status;
    const char *client_number; /* of the account or customer */
    const char *client_name;
    const char *owner_number; /* of the customer that has the account; NULL for none */
    const char *customer_number;
    const char *customer_name;
    const char *permission; /* of a link of a customer */
    const char *note;
    const char *name;
    const char *inviter_email;
    const char *inviter_name;
    const char *inviter_phone;
    bool bill_to_client;
    const char *start_date;
    int64_t start_ms;
    bool suppress_notification;
    const char *modified;
    int64_t modified_by;
    const char *timestamp;
    const char *map; /* ForwardCompatibilityMap as a JSON object text, NULL for none */
    bool held;       /* does not move on by the clock */
};

/*
 * The columns that link_read() expects; l, a, k and c are the link, its account
 * if it has one, the customer that is the client, and the one that manages.
 */
#define LINK_COLUMNS                                                                               \
    "l.id, l.account_id, l.client_customer_id, l.customer_id, l.status,"                           \
    " coalesce(a.number, k.number), coalesce(a.name, k.name), iif(a.id, k.number, NULL),"          \
    " c.number, c.name, l.permission, l.note, l.name, l.inviter_email, l.inviter_name,"            \
    " l.inviter_phone, l.bill_to_client, l.start_date, l.start_ms, l.suppress, l.modified,"        \
    " l.modified_by, l.timestamp, l.map, l.held"
#define LINK_COLUMN_COUNT 25
#define LINK_JOINS                                                                                 \
    " LEFT JOIN accounts a ON a.id = l.account_id"                                                 \
    " LEFT JOIN customers k ON k.id = coalesce(a.customer_id, l.client_customer_id)"               \
    " JOIN customers c ON c.id = l.customer_id "
/* Links whose client side is known. */
#define LINK_WHOLE " (a.id IS NOT NULL OR (l.account_id = 0 AND k.id IS NOT NULL)) "

enum link_kind link_kind_of(const struct link_key *key);
const char *link_kind_name(enum link_kind kind);
/* NULL and "" are links of accounts; false for a name that is not of a kind. */
bool link_kind_parse(const char *name, enum link_kind *out);

/* Text points into the row and lives until its next step. */
void link_read(sqlite3_stmt *row, struct link *out);

/* The newest link of a pair, its text copied to the arena; false when there is none. */
bool link_find(struct state *state, struct soap *arena, const struct link_key *key,
               struct link *out);

/* Stores a new invitation (id, modified and timestamp are set here when NULL or 0). */
int64_t link_insert(struct state *state, const struct link *link, int64_t user_id, int64_t now_ms,
                    const struct link_timing *timing);

/* Puts a link into a state and gives it a new time stamp; note NULL: unchanged. */
void link_change(struct state *state, int64_t link_id, enum link_status status, const char *note,
                 int64_t start_ms, bool held, int64_t user_id, int64_t at_ms,
                 const struct link_timing *timing);

/* What a person at the controls does to the newest link of a pair. */
struct link_order {
    struct link_key key;
    bool set_status;
    enum link_status status;
    bool as_client; /* accepts or declines, by the rules */
    int held;       /* against the clock: 0, 1, or -1 for no change */
    int will_fail;  /* the next transition: 0, 1, or -1 for no change */
};

/* NULL when it was done, else why not. */
const char *link_override(struct state *state, const struct link_order *order, int64_t now_ms,
                          const struct link_timing *timing);

/* Whether an agency other than this one has the account: it can have but one. */
bool link_managed_by_other(struct state *state, const struct link_key *key);

/* Makes every move of the service that is due. */
void links_advance(struct state *state, int64_t now_ms, const struct link_timing *timing);

#endif
