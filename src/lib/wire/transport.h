/*
 * The engine's context and one exchange through it: SOAP over HTTP over a
 * connection, with limits, deadline, hygiene and trace.
 */
#ifndef BACM_LIB_WIRE_TRANSPORT_H
#define BACM_LIB_WIRE_TRANSPORT_H

#include <bacm/client.h>

#include "lib/contract/contract.h"
#include "lib/net/network.h"

struct bacm_transport;

enum { BACM_PAGE_TITLE_SIZE = 96 };

struct bacm_exchange {
    /* in */
    const struct bacm_operation *operation;
    const struct bacm_secrets *secrets;
    const void *request;
    const struct bacm_extra *request_extras;
    int64_t deadline_ms; /* on bacm_monotonic_ms() */
    /* out; what is pointed to lives until bacm_transport_end() */
    const void *response;
    struct bacm_fault fault;
    bool has_fault;
    bool reused_connection;
    bool has_unread;
    bool has_unread_errors;
    size_t stated_errors; /* elements OperationError that are not nil */
    bool is_flat;         /* what was to be a list a link may be one list of errors */
    bool contradicts;     /* an answer, or what may be one, under an HTTP status of a failure */
    const struct bacm_extra *extras;
    const char *tracking_id;
    unsigned retry_after_s; /* what the reply asks to wait before the next call; 0: nothing */
    char page_title[BACM_PAGE_TITLE_SIZE]; /* of a web page that came instead of a reply; or "" */
    size_t request_bytes;                  /* that have left */
    size_t reply_bytes;
    int64_t date_ms; /* of the reply, ms since 1970; 0: it has none */
};

/* One form and the reply to it, of any content type and HTTP status. */
struct bacm_form_exchange {
    /* in */
    const char *form; /* application/x-www-form-urlencoded */
    size_t form_size;
    const char *shown_form; /* what a trace may see of it */
    /* of the form, borrowed until bacm_transport_end(): a reply may repeat them; or NULLs */
    const char *secrets[BACM_SECRET_COUNT];
    /* new text: what a trace may see of the reply; NULL when out of memory */
    char *(*show_reply)(const char *head, const char *body, size_t size,
                        const char *const *secrets);
    int64_t deadline_ms; /* on bacm_monotonic_ms() */
    /* out; lives until bacm_transport_end() */
    const char *body;
    size_t body_size;
};

/* options, checked and complete, and route are borrowed for the life of the transport. */
bacm_status bacm_transport_new(struct bacm_transport **out, const bacm_options *options,
                               const struct bacm_route *route, const struct bacm_contract *contract,
                               bacm_error *error);
void bacm_transport_free(struct bacm_transport *transport);

/* The engine's context, for building requests in its memory. */
struct soap *bacm_transport_engine(struct bacm_transport *transport);

/* Free all engine memory of a call. Every call ends with it, on every path. */
void bacm_transport_end(struct bacm_transport *transport);

/*
 * Send one request and read its reply. BACM_OK also with has_fault set; else
 * why there is no reply, without regard to what the operation does.
 */
bacm_status bacm_transport_exchange(struct bacm_transport *transport,
                                    struct bacm_exchange *exchange, bacm_error *error);

/*
 * POST a form to the endpoint. BACM_OK when a reply was read whole, with its
 * status in error->http_status; else why there is none.
 */
bacm_status bacm_transport_post_form(struct bacm_transport *transport,
                                     struct bacm_form_exchange *exchange, bacm_error *error);

/* Write the envelope that an exchange would send, redacted, to *out. */
bacm_status bacm_transport_preview(struct bacm_transport *transport,
                                   const struct bacm_operation *operation, const void *request,
                                   char **out, bacm_error *error);

#endif
