/**
 * @file bacm/bulk.h
 * Any number of invitations, each exactly once: library libbacm-bulk.
 *
 * A run reads rows from a source, checks them, sends them in AddClientLinks
 * calls of at most 10 links over several connections, finds out what became of
 * calls whose reply was lost, and hands one record a row to a sink, in the
 * order of the input. Memory does not grow with the input.
 *
 * With a journal every row is on disk as "sending" before its call leaves, and
 * its outcome after the reply. When a run ends early, by a signal, a crash or a
 * power cut, a second run with the same input and the same journal takes up the
 * work: rows that are done are not sent again, rows whose outcome was not
 * recorded are searched for first.
 *
 * The journal is one file, whole after each commit, with mode 0600. Beside it, with
 * "-journal" behind the name, stands a file of SQLite as long as the run lasts; it means
 * something only where a crash has met a commit, and the next run puts that right. A
 * copy of the journal alone that was made in such a moment may have lost rows: it is
 * refused by its count. A copy is of no use once a run has gone on with the original.
 *
 * What a search can and cannot prove. AddClientLinks has no idempotency key, so
 * after a lost reply the service is asked which links exist. A row counts as
 * added when the newest link of its pair is in a status that an invitation
 * gives (LinkPending, LinkAccepted, LinkInProgress, Active) and was modified
 * after the attempt began, less options.clock_tolerance_ms. Both times are the service's:
 * its clock is taken from the Date of its replies, and the machine's clock may be wrong or
 * be set at any time. When there is no link, or an older one, the row is sent again: the
 * service refuses a pair that is invited with code 1410. If it does so although
 * the search before had found nothing, a further search decides between the
 * earlier attempt and an older link. Of several links of a pair the newest counts
 * (bacm_client_link_newer()). What remains open:
 * - Where the times do not tell who made the link that is there (no reply had a Date, the
 *   Dates contradict each other, the link has no time, the machine was started anew after
 *   an attempt that was the first of a run), the row is unknown and not sent again.
 * - Somebody else who invites the same pair while the attempt is under way
 *   cannot be told from this run: the row is reported as added. The pair is
 *   invited once all the same.
 * - A pair that was pending before the attempt and moved on after it (the
 *   client accepted) looks like an invitation of this run.
 * - A link that has come to its end after the attempt (declined, canceled,
 *   expired, unlinked) may or may not be this run's. Such a row is unknown and
 *   is never sent again by itself, for that could invite a client a second time
 *   who has just said no.
 */
#ifndef BACM_BULK_H
#define BACM_BULK_H

#include <stdint.h>

#include <bacm/client.h>
#include <bacm/links.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One run over one input. */
typedef struct bacm_bulk bacm_bulk;

/** Most connections of a run. */
#define BACM_BULK_MAX_CONCURRENCY 64

/** What became of a row. */
typedef enum bacm_bulk_outcome {
    BACM_BULK_ADDED = 0, /**< the client is invited */
    BACM_BULK_FAILED,    /**< the service refused this link; errors tell why */
    BACM_BULK_INVALID,   /**< refused by a local rule or by the source; nothing was sent */
    BACM_BULK_NOT_SENT,  /**< not sent, or sent and turned away before any link was looked at;
                              a second run sends it */
    BACM_BULK_UNKNOWN    /**< may have been processed; a second run searches for it first */
} bacm_bulk_outcome;

/** How an outcome is known. */
typedef enum bacm_bulk_confirmation {
    BACM_BULK_BY_NOTHING = 0, /**< invalid, not sent, unknown */
    BACM_BULK_BY_RESPONSE,    /**< the reply of the call said so */
    BACM_BULK_BY_SEARCH,      /**< the reply was lost; SearchClientLinks said so */
    BACM_BULK_BY_JOURNAL      /**< an earlier run has recorded it */
} bacm_bulk_confirmation;

/**
 * Name of an outcome: "added", "failed", "invalid", "not_sent", "unknown".
 * @return static text, never NULL. Threads: any. Since: 0.1.0
 */
BACM_API const char *bacm_bulk_outcome_name(bacm_bulk_outcome outcome);

/**
 * Name of a confirmation: "", "response", "search", "journal".
 * @return static text, never NULL. Threads: any. Since: 0.1.0
 */
BACM_API const char *bacm_bulk_confirmation_name(bacm_bulk_confirmation confirmation);

/** What a source returns. */
typedef enum bacm_bulk_source_result {
    BACM_BULK_ROW = 0,     /**< a row was filled in */
    BACM_BULK_ROW_INVALID, /**< a row that the source itself refuses; error tells why */
    BACM_BULK_END,         /**< no more rows */
    BACM_BULK_SOURCE_ERROR /**< the input cannot be read; error tells why. The run stops */
} bacm_bulk_source_result;

/** A row of the input, filled in by the source. */
typedef struct bacm_bulk_row {
    bacm_client_link link; /**< starts as BACM_CLIENT_LINK_INIT; texts are borrowed until the
                                source is called again, the engine copies them */
    uint64_t tag;          /**< anything, for instance a line number; handed to the sink */
} bacm_bulk_row;

/**
 * Gives the next row of the input. The order and the content must be the same
 * in every run with the same journal.
 *
 * @param[out] row    to fill in.
 * @param[out] error  cleared; to fill in with BACM_BULK_ROW_INVALID (field, message) and
 *                    BACM_BULK_SOURCE_ERROR (status, message).
 *
 * Called in the thread of bacm_bulk_run(); must not use the run, bacm_bulk_cancel()
 * excepted.
 */
typedef bacm_bulk_source_result bacm_bulk_source(bacm_bulk_row *row, bacm_error *error, void *user);

/** Bytes of a text in a record's errors, at most: a longer one is cut and ends by saying so. */
#define BACM_BULK_MAX_ERROR_TEXT 2048

/** Errors of a record, at most: when there are more, the last says how many are left out. */
#define BACM_BULK_MAX_ERRORS 16

/** What became of one row. Everything in it is borrowed during the callback. */
typedef struct bacm_bulk_record {
    size_t struct_size;
    uint64_t index; /**< 0 for the first row of the input */
    uint64_t tag;   /**< as the source gave it */
    const bacm_client_link *link;
    bacm_bulk_outcome outcome;
    bacm_bulk_confirmation confirmed_by;
    bacm_status reason; /**< why a row is not sent, unknown or invalid; else BACM_OK */
    const char *field;  /**< element that an invalid row has wrong; "" when none is meant */
    const bacm_service_error *errors; /**< channel BACM_CHANNEL_NONE: said by this library */
    size_t error_count;
    const char *tracking_id; /**< of the reply that decided; "" when there was none */
} bacm_bulk_record;

/**
 * Receives one record a row, in the order of the input.
 *
 * @return false when the record could not be kept (full disk, broken pipe): the run
 *         makes no further call, calls the sink no more and returns BACM_E_SINK.
 *
 * Called in the thread of bacm_bulk_run(); must not use the run, bacm_bulk_cancel()
 * excepted.
 */
typedef bool bacm_bulk_sink(const bacm_bulk_record *record, void *user);

/** What a run is waiting for. */
typedef enum bacm_bulk_wait {
    BACM_BULK_WAIT_NOTHING = 0, /**< calls are being made */
    BACM_BULK_WAIT_THROTTLE,    /**< the service said: too many calls */
    BACM_BULK_WAIT_RATE,        /**< options.requests_per_minute */
    BACM_BULK_WAIT_BACKOFF      /**< calls have failed and will be tried again */
} bacm_bulk_wait;

/**
 * Name of a wait for people: "", "throttled by the service", "requests per minute",
 * "trying again".
 * @return static text, never NULL. Threads: any. Since: 0.1.0
 */
BACM_API const char *bacm_bulk_wait_name(bacm_bulk_wait wait);

/** How often one error code of the service was met. */
typedef struct bacm_bulk_code_count {
    bacm_channel channel;
    int code;
    uint64_t rows;
} bacm_bulk_code_count;

/** Different error codes that a summary keeps apart. */
#define BACM_BULK_MAX_CODES 64

/**
 * Counts of a run. Numbers of rows, unless said otherwise; invalid rows are rows too. After
 * BACM_E_SINK the outcomes of rows that were sent are counted also where their records have
 * reached nobody: added, failed and unknown may then be more than rows.
 */
typedef struct bacm_bulk_summary {
    size_t struct_size;
    uint64_t rows; /**< handed to the sink */
    uint64_t added;
    uint64_t failed;
    uint64_t invalid;
    uint64_t not_sent;
    uint64_t unknown;
    uint64_t by_search;  /**< of added: found out by search */
    uint64_t by_journal; /**< of added and failed: known from an earlier run */
    uint64_t calls;      /**< AddClientLinks requests */
    uint64_t searches;   /**< SearchClientLinks requests */
    uint64_t lost;       /**< AddClientLinks requests without a reply that was understood */
    uint64_t throttled;  /**< requests that the service turned away with 117 or HTTP 429 */
    uint64_t elapsed_ms;
    bacm_bulk_code_count codes[BACM_BULK_MAX_CODES]; /**< errors of the rows, by code */
    size_t code_count;
    uint64_t other_code_rows; /**< rows with codes that found no place in codes */
} bacm_bulk_summary;

#define BACM_BULK_SUMMARY_INIT                                                                     \
    {                                                                                              \
        sizeof(bacm_bulk_summary), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,                          \
            {{BACM_CHANNEL_NONE, 0, 0}}, 0, 0                                                      \
    }

/** How far a run is. */
typedef struct bacm_bulk_progress {
    size_t struct_size;
    const bacm_bulk_summary *so_far; /**< borrowed during the callback */
    uint64_t rows_read;              /**< taken from the source */
    unsigned calls_in_flight;
    bacm_bulk_wait wait;
    uint64_t wait_ms; /**< how long it will still take, at least */
    bool stopping;    /**< no further call is made; the rest is being written */
} bacm_bulk_progress;

/**
 * Called every options.progress_interval_ms, when the run begins or ends to wait, and
 * at the end. In the thread of bacm_bulk_run(); must not use the run,
 * bacm_bulk_cancel() excepted.
 */
typedef void bacm_bulk_progress_callback(const bacm_bulk_progress *progress, void *user);

/**
 * Options of a run. Start from BACM_BULK_OPTIONS_INIT. Texts are borrowed
 * during bacm_bulk_new().
 *
 * One link can have the service refuse or fail a call as a whole. So when a call of
 * several rows is refused, or has used up its tries and the service has answered the last
 * with an error, its rows that are not decided are sent alone, each with its own tries,
 * after a search where an earlier try may have been carried out.
 */
typedef struct bacm_bulk_options {
    size_t struct_size;
    unsigned concurrency;         /**< connections, 1 to BACM_BULK_MAX_CONCURRENCY */
    const char *journal_path;     /**< NULL: no journal, nothing survives the process */
    const char *input_digest;     /**< of the whole input, for instance its SHA-256 in hex;
                                       needed with a journal */
    int64_t managing_customer_id; /**< the caller's customer, bound to the journal; 0: none */
    unsigned tries;               /**< of a call, in this run; see below */
    unsigned backoff_ms;          /**< most time before the second try; doubled for each further
                                       one; the actual time is random between 0 and that */
    unsigned backoff_cap_ms;      /**< most time before any try */
    unsigned throttle_wait_ms;    /**< pause of all connections after 117 or HTTP 429; less than
                                       deadline_ms */
    unsigned requests_per_minute; /**< of all connections together; 0: no cap */
    unsigned deadline_ms;         /**< of a call, its tries, searches and waits together. Rows
                                       that are not decided by then are unknown or not sent */
    unsigned clock_tolerance_ms;  /**< how far the service's clocks may be apart, see above */
    unsigned give_up_after;       /**< the run stops after so many calls in a row that used up
                                       their tries or their time; the rows of a call that are
                                       sent alone, see below, are left after as many */
    size_t window_rows;           /**< rows kept in memory while an earlier one is not decided; at
                                       least BACM_MAX_LINKS_PER_CALL */
    size_t window_bytes;          /**< the same in bytes of their texts and errors; the rows of
                                       calls that are under way may pass */
    bacm_bulk_progress_callback *progress; /**< may be NULL */
    void *progress_user;
    unsigned progress_interval_ms;
} bacm_bulk_options;

/** Defaults: 4 connections, no journal, the service's clocks 2 minutes apart at most, every wait
 * bounded. */
#define BACM_BULK_OPTIONS_INIT                                                                     \
    {                                                                                              \
        sizeof(bacm_bulk_options), 4u, NULL, NULL, 0, 3u, 1000u, 30000u, 60000u, 0u, 600000u,      \
            120000u, 3u, 5000u, (size_t)8 << 20, NULL, NULL, 1000u                                 \
    }

/**
 * Prepare a run: make the clients and open the journal. Nothing is sent.
 *
 * @param[out] out             new; free with bacm_bulk_free(). NULL on failure.
 * @param[in]  options         borrowed; NULL: the defaults.
 * @param[in]  client_options  borrowed; NULL: the defaults. Each connection is a client
 *                             with these options. Their callbacks are called in threads
 *                             of the run, one at a time. Their version's rules are
 *                             those for the rows; NULL as for bacm_client_new().
 * @param[in]  credentials     a reference is taken; must not be NULL.
 * @param[out] error           may be NULL.
 *
 * @return BACM_OK
 * @return BACM_E_ARGUMENT          an option is out of range, a journal without digest, or
 *                                  what bacm_client_new() refuses
 * @return BACM_E_JOURNAL           the file cannot be opened, is no journal, is damaged, has
 *                                  lost rows, was made by a later version, is a symbolic
 *                                  link, belongs to another user than this one or root, or
 *                                  others can read or write it or a file of SQLite beside it
 * @return BACM_E_JOURNAL_IN_USE    another run has the journal open
 * @return BACM_E_JOURNAL_MISMATCH  the journal belongs to another input, endpoint, contract
 *                                  version or managing customer; message tells which. What
 *                                  bacm_api_v13 began bacm_api_v13_rest may finish, in the
 *                                  same environment or at the same host and path
 * @return BACM_E_NO_MEMORY
 *
 * Threads: any. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_bulk_new(bacm_bulk **out, const bacm_bulk_options *options,
                                   const bacm_options *client_options,
                                   bacm_credentials *credentials, bacm_error *error);

/**
 * Run, once. Every row of the source reaches the sink, whatever happens: when the run
 * stops early the rest of the input is read and reported as not sent. Only after
 * BACM_E_SINK, BACM_E_SOURCE and BACM_E_NO_MEMORY rows are left unreported.
 *
 * @param[out] summary  filled in, also on failure; must not be NULL.
 * @param[in]  bulk     borrowed.
 * @param[in]  source   called until it returns BACM_BULK_END.
 * @param[in]  sink     called once a row.
 * @param[out] error    why the run has stopped; may be NULL.
 *
 * @return BACM_OK            the end of the input was reached: see the records and the
 *                            summary for the outcomes
 * @return BACM_E_ARGUMENT    a parameter is NULL, or the run is over already
 * @return BACM_E_CANCELED    bacm_bulk_cancel() was called
 * @return BACM_E_SOURCE      the source returned BACM_BULK_SOURCE_ERROR
 * @return BACM_E_SINK        the sink returned false
 * @return BACM_E_JOURNAL     the journal could not be written, for instance because the
 *                            disk is full; nothing was sent that is not in it
 * @return BACM_E_JOURNAL_MISMATCH  a row differs from the one that the journal has at its
 *                            place
 * @return BACM_E_NOT_SUPER_ADMIN, BACM_E_SANDBOX, BACM_E_NO_CREDENTIALS,
 *         BACM_E_AUTHENTICATION, BACM_E_AUTHORIZATION, BACM_E_TOKEN_EXPIRED, BACM_E_TOKEN,
 *         BACM_E_TOKEN_STORE, BACM_E_VERSION_RETIRED, BACM_E_UNSUPPORTED_FIELD: further calls
 *         would fail alike
 * @return what bacm_links_add() or bacm_links_search() returned last, after
 *         options.give_up_after calls in a row had used up their tries or their time
 * @return BACM_E_NO_MEMORY   also when a thread cannot be made
 *
 * Threads: one a run; options.concurrency threads are made and have ended at the return.
 * All signals are blocked in them. Network: yes. Since: 0.1.0
 */
BACM_API bacm_status bacm_bulk_run(bacm_bulk_summary *summary, bacm_bulk *bulk,
                                   bacm_bulk_source *source, void *source_user,
                                   bacm_bulk_sink *sink, void *sink_user, bacm_error *error);

/**
 * Ask a run to end: calls in flight are finished, waits are cut short, no further call is
 * made, the rest is reported as not sent. May be called before bacm_bulk_run() and more
 * than once.
 *
 * Threads: any; safe in a signal handler. Since: 0.1.0
 */
BACM_API void bacm_bulk_cancel(bacm_bulk *bulk);

/**
 * Close the journal and the connections, and free the run. Must not be called during
 * bacm_bulk_run().
 * @param[in] bulk  taken; NULL is allowed. Threads: one a run. Since: 0.1.0
 */
BACM_API void bacm_bulk_free(bacm_bulk *bulk);

/** A journal file, opened for reading. */
typedef struct bacm_journal bacm_journal;

/** What the journal has recorded of a row. */
typedef enum bacm_journal_state {
    BACM_JOURNAL_NOT_SENT = 0, /**< a second run sends it */
    BACM_JOURNAL_SENDING,      /**< sent or about to be; a second run searches first */
    BACM_JOURNAL_UNKNOWN,      /**< sent, and given up; a second run searches first */
    BACM_JOURNAL_ADDED,
    BACM_JOURNAL_FAILED, /**< refused; is not sent again */
    BACM_JOURNAL_LATER   /**< refused for a passing reason (1472); a second run sends it */
} bacm_journal_state;

/** Number of values of bacm_journal_state. */
#define BACM_JOURNAL_STATES 6

/**
 * Name of a state: "not_sent", "sending", "unknown", "added", "failed", "later".
 * @return static text, never NULL. Threads: any. Since: 0.1.0
 */
BACM_API const char *bacm_journal_state_name(bacm_journal_state state);

/** What a journal is bound to and how far it is. All texts are borrowed from it. */
typedef struct bacm_journal_info {
    size_t struct_size;
    int schema_version;
    const char *contract; /**< "v11" or "v13" */
    const char *endpoint; /**< URL, or "production", "sandbox" */
    const char *input_digest;
    int64_t managing_customer_id;       /**< 0: not bound to one */
    const char *created;                /**< UTC: "2018-05-01T12:00:00Z" */
    uint64_t rows[BACM_JOURNAL_STATES]; /**< by state; rows that were never reached are in none */
} bacm_journal_info;

#define BACM_JOURNAL_INFO_INIT                                                                     \
    {                                                                                              \
        sizeof(bacm_journal_info), 0, "", "", "", 0, "",                                           \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/** A row as the journal has it. Everything in it is borrowed during the callback. */
typedef struct bacm_journal_entry {
    size_t struct_size;
    uint64_t index;
    uint64_t tag;
    int64_t client_account_id;         /**< of an account; 0: the number is set */
    const char *client_account_number; /**< "" when absent */
    int64_t managing_customer_id;
    const char *managing_customer_number;
    bacm_journal_state state;
    bacm_bulk_confirmation confirmed_by; /**< of added and failed */
    const char *sent;        /**< UTC, begin of the first attempt not yet cleared up; "" if none */
    const char *tracking_id; /**< "" when there was none */
    const bacm_service_error *errors;
    size_t error_count;
    bacm_link_type type;                  /**< BACM_ACCOUNT_LINK also where the row says nothing */
    int64_t client_customer_id;           /**< of a customer; 0: the number is set */
    const char *client_customer_number;   /**< "" when absent */
    const char *customer_link_permission; /**< "" when absent */
    uint64_t content; /**< bacm_bulk_content() of the row; 0: recorded by an earlier version */
    const char *last_status; /**< what the last bacm_journal_look() has kept; "" when none has */
} bacm_journal_entry;

/** Receives the entries in the order of the input; false ends the export. */
typedef bool bacm_journal_callback(const bacm_journal_entry *entry, void *user);

/**
 * Open an existing journal for reading. Nothing in it or beside it is changed: what a
 * crash has left half written is put right in a copy below TMPDIR (or /tmp), which is
 * removed at once.
 *
 * @param[out] out    new; free with bacm_journal_close(). NULL on failure.
 * @param[in]  path   borrowed.
 * @param[out] error  may be NULL.
 *
 * @return BACM_OK, BACM_E_ARGUMENT, BACM_E_NO_MEMORY
 * @return BACM_E_JOURNAL         no such file, and as bacm_bulk_new()
 * @return BACM_E_JOURNAL_IN_USE  a run has it open
 *
 * Threads: one a journal. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_journal_open(bacm_journal **out, const char *path, bacm_error *error);

/**
 * What the journal is bound to, and counts by state.
 * @param[out] info  filled in; texts live until bacm_journal_close().
 * @return BACM_OK, BACM_E_ARGUMENT, BACM_E_JOURNAL. Threads: one a journal. Since: 0.1.0
 */
BACM_API bacm_status bacm_journal_inspect(bacm_journal *journal, bacm_journal_info *info,
                                          bacm_error *error);

/**
 * Hand every recorded row to a callback, in the order of the input.
 * @return BACM_OK          all were handed out
 * @return BACM_E_CANCELED  the callback returned false
 * @return BACM_E_ARGUMENT, BACM_E_JOURNAL, BACM_E_NO_MEMORY.
 * Threads: one a journal. Since: 0.1.0
 */
BACM_API bacm_status bacm_journal_export(bacm_journal *journal, bacm_journal_callback *callback,
                                         void *user, bacm_error *error);

/**
 * Open an existing journal for the changes below. Nothing else may have it open meanwhile.
 * They are on disk after bacm_journal_keep(); what is not kept is forgotten when the
 * journal is closed.
 *
 * Parameters and statuses as bacm_journal_open(). Threads: one a journal. Network: no.
 * Since: 0.1.0
 */
BACM_API bacm_status bacm_journal_edit(bacm_journal **out, const char *path, bacm_error *error);

/**
 * Have the next run send a row that the journal has as added or failed: to be called only
 * when a search has shown that the link has ended, or that there is none. A row in another
 * state, or that is not recorded, stays as it is.
 *
 * @param[in] journal  of bacm_journal_edit().
 * @return BACM_OK, BACM_E_ARGUMENT, BACM_E_JOURNAL. Threads: one a journal. Network: no.
 * Since: 0.1.0
 */
BACM_API bacm_status bacm_journal_send_anew(bacm_journal *journal, uint64_t index,
                                            bacm_error *error);

/** Bytes of a status that a journal keeps for the next look, with its NUL. */
#define BACM_JOURNAL_LOOK_BYTES 64

/**
 * Keep the status of a row's link, and learn what the look before has kept.
 *
 * @param[in]  journal   of bacm_journal_edit().
 * @param[in]  index     of the row; it need not be recorded.
 * @param[in]  status    as the service calls it; "" when there is no link. Cut to
 *                       BACM_JOURNAL_LOOK_BYTES.
 * @param[out] previous  BACM_JOURNAL_LOOK_BYTES; "" when the row was never looked at.
 * @return BACM_OK, BACM_E_ARGUMENT, BACM_E_JOURNAL. Threads: one a journal. Network: no.
 * Since: 0.1.0
 */
BACM_API bacm_status bacm_journal_look(bacm_journal *journal, uint64_t index, const char *status,
                                       char previous[BACM_JOURNAL_LOOK_BYTES], bacm_error *error);

/** How many rows had a status at a look. Texts are borrowed during the callback. */
typedef struct bacm_journal_look_count {
    size_t struct_size;
    const char *at;     /**< UTC: "2026-05-01T12:00:00.000Z" */
    const char *status; /**< as bacm_journal_look() was given it */
    uint64_t rows;
} bacm_journal_look_count;

/** Receives the counts of all looks, the oldest first; false ends it. */
typedef bool bacm_journal_history_callback(const bacm_journal_look_count *count, void *user);

/**
 * Hand out what the looks have found, a count a status and look, in the order of time.
 * @return BACM_OK          all were handed out; none when nobody has looked
 * @return BACM_E_CANCELED  the callback returned false
 * @return BACM_E_ARGUMENT, BACM_E_JOURNAL. Threads: one a journal. Network: no.
 * Since: 0.1.0
 */
BACM_API bacm_status bacm_journal_history(bacm_journal *journal,
                                          bacm_journal_history_callback *callback, void *user,
                                          bacm_error *error);

/**
 * Put the changes on disk, and with the looks since the last time their counts.
 * @return BACM_OK, BACM_E_ARGUMENT, BACM_E_JOURNAL. Threads: one a journal. Network: no.
 * Since: 0.1.0
 */
BACM_API bacm_status bacm_journal_keep(bacm_journal *journal, bacm_error *error);

/**
 * Hand out every recorded row, those as well whose pair is in the list no longer: their
 * index is BACM_JOURNAL_REMOVED or more. Parameters and statuses as bacm_journal_export().
 * Threads: one a journal. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_journal_export_all(bacm_journal *journal, bacm_journal_callback *callback,
                                             void *user, bacm_error *error);

/** Indexes from here on are of rows that a mended list has no more. */
#define BACM_JOURNAL_REMOVED ((uint64_t)1 << 62)

/**
 * Fingerprint of what a link says besides its pair: the same for two links that the service
 * would be sent alike. It is what bacm_journal_entry.content holds.
 * @return never 0. Threads: any. Network: no. Since: 0.1.0
 */
BACM_API uint64_t bacm_bulk_content(const bacm_client_link *link);

/**
 * Make the journal one of another list, the same one after it was mended. All its rows are
 * set aside until bacm_journal_take_over() gives them their places; those that it does not
 * are kept, so that nobody is invited twice when their pairs come back.
 *
 * @param[in] journal       of bacm_journal_edit().
 * @param[in] input_digest  as bacm_bulk_options.input_digest will be.
 * @return BACM_OK, BACM_E_ARGUMENT, BACM_E_JOURNAL. Threads: one a journal. Network: no.
 * Since: 0.1.0
 */
BACM_API bacm_status bacm_journal_begin_list(bacm_journal *journal, const char *input_digest,
                                             bacm_error *error);

/**
 * After bacm_journal_begin_list(): what is known of a row holds for a row of the new list,
 * which has the same pair, and so does what the last look has found.
 *
 * @param[in] was    its index as bacm_journal_export_all() has given it before.
 * @param[in] index  its index in the new list, and its tag.
 * @return BACM_OK
 * @return BACM_E_ARGUMENT  there is no such row, or another has the index already
 * @return BACM_E_JOURNAL. Threads: one a journal. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_journal_take_over(bacm_journal *journal, uint64_t was, uint64_t index,
                                            uint64_t tag, bacm_error *error);

/** Close a journal. NULL is allowed. Threads: one a journal. Since: 0.1.0 */
BACM_API void bacm_journal_close(bacm_journal *journal);

#ifdef __cplusplus
}
#endif

#endif
