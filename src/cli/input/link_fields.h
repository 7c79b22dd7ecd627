/*
 * The fields of ClientLink, in one list: what inputs call them, where they stand in
 * bacm_client_link, and how a record of a link shows them. A new field is one line here.
 */
#ifndef BACM_CLI_INPUT_LINK_FIELDS_H
#define BACM_CLI_INPUT_LINK_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include <bacm/links.h>

enum field_kind { FIELD_INTEGER, FIELD_TEXT, FIELD_BOOLEAN, FIELD_LINK_TYPE };

/* Who sets it. */
enum field_use {
    FIELD_TO_ADD, /* a column of an input */
    FIELD_OURS,   /* no element of ClientLink: records have it, and so an input may */
    FIELD_SERVICE /* the service alone: passed over in an input */
};

/*
 * In the order of a record. X(id, element of v13, of v11 where that is another, key in a
 * record, kind, member, use, only with links of customers, title in a table (NULL: it is
 * not there), width (0: as wide as it comes), right)
 */
#define LINK_FIELD_LIST(X)                                                                         \
    X(CLIENT_ID, "ClientEntityId", "ClientAccountId", "clientAccountId", INTEGER,                  \
      client_account_id, TO_ADD, false, "Account id", 12, true)                                    \
    X(CLIENT_NUMBER, "ClientEntityNumber", "ClientAccountNumber", "clientAccountNumber", TEXT,     \
      client_account_number, TO_ADD, false, "Number", 9, false)                                    \
    X(TYPE, "Type", NULL, "type", LINK_TYPE, type, TO_ADD, true, NULL, 0, false)                   \
    X(CUSTOMER_ID, "ClientCustomerId", NULL, "clientCustomerId", INTEGER, client_customer_id,      \
      OURS, true, "Customer id", 12, true)                                                         \
    X(CUSTOMER_NUMBER, "ClientCustomerNumber", NULL, "clientCustomerNumber", TEXT,                 \
      client_customer_number, OURS, true, NULL, 0, false)                                          \
    X(ENTITY_NAME, "ClientEntityName", NULL, "clientEntityName", TEXT, client_entity_name,         \
      SERVICE, true, NULL, 0, false)                                                               \
    X(ENTITY_CUSTOMER_NUMBER, "ClientEntityCustomerNumber", NULL, "clientEntityCustomerNumber",    \
      TEXT, client_entity_customer_number, TO_ADD, true, NULL, 0, false)                           \
    X(MANAGING_CUSTOMER_ID, "ManagingCustomerId", NULL, "managingCustomerId", INTEGER,             \
      managing_customer_id, TO_ADD, false, "Manager", 12, true)                                    \
    X(MANAGING_CUSTOMER_NUMBER, "ManagingCustomerNumber", NULL, "managingCustomerNumber", TEXT,    \
      managing_customer_number, TO_ADD, false, NULL, 0, false)                                     \
    X(MANAGING_CUSTOMER_NAME, "ManagingCustomerName", NULL, "managingCustomerName", TEXT,          \
      managing_customer_name, SERVICE, true, NULL, 0, false)                                       \
    X(STATUS, "Status", NULL, "status", TEXT, status_text, SERVICE, false, "Status", 16, false)    \
    X(NAME, "Name", NULL, "name", TEXT, name, TO_ADD, false, "Name", 26, false)                    \
    X(NOTE, "Note", NULL, "note", TEXT, note, TO_ADD, false, NULL, 0, false)                       \
    X(INVITER_EMAIL, "InviterEmail", NULL, "inviterEmail", TEXT, inviter_email, TO_ADD, false,     \
      NULL, 0, false)                                                                              \
    X(INVITER_NAME, "InviterName", NULL, "inviterName", TEXT, inviter_name, TO_ADD, false, NULL,   \
      0, false)                                                                                    \
    X(INVITER_PHONE, "InviterPhone", NULL, "inviterPhone", TEXT, inviter_phone, TO_ADD, false,     \
      NULL, 0, false)                                                                              \
    X(IS_BILL_TO_CLIENT, "IsBillToClient", NULL, "isBillToClient", BOOLEAN, is_bill_to_client,     \
      TO_ADD, false, NULL, 0, false)                                                               \
    X(START_DATE, "StartDate", NULL, "startDate", TEXT, start_date, TO_ADD, false, NULL, 0, false) \
    X(SUPPRESS_NOTIFICATION, "SuppressNotification", NULL, "suppressNotification", BOOLEAN,        \
      suppress_notification, TO_ADD, false, NULL, 0, false)                                        \
    X(LAST_MODIFIED, "LastModifiedDateTime", NULL, "lastModifiedDateTime", TEXT,                   \
      last_modified_date_time, SERVICE, false, "Last modified", 0, false)                          \
    X(LAST_MODIFIED_BY, "LastModifiedByUserId", NULL, "lastModifiedByUserId", INTEGER,             \
      last_modified_by_user_id, SERVICE, false, NULL, 0, false)                                    \
    X(TIMESTAMP, "Timestamp", NULL, "timestamp", TEXT, timestamp, SERVICE, false, NULL, 0, false)  \
    X(CUSTOMER_LINK_PERMISSION, "CustomerLinkPermission", NULL, "customerLinkPermission", TEXT,    \
      customer_link_permission, TO_ADD, true, NULL, 0, false)

#define LINK_FIELD_ENUM_(id, name, v11, key, kind, member, use, customers, title, width, right)    \
    ROW_##id,
enum row_field {
    LINK_FIELD_LIST(LINK_FIELD_ENUM_) ROW_FIELD_COUNT,
    ROW_PASSED_OVER /* a column or key that is not used */
};
#undef LINK_FIELD_ENUM_

struct link_field {
    const char *name;
    const char *as_account; /* v11's name; NULL: the same */
    const char *key;
    enum field_kind kind;
    size_t offset; /* of the member of bacm_client_link */
    enum field_use use;
    bool customer_links;
};

extern const struct link_field link_fields[ROW_FIELD_COUNT];

#endif
