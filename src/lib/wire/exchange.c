/*
 * One request and its reply, on any wire.
 */
#include "lib/wire/transport_inside.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/error.h"
#include "lib/wire/wire.h"

/*
 * Of a reply as it is, neither packed nor in chunks nor in parts, the engine has
 * nothing left to read: it would sweep its table of ids, which is empty.
 */
int bacm_transport_end_reply(struct soap *soap)
{
    bool is_plain = !(soap->mode & (SOAP_ENC_ZLIB | SOAP_ENC_DIME | SOAP_ENC_MIME)) &&
                    (soap->mode & SOAP_IO) != SOAP_IO_CHUNK;

    return is_plain ? SOAP_OK : soap_end_recv(soap);
}

/*
 * Whether nothing but white space is left of the reply: what is still to come of the length
 * that its header tells would be taken for the next one.
 */
bool bacm_transport_is_drained(const struct bacm_transport *transport)
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

static bacm_status exchange_guarded(struct bacm_transport *transport,
                                    struct bacm_exchange *exchange, bacm_error *error)
{
    const struct bacm_wire *wire = transport->contract->wire;
    size_t body;
    bacm_status status = wire->write(transport, exchange, exchange->secrets, &body, error);

    if (status == BACM_OK)
        status = bacm_transport_connect(transport, &exchange->reused_connection, error);
    if (status == BACM_OK) {
        bacm_transport_trace(transport, BACM_TRACE_REQUEST, transport->request.bytes,
                             transport->request.size);
        status = bacm_transport_send(transport, &exchange->request_bytes, error);
    }
    if (status == BACM_OK)
        status = wire->receive(transport, exchange, error);
    return status;
}

bacm_status bacm_transport_exchange(struct bacm_transport *transport,
                                    struct bacm_exchange *exchange, bacm_error *error)
{
    bacm_status status;

    bacm_transport_begin_exchange(transport, exchange->deadline_ms);
    bacm_secrets_list(exchange->secrets, transport->secrets);
    transport->traced = transport->options->trace != NULL;
    transport->is_write = bacm_operation_is_write(exchange->operation);
    status = exchange_guarded(transport, exchange, error);
    if (status != BACM_OK)
        bacm_transport_web_page(transport, exchange->page_title, sizeof exchange->page_title);
    exchange->retry_after_s = transport->retry_after_s;
    bacm_transport_end_exchange(transport, status, error);
    return status;
}

bacm_status bacm_transport_preview(struct bacm_transport *transport,
                                   const struct bacm_operation *operation, const void *request,
                                   char **out, bacm_error *error)
{
    char hidden[] = "[redacted]";
    const struct bacm_secrets secrets = {.developer_token = hidden, .access_token = hidden};
    const struct bacm_exchange exchange = {.operation = operation, .request = request};
    size_t body;
    bacm_status status =
        transport->contract->wire->write(transport, &exchange, &secrets, &body, error);

    *out = NULL;
    if (status != BACM_OK)
        return status;
    *out = strndup(transport->request.bytes + body, transport->request.size - body);
    return *out ? BACM_OK : bacm_fail_memory(error);
}
