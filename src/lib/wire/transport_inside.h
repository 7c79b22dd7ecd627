/*
 * The inside of a transport, for the files that make it: transport.c (life and
 * connection), hooks.c (the engine and its hooks), soap_exchange.c, form_exchange.c.
 */
#ifndef BACM_LIB_WIRE_TRANSPORT_INSIDE_H
#define BACM_LIB_WIRE_TRANSPORT_INSIDE_H

#include <stdsoap2.h>

#include "lib/base/redact.h"
#include "lib/net/connection.h"
#include "lib/net/endpoint.h"
#include "lib/wire/transport.h"
#include "lib/wire/xml_scan.h"

enum { USER_AGENT_SIZE = 160, CONTENT_TYPE_SIZE = 256, TRACKING_ID_SIZE = 128, PAGE_SIZE = 1024 };

struct bacm_transport {
    struct soap *soap;
    const bacm_options *options;
    const struct bacm_contract *contract;
    struct bacm_endpoint endpoint;
    struct bacm_endpoint target; /* the endpoint, or where connect_to leads */
    struct bacm_connection connection;
    char user_agent[USER_AGENT_SIZE];

    /* of the call in progress */
    struct bacm_buffer request; /* HTTP header and envelope, until it has left */
    struct bacm_buffer reply;   /* kept for the trace only */
    struct bacm_buffer body;    /* of the reply to a form */
    const char *secrets[BACM_SECRET_COUNT];
    bacm_error failure; /* of the connection, when a hook met one */
    struct bacm_xml_scan scan;
    size_t reply_bytes;  /* as they came */
    size_t header_bytes; /* of the HTTP header */
    size_t body_bytes;   /* unpacked */
    bool header_read;
    int64_t date_ms;  /* of the HTTP header; 0: none */
    bool has_surplus; /* more came than the reply was to have */
    bool at_end;      /* the other side sends no more */
    bool over_limit;
    bool traced; /* replies are kept */
    bool in_body;
    bool has_unread;
    bool has_unread_errors;
    unsigned retry_after_s;               /* what the reply asks to wait; 0: nothing */
    bool is_write;                        /* the request asks for a change */
    bool any_status;                      /* the body is wanted whatever the HTTP status is */
    char content_type[CONTENT_TYPE_SIZE]; /* as it came, secrets may be in it */
    char tracking_id[TRACKING_ID_SIZE];   /* of the header, the same */
    char page[PAGE_SIZE];                 /* the beginning of the body, for errors */
    size_t page_size;
    int (*engine_post_header)(struct soap *, const char *, const char *);
    int (*engine_parse_header)(struct soap *, const char *, const char *);
};

/* A new engine whose hooks read and write through the transport; NULL: no memory. */
struct soap *bacm_engine_new(struct bacm_transport *transport);
/* Cleanse what the engine has kept of the request that it has just written. */
void bacm_engine_cleanse(struct bacm_transport *transport);
/* Cleanse what the engine has kept of a reply. */
void bacm_engine_cleanse_reply(struct bacm_transport *transport);
/* Length of a reply that its header tells; SIZE_MAX when it does not. */
size_t bacm_engine_told_length(const struct soap *soap);

/* Check a length that the header tells: SOAP_OK, or an engine error with the failure set. */
int bacm_engine_check_length(struct bacm_transport *transport, const char *value);
/*
 * Read the header of a reply and get ready for its body: in place of soap_begin_recv(). The
 * status of the reply is the error when its body is none that is wanted, or it has none.
 */
int bacm_engine_begin_reply(struct bacm_transport *transport);

/* The header of a reply (reply_head.c): SOAP_OK, with status, framing and length in the engine. */
int bacm_reply_head_read(struct bacm_transport *transport);

/* Hand out a message with the secrets of the call redacted. */
void bacm_transport_trace(struct bacm_transport *transport, bacm_trace_kind kind, const char *data,
                          size_t size);
void bacm_transport_trace_text(struct bacm_transport *transport, bacm_trace_kind kind,
                               const char *text);

/* The steps that every exchange has, in this order. */
void bacm_transport_begin_exchange(struct bacm_transport *transport, int64_t deadline_ms);
void bacm_transport_begin_request(struct bacm_transport *transport);
bacm_status bacm_transport_engine_refuses(const struct soap *soap, bacm_error *error);
bacm_status bacm_transport_connect(struct bacm_transport *transport, bool *reused,
                                   bacm_error *error);
bacm_status bacm_transport_send(struct bacm_transport *transport, size_t *request_bytes,
                                bacm_error *error);
void bacm_transport_begin_reply(struct soap *soap);
/*
 * Read a body to its end, whatever the status is: transport->body keeps it. An error of the
 * engine, or SOAP_OK.
 */
int bacm_transport_read_body(struct bacm_transport *transport);
/* Let the engine end a reply that was read; an error of it, or SOAP_OK. */
int bacm_transport_end_reply(struct soap *soap);
/* Whether nothing of the reply is left on the connection. */
bool bacm_transport_is_drained(const struct bacm_transport *transport);
/* Why there is no understood reply (no_reply.c). */
bacm_status bacm_transport_no_reply(struct bacm_transport *transport, bacm_error *error);
/* What an error of the engine means, said of a message. */
const char *bacm_engine_words(int code);
/* Whether what came is a page for people; title receives one line that names it. */
bool bacm_transport_web_page(const struct bacm_transport *transport, char *title, size_t size);
void bacm_transport_disconnect(struct bacm_transport *transport, const char *why);
void bacm_transport_end_exchange(struct bacm_transport *transport, bacm_status status,
                                 bacm_error *error);

#endif
