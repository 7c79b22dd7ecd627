#include "lib/wire/transport_inside.h"

#include <stdlib.h>
#include <string.h>

#include <bacm/version.h>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/base/text.h"

void bacm_transport_trace(struct bacm_transport *transport, bacm_trace_kind kind, const char *data,
                          size_t size)
{
    struct bacm_buffer clean = {NULL, 0, 0};
    static const char lost[] = "[out of memory while redacting]";

    if (!transport->options->trace)
        return;
    if (bacm_redact(&clean, data, size, transport->secrets, BACM_SECRET_COUNT) == 0)
        transport->options->trace(kind, clean.bytes ? clean.bytes : "", clean.size,
                                  transport->options->trace_user);
    else
        transport->options->trace(kind, lost, sizeof lost - 1, transport->options->trace_user);
    bacm_buffer_clear(&clean);
}

void bacm_transport_trace_text(struct bacm_transport *transport, bacm_trace_kind kind,
                               const char *text)
{
    bacm_transport_trace(transport, kind, text, strlen(text));
}

static void tell(struct bacm_transport *transport, bacm_trace_kind kind, const char *text)
{
    bacm_transport_trace_text(transport, kind, text);
    bacm_log(transport->options, transport->secrets, BACM_LOG_DEBUG, "%s: %s",
             kind == BACM_TRACE_CONNECT ? "connected" : "connection closed", text);
}

static bool is_header_text(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7E)
            return false;
    }
    return true;
}

static bacm_status set_up(struct bacm_transport *transport, const struct bacm_route *route,
                          bacm_error *error)
{
    const bacm_options *options = transport->options;
    const char *url = options->endpoint ? options->endpoint
                      : options->environment == BACM_SANDBOX
                          ? transport->contract->sandbox_endpoint
                          : transport->contract->production_endpoint;
    const char *suffix = options->user_agent_suffix ? options->user_agent_suffix : "";
    bacm_status status = bacm_endpoint_parse(&transport->endpoint, url, error);

    if (status != BACM_OK)
        return status;
    if (transport->contract && transport->contract->rest && strchr(url, '?'))
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the endpoint of %s is a base address, which has no query",
                         transport->contract->name);
    transport->target = transport->endpoint;
    if (options->connect_to)
        status = bacm_endpoint_redirect(&transport->target, options->connect_to, error);
    if (status != BACM_OK)
        return status;
    if (!is_header_text(suffix) || strlen(suffix) > USER_AGENT_SIZE / 2)
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "user_agent_suffix is too long or not plain ASCII text");
    bacm_text_format(transport->user_agent, sizeof transport->user_agent, "bacm/%s %s",
                     BACM_VERSION, suffix);
    status = bacm_connection_init(&transport->connection, options->ca_file, route, error);
    transport->connection.send_timeout_ms = options->send_timeout_ms;
    transport->connection.receive_timeout_ms = options->receive_timeout_ms;
    return status;
}

bacm_status bacm_transport_new(struct bacm_transport **out, const bacm_options *options,
                               const struct bacm_route *route, const struct bacm_contract *contract,
                               bacm_error *error)
{
    struct bacm_transport *transport = calloc(1, sizeof *transport);
    bacm_status status;

    *out = NULL;
    if (!transport)
        return bacm_fail_memory(error);
    transport->connection.fd = -1;
    transport->options = options;
    transport->contract = contract;
    status = set_up(transport, route, error);
    if (status == BACM_OK) {
        transport->soap = bacm_engine_new(transport);
        if (!transport->soap)
            status = bacm_fail_memory(error);
    }
    if (status != BACM_OK) {
        bacm_transport_free(transport);
        return status;
    }
    *out = transport;
    return BACM_OK;
}

void bacm_transport_disconnect(struct bacm_transport *transport, const char *why)
{
    if (transport->connection.fd >= 0)
        tell(transport, BACM_TRACE_CLOSE, why);
    bacm_connection_close(&transport->connection);
}

void bacm_transport_free(struct bacm_transport *transport)
{
    if (!transport)
        return;
    if (transport->soap) {
        soap_destroy(transport->soap);
        soap_end(transport->soap);
        soap_free(transport->soap);
    }
    bacm_connection_free(&transport->connection);
    bacm_buffer_clear(&transport->request);
    bacm_buffer_clear(&transport->reply);
    bacm_buffer_clear(&transport->body);
    bacm_xml_scan_free(&transport->scan);
    free(transport);
}

struct soap *bacm_transport_engine(struct bacm_transport *transport)
{
    return transport->soap;
}

void bacm_transport_end(struct bacm_transport *transport)
{
    soap_destroy(transport->soap);
    /* Not soap_end(): it also sweeps the tables of ids, and soap_begin_recv() does that anyway. */
    soap_dealloc(transport->soap, NULL);
    transport->soap->header = NULL;
    transport->soap->fault = NULL;
    bacm_buffer_clear(&transport->request);
    bacm_buffer_clear(&transport->reply);
    bacm_buffer_clear(&transport->body);
    memset(transport->secrets, 0, sizeof transport->secrets);
}

/* --- steps of an exchange ------------------------------------------------------- */

/* Nothing of an earlier exchange may be taken for a part of this one. */
void bacm_transport_begin_exchange(struct bacm_transport *transport, int64_t deadline_ms)
{
    bacm_error_clear(&transport->failure);
    bacm_buffer_clear(&transport->reply);
    bacm_buffer_clear(&transport->body);
    bacm_xml_scan_begin(&transport->scan, transport->options->max_reply_depth, true);
    transport->reply_bytes = 0;
    transport->header_bytes = 0;
    transport->body_bytes = 0;
    transport->header_read = false;
    transport->date_ms = 0;
    transport->has_surplus = false;
    transport->at_end = false;
    transport->over_limit = false;
    transport->traced = false;
    transport->in_body = false;
    transport->has_unread = false;
    transport->has_unread_errors = false;
    transport->any_status = false;
    transport->content_type[0] = '\0';
    transport->tracking_id[0] = '\0';
    transport->page_size = 0;
    transport->retry_after_s = 0;
    transport->connection.deadline_ms = deadline_ms;
}

/* Before a reply the engine keeps the number of its own request command there. */
static int http_status_of_reply(const struct bacm_transport *transport)
{
    int status = transport->soap->status;

    return transport->reply_bytes && status >= 100 && status <= 599 ? status : 0;
}

void bacm_transport_end_exchange(struct bacm_transport *transport, bacm_status status,
                                 bacm_error *error)
{
    error->http_status = http_status_of_reply(transport);
    if (status != BACM_OK) {
        /* What is left on the connection must never be read as the next reply. */
        bacm_transport_disconnect(transport, error->message);
        soap_free_temp(transport->soap);
    }
}

void bacm_transport_begin_request(struct bacm_transport *transport)
{
    struct soap *soap = transport->soap;

    bacm_buffer_clear(&transport->request);
    soap->error = SOAP_OK;
    soap->socket = SOAP_INVALID_SOCKET;
    soap->keep_alive = 0;
}

bacm_status bacm_transport_engine_refuses(const struct soap *soap, bacm_error *error)
{
    if (soap->error == SOAP_EOM)
        return bacm_fail_memory(error);
    return bacm_fail(error, BACM_E_ARGUMENT, "the request cannot be written: %s",
                     bacm_engine_words(soap->error));
}

static void tell_connected(struct bacm_transport *transport)
{
    const struct bacm_connection *connection = &transport->connection;
    const char *host = transport->target.host;
    const char *port = transport->target.port;
    char line[512];

    if (connection->ssl)
        bacm_text_format(line, sizeof line, "%s port %s%s, %s, %s", host, port,
                         connection->route->has_proxy ? " through the proxy" : "",
                         SSL_get_version(connection->ssl), SSL_get_cipher_name(connection->ssl));
    else
        bacm_text_format(line, sizeof line, "%s port %s", host, port);
    tell(transport, BACM_TRACE_CONNECT, line);
}

bacm_status bacm_transport_connect(struct bacm_transport *transport, bool *reused,
                                   bacm_error *error)
{
    const struct bacm_connection *kept = &transport->connection;
    const bool too_old =
        transport->is_write && bacm_connection_idle_ms(kept) >= transport->options->write_idle_ms;
    bacm_status status;

    *reused = !transport->options->no_keep_alive && !too_old &&
              bacm_connection_is_idle(&transport->connection);
    if (*reused)
        return BACM_OK;
    bacm_transport_disconnect(transport, too_old ? "kept for too long to carry a write"
                                                 : "closed by the other side while idle");
    status = bacm_connection_open(&transport->connection, &transport->target, &transport->endpoint,
                                  transport->options->connect_timeout_ms, error);
    if (status != BACM_OK)
        return status;
    tell_connected(transport);
    return BACM_OK;
}

bacm_status bacm_transport_send(struct bacm_transport *transport, size_t *request_bytes,
                                bacm_error *error)
{
    const struct bacm_buffer *request = &transport->request;

    while (*request_bytes < request->size) {
        ssize_t sent =
            bacm_connection_write(&transport->connection, request->bytes + *request_bytes,
                                  request->size - *request_bytes, error);

        if (sent <= 0)
            return error->status;
        *request_bytes += (size_t)sent;
        error->request_sent = true;
    }
    return BACM_OK;
}

void bacm_transport_begin_reply(struct soap *soap)
{
    soap->bufidx = 0;
    soap->buflen = 0;
    soap->header = NULL;
    soap->status = 0;
}
