/**
 * @file bacm/client.h
 * The client: one connection to the service, for one thread at a time.
 *
 * Any number of clients may exist in a process and work side by side. The
 * library has no global state, prints nothing, never ends the process and
 * leaves the handling of SIGPIPE alone.
 */
#ifndef BACM_CLIENT_H
#define BACM_CLIENT_H

#include <stdint.h>

#include <bacm/credentials.h>
#include <bacm/error.h>
#include <bacm/network.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bacm_client bacm_client;

/** Which installation of the service is called. */
typedef enum bacm_environment {
    BACM_PRODUCTION = 0,
    BACM_SANDBOX /**< does not support client links */
} bacm_environment;

/** A version of the contract, from the inside of the library. */
struct bacm_contract;

/**
 * Which version of Customer Management a client speaks: the value of
 * bacm_options.api, nothing to call. A program that is linked statically gets the
 * code of those versions only that it names.
 */
typedef const struct bacm_contract *bacm_api(void);

/**
 * Customer Management v11 over SOAP, the default; the service switched it off on 2018-10-31.
 * Threads: any. Since: 0.1.0
 */
BACM_API const struct bacm_contract *bacm_api_v11(void);
/**
 * Customer Management v13 over SOAP, which the service answers until 2027-01-31.
 * Threads: any. Since: 0.1.0
 */
BACM_API const struct bacm_contract *bacm_api_v13(void);
/**
 * Customer Management v13 over REST: the same contract, written as JSON. The endpoint is
 * then the base address that ends in /CustomerManagement/v13.
 * Threads: any. Since: 0.1.0
 */
BACM_API const struct bacm_contract *bacm_api_v13_rest(void);

/** What a trace callback receives. */
typedef enum bacm_trace_kind {
    BACM_TRACE_CONNECT = 0, /**< host, port, TLS version, cipher: one line of text */
    BACM_TRACE_REQUEST,     /**< HTTP header and body of a request, secrets redacted */
    BACM_TRACE_REPLY,       /**< HTTP header and body of a reply, secrets redacted */
    BACM_TRACE_CLOSE        /**< why the connection was closed: one line of text */
} bacm_trace_kind;

/**
 * Receives the wire traffic of a client, one whole message at a time.
 *
 * @param kind  what data is.
 * @param data  borrowed, not NUL-terminated; tokens and passwords in it have
 *              been replaced by "[redacted]".
 * @param size  bytes in data.
 * @param user  options.trace_user.
 *
 * Called in the thread of the call; must not use the client.
 */
typedef void bacm_trace_callback(bacm_trace_kind kind, const char *data, size_t size, void *user);

/** One call, as a log callback sees it. All texts are borrowed. */
typedef struct bacm_call_record {
    size_t struct_size;
    const char *operation;   /**< for instance "AddClientLinks" */
    const char *tracking_id; /**< "" when there was none */
    bacm_status status;
    int http_status;
    unsigned attempt; /**< 1, or 2 after a renewed token */
    unsigned long milliseconds;
    size_t request_bytes;
    size_t reply_bytes;
    int64_t date_ms; /**< Date of the reply, the service's own time: milliseconds since 1970
                          UTC, in whole seconds; 0 when it had none */
} bacm_call_record;

/**
 * Called once for each request that was tried, after its end.
 * In the thread of the call; must not use the client.
 */
typedef void bacm_call_callback(const bacm_call_record *record, void *user);

/** How much a log callback is told: a level and those above it. */
typedef enum bacm_log_level {
    BACM_LOG_ERROR = 0, /**< a call failed */
    BACM_LOG_WARNING,   /**< a call failed and may succeed when it is made again; a repetition */
    BACM_LOG_INFO,      /**< a call succeeded */
    BACM_LOG_DEBUG      /**< connections that are opened and closed */
} bacm_log_level;

/**
 * Receives what happens as one line of text for people: no line end, no control
 * characters, secrets replaced by "[redacted]". The wording is not for programs;
 * on_call has the same as data.
 *
 * @param text  borrowed.
 * @param user  options.log_user.
 *
 * Called in the thread of the call; must not use the client.
 */
typedef void bacm_log_callback(bacm_log_level level, const char *text, void *user);

/** Most elements of a reply; a page of 1,000 links has some 20,000. */
#define BACM_MAX_REPLY_ELEMENTS 1000000

/**
 * Options of a client. Start from BACM_OPTIONS_INIT, so that members added
 * later have their defaults. Texts are borrowed during bacm_client_new().
 */
typedef struct bacm_options {
    size_t struct_size;
    bacm_environment environment;
    const char *endpoint;   /**< NULL: that of the environment. https, or http to loopback */
    const char *ca_file;    /**< PEM file of trusted CAs instead of the system's; NULL: system's.
                                 Revocation lists in it are applied */
    const char *connect_to; /**< "HOST:PORT" to connect to instead of the endpoint's; the
                                 certificate is still checked against the endpoint's name */
    const char *user_agent_suffix; /**< appended to "bacm/VERSION" */
    unsigned connect_timeout_ms;   /**< look-up of the name, TCP and TLS together; the addresses
                                        of a host share it */
    unsigned send_timeout_ms;      /**< without progress while sending */
    unsigned receive_timeout_ms;   /**< without progress while receiving */
    unsigned call_timeout_ms;      /**< one request and its reply, all of it */
    size_t max_reply_bytes;        /**< of a reply, before and after unpacking */
    unsigned max_reply_depth;      /**< nesting of elements in a reply */
    bool no_role_check;            /**< do not require Super Admin before client-link calls */
    bool allow_sandbox_links;      /**< do not refuse client-link calls in the sandbox */
    bool no_action_header;         /**< leave <Action mustUnderstand="1"> out */
    bool no_keep_alive;            /**< a new connection for each request */
    bacm_trace_callback *trace;
    void *trace_user;
    bacm_call_callback *on_call;
    void *on_call_user;
    const bacm_network *network; /**< borrowed as the texts are; NULL: a direct connection */
    bacm_log_callback *log;
    void *log_user;
    bacm_log_level log_level; /**< the last level that is wanted */
    bacm_api *api;            /**< bacm_api_v11 or bacm_api_v13; NULL: v11 */
    unsigned write_idle_ms;   /**< a write uses a kept connection only when it was used within
                                   this time, else a new one: what lies on the way may have
                                   forgotten an older one. 0: always a new one */
} bacm_options;

/**
 * Defaults for a version of the contract: production, verified TLS, every wait and
 * every size bounded.
 */
#define BACM_OPTIONS_INIT_FOR(api)                                                                 \
    {                                                                                              \
        sizeof(bacm_options), BACM_PRODUCTION, NULL, NULL, NULL, NULL, 10000u, 30000u, 60000u,     \
            120000u, (size_t)50 << 20, 64u, false, false, false, false, NULL, NULL, NULL, NULL,    \
            NULL, NULL, NULL, BACM_LOG_INFO, (api), 60000u                                         \
    }
/** The same for v11. */
#define BACM_OPTIONS_INIT BACM_OPTIONS_INIT_FOR(bacm_api_v11)

/**
 * Make a client. No connection is opened yet.
 *
 * @param[out] out          new; free with bacm_client_free(). NULL on failure.
 * @param[in]  options      borrowed; NULL: the defaults. In a program that is linked
 *                          statically, v11 must then be named somewhere else.
 * @param[in]  credentials  a reference is taken; must not be NULL.
 * @param[out] error        may be NULL.
 *
 * @return BACM_OK
 * @return BACM_E_ARGUMENT   the endpoint is no https URL (or http to loopback) with a
 *                           host and without user part, a limit is 0, the struct
 *                           size is unknown, the CA file cannot be used,
 *                           options.network is not valid, the credentials are
 *                           OAuth ones of the other environment, or of a kind that
 *                           the version does not take (v13: only OAuth of the
 *                           identity platform, and access tokens)
 * @return BACM_E_NO_MEMORY
 *
 * Threads: any. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_client_new(bacm_client **out, const bacm_options *options,
                                     bacm_credentials *credentials, bacm_error *error);

/**
 * Close the connection and free the client. Results obtained from it stay
 * valid.
 * @param[in] client  taken; NULL is allowed. Threads: one a client. Since: 0.1.0
 */
BACM_API void bacm_client_free(bacm_client *client);

/**
 * Name of the contract version that the client speaks: "v11" or "v13".
 * @return static text. Threads: any. Since: 0.1.0
 */
BACM_API const char *bacm_client_version(const bacm_client *client);

/**
 * TrackingId of the last reply, of a success as well as of a fault.
 * @return borrowed until the next call; "" when there was none.
 * Threads: one a client. Since: 0.1.0
 */
BACM_API const char *bacm_client_tracking_id(const bacm_client *client);

/**
 * Seconds that the last reply asked to wait before the next call (Retry-After), at most 600.
 * Bulk waits that long.
 * @return 0 when it asked for nothing, or client is NULL. Threads: one a client. Since: 0.1.0
 */
BACM_API unsigned bacm_client_retry_after_s(const bacm_client *client);

#ifdef __cplusplus
}
#endif

#endif
