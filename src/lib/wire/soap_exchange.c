/*
 * One SOAP request and its reply.
 */
#include "lib/wire/transport_inside.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/alloc.h"
#include "lib/base/error.h"
#include "lib/wire/soap.h"

const struct bacm_soap_operation *bacm_soap_operation_of(const struct bacm_contract *contract,
                                                         const struct bacm_operation *operation)
{
    return &contract->soap->operations[operation - contract->operations];
}

enum { HTTP_OK = 200 };

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
    const struct bacm_soap_operation *operation =
        bacm_soap_operation_of(contract, request->operation);
    struct soap *soap = request->transport->soap;

    soap_set_version(soap, 1);
    soap->encodingStyle = NULL;
    if (contract->soap->set_header(soap, request->header) != 0)
        return soap->error = SOAP_EOM;
    if (soap_connect(soap, request->transport->endpoint.url, request->operation->soap_action) ||
        soap_envelope_begin_out(soap) || soap_putheader(soap) || soap_body_begin_out(soap) ||
        operation->put_request(soap, request->body) || soap_body_end_out(soap) ||
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
    failed =
        run_guarded(transport->soap, transport->contract->soap->request_namespaces(operation, body),
                    write_request, &request);
    bacm_engine_cleanse(transport);
    return failed;
}

/* Read the one fault of the body; SOAP_OK, or an engine error. */
static int read_fault(struct bacm_transport *transport, struct bacm_exchange *exchange)
{
    const struct bacm_contract *contract = transport->contract;
    struct bacm_fault *fault = &exchange->fault;
    struct soap *soap = transport->soap;
    const void *ad_api_fault = NULL;
    const void *api_fault = NULL;

    soap->error = SOAP_OK;
    if (soap_getfault(soap))
        return soap->error;
    exchange->has_fault = true;
    bacm_fault_begin(fault, "SOAP fault");
    contract->soap->fault(soap, fault, &ad_api_fault, &api_fault);
    if (contract->mapping->read_fault(soap, ad_api_fault, api_fault, fault) != 0)
        return soap->error = SOAP_EOM;
    return SOAP_OK;
}

/* The rest of the message, which hook_body() looks at: SOAP_OK when it has come to its end. */
static int read_to_end(struct bacm_transport *transport)
{
    struct soap *soap = transport->soap;
    const bool has_end =
        bacm_engine_told_length(soap) != SIZE_MAX || (soap->mode & SOAP_IO) == SOAP_IO_CHUNK;

    while (soap_getchar(soap) != (soap_wchar)EOF)
        ;
    if (transport->failure.status != BACM_OK || (transport->at_end && has_end))
        return soap->error = SOAP_EOF;
    if (transport->over_limit || !bacm_xml_scan_end(&transport->scan))
        return soap->error = SOAP_SYNTAX_ERROR;
    return SOAP_OK;
}

/* The answer of the operation, or NULL with a fault or an engine error. */
static int read_answer(struct bacm_transport *transport, struct bacm_exchange *exchange)
{
    const struct bacm_soap_operation *operation =
        bacm_soap_operation_of(transport->contract, exchange->operation);
    struct soap *soap = transport->soap;
    const bool is_nil = soap_peek_element(soap) == SOAP_OK && soap->null;

    soap->error = SOAP_OK;
    exchange->response = operation->get_response(soap);
    if (!exchange->response) {
        if (soap->error != SOAP_NO_TAG && soap->error != SOAP_TAG_MISMATCH)
            return soap->error ? soap->error : (soap->error = SOAP_NO_TAG);
        return soap->level > 2 ? soap->error : read_fault(transport, exchange);
    }
    if (is_nil) {
        exchange->response = NULL;
        return soap->error = SOAP_NULL;
    }
    if (soap->status != HTTP_OK) {
        bacm_fail(&transport->failure, BACM_E_PROTOCOL,
                  "the reply is a success by its contents and none by its status, HTTP %d",
                  soap->status);
        return soap->error = SOAP_HTTP_ERROR;
    }
    return SOAP_OK;
}

/*
 * Read the reply: SOAP_OK when the answer of this operation, or a fault, was
 * there and was read to the end of the envelope and of the message.
 */
static int read_envelope(struct bacm_transport *transport, struct bacm_exchange *exchange)
{
    struct soap *soap = transport->soap;

    if (bacm_engine_begin_reply(transport) || soap_envelope_begin_in(soap) ||
        soap_recv_header(soap) || soap_body_begin_in(soap))
        return soap->error;
    exchange->tracking_id = transport->contract->soap->tracking_id(soap);
    transport->in_body = true;
    if (read_answer(transport, exchange) || soap_body_end_in(soap) || soap_envelope_end_in(soap) ||
        read_to_end(transport))
        return soap->error;
    return bacm_transport_end_reply(soap);
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
    return run_guarded(transport->soap, transport->contract->soap->reply_namespaces, read_guarded,
                       &reply);
}

static bacm_status receive_reply(struct bacm_transport *transport, struct bacm_exchange *exchange,
                                 bacm_error *error)
{
    struct soap *soap = transport->soap;
    int failed = read_reply(transport, exchange);
    bool drained = bacm_transport_is_drained(transport);

    exchange->has_unread = transport->has_unread;
    exchange->has_unread_errors = transport->has_unread_errors;
    exchange->stated_errors = transport->scan.errors;
    exchange->reply_bytes = transport->reply_bytes;
    exchange->date_ms = transport->date_ms;
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
    /* An envelope that is not understood may say something else than the status. */
    exchange->contradicts = transport->in_body;
    return bacm_transport_no_reply(transport, error);
}

static bacm_status write_whole(struct bacm_transport *transport,
                               const struct bacm_exchange *exchange,
                               const struct bacm_secrets *secrets, size_t *body, bacm_error *error)
{
    const struct bacm_operation *operation = exchange->operation;
    const struct bacm_header header = {
        secrets, transport->options->no_action_header ? NULL : operation->soap_action};
    static const char blank_line[] = "\r\n\r\n";
    const struct bacm_buffer *written = &transport->request;
    const char *end;

    if (serialise(transport, operation, exchange->request, &header) != SOAP_OK)
        return bacm_transport_engine_refuses(transport->soap, error);
    end = memmem(written->bytes, written->size, blank_line, sizeof blank_line - 1);
    *body = end ? (size_t)(end - written->bytes) + sizeof blank_line - 1 : written->size;
    return BACM_OK;
}

static const char *request_template(const struct bacm_contract *contract,
                                    const struct bacm_operation *operation)
{
    return bacm_soap_operation_of(contract, operation)->request_template;
}

const struct bacm_wire bacm_soap_wire = {
    .format = "XML",
    .write = write_whole,
    .receive = receive_reply,
    .read_request = bacm_soap_read_request,
    .write_response = bacm_soap_write_response,
    .request_template = request_template,
};
