/*
 * One SOAP request and its reply.
 */
#include "lib/wire/transport_inside.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/alloc.h"
#include "lib/base/error.h"

/*
 * A step of the engine that may run out of memory anywhere. The table of
 * namespaces is replaced before: the old one is then in a variable alone.
 */
static int run_guarded(struct soap *soap, const struct Namespace *table, int (*step)(void *),
                       void *argument)
{
    soap_set_namespaces(soap, table);
    return soap->error =
               soap->local_namespaces ? bacm_alloc_guard(step, argument, SOAP_EOM) : SOAP_EOM;
}

struct request {
    struct bacm_transport *transport;
    const struct bacm_operation *operation;
    const void *body;
    const struct bacm_header *header;
};

static int write_request(void *argument)
{
    const struct request *request = argument;
    const struct bacm_contract *contract = request->transport->contract;
    struct soap *soap = request->transport->soap;

    soap_set_version(soap, 1);
    soap->encodingStyle = NULL;
    if (contract->set_header(soap, request->header) != 0)
        return soap->error = SOAP_EOM;
    if (soap_connect(soap, request->transport->endpoint.url, request->operation->soap_action) ||
        soap_envelope_begin_out(soap) || soap_putheader(soap) || soap_body_begin_out(soap) ||
        request->operation->put_request(soap, request->body) || soap_body_end_out(soap) ||
        soap_envelope_end_out(soap) || soap_end_send(soap))
        return soap->error;
    return SOAP_OK;
}

static int serialise(struct bacm_transport *transport, const struct bacm_operation *operation,
                     const void *body, const struct bacm_header *header)
{
    struct request request = {transport, operation, body, header};
    int failed;

    bacm_transport_begin_request(transport);
    failed = run_guarded(transport->soap, transport->contract->request_namespaces(operation, body),
                         write_request, &request);
    bacm_engine_cleanse(transport);
    return failed;
}

/* Read the one fault of the body; SOAP_OK, or an engine error. */
static int read_fault(struct bacm_transport *transport, struct bacm_exchange *exchange)
{
    struct soap *soap = transport->soap;

    soap->error = SOAP_OK;
    if (soap_getfault(soap))
        return soap->error;
    exchange->has_fault = true;
    if (transport->contract->read_fault(soap, &exchange->fault) != 0)
        return soap->error = SOAP_EOM;
    return SOAP_OK;
}

/*
 * Of a reply as it is, neither packed nor in chunks nor in parts, the engine has
 * nothing left to read: it would sweep its table of ids, which is empty.
 */
static int end_recv(struct soap *soap)
{
    bool is_plain = !(soap->mode & (SOAP_ENC_ZLIB | SOAP_ENC_DIME | SOAP_ENC_MIME)) &&
                    (soap->mode & SOAP_IO) != SOAP_IO_CHUNK;

    return is_plain ? SOAP_OK : soap_end_recv(soap);
}

/*
 * Read the reply: SOAP_OK when the answer of this operation, or a fault, was
 * there and was read to the end of the envelope and of the message.
 */
static int read_envelope(struct bacm_transport *transport, struct bacm_exchange *exchange)
{
    struct soap *soap = transport->soap;
    const struct bacm_operation *operation = exchange->operation;
    bool is_nil;

    if (soap_begin_recv(soap) || soap_envelope_begin_in(soap) || soap_recv_header(soap) ||
        soap_body_begin_in(soap))
        return soap->error;
    exchange->tracking_id = transport->contract->tracking_id(soap);
    transport->in_body = true;
    is_nil = soap_peek_element(soap) == SOAP_OK && soap->null;
    soap->error = SOAP_OK;
    exchange->response = operation->get_response(soap);
    if (!exchange->response) {
        if (soap->error != SOAP_NO_TAG && soap->error != SOAP_TAG_MISMATCH)
            return soap->error ? soap->error : (soap->error = SOAP_NO_TAG);
        if (soap->level > 2)
            return soap->error;
        if (read_fault(transport, exchange))
            return soap->error;
    } else if (is_nil) {
        exchange->response = NULL;
        return soap->error = SOAP_NULL;
    }
    if (soap_body_end_in(soap) || soap_envelope_end_in(soap) || end_recv(soap))
        return soap->error;
    if (transport->over_limit || !bacm_xml_scan_is_complete(&transport->scan))
        return soap->error = SOAP_SYNTAX_ERROR;
    return SOAP_OK;
}

struct reply {
    struct bacm_transport *transport;
    struct bacm_exchange *exchange;
};

static int read_guarded(void *argument)
{
    const struct reply *reply = argument;

    return read_envelope(reply->transport, reply->exchange);
}

static int read_reply(struct bacm_transport *transport, struct bacm_exchange *exchange)
{
    struct reply reply = {transport, exchange};

    bacm_transport_begin_reply(transport->soap);
    return run_guarded(transport->soap, transport->contract->reply_namespaces, read_guarded,
                       &reply);
}

/*
 * Whether nothing but white space is left of the reply: what is still to come of the length
 * that its header tells would be taken for the next one.
 */
static bool is_drained(const struct bacm_transport *transport)
{
    const struct soap *soap = transport->soap;
    size_t told = bacm_engine_told_length(soap);

    if (transport->has_surplus ||
        (told != SIZE_MAX && transport->reply_bytes - transport->header_bytes < told))
        return false;
    for (size_t i = soap->bufidx; i < soap->buflen; i++) {
        if (!strchr(" \t\r\n", soap->buf[i]) || !soap->buf[i])
            return false;
    }
    return true;
}

static bacm_status receive_reply(struct bacm_transport *transport, struct bacm_exchange *exchange,
                                 bacm_error *error)
{
    struct soap *soap = transport->soap;
    int failed = read_reply(transport, exchange);
    bool drained = is_drained(transport);

    exchange->has_unread = transport->has_unread;
    exchange->has_unread_errors = transport->has_unread_errors;
    exchange->stated_errors = transport->scan.errors;
    exchange->reply_bytes = transport->reply_bytes;
    if (transport->reply_bytes)
        bacm_transport_trace(transport, BACM_TRACE_REPLY, transport->reply.bytes,
                             transport->reply.size);
    if (!failed) {
        if (!soap->keep_alive || transport->options->no_keep_alive || !drained)
            bacm_transport_disconnect(transport, "closed after the reply");
        return BACM_OK;
    }
    exchange->response = NULL;
    exchange->has_fault = false;
    return bacm_transport_no_reply(transport, error);
}

static bacm_status exchange_guarded(struct bacm_transport *transport,
                                    struct bacm_exchange *exchange, bacm_error *error)
{
    const struct bacm_header header = {exchange->secrets, transport->options->no_action_header
                                                              ? NULL
                                                              : exchange->operation->soap_action};
    bacm_status status;

    if (serialise(transport, exchange->operation, exchange->request, &header) != SOAP_OK)
        return bacm_transport_engine_refuses(transport->soap, error);
    status = bacm_transport_connect(transport, &exchange->reused_connection, error);
    if (status == BACM_OK) {
        bacm_transport_trace(transport, BACM_TRACE_REQUEST, transport->request.bytes,
                             transport->request.size);
        status = bacm_transport_send(transport, &exchange->request_bytes, error);
    }
    if (status == BACM_OK)
        status = receive_reply(transport, exchange, error);
    return status;
}

bacm_status bacm_transport_exchange(struct bacm_transport *transport,
                                    struct bacm_exchange *exchange, bacm_error *error)
{
    bacm_status status;

    bacm_transport_begin_exchange(transport, exchange->deadline_ms);
    bacm_secrets_list(exchange->secrets, transport->secrets);
    transport->traced = transport->options->trace != NULL;
    status = exchange_guarded(transport, exchange, error);
    bacm_transport_end_exchange(transport, status, error);
    return status;
}

bacm_status bacm_transport_preview(struct bacm_transport *transport,
                                   const struct bacm_operation *operation, const void *request,
                                   char **out, bacm_error *error)
{
    char hidden[] = "[redacted]";
    struct bacm_secrets secrets = {hidden, hidden, NULL, NULL};
    const struct bacm_header header = {
        &secrets, transport->options->no_action_header ? NULL : operation->soap_action};
    static const char blank_line[] = "\r\n\r\n";
    const char *body;

    *out = NULL;
    if (serialise(transport, operation, request, &header) != SOAP_OK)
        return bacm_transport_engine_refuses(transport->soap, error);
    if (bacm_buffer_add(&transport->request, "", 1) != 0)
        return bacm_fail_memory(error);
    body = strstr(transport->request.bytes, blank_line);
    *out = strdup(body ? body + sizeof blank_line - 1 : "");
    return *out ? BACM_OK : bacm_fail_memory(error);
}
