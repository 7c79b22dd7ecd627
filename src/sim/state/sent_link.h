/* Client links and searches as they were sent, in the terms of no version. */
#ifndef BACM_SIM_STATE_SENT_LINK_H
#define BACM_SIM_STATE_SENT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum link_kind { LINK_OF_ACCOUNT, LINK_OF_CUSTOMER };

struct sent_number {
    bool given;
    int64_t value;
};

struct sent_bool {
    bool given;
    bool value;
};

struct sent_pair {
    const char *key;
    const char *value;
};

struct sent_map {
    bool given;
    size_t count;
    const struct sent_pair *pairs;
};

/* Texts are NULL when they are absent or nil, dates are texts as they came. */
struct sent_link {
    const char *type; /* NULL, "": of an account */
    enum link_kind kind;
    struct sent_number client_id;
    const char *client_number;
    const char *client_name;
    const char *client_customer_number;
    struct sent_number manager_id;
    const char *manager_number;
    const char *manager_name;
    const char *note;
    const char *name;
    const char *inviter_email;
    const char *inviter_name;
    const char *inviter_phone;
    struct sent_bool bill_to_client;
    const char *start_date;
    const char *status;
    struct sent_bool suppress_notification;
    const char *modified;
    struct sent_number modified_by;
    const char *timestamp;
    struct sent_map map;
    const char *permission;
};

struct sent_links {
    size_t count;
    const struct sent_link *links;
};

struct sent_predicate {
    const char *field;
    const char *operation; /* Equals, In, ... */
    const char *value;
};

struct sent_order {
    const char *field;
    const char *order;
};

struct sent_page {
    struct sent_number index;
    struct sent_number size;
};

struct sent_search {
    size_t count;
    const struct sent_predicate *predicates;
    bool ordered;
    struct sent_order order; /* the first one: the service ignores the others */
    struct sent_page page;
};

#endif
