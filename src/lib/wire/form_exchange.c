/*
 * One form and its reply: the token endpoint is asked with the engine, too.
 */
#include "lib/wire/transport_inside.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/error.h"

static int write_form(struct bacm_transport *transport, const struct bacm_form_exchange *exchange)
{
    struct soap *soap = transport->soap;

    bacm_transport_begin_request(transport);
    soap->http_content = "application/x-www-form-urlencoded";
    soap->http_extra_header = "Accept: application/json";
    if (soap_connect_command(soap, SOAP_POST_FILE, transport->endpoint.url, NULL) == SOAP_OK &&
        soap_send_raw(soap, exchange->form, exchange->form_size) == SOAP_OK)
        soap_end_send(soap);
    bacm_engine_cleanse(transport);
    return soap->error;
}

/* The reply is known in outline only: nothing of it is shown by mistake. */
static void trace_form_reply(struct bacm_transport *transport,
                             const struct bacm_form_exchange *exchange)
{
    char status[16];
    char head[sizeof status + sizeof ", " + CONTENT_TYPE_SIZE];
    char *shown;

    if (!transport->options->trace)
        return;
    snprintf(status, sizeof status, "HTTP %d", transport->soap->status);
    /* As it came, for a secret in it to be found. */
    snprintf(head, sizeof head, "%s, %s", status, transport->content_type);
    shown = exchange->show_reply(head, exchange->body, exchange->body_size, transport->secrets);
    bacm_transport_trace_text(transport, BACM_TRACE_REPLY, shown ? shown : status);
    free(shown);
}

static void trace_form(struct bacm_transport *transport, const struct bacm_form_exchange *exchange)
{
    const struct bacm_buffer *request = &transport->request;
    struct bacm_buffer shown = {NULL, 0, 0};

    /* The form is the end of the request. */
    if (bacm_buffer_add(&shown, request->bytes, request->size - exchange->form_size) == 0 &&
        bacm_buffer_add(&shown, exchange->shown_form, strlen(exchange->shown_form)) == 0)
        bacm_transport_trace(transport, BACM_TRACE_REQUEST, shown.bytes, shown.size);
    bacm_buffer_clear(&shown);
}

int bacm_transport_read_body(struct bacm_transport *transport)
{
    struct soap *soap = transport->soap;
    bool has_end; /* told before the body, so that a cut is seen */

    bacm_transport_begin_reply(soap);
    transport->any_status = true;
    if (bacm_engine_begin_reply(transport))
        return soap->error == soap->status ? SOAP_OK : soap->error; /* or there is none */
    has_end = bacm_engine_told_length(soap) != SIZE_MAX || (soap->mode & SOAP_IO) == SOAP_IO_CHUNK;
    while (soap_getchar(soap) != (soap_wchar)EOF)
        ;
    if (transport->over_limit)
        return soap->error = SOAP_LENGTH;
    return transport->at_end && has_end ? (soap->error = SOAP_EOF) : SOAP_OK;
}

static bacm_status receive_form_reply(struct bacm_transport *transport,
                                      struct bacm_form_exchange *exchange, bacm_error *error)
{
    int failed = bacm_transport_read_body(transport);

    if (failed && transport->at_end && transport->failure.status == BACM_OK)
        return bacm_fail(error, BACM_E_NETWORK, "the connection ended in the middle of the reply");
    /* The engine may take an error in the header for a status. */
    if (failed || transport->over_limit || transport->failure.status != BACM_OK)
        return bacm_transport_no_reply(transport, error);
    exchange->body = transport->body.bytes ? transport->body.bytes : "";
    exchange->body_size = transport->body.size;
    trace_form_reply(transport, exchange);
    bacm_transport_disconnect(transport, "closed after the reply");
    return BACM_OK;
}

static bacm_status post_form_guarded(struct bacm_transport *transport,
                                     struct bacm_form_exchange *exchange, bacm_error *error)
{
    bool reused;
    size_t request_bytes = 0;
    bacm_status status;

    if (write_form(transport, exchange) != SOAP_OK)
        return bacm_transport_engine_refuses(transport->soap, error);
    status = bacm_transport_connect(transport, &reused, error);
    if (status == BACM_OK) {
        trace_form(transport, exchange);
        status = bacm_transport_send(transport, &request_bytes, error);
    }
    if (status == BACM_OK)
        status = receive_form_reply(transport, exchange, error);
    return status;
}

bacm_status bacm_transport_post_form(struct bacm_transport *transport,
                                     struct bacm_form_exchange *exchange, bacm_error *error)
{
    bacm_status status;

    bacm_transport_begin_exchange(transport, exchange->deadline_ms);
    memcpy(transport->secrets, exchange->secrets, sizeof transport->secrets);
    exchange->body = NULL;
    status = post_form_guarded(transport, exchange, error);
    bacm_engine_cleanse_reply(transport);
    bacm_transport_end_exchange(transport, status, error);
    return status;
}
