/**
 * @file bacm/error.h
 * Status codes and the error object.
 *
 * Every call that can fail returns a bacm_status and fills a bacm_error that
 * the caller owns. The status is what a program acts on; the object is what a
 * person reads and what support asks for.
 */
#ifndef BACM_ERROR_H
#define BACM_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include <bacm/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * All statuses: name, number, one line of meaning. Numbers are never reused.
 *
 * Local refusals: nothing was sent.
 *
 * BACM_E_ALIGNMENT_LOST: no entry at all is not another number of entries, but says
 * that every link succeeded; links.h tells more.
 */
#define BACM_STATUS_LIST(X)                                                                        \
    X(OK, 0, "success")                                                                            \
    X(E_ARGUMENT, 1, "an argument is not valid; nothing was sent")                                 \
    X(E_NO_MEMORY, 2, "out of memory")                                                             \
    X(E_NO_LINKS, 10, "the call has no link; nothing was sent")                                    \
    X(E_TOO_MANY_LINKS, 11, "more than 10 links in one call; nothing was sent")                    \
    X(E_INVALID_LINK, 12, "a link breaks a rule; nothing was sent")                                \
    X(E_NO_CREDENTIALS, 13, "a token is missing; nothing was sent")                                \
    X(E_NOT_SUPER_ADMIN, 14, "the user is not a Super Admin; the write was not sent")              \
    X(E_SANDBOX, 15, "the sandbox does not support client links; nothing was sent")                \
    X(E_INVALID_SEARCH, 16, "the search breaks a rule of the operation; nothing was sent")         \
    X(E_TRANSITION, 17, "a link cannot take the wanted status; nothing was sent")                  \
    X(E_UNSUPPORTED_FIELD, 18, "the contract version cannot express a field; nothing was sent")    \
    X(E_RESOLVE, 20, "the host name was not found; nothing was sent")                              \
    X(E_CONNECT, 21, "no connection; nothing was sent")                                            \
    X(E_TLS, 22, "no trusted TLS connection; nothing was sent")                                    \
    X(E_NETWORK, 23, "the connection broke before a reply was read")                               \
    X(E_TIMEOUT, 24, "the time allowed for the call is over")                                      \
    X(E_HTTP, 30, "an HTTP reply that is not SOAP")                                                \
    X(E_PROTOCOL, 31, "a reply that is not the answer to this operation")                          \
    X(E_LIMIT, 32, "a reply larger or deeper than allowed")                                        \
    X(E_ALIGNMENT_LOST, 33, "the reply has another number of entries than the call had links")     \
    X(E_AUTHENTICATION, 40, "the service does not accept the credentials")                         \
    X(E_AUTHORIZATION, 41, "the service does not allow this user the operation")                   \
    X(E_TOKEN_EXPIRED, 42, "the access token has expired and cannot be renewed")                   \
    X(E_TOKEN, 43, "no access token could be had from the token endpoint")                         \
    X(E_TOKEN_STORE, 44, "the new refresh token could not be stored")                              \
    X(E_PARTIAL, 50, "some links were refused; the result tells which")                            \
    X(E_REFUSED, 51, "the service refused the whole call")                                         \
    X(E_THROTTLED, 52, "too many calls; wait before the next one")                                 \
    X(E_SERVICE, 53, "the service reports a fault of its own")                                     \
    X(E_VERSION_RETIRED, 54, "the service has switched this API version off")                      \
    X(E_UNKNOWN_OUTCOME, 60,                                                                       \
      "a write was sent, its outcome is not known: search before resending")                       \
    X(E_CANCELED, 61, "the caller asked to stop")                                                  \
    X(E_WAIT_OVER, 62, "the time to wait is over and a link is still on its way")                  \
    X(E_JOURNAL, 70, "the journal cannot be used; nothing is sent without it")                     \
    X(E_JOURNAL_IN_USE, 71, "the journal is in use by another run")                                \
    X(E_JOURNAL_MISMATCH, 72, "the journal belongs to another input or another service")           \
    X(E_SOURCE, 73, "the input could not be read to its end")                                      \
    X(E_SINK, 74, "a record could not be written")

#define BACM_STATUS_ENUM_(name, number, text) BACM_##name = (number),
/** What a call returns. */
typedef enum bacm_status {
    BACM_STATUS_LIST(BACM_STATUS_ENUM_) BACM_STATUS_END_ = 1000
} bacm_status;
#undef BACM_STATUS_ENUM_

/** By which of its four ways an error of the service arrived. */
typedef enum bacm_channel {
    BACM_CHANNEL_NONE = 0,   /**< not from the service */
    BACM_CHANNEL_ADAPI,      /**< SOAP fault with AdApiFaultDetail */
    BACM_CHANNEL_API_FAULT,  /**< SOAP fault with ApiFault */
    BACM_CHANNEL_BARE_FAULT, /**< SOAP fault without a detail that is known */
    BACM_CHANNEL_OPERATION,  /**< OperationErrors of a reply: the whole call */
    BACM_CHANNEL_PARTIAL,    /**< PartialErrors of a reply: one link */
    BACM_CHANNEL_HTTP        /**< an HTTP status without SOAP */
} bacm_channel;

/** What may be done about an error. */
typedef enum bacm_retry_class {
    BACM_RETRY_NEVER = 0, /**< the same request will fail again */
    BACM_RETRY_TOKEN,     /**< once, with a fresh access token */
    BACM_RETRY_BACKOFF,   /**< later; nothing was processed */
    BACM_RETRY_SEARCH,    /**< search again and decide anew */
    BACM_RETRY_VERIFY     /**< may have been processed: search before a resend */
} bacm_retry_class;

/** No link of the call is meant. */
#define BACM_NO_INDEX ((size_t)-1)

/**
 * The error object. Owned by the caller, of fixed size, so that reporting an
 * error needs no memory. Each call that takes one clears it first. All texts
 * are NUL-terminated UTF-8 without secrets; an unknown text is empty.
 */
typedef struct bacm_error {
    bacm_status status;
    bacm_status cause; /**< with BACM_E_UNKNOWN_OUTCOME: why no reply was understood */
    bacm_channel channel;
    bacm_retry_class retry_class;
    bool has_service_code; /**< service_code was in the reply (0 is a code) */
    bool request_sent;     /**< bytes of the request have left */
    int service_code;      /**< number by which the service names the error */
    int http_status;       /**< 0: no reply was read */
    size_t link_index;     /**< link that is meant, or BACM_NO_INDEX */
    char symbol[64];       /**< for instance "AuthenticationTokenExpired" */
    char field[48];        /**< element name in a local refusal, or that REST could not read */
    char tracking_id[64];  /**< what support of the service asks for */
    char time[24];         /**< when, UTC: "2018-05-01T12:00:00Z" */
    char message[512];     /**< one line */
    char details[512];     /**< what the service added */
    char hint[320];        /**< what to do about it */
} bacm_error;

/**
 * Name of a status, for instance "BACM_E_PARTIAL".
 * @return static text, never NULL; "BACM_E_?" for a number that is no status.
 * Threads: any. Since: 0.1.0
 */
BACM_API const char *bacm_status_name(bacm_status status);

/**
 * One line of meaning of a status.
 * @return static text, never NULL. Threads: any. Since: 0.1.0
 */
BACM_API const char *bacm_status_text(bacm_status status);

/**
 * Name of a channel as the command line prints it: "adapi", "api_fault",
 * "bare_fault", "operation", "partial", "http"; "" for BACM_CHANNEL_NONE, which
 * the command line's records have as "local".
 * @return static text, never NULL. Threads: any. Since: 0.1.0
 */
BACM_API const char *bacm_channel_name(bacm_channel channel);

/**
 * Name of a retry class: "never", "token", "backoff", "search", "verify".
 * @return static text, never NULL. Threads: any. Since: 0.1.0
 */
BACM_API const char *bacm_retry_class_name(bacm_retry_class retry_class);

/** What is known of one error code of the service. All texts are static. */
typedef struct bacm_service_code {
    int code;
    bool operation_channel;       /**< meaning as OperationError, else as AdApiError */
    bacm_retry_class retry_class; /**< for a write: BACM_RETRY_VERIFY where it may have acted */
    bacm_status status;           /**< what a read returns for it; a write returns
                                       BACM_E_UNKNOWN_OUTCOME where it may have acted */
    const char *symbol;           /**< "" where the service has none */
    const char *meaning;
    const char *advice;
} bacm_service_code;

/**
 * Look a code up in the table of known codes. One number can mean two things,
 * so the channel is part of the key; a number without a meaning of its own on
 * that channel has the one of the other.
 *
 * @return static entry, or NULL when the code is not known.
 * Threads: any. Since: 0.1.0
 */
BACM_API const bacm_service_code *bacm_service_code_find(bacm_channel channel, int code);

/**
 * The table of known codes, for listings.
 * @param[out] count  number of entries; must not be NULL.
 * @return static array, in order of code. Threads: any. Since: 0.1.0
 */
BACM_API const bacm_service_code *bacm_service_codes(size_t *count);

/**
 * Write an error as one line: "BACM_E_…: message (channel code symbol,
 * tracking id …, time …). hint". Suitable for a log.
 *
 * @param[out] buffer  receives NUL-terminated text, cut to size between characters.
 * @return number of bytes that the whole line has, as snprintf() does.
 * Threads: any. Since: 0.1.0
 */
BACM_API size_t bacm_error_format(const bacm_error *error, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
