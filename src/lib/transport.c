#include "lib/transport.h"

#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <stdsoap2.h>

#include <bacm/version.h>

#include "lib/connection.h"
#include "lib/endpoint.h"
#include "lib/error.h"
#include "lib/redact.h"
#include "lib/text.h"
#include "lib/xml_scan.h"

/* The engine believes in this socket; every access to it goes through hooks. */
#define ENGINE_SOCKET ((SOAP_SOCKET)INT_MAX)

enum { USER_AGENT_SIZE = 160, CONTENT_TYPE_SIZE = 96 };

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
    bool has_surplus; /* more came than the reply was to have */
    bool at_end;      /* the other side sends no more */
    bool over_limit;
    bool traced; /* replies are kept */
    bool in_body;
    bool has_unread;
    bool has_unread_errors;
    bool any_status; /* the body is wanted whatever the HTTP status is */
    char content_type[CONTENT_TYPE_SIZE];
    int (*engine_post_header)(struct soap *, const char *, const char *);
    int (*engine_parse_header)(struct soap *, const char *, const char *);
    int (*engine_parse)(struct soap *);
};

static void trace(struct bacm_transport *transport, bacm_trace_kind kind, const char *data,
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

static void trace_text(struct bacm_transport *transport, bacm_trace_kind kind, const char *text)
{
    trace(transport, kind, text, strlen(text));
}

/* --- hooks of the engine ----------------------------------------------------- */

static SOAP_SOCKET hook_open(struct soap *soap, const char *endpoint, const char *host, int port)
{
    (void)soap;
    (void)endpoint;
    (void)host;
    (void)port;
    return ENGINE_SOCKET; /* connected only when the whole request stands */
}

static int hook_close(struct soap *soap)
{
    soap->socket = SOAP_INVALID_SOCKET;
    return SOAP_OK;
}

static int hook_close_socket(struct soap *soap, SOAP_SOCKET socket)
{
    (void)soap;
    (void)socket;
    return SOAP_OK;
}

static int hook_poll(struct soap *soap)
{
    (void)soap;
    return SOAP_OK;
}

static int hook_send(struct soap *soap, const char *bytes, size_t size)
{
    struct bacm_transport *transport = soap->user;

    return bacm_buffer_add(&transport->request, bytes, size) == 0 ? SOAP_OK : SOAP_EOM;
}

static void keep_for_trace(struct bacm_transport *transport, const char *bytes, size_t size)
{
    if (transport->traced && bacm_buffer_add(&transport->reply, bytes, size) != 0)
        transport->traced = false;
}

/* Bytes of a body whose length the header tells; SIZE_MAX when it does not. */
static size_t told_length(const struct soap *soap)
{
    bool told = soap->length && (soap->mode & SOAP_IO) != SOAP_IO_CHUNK;

    return told ? (size_t)soap->length : SIZE_MAX;
}

/* How much of size may be read without going past the end of this reply. */
static size_t within_reply(const struct soap *soap, size_t size)
{
    const struct bacm_transport *transport = soap->user;
    size_t got = transport->reply_bytes - transport->header_bytes;
    size_t length = transport->header_read ? told_length(soap) : SIZE_MAX;
    size_t left = got < length ? length - got : 0;

    return size < left ? size : left;
}

static size_t hook_receive(struct soap *soap, char *bytes, size_t size)
{
    struct bacm_transport *transport = soap->user;
    ssize_t got;

    if (transport->reply_bytes > transport->options->max_reply_bytes)
        transport->over_limit = true;
    size = within_reply(soap, size);
    if (transport->over_limit || !size)
        return 0;
    got = bacm_connection_read(&transport->connection, bytes, size, &transport->failure);
    if (got <= 0) {
        transport->at_end = true;
        return 0;
    }
    transport->reply_bytes += (size_t)got;
    if (!transport->header_read)
        keep_for_trace(transport, bytes, (size_t)got);
    return (size_t)got;
}

static int hook_parse(struct soap *soap)
{
    struct bacm_transport *transport = soap->user;
    int result = transport->engine_parse(soap);
    size_t ahead = soap->buflen - soap->bufidx; /* read, but not of the header */

    transport->header_read = true;
    transport->header_bytes = transport->reply_bytes - ahead;
    if (ahead > told_length(soap)) {
        soap->buflen = soap->bufidx + told_length(soap);
        transport->has_surplus = true;
    }
    if (transport->reply.size > transport->header_bytes)
        transport->reply.size = transport->header_bytes;
    /* The engine takes an HTTP status for an error and would leave the body unread. */
    return transport->any_status && result != SOAP_OK && result == soap->status ? SOAP_OK : result;
}

/* The engine hands over each piece of the body, unpacked, before it reads it. */
static int hook_body(struct soap *soap, const char *bytes, size_t size)
{
    struct bacm_transport *transport = soap->user;

    if (!transport->header_read)
        return SOAP_OK;
    transport->body_bytes += size;
    if (transport->body_bytes > transport->options->max_reply_bytes) {
        transport->over_limit = true;
        return SOAP_LENGTH;
    }
    if (transport->any_status) /* no envelope, and nothing for the trace as it is */
        return bacm_buffer_add(&transport->body, bytes, size) == 0 ? SOAP_OK : SOAP_EOM;
    keep_for_trace(transport, bytes, size);
    return bacm_xml_scan_add(&transport->scan, bytes, size) == BACM_XML_OK ? SOAP_OK
                                                                           : SOAP_SYNTAX_ERROR;
}

static int hook_post_header(struct soap *soap, const char *key, const char *value)
{
    const struct bacm_transport *transport = soap->user;

    if (key && strcasecmp(key, "Accept-Encoding") == 0)
        return SOAP_OK; /* packed replies are read when they come, but not asked for */
    if (key && strcasecmp(key, "User-Agent") == 0)
        value = transport->user_agent;
    return transport->engine_post_header(soap, key, value);
}

static int hook_parse_header(struct soap *soap, const char *key, const char *value)
{
    struct bacm_transport *transport = soap->user;

    if (strcasecmp(key, "Content-Type") == 0)
        bacm_text_line(transport->content_type, sizeof transport->content_type, value);
    return transport->engine_parse_header(soap, key, value);
}

/* An element that the contract does not know is passed over, but not unnoticed. */
static int hook_ignore(struct soap *soap, const char *tag)
{
    struct bacm_transport *transport = soap->user;
    const char *colon = strchr(tag, ':');

    if (!transport->in_body)
        return SOAP_OK;
    transport->has_unread = true;
    if (bacm_xml_is_error_list(colon ? colon + 1 : tag))
        transport->has_unread_errors = true;
    return SOAP_OK;
}

/* --- life -------------------------------------------------------------------- */

static bool is_header_text(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7E)
            return false;
    }
    return true;
}

static bacm_status set_up(struct bacm_transport *transport, bacm_error *error)
{
    const bacm_options *options = transport->options;
    const struct bacm_contract *contract = transport->contract;
    const char *url = options->endpoint                      ? options->endpoint
                      : options->environment == BACM_SANDBOX ? contract->sandbox_endpoint
                                                             : contract->production_endpoint;
    const char *suffix = options->user_agent_suffix ? options->user_agent_suffix : "";
    bacm_status status = bacm_endpoint_parse(&transport->endpoint, url, error);

    if (status != BACM_OK)
        return status;
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
    status = bacm_connection_init(&transport->connection, options->ca_file, error);
    transport->connection.send_timeout_ms = options->send_timeout_ms;
    transport->connection.receive_timeout_ms = options->receive_timeout_ms;
    return status;
}

static struct soap *engine_new(struct bacm_transport *transport)
{
    const bacm_options *options = transport->options;
    const soap_mode keep_alive = options->no_keep_alive ? 0 : SOAP_IO_KEEPALIVE;
    /* TREE: no id and href, neither written nor followed. STORE: the length is known. */
    struct soap *soap = soap_new2(SOAP_XML_TREE | SOAP_C_UTFSTRING | keep_alive,
                                  SOAP_XML_TREE | SOAP_C_UTFSTRING | SOAP_IO_STORE | keep_alive);

    if (!soap)
        return NULL;
    soap->user = transport;
    soap->fopen = hook_open;
    soap->fclose = hook_close;
    soap->fclosesocket = hook_close_socket;
    soap->fpoll = hook_poll;
    soap->fsend = hook_send;
    soap->frecv = hook_receive;
    soap->fpreparerecv = hook_body;
    transport->engine_post_header = soap->fposthdr;
    soap->fposthdr = hook_post_header;
    transport->engine_parse_header = soap->fparsehdr;
    soap->fparsehdr = hook_parse_header;
    transport->engine_parse = soap->fparse;
    soap->fparse = hook_parse;
    soap->fignore = hook_ignore;
    soap->maxlevel = options->max_reply_depth;
    soap->maxlength =
        options->max_reply_bytes > (size_t)LONG_MAX ? LONG_MAX : (long)options->max_reply_bytes;
    soap->maxoccurs = options->max_reply_bytes;
    soap->recv_maxlength = 0; /* the hooks count, and tell a limit from an end */
    return soap;
}

bacm_status bacm_transport_new(struct bacm_transport **out, const bacm_options *options,
                               const struct bacm_contract *contract, bacm_error *error)
{
    struct bacm_transport *transport = calloc(1, sizeof *transport);
    bacm_status status;

    *out = NULL;
    if (!transport)
        return bacm_fail_memory(error);
    transport->connection.fd = -1;
    transport->options = options;
    transport->contract = contract;
    status = set_up(transport, error);
    if (status == BACM_OK) {
        transport->soap = engine_new(transport);
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

static void disconnect(struct bacm_transport *transport, const char *why)
{
    if (transport->connection.fd >= 0)
        trace_text(transport, BACM_TRACE_CLOSE, why);
    bacm_connection_close(&transport->connection);
}

/* A call may write to a connection that the peer has closed, also when it only says goodbye. */
struct sigpipe_guard {
    sigset_t before;
    bool was_pending;
};

static void guard_sigpipe(struct sigpipe_guard *guard)
{
    sigset_t pipe_only;
    sigset_t pending;

    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    sigpending(&pending);
    guard->was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_only, &guard->before);
}

static void unguard_sigpipe(const struct sigpipe_guard *guard)
{
    const struct timespec now = {0, 0};
    sigset_t pipe_only;

    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    if (!guard->was_pending)
        while (sigtimedwait(&pipe_only, NULL, &now) == SIGPIPE)
            ;
    pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
}

void bacm_transport_free(struct bacm_transport *transport)
{
    struct sigpipe_guard guard;

    if (!transport)
        return;
    if (transport->soap) {
        soap_destroy(transport->soap);
        soap_end(transport->soap);
        soap_free(transport->soap);
    }
    guard_sigpipe(&guard);
    bacm_connection_free(&transport->connection);
    unguard_sigpipe(&guard);
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
    soap_end(transport->soap);
    transport->soap->header = NULL;
    bacm_buffer_clear(&transport->request);
    bacm_buffer_clear(&transport->reply);
    bacm_buffer_clear(&transport->body);
    memset(transport->secrets, 0, sizeof transport->secrets);
}

/* --- one exchange -------------------------------------------------------------- */

static void begin_request(struct bacm_transport *transport)
{
    struct soap *soap = transport->soap;

    bacm_buffer_clear(&transport->request);
    soap->error = SOAP_OK;
    soap->socket = SOAP_INVALID_SOCKET;
    soap->keep_alive = 0;
}

static int serialise(struct bacm_transport *transport, const struct bacm_operation *operation,
                     const void *request, const struct bacm_header *header)
{
    struct soap *soap = transport->soap;

    begin_request(transport);
    soap_set_namespaces(soap, transport->contract->request_namespaces(operation));
    soap_set_version(soap, 1);
    soap->encodingStyle = NULL;
    if (transport->contract->set_header(soap, header) != 0)
        return soap->error = SOAP_EOM;
    if (soap_connect(soap, transport->endpoint.url, operation->soap_action) ||
        soap_envelope_begin_out(soap) || soap_putheader(soap) || soap_body_begin_out(soap) ||
        operation->put_request(soap, request) || soap_body_end_out(soap) ||
        soap_envelope_end_out(soap) || soap_end_send(soap))
        return soap->error;
    return SOAP_OK;
}

static bacm_status engine_refuses(const struct soap *soap, bacm_error *error)
{
    if (soap->error == SOAP_EOM)
        return bacm_fail_memory(error);
    return bacm_fail(error, BACM_E_ARGUMENT, "the request cannot be written (engine error %d)",
                     soap->error);
}

static bacm_status connect_service(struct bacm_transport *transport, bool *reused,
                                   bacm_error *error)
{
    char line[512];
    const SSL *ssl;
    bacm_status status;

    *reused = !transport->options->no_keep_alive && bacm_connection_is_idle(&transport->connection);
    if (*reused)
        return BACM_OK;
    disconnect(transport, "closed by the other side while idle");
    status = bacm_connection_open(&transport->connection, &transport->target, &transport->endpoint,
                                  transport->options->connect_timeout_ms, error);
    if (status != BACM_OK)
        return status;
    ssl = transport->connection.ssl;
    bacm_text_format(line, sizeof line, "%s port %s%s%s%s%s", transport->target.host,
                     transport->target.port, ssl ? ", " : "", ssl ? SSL_get_version(ssl) : "",
                     ssl ? ", " : "", ssl ? SSL_get_cipher_name(ssl) : "");
    trace_text(transport, BACM_TRACE_CONNECT, line);
    return BACM_OK;
}

static bacm_status send_request(struct bacm_transport *transport, size_t *request_bytes,
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

static void begin_reply(struct soap *soap)
{
    soap->bufidx = 0;
    soap->buflen = 0;
    soap->header = NULL;
    soap->status = 0;
}

/*
 * Read the reply: SOAP_OK when the answer of this operation, or a fault, was
 * there and was read to the end of the envelope and of the message.
 */
static int read_reply(struct bacm_transport *transport, struct bacm_exchange *exchange)
{
    struct soap *soap = transport->soap;
    const struct bacm_operation *operation = exchange->operation;
    bool is_nil;

    begin_reply(soap);
    soap_set_namespaces(soap, transport->contract->reply_namespaces);
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
    if (soap_body_end_in(soap) || soap_envelope_end_in(soap) || soap_end_recv(soap))
        return soap->error;
    if (transport->over_limit || !bacm_xml_scan_is_complete(&transport->scan))
        return soap->error = SOAP_SYNTAX_ERROR;
    return SOAP_OK;
}

/* Why the engine could not read a reply. */
static bacm_status no_reply(struct bacm_transport *transport, bacm_error *error)
{
    const struct soap *soap = transport->soap;
    const char *type = transport->content_type;
    enum bacm_xml_fault scan = transport->scan.fault;

    if (transport->failure.status != BACM_OK) {
        error->status = transport->failure.status;
        memcpy(error->message, transport->failure.message, sizeof error->message);
        memcpy(error->time, transport->failure.time, sizeof error->time);
        return error->status;
    }
    if (soap->error == SOAP_EOM || scan == BACM_XML_NO_MEMORY)
        return bacm_fail_memory(error);
    if (transport->over_limit || scan == BACM_XML_TOO_DEEP || soap->error == SOAP_LENGTH ||
        soap->error == SOAP_LEVEL || soap->error == SOAP_OCCURS) {
        bacm_error_hint(error, "Raise max_reply_bytes or max_reply_depth if such replies are "
                               "expected.");
        return bacm_fail(error, BACM_E_LIMIT, "the reply is larger or deeper than allowed");
    }
    if (transport->reply_bytes == 0)
        return bacm_fail(error, BACM_E_NETWORK,
                         "the other side closed the connection without a reply");
    if (scan == BACM_XML_DOCTYPE)
        return bacm_fail(error, BACM_E_PROTOCOL,
                         "the reply has a document type or an entity of one, which is not read");
    if (transport->at_end && scan == BACM_XML_OK)
        return bacm_fail(error, BACM_E_NETWORK,
                         "the other side closed the connection in the middle of the reply");
    return bacm_fail(error, BACM_E_PROTOCOL,
                     "the reply is not the answer to this operation (engine error %d%s%s)",
                     soap->error, *type ? ", content type " : "", type);
}

/* Whether nothing but white space is left of what was received. */
static bool is_drained(const struct soap *soap)
{
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
    bool drained = !transport->has_surplus && is_drained(soap);

    exchange->has_unread = transport->has_unread;
    exchange->has_unread_errors = transport->has_unread_errors;
    exchange->reply_bytes = transport->reply_bytes;
    if (transport->reply_bytes)
        trace(transport, BACM_TRACE_REPLY, transport->reply.bytes, transport->reply.size);
    if (!failed) {
        if (!soap->keep_alive || transport->options->no_keep_alive || !drained)
            disconnect(transport, "closed after the reply");
        return BACM_OK;
    }
    exchange->response = NULL;
    exchange->has_fault = false;
    return no_reply(transport, error);
}

static bacm_status exchange_guarded(struct bacm_transport *transport,
                                    struct bacm_exchange *exchange, bacm_error *error)
{
    const struct bacm_header header = {exchange->secrets, transport->options->no_action_header
                                                              ? NULL
                                                              : exchange->operation->soap_action};
    bacm_status status;

    if (serialise(transport, exchange->operation, exchange->request, &header) != SOAP_OK)
        return engine_refuses(transport->soap, error);
    status = connect_service(transport, &exchange->reused_connection, error);
    if (status == BACM_OK) {
        trace(transport, BACM_TRACE_REQUEST, transport->request.bytes, transport->request.size);
        status = send_request(transport, &exchange->request_bytes, error);
    }
    if (status == BACM_OK)
        status = receive_reply(transport, exchange, error);
    return status;
}

/* Nothing of an earlier exchange may be taken for a part of this one. */
static void begin_exchange(struct bacm_transport *transport, int64_t deadline_ms)
{
    bacm_error_clear(&transport->failure);
    bacm_buffer_clear(&transport->reply);
    bacm_buffer_clear(&transport->body);
    bacm_xml_scan_begin(&transport->scan, transport->options->max_reply_depth);
    transport->reply_bytes = 0;
    transport->header_bytes = 0;
    transport->body_bytes = 0;
    transport->header_read = false;
    transport->has_surplus = false;
    transport->at_end = false;
    transport->over_limit = false;
    transport->traced = false;
    transport->in_body = false;
    transport->has_unread = false;
    transport->has_unread_errors = false;
    transport->any_status = false;
    transport->content_type[0] = '\0';
    transport->connection.deadline_ms = deadline_ms;
}

/* Before a reply the engine keeps the number of its own request command there. */
static int http_status_of_reply(const struct bacm_transport *transport)
{
    int status = transport->soap->status;

    return transport->reply_bytes && status >= 100 && status <= 599 ? status : 0;
}

static void end_exchange(struct bacm_transport *transport, bacm_status status, bacm_error *error)
{
    error->http_status = http_status_of_reply(transport);
    if (status != BACM_OK) {
        /* What is left on the connection must never be read as the next reply. */
        disconnect(transport, error->message);
    }
}

bacm_status bacm_transport_exchange(struct bacm_transport *transport,
                                    struct bacm_exchange *exchange, bacm_error *error)
{
    struct sigpipe_guard guard;
    bacm_status status;

    begin_exchange(transport, bacm_monotonic_ms() + transport->options->call_timeout_ms);
    bacm_secrets_list(exchange->secrets, transport->secrets);
    transport->traced = transport->options->trace != NULL;
    guard_sigpipe(&guard);
    status = exchange_guarded(transport, exchange, error);
    end_exchange(transport, status, error);
    unguard_sigpipe(&guard);
    return status;
}

/* --- one form ------------------------------------------------------------------ */

static int write_form(struct bacm_transport *transport, const struct bacm_form_exchange *exchange)
{
    struct soap *soap = transport->soap;

    begin_request(transport);
    soap->http_content = "application/x-www-form-urlencoded";
    soap->http_extra_header = "Accept: application/json";
    if (soap_connect_command(soap, SOAP_POST_FILE, transport->endpoint.url, NULL) ||
        soap_send_raw(soap, exchange->form, exchange->form_size) || soap_end_send(soap))
        return soap->error;
    return SOAP_OK;
}

/* The reply is known in outline only: nothing of it is shown by mistake. */
static void trace_form_reply(struct bacm_transport *transport,
                             const struct bacm_form_exchange *exchange)
{
    char head[CONTENT_TYPE_SIZE + 64];
    struct bacm_buffer line = {NULL, 0, 0};
    char *body;

    if (!transport->options->trace)
        return;
    body = exchange->show_reply(exchange->body, exchange->body_size);
    bacm_text_format(head, sizeof head, "HTTP %d, %s", transport->soap->status,
                     transport->content_type);
    if (body && bacm_buffer_add(&line, head, strlen(head)) == 0 &&
        bacm_buffer_add(&line, "\n", 1) == 0 && bacm_buffer_add(&line, body, strlen(body)) == 0)
        trace(transport, BACM_TRACE_REPLY, line.bytes, line.size);
    else
        trace_text(transport, BACM_TRACE_REPLY, head);
    bacm_buffer_clear(&line);
    free(body);
}

static void trace_form(struct bacm_transport *transport, const struct bacm_form_exchange *exchange)
{
    const struct bacm_buffer *request = &transport->request;
    struct bacm_buffer shown = {NULL, 0, 0};

    /* The form is the end of the request. */
    if (bacm_buffer_add(&shown, request->bytes, request->size - exchange->form_size) == 0 &&
        bacm_buffer_add(&shown, exchange->shown_form, strlen(exchange->shown_form)) == 0)
        trace(transport, BACM_TRACE_REQUEST, shown.bytes, shown.size);
    bacm_buffer_clear(&shown);
}

/* Read a body to its end: hook_body() keeps it. An error of the engine, or SOAP_OK. */
static int read_body(struct bacm_transport *transport)
{
    struct soap *soap = transport->soap;
    bool has_end; /* told before the body, so that a cut is seen */

    begin_reply(soap);
    transport->any_status = true;
    if (soap_begin_recv(soap))
        return soap->error == soap->status ? SOAP_OK : soap->error; /* or there is none */
    has_end = told_length(soap) != SIZE_MAX || (soap->mode & SOAP_IO) == SOAP_IO_CHUNK;
    while (soap_getchar(soap) != (soap_wchar)EOF)
        ;
    if (transport->over_limit)
        return soap->error = SOAP_LENGTH;
    return transport->at_end && has_end ? (soap->error = SOAP_EOF) : SOAP_OK;
}

static bacm_status receive_form_reply(struct bacm_transport *transport,
                                      struct bacm_form_exchange *exchange, bacm_error *error)
{
    int failed = read_body(transport);

    if (failed && transport->at_end && transport->failure.status == BACM_OK)
        return bacm_fail(error, BACM_E_NETWORK, "the connection ended in the middle of the reply");
    if (failed || transport->failure.status != BACM_OK)
        return no_reply(transport, error);
    exchange->body = transport->body.bytes ? transport->body.bytes : "";
    exchange->body_size = transport->body.size;
    trace_form_reply(transport, exchange);
    disconnect(transport, "closed after the reply");
    return BACM_OK;
}

static bacm_status post_form_guarded(struct bacm_transport *transport,
                                     struct bacm_form_exchange *exchange, bacm_error *error)
{
    bool reused;
    size_t request_bytes = 0;
    bacm_status status;

    if (write_form(transport, exchange) != SOAP_OK)
        return engine_refuses(transport->soap, error);
    status = connect_service(transport, &reused, error);
    if (status == BACM_OK) {
        trace_form(transport, exchange);
        status = send_request(transport, &request_bytes, error);
    }
    if (status == BACM_OK)
        status = receive_form_reply(transport, exchange, error);
    return status;
}

bacm_status bacm_transport_post_form(struct bacm_transport *transport,
                                     struct bacm_form_exchange *exchange, bacm_error *error)
{
    struct sigpipe_guard guard;
    bacm_status status;

    begin_exchange(transport, exchange->deadline_ms);
    exchange->body = NULL;
    guard_sigpipe(&guard);
    status = post_form_guarded(transport, exchange, error);
    end_exchange(transport, status, error);
    unguard_sigpipe(&guard);
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
        return engine_refuses(transport->soap, error);
    if (bacm_buffer_add(&transport->request, "", 1) != 0)
        return bacm_fail_memory(error);
    body = strstr(transport->request.bytes, blank_line);
    *out = strdup(body ? body + sizeof blank_line - 1 : "");
    return *out ? BACM_OK : bacm_fail_memory(error);
}
