/**
 * @file bacm/links.h
 * Client links: AddClientLinks, SearchClientLinks, UpdateClientLinks.
 *
 * The reply of a write holds no ids, only positions. Here result i always
 * belongs to link i of the call, or the call fails with
 * BACM_E_ALIGNMENT_LOST or BACM_E_UNKNOWN_OUTCOME; nothing is guessed. No entry at
 * all (PartialErrors absent, nil or empty) is not another number of entries than
 * links: it means that every link succeeded. A write
 * is sent once. When its reply is lost the outcome is unknown, and
 * bacm_links_search() tells what has happened.
 */
#ifndef BACM_LINKS_H
#define BACM_LINKS_H

#include <stdint.h>

#include <bacm/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Most links in one AddClientLinks or UpdateClientLinks call. */
#define BACM_MAX_LINKS_PER_CALL 10
/** Most links in one page of SearchClientLinks. */
#define BACM_MAX_PAGE_SIZE 1000
/** Most characters of ClientLink.Name. */
#define BACM_MAX_LINK_NAME 40
/** Most bytes of any other text of a link; the service documents no limit. */
#define BACM_MAX_LINK_TEXT_BYTES 65536

/** An element that may be absent: the wire tells absent from false. */
typedef enum bacm_tristate { BACM_ABSENT = 0, BACM_FALSE, BACM_TRUE } bacm_tristate;

/**
 * Statuses of type ClientLinkStatus. BACM_LINK_STATUS_UNKNOWN stands for a
 * value that this library does not know; status_text keeps it.
 */
#define BACM_LINK_STATUS_LIST(X)                                                                   \
    X(LINK_PENDING, "LinkPending")                                                                 \
    X(LINK_CANCELED, "LinkCanceled")                                                               \
    X(LINK_EXPIRED, "LinkExpired")                                                                 \
    X(LINK_ACCEPTED, "LinkAccepted")                                                               \
    X(LINK_DECLINED, "LinkDeclined")                                                               \
    X(LINK_IN_PROGRESS, "LinkInProgress")                                                          \
    X(ACTIVE, "Active")                                                                            \
    X(LINK_FAILED, "LinkFailed")                                                                   \
    X(UNLINK_REQUESTED, "UnlinkRequested")                                                         \
    X(UNLINK_PENDING, "UnlinkPending")                                                             \
    X(UNLINK_CANCELED, "UnlinkCanceled")                                                           \
    X(UNLINK_IN_PROGRESS, "UnlinkInProgress")                                                      \
    X(INACTIVE, "Inactive")                                                                        \
    X(UNLINK_FAILED, "UnlinkFailed")

#define BACM_LINK_STATUS_ENUM_(name, text) BACM_STATUS_##name,
typedef enum bacm_link_status {
    BACM_LINK_STATUS_ABSENT = 0,
    BACM_LINK_STATUS_UNKNOWN = 1,
    BACM_LINK_STATUS_FIRST_ = 1,
    BACM_LINK_STATUS_LIST(BACM_LINK_STATUS_ENUM_) BACM_LINK_STATUS_END_
} bacm_link_status;
#undef BACM_LINK_STATUS_ENUM_

/**
 * Name of a status on the wire, for instance "LinkPending".
 * @return static text; "" for absent, "unknown" for unknown. Threads: any. Since: 0.1.0
 */
BACM_API const char *bacm_link_status_text(bacm_link_status status);

/**
 * Status of a name on the wire.
 * @return BACM_LINK_STATUS_ABSENT for NULL or "", BACM_LINK_STATUS_UNKNOWN for a name
 *         that is not known. Threads: any. Since: 0.1.0
 */
BACM_API bacm_link_status bacm_link_status_parse(const char *text);

/**
 * What is linked with the managing customer, ClientLink.Type of v13. v11 knows
 * client accounts only. BACM_LINK_TYPE_UNKNOWN stands for a value that this library
 * does not know; type_text keeps it.
 */
typedef enum bacm_link_type {
    BACM_LINK_TYPE_ABSENT = 0, /**< as BACM_ACCOUNT_LINK */
    BACM_LINK_TYPE_UNKNOWN,
    BACM_ACCOUNT_LINK, /**< AccountLink: a client account */
    BACM_CUSTOMER_LINK /**< CustomerLink: a client customer, with all its accounts */
} bacm_link_type;

/**
 * Name of a type on the wire, for instance "AccountLink".
 * @return static text; "" for absent, "unknown" for unknown. Threads: any. Since: 0.1.0
 */
BACM_API const char *bacm_link_type_text(bacm_link_type type);

/**
 * Type of a name on the wire.
 * @return BACM_LINK_TYPE_ABSENT for NULL or "", BACM_LINK_TYPE_UNKNOWN for a name that
 *         is not known. Threads: any. Since: 0.1.0
 */
BACM_API bacm_link_type bacm_link_type_parse(const char *text);

/** Entry of ForwardCompatibilityMap, type KeyValuePairOfstringstring. */
typedef struct bacm_key_value {
    const char *key;
    const char *value;
} bacm_key_value;

/**
 * Type ClientLink, with the fields of all versions. Texts are UTF-8; NULL means that
 * the element is absent, 0 does for the ids. Start from BACM_CLIENT_LINK_INIT. What a
 * version cannot express is refused before anything is sent.
 *
 * v13 has one element ClientEntityId for both kinds of clients, and ClientEntityNumber
 * likewise: an account's are in client_account_id and -number, a customer's in
 * client_customer_id and -number.
 *
 * The service has announced for v13, without a day, that a client must be named by two
 * identities: an account by its id and client_entity_customer_number, a customer by its id
 * and number. They may be given now, and are sent as given; what does not match the
 * service refuses.
 */
typedef struct bacm_client_link {
    size_t struct_size;
    int64_t client_account_id;            /**< this or the number, not both */
    const char *client_account_number;    /**< "X" and 7 digits, or 8 letters and digits */
    int64_t managing_customer_id;         /**< this or the number, not both */
    const char *managing_customer_number; /**< "C" and digits */
    const char *note;                     /**< message to the client */
    const char *name;                     /**< at most BACM_MAX_LINK_NAME characters */
    const char *inviter_email;
    const char *inviter_name;
    const char *inviter_phone;
    bacm_tristate is_bill_to_client;     /**< false: the agency pays. v11: absent means false;
                                              v13 wants it said, for an AccountLink only */
    const char *start_date;              /**< YYYY-MM-DDThh:mm:ss, no zone */
    bacm_tristate suppress_notification; /**< absent or false: the client gets an e-mail */

    /* Set by the service; to be left alone for AddClientLinks. */
    bacm_link_status status;
    const char *status_text;             /**< the status as received */
    const char *last_modified_date_time; /**< UTC, as received */
    int64_t last_modified_by_user_id;
    const char *timestamp; /**< base64 text, as received */
    const bacm_key_value *forward_compatibility_map;
    size_t forward_compatibility_count;
    bool has_forward_compatibility_map; /**< the element was there, perhaps without entries */
    bool has_last_modified_by_user_id;  /**< the element was there, perhaps as 0 */

    /* v13 only. */
    bacm_link_type type;
    int64_t client_customer_id;           /**< of a CustomerLink; this, the number, or both */
    const char *client_customer_number;   /**< "C" and digits */
    const char *customer_link_permission; /**< of a CustomerLink: Administrative, Standard */
    /* v13 only, set by the service. */
    const char *type_text; /**< the type as received */
    const char *client_entity_name;
    /* v13 only, to be given beside an account or left to the service. */
    const char *client_entity_customer_number; /**< "C" and digits: of the account's customer */
    const char *managing_customer_name;
    /* v13 over REST only, set by the service. */
    const char *other_members; /**< what it sent beside these, for an update to send it back:
                                    JSON text as in an object, without the braces */
} bacm_client_link;

#define BACM_CLIENT_LINK_INIT                                                                      \
    {                                                                                              \
        sizeof(bacm_client_link), 0, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, BACM_ABSENT,     \
            NULL, BACM_ABSENT, BACM_LINK_STATUS_ABSENT, NULL, NULL, 0, NULL, NULL, 0, false,       \
            false, BACM_LINK_TYPE_ABSENT, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL              \
    }

/**
 * Check one link against the rules that AddClientLinks has for it: exactly one
 * of id and number on each side, ids above 0 and different, forms of numbers
 * and of StartDate, length of Name, valid UTF-8, only characters that XML can
 * carry, no member that the service sets, none that the version does not know.
 *
 * @param[in]  api    as bacm_options.api.
 * @param[in]  link   borrowed.
 * @param[out] error  field names the element, message the reason; may be NULL.
 *
 * @return BACM_OK
 * @return BACM_E_INVALID_LINK
 * @return BACM_E_UNSUPPORTED_FIELD  this version cannot express the field
 * @return BACM_E_ARGUMENT      link is NULL, its struct_size is not known, or api is NULL
 *                              where v11 is not linked
 *
 * Threads: any. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_client_link_check(bacm_api *api, const bacm_client_link *link,
                                            bacm_error *error);

/**
 * Whether two links have the same pair of client and managing customer: by id where both
 * have one, else by number, in upper or lower case. An account and a customer are two
 * clients, also when their ids are the same. Links that name a client by nothing that the
 * other one has count as different.
 *
 * @param[in] a, b  borrowed; not NULL. A link to be added, or one of a search.
 * Threads: any. Network: no. Since: 0.2.0
 */
BACM_API bool bacm_client_link_same_pair(const bacm_client_link *a, const bacm_client_link *b);

/**
 * LastModifiedDateTime of a link.
 * @return milliseconds since 1970 UTC; 0 when it is absent, cannot be read or is before 2000.
 * Threads: any. Network: no. Since: 0.2.0
 */
BACM_API int64_t bacm_client_link_modified_ms(const bacm_client_link *link);

/**
 * Of two links of one pair the one that tells how it stands: the one that was modified
 * last. Where the times are the same, or one cannot be read, it is the one that speaks
 * against a new invitation: a status that blocks it, then a time that cannot be read.
 *
 * @param[in] a, b  borrowed; one or both may be NULL.
 * @return a or b; NULL when both are. Threads: any. Network: no. Since: 0.2.0
 */
BACM_API const bacm_client_link *bacm_client_link_newer(const bacm_client_link *a,
                                                        const bacm_client_link *b);

/** What became of one link of a write. */
typedef enum bacm_link_outcome {
    BACM_OUTCOME_NOT_SENT = 0, /**< the call that would have carried it was not made */
    BACM_OUTCOME_DONE,         /**< the service did what was asked */
    BACM_OUTCOME_REFUSED,      /**< the service refused it; errors tell why */
    BACM_OUTCOME_UNKNOWN       /**< sent, and no reply proves what was done: none that is
                                    understood, or errors that nobody knows; search before a
                                    resend */
} bacm_link_outcome;

/** One error of the service about one link, type OperationError (or AdApiError). */
typedef struct bacm_service_error {
    bacm_channel channel;
    bool has_code;
    int code;
    const char *symbol;  /**< "" in OperationErrors, which have none */
    const char *message; /**< "" when absent */
    const char *details; /**< "" when absent */
} bacm_service_error;

/** Result of a write, one slot a link, in the order of the call. */
typedef struct bacm_link_results bacm_link_results;

/**
 * Operation AddClientLinks: invite up to 10 client accounts.
 *
 * @param[out] out     new result whenever the request has left, also on failure; else
 *                     NULL. Free with bacm_link_results_free().
 * @param[in]  client  borrowed; must not be in use by another thread.
 * @param[in]  links   borrowed; n pointers, none of them NULL.
 * @param[in]  n       number of links, 1 to BACM_MAX_LINKS_PER_CALL.
 * @param[out] error   may be NULL.
 *
 * @return BACM_OK                   every slot is BACM_OUTCOME_DONE
 * @return BACM_E_PARTIAL            some slots are BACM_OUTCOME_REFUSED, the others done
 * @return BACM_E_NO_LINKS, BACM_E_TOO_MANY_LINKS, BACM_E_INVALID_LINK (link_index, field),
 *         BACM_E_NO_CREDENTIALS, BACM_E_NOT_SUPER_ADMIN, BACM_E_SANDBOX, BACM_E_ARGUMENT,
 *         BACM_E_UNSUPPORTED_FIELD: AddClientLinks was not sent
 * @return BACM_E_RESOLVE, BACM_E_CONNECT, BACM_E_TLS, BACM_E_TOKEN, BACM_E_TOKEN_STORE,
 *         BACM_E_NETWORK, BACM_E_TIMEOUT: AddClientLinks was not sent. So it is whenever *out
 *         is NULL and request_sent false, also with a status of the token endpoint
 *         (BACM_E_THROTTLED, BACM_E_SERVICE)
 * @return BACM_E_AUTHENTICATION, BACM_E_AUTHORIZATION, BACM_E_TOKEN_EXPIRED, BACM_E_REFUSED,
 *         BACM_E_THROTTLED, BACM_E_VERSION_RETIRED, BACM_E_HTTP: every slot is
 *         BACM_OUTCOME_REFUSED
 * @return BACM_E_ALIGNMENT_LOST     every slot is BACM_OUTCOME_UNKNOWN; the error tells why
 * @return BACM_E_UNKNOWN_OUTCOME    every slot is BACM_OUTCOME_UNKNOWN, or those are whose
 *         own errors leave it open (0, 202, 2208: the service's own failure); the others are
 *         done or refused
 * @return BACM_E_NO_MEMORY          before the request has left *out is NULL; after it every
 *                                   slot is BACM_OUTCOME_UNKNOWN
 * @return what bacm_get_user() returns, when the role check needs it and fails
 *
 * Needs: Super Admin of an agency; in v13, Super Admin or Standard for account links and
 * Super Admin for customer links. The role is read by GetUser once a client, and again
 * after the service has refused the user; options.no_role_check leaves it out.
 * Threads: one a client. Network: yes. Since: 0.1.0
 */
BACM_API bacm_status bacm_links_add(bacm_link_results **out, bacm_client *client,
                                    const bacm_client_link *const *links, size_t n,
                                    bacm_error *error);

/**
 * Write the envelope that bacm_links_add() would send, with secrets redacted,
 * and send nothing. The local rules are applied as there; credentials and role
 * are not needed.
 *
 * @param[out] out    new NUL-terminated text; free with bacm_text_free().
 * @return BACM_OK, or a local refusal of bacm_links_add()
 * Threads: one a client. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_links_add_preview(char **out, bacm_client *client,
                                            const bacm_client_link *const *links, size_t n,
                                            bacm_error *error);

/**
 * Free a text that the library made. NULL is allowed.
 * Threads: any, when no other uses it. Since: 0.1.0
 */
BACM_API void bacm_text_free(char *text);

/** Number of slots: the number of links of the call; 0 for NULL. Threads: any. Since: 0.1.0 */
BACM_API size_t bacm_link_results_count(const bacm_link_results *results);

/**
 * Outcome of link i; BACM_OUTCOME_UNKNOWN when results is NULL or i is out of range: what
 * nothing is known of may have been done.
 * Threads: any. Since: 0.1.0
 */
BACM_API bacm_link_outcome bacm_link_results_outcome(const bacm_link_results *results, size_t i);

/** Number of errors of link i. Threads: any. Since: 0.1.0 */
BACM_API size_t bacm_link_results_error_count(const bacm_link_results *results, size_t i);

/**
 * Error k of link i.
 * @return borrowed from the result; NULL when i or k is out of range.
 * Threads: any. Since: 0.1.0
 */
BACM_API const bacm_service_error *bacm_link_results_error(const bacm_link_results *results,
                                                           size_t i, size_t k);

/** TrackingId of the reply; "" when there was none. Borrowed. Threads: any. Since: 0.1.0 */
BACM_API const char *bacm_link_results_tracking_id(const bacm_link_results *results);

/** Free a result. NULL is allowed. Threads: any, when no other uses it. Since: 0.1.0 */
BACM_API void bacm_link_results_free(bacm_link_results *results);

/** Field by which SearchClientLinks orders, type OrderByField. */
typedef enum bacm_link_order {
    BACM_ORDER_NONE = 0,
    BACM_ORDER_BY_ACCOUNT_ID,     /**< Id */
    BACM_ORDER_BY_NAME,           /**< Name */
    BACM_ORDER_BY_MANAGING_NUMBER /**< Number */
} bacm_link_order;

/**
 * What to search for. At least one predicate must be given; those of the client exclude
 * each other, and so do those of the managing customer. Start from BACM_LINK_SEARCH_INIT.
 */
typedef struct bacm_link_search {
    size_t struct_size;
    const int64_t *client_account_ids; /**< 1: Equals, 2 to 10: In */
    size_t client_account_count;
    int64_t managing_customer_id; /**< 0: not a predicate */
    bool keep_other_managers;     /**< hand out links of other managing customers too, which the
                                       service may return for the same accounts */
    bacm_link_order order;
    bool descending;
    unsigned page_size;                 /**< 1 to BACM_MAX_PAGE_SIZE; v13 has 100 at most, and is
                                             asked for no more */
    const int64_t *client_customer_ids; /**< v13 only. 1: Equals, 2 to 10: In */
    size_t client_customer_count;
    int64_t direct_managing_customer_id; /**< v13 only; 0: not a predicate */
} bacm_link_search;

#define BACM_LINK_SEARCH_INIT                                                                      \
    {                                                                                              \
        sizeof(bacm_link_search), NULL, 0, 0, false, BACM_ORDER_NONE, false, BACM_MAX_PAGE_SIZE,   \
            NULL, 0, 0                                                                             \
    }

/** One page of links. */
typedef struct bacm_link_page bacm_link_page;

/**
 * Operation SearchClientLinks: one page.
 *
 * @param[out] out         new; free with bacm_link_page_free(). NULL on failure.
 * @param[in]  client      borrowed.
 * @param[in]  search      borrowed.
 * @param[in]  page_index  0 for the first page.
 * @param[out] error       may be NULL.
 *
 * @return BACM_OK
 * @return BACM_E_INVALID_SEARCH  no predicate, two that exclude each other, more than 10
 *                                ids, an id below 1000 (the service wants at least 4
 *                                characters), page size out of range
 * @return BACM_E_UNSUPPORTED_FIELD  a predicate that this version does not have
 * @return BACM_E_NOT_SUPER_ADMIN, BACM_E_SANDBOX, and what bacm_get_user() returns
 *
 * Threads: one a client. Network: yes. Since: 0.1.0
 */
BACM_API bacm_status bacm_links_search(bacm_link_page **out, bacm_client *client,
                                       const bacm_link_search *search, unsigned page_index,
                                       bacm_error *error);

/** Number of links that passed the local filter. Threads: any. Since: 0.1.0 */
BACM_API size_t bacm_link_page_count(const bacm_link_page *page);

/** Link i. @return borrowed from the page; NULL when out of range. Threads: any. Since: 0.1.0 */
BACM_API const bacm_client_link *bacm_link_page_get(const bacm_link_page *page, size_t i);

/**
 * Whether this is the last page: it is shorter than the page size, and shorter than the 100
 * links that every version is known to serve when it is asked for more.
 * Threads: any. Since: 0.1.0
 */
BACM_API bool bacm_link_page_is_last(const bacm_link_page *page);

/** TrackingId of the reply. Borrowed. Threads: any. Since: 0.1.0 */
BACM_API const char *bacm_link_page_tracking_id(const bacm_link_page *page);

/**
 * Free a page and the links in it. NULL is allowed.
 * Threads: any, when no other uses it. Since: 0.1.0
 */
BACM_API void bacm_link_page_free(bacm_link_page *page);

/** Walks over all pages of a search. */
typedef struct bacm_link_iterator bacm_link_iterator;

/**
 * Begin to walk over all links that a search finds. Nothing is sent yet.
 *
 * @param[out] out     new; free with bacm_link_iterator_free() before the client.
 * @param[in]  client  borrowed until the iterator is freed.
 * @param[in]  search  copied.
 * @return BACM_OK, BACM_E_INVALID_SEARCH, BACM_E_ARGUMENT, BACM_E_NO_MEMORY
 * @return BACM_E_UNSUPPORTED_FIELD  the client's version has no such predicate
 * Threads: one a client. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_link_iterator_new(bacm_link_iterator **out, bacm_client *client,
                                            const bacm_link_search *search, bacm_error *error);

/**
 * The next link, reading the next page when needed, and more of them when all links
 * of a page are other managing customers'. A full page that is the same as the one before
 * is passed over: its links have been handed out.
 *
 * @param[out] link  borrowed until the next call; NULL after the last one.
 * @return BACM_OK, also at the end
 * @return BACM_E_PROTOCOL  the search does not end: the same full page has come again four
 *         times in a row, or 3,000 full pages had no link to hand out (enough for 300,000
 *         links with pages of 100). The next call goes on where this one stopped.
 * @return what bacm_links_search() returns; the same page is asked for again by
 *         the next call
 * Threads: one a client. Network: yes. Since: 0.1.0
 */
BACM_API bacm_status bacm_link_iterator_next(bacm_link_iterator *iterator,
                                             const bacm_client_link **link, bacm_error *error);

/** Free an iterator. NULL is allowed. Threads: one a client. Since: 0.1.0 */
BACM_API void bacm_link_iterator_free(bacm_link_iterator *iterator);

/** On which side of a link the caller stands. */
typedef enum bacm_side { BACM_SIDE_AGENCY = 0, BACM_SIDE_CLIENT } bacm_side;

/** What kind of status it is. */
typedef enum bacm_status_kind {
    BACM_KIND_UNKNOWN = 0,  /**< not known to this library */
    BACM_KIND_WAITING,      /**< a person must act: LinkPending */
    BACM_KIND_ASYNCHRONOUS, /**< the service is at work and will move on */
    BACM_KIND_STABLE,       /**< Active */
    BACM_KIND_END           /**< nothing but a new invitation leads on */
} bacm_status_kind;

/** Kind of a status. Threads: any. Since: 0.1.0 */
BACM_API bacm_status_kind bacm_link_status_kind(bacm_link_status status);

/** Whether a pair in this status can not be invited again (1410). Threads: any. Since: 0.1.0 */
BACM_API bool bacm_link_status_blocks_invitation(bacm_link_status status);

/**
 * Whether UpdateClientLinks may be asked to bring a link from one status to
 * another: the agency cancels (LinkPending to LinkCanceled) and unlinks
 * (Active to UnlinkRequested), the client accepts and declines a LinkPending.
 *
 * @param[out] error  message tells why not; may be NULL.
 * @return BACM_OK or BACM_E_TRANSITION. Threads: any. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_link_transition_check(bacm_side side, bacm_link_status from,
                                                bacm_link_status to, bacm_error *error);

/**
 * Operation UpdateClientLinks: bring up to 10 links to a status. Every field is
 * sent back as bacm_links_search() received it.
 *
 * @param[out] out     as for bacm_links_add().
 * @param[in]  client  borrowed.
 * @param[in]  links   borrowed; n links from a search, none NULL.
 * @param[in]  n       1 to BACM_MAX_LINKS_PER_CALL.
 * @param[in]  side    who the caller is.
 * @param[in]  wanted  LinkCanceled or UnlinkRequested for the agency, LinkAccepted or
 *                     LinkDeclined for the client.
 * @param[out] error   may be NULL.
 *
 * @return BACM_E_TRANSITION  a link cannot take that status (link_index); nothing was sent
 * @return else as bacm_links_add(). A slot refused with 209 or 3083 was changed by
 *         somebody else: search again and decide anew, as
 *         bacm_links_update_with_search() does.
 *
 * Threads: one a client. Network: yes. Since: 0.1.0
 */
BACM_API bacm_status bacm_links_update(bacm_link_results **out, bacm_client *client,
                                       const bacm_client_link *const *links, size_t n,
                                       bacm_side side, bacm_link_status wanted, bacm_error *error);

/**
 * bacm_links_update(), and for slots that are refused because somebody else has
 * changed the link in between (209, 3083): a fresh search and a decision. A
 * link that has got where it should go counts as BACM_OUTCOME_DONE, one that
 * may still be changed is sent once more as it is now, any other stays refused.
 * A client may search for one account at a time only: for BACM_SIDE_CLIENT each
 * account of such slots has a search of its own.
 *
 * Parameters and statuses as bacm_links_update(), and what bacm_links_search()
 * returns when the fresh search fails; *out then holds the results so far.
 *
 * Threads: one a client. Network: yes, two updates and the searches at the most.
 * Since: 0.1.0
 */
BACM_API bacm_status bacm_links_update_with_search(bacm_link_results **out, bacm_client *client,
                                                   const bacm_client_link *const *links, size_t n,
                                                   bacm_side side, bacm_link_status wanted,
                                                   bacm_error *error);

/**
 * Which of up to 10 links AddClientLinks would refuse as duplicates: searches
 * for their accounts and tells the status that blocks each one. The answer is
 * of now; the service decides at the time of the invitation.
 *
 * @param[out] blocking  n statuses; BACM_LINK_STATUS_ABSENT where nothing blocks.
 * @param[in]  client    borrowed.
 * @param[in]  links     borrowed; n links that could be added.
 * @param[in]  n         1 to BACM_MAX_LINKS_PER_CALL.
 * @param[out] error     may be NULL.
 *
 * @return BACM_OK                the question is answered, for all links
 * @return BACM_E_INVALID_SEARCH  a link has no ClientAccountId: the operation cannot
 *                                search by numbers (link_index)
 * @return the local refusals of bacm_links_add(), and what bacm_links_search() returns
 *
 * Threads: one a client. Network: yes. Since: 0.1.0
 */
BACM_API bacm_status bacm_links_find_blocking(bacm_link_status *blocking, bacm_client *client,
                                              const bacm_client_link *const *links, size_t n,
                                              bacm_error *error);

/** A link that is waited for. The caller sets the ids, bacm_links_wait() the rest. */
typedef struct bacm_watched_link {
    int64_t client_account_id;
    int64_t managing_customer_id;
    bacm_link_status status;    /**< of the last search; absent: not found, or not asked yet */
    char status_text[32];       /**< as received */
    bool reached;               /**< it has a wanted status */
    bool settled;               /**< reached, or in a status that does not change by itself */
    int64_t client_customer_id; /**< v13: of a CustomerLink, instead of the account */
} bacm_watched_link;

/**
 * Called after each round of searches.
 * @param links         all links, as they are now.
 * @param next_poll_ms  when the next round begins; 0: this was the last one.
 * @return false to stop waiting.
 */
typedef bool bacm_wait_callback(const bacm_watched_link *links, size_t n, unsigned next_poll_ms,
                                void *user);

/** How to wait. Start from BACM_WAIT_OPTIONS_INIT. */
typedef struct bacm_wait_options {
    size_t struct_size;
    const bacm_link_status *wanted; /**< borrowed; none: any status that does not move on */
    size_t wanted_count;
    bacm_side side;             /**< a client may search for one account at a time only */
    unsigned timeout_ms;        /**< no further search of a round begins after it */
    unsigned first_interval_ms; /**< doubled after each round */
    unsigned max_interval_ms;
    bacm_wait_callback *on_poll; /**< may be NULL */
    void *user;
} bacm_wait_options;

/** Half an hour, asking after 2 s, 4 s, ... once a minute at last. */
#define BACM_WAIT_OPTIONS_INIT                                                                     \
    {                                                                                              \
        sizeof(bacm_wait_options), NULL, 0, BACM_SIDE_AGENCY, 1800000u, 2000u, 60000u, NULL, NULL  \
    }

/**
 * Search again and again until each link has a wanted status, or one from
 * which it does not move by itself: the end statuses and Active. LinkPending
 * and the asynchronous statuses are waited for, and so are links that are not found:
 * on_poll sees them as absent. A search that fails for a
 * passing reason (network, throttling) is repeated in the next round; after a
 * throttled one that is a minute later at the least.
 *
 * When the time is up the round under way ends between two searches, of up to
 * 10 links each (one for a client): links whose turn has not come keep what an
 * earlier round has found, or are absent. A wait that pauses until its time is
 * up ends with a last search. A search that has begun is not broken off, nor a
 * call that it needs besides, such as one for a new token, which would be lost:
 * each of them may last for call_timeout_ms of the client's options.
 *
 * @param[in,out] links    n links, any number.
 * @param[in]     client   borrowed.
 * @param[in]     options  borrowed; NULL: the defaults.
 * @param[out]    error    may be NULL.
 *
 * @return BACM_OK           every link is settled; reached tells how
 * @return BACM_E_WAIT_OVER  the time is up
 * @return BACM_E_CANCELED   on_poll returned false
 * @return BACM_E_ARGUMENT, and what bacm_links_search() returns
 *
 * Threads: one a client. Network: yes, may block for timeout_ms and one search.
 * Since: 0.1.0
 */
BACM_API bacm_status bacm_links_wait(bacm_watched_link *links, size_t n, bacm_client *client,
                                     const bacm_wait_options *options, bacm_error *error);

#ifdef __cplusplus
}
#endif

#endif
