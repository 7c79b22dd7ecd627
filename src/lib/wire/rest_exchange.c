/*
 * One REST request and its reply.
 */
#include "lib/wire/rest.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/wire/transport_inside.h"

const struct bacm_rest_operation *bacm_rest_operation_of(const struct bacm_contract *contract,
                                                         const struct bacm_operation *operation)
{
    return &contract->rest->operations[operation - contract->operations];
}

/* --- request --------------------------------------------------------------------- */

/* Room for the length of a body that is not written yet; blanks before a value mean nothing. */
#define LENGTH_ROOM "          "

struct head {
    struct bacm_buffer *buffer;
    bool failed;
};

static void add(struct head *head, const char *text)
{
    head->failed |= bacm_buffer_add(head->buffer, text, strlen(text)) != 0;
}

static void add_line(struct head *head, const char *name, const char *value)
{
    add(head, name);
    add(head, value);
    add(head, "\r\n");
}

/* A token is a header's value now: nothing escapes what would end it. */
static bacm_status check_token(const char *token, const char *what, bacm_error *error)
{
    for (const unsigned char *p = (const unsigned char *)token; p && *p; p++) {
        if (*p < 0x20 || *p > 0x7E)
            return bacm_fail(error, BACM_E_ARGUMENT, "the %s has a character that no header takes",
                             what);
    }
    return BACM_OK;
}

/* Method, address and what stands before the tokens. */
static void write_start(struct head *head, const struct bacm_transport *transport,
                        const struct bacm_rest_operation *operation)
{
    const char *authority = strstr(transport->endpoint.url, "://") + 3;
    const size_t size = strcspn(authority, "/");
    const char *base = authority + size;
    size_t length = strlen(base);

    while (length && base[length - 1] == '/')
        length--;
    add(head, operation->method);
    add(head, " ");
    head->failed |= bacm_buffer_add(head->buffer, base, length) != 0;
    add_line(head, operation->path, " HTTP/1.1");
    add(head, "Host: ");
    head->failed |= bacm_buffer_add(head->buffer, authority, size) != 0;
    add_line(head, "\r\nUser-Agent: ", transport->user_agent);
    add(head, "Accept: application/json\r\nContent-Type: application/json; charset=utf-8\r\n");
}

/* The length goes where room was left for it. */
static void write_length(char *room, size_t length)
{
    char *at = room + sizeof LENGTH_ROOM - 1;

    do
        *--at = (char)('0' + length % 10);
    while (length /= 10);
}

static bacm_status refuse_value(enum bacm_json_fault fault, const char *name, bacm_error *error)
{
    switch (fault) {
    case BACM_JSON_OK:
        return BACM_OK;
    case BACM_JSON_NO_MEMORY:
        return bacm_fail_memory(error);
    case BACM_JSON_NOT_UTF8:
        return bacm_fail(error, BACM_E_ARGUMENT, "the request cannot be written: %s is not UTF-8",
                         name);
    default:
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the request cannot be written: %s has no value that its type allows",
                         name);
    }
}

/* What is to be added to objects is the caller's text. */
static bacm_status check_extras(const struct bacm_extra *extras, size_t max_depth,
                                bacm_error *error)
{
    for (; extras; extras = extras->next) {
        struct bacm_buffer text = {NULL, 0, 0};
        enum bacm_json_fault fault = BACM_JSON_NO_MEMORY;

        if (bacm_buffer_add(&text, "{", 1) == 0 &&
            bacm_buffer_add(&text, extras->members, strlen(extras->members)) == 0 &&
            bacm_buffer_add(&text, "}", 1) == 0)
            json_decref(bacm_json_parse(text.bytes, text.size, max_depth, &fault));
        bacm_buffer_clear(&text);
        if (fault == BACM_JSON_NO_MEMORY)
            return bacm_fail_memory(error);
        if (fault)
            return bacm_fail(error, BACM_E_ARGUMENT, "other_members of a link is no JSON text");
    }
    return BACM_OK;
}

static bacm_status check_request(const struct bacm_transport *transport,
                                 const struct bacm_exchange *exchange,
                                 const struct bacm_secrets *secrets, bacm_error *error)
{
    bacm_status status = check_token(secrets->access_token, "access token", error);

    if (status == BACM_OK)
        status = check_token(secrets->developer_token, "developer token", error);
    if (status == BACM_OK)
        status = check_extras(exchange->request_extras, transport->options->max_reply_depth, error);
    return status;
}

bacm_status bacm_rest_write(struct bacm_transport *transport, const struct bacm_exchange *exchange,
                            const struct bacm_secrets *secrets, size_t *body, bacm_error *error)
{
    const struct bacm_rest_operation *operation =
        bacm_rest_operation_of(transport->contract, exchange->operation);
    struct head head = {&transport->request, false};
    bacm_status status = check_request(transport, exchange, secrets, error);
    const char *name;

    bacm_transport_begin_request(transport);
    /* As the engine has it: wanted, until the reply says otherwise. */
    transport->soap->keep_alive = transport->options->no_keep_alive ? 0 : -1;
    if (status != BACM_OK)
        return status;
    write_start(&head, transport, operation);
    add_line(&head, "Authorization: Bearer ", secrets->access_token ? secrets->access_token : "");
    if (secrets->developer_token)
        add_line(&head, "DeveloperToken: ", secrets->developer_token);
    if (secrets->identity_provider)
        add_line(&head, "IdentityProvider: ", secrets->identity_provider);
    add(&head, transport->options->no_keep_alive ? "Connection: close\r\n" : "");
    add(&head, "Content-Length:" LENGTH_ROOM "\r\n\r\n");
    if (head.failed)
        return bacm_fail_memory(error);
    *body = transport->request.size;
    status = refuse_value(bacm_json_write(&transport->request, operation->request,
                                          exchange->request, exchange->request_extras, &name),
                          name, error);
    if (status == BACM_OK)
        write_length(transport->request.bytes + *body - sizeof "\r\n\r\n" + 1 -
                         (sizeof LENGTH_ROOM - 1),
                     transport->request.size - *body);
    return status;
}

/* --- reply ---------------------------------------------------------------------- */

static bool is_success(int http_status)
{
    return http_status >= 200 && http_status < 300;
}

static bool is_given(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return value && !json_is_null(value);
}

/* No reply of an operation has members of these names. */
static bool is_fault(const json_t *root, int http_status)
{
    return json_is_string(json_object_get(root, "Type")) || is_given(root, "Errors") ||
           is_given(root, "BatchErrors") ||
           (!is_success(http_status) && is_given(root, "OperationErrors") &&
            !json_object_get(root, "PartialErrors"));
}

/* A fault of a batch has errors in two lists. */
static int join_batch_errors(json_t *root)
{
    json_t *batch = json_object_get(root, "BatchErrors");
    json_t *errors = json_object_get(root, "OperationErrors");

    if (!json_is_array(batch))
        return 0;
    return json_is_array(errors) ? json_array_extend(errors, batch)
                                 : json_object_set(root, "OperationErrors", batch);
}

/* The text of a member, in engine memory; "" where there is none. NULL: no memory. */
static const char *text_of(struct soap *soap, const json_t *root, const char *name)
{
    const char *text = json_string_value(json_object_get(root, name));

    return text ? soap_strdup(soap, text) : "";
}

/* By what is there, not by the name of its type: that may be new. */
static enum bacm_json_fault read_fault(struct bacm_transport *transport,
                                       struct bacm_exchange *exchange, json_t *root)
{
    const struct bacm_rest *rest = transport->contract->rest;
    struct bacm_json_reading reading = {.soap = transport->soap};
    struct bacm_fault *fault = &exchange->fault;
    const bool is_ad_api = is_given(root, "Errors");
    void *detail;
    enum bacm_json_fault failed;

    bacm_fault_begin(fault, "fault");
    fault->fault_code = text_of(transport->soap, root, "Type");
    fault->fault_string = text_of(transport->soap, root, "Message");
    fault->tracking_id = transport->tracking_id;
    if (!fault->fault_code || !fault->fault_string || join_batch_errors(root) != 0)
        return BACM_JSON_NO_MEMORY;
    failed =
        bacm_json_read(&reading, is_ad_api ? rest->ad_api_fault : rest->api_fault, root, &detail);
    if (failed)
        return failed;
    if (transport->contract->mapping->read_fault(transport->soap, is_ad_api ? detail : NULL,
                                                 is_ad_api ? NULL : detail, fault) != 0)
        return BACM_JSON_NO_MEMORY;
    exchange->has_fault = true;
    return BACM_JSON_OK;
}

/*
 * An answer has a member of its type, be it null; that of a write may also be bare, and
 * that of an operation that says nothing always is.
 */
static bool is_answer(const struct bacm_exchange *exchange, const struct bacm_json_type *type,
                      const struct bacm_json_reading *reading, const json_t *root)
{
    if (reading->knows_a_member)
        return true;
    return !json_object_size(root) &&
           (!type->count || bacm_operation_is_write(exchange->operation));
}

static enum bacm_json_fault read_answer(struct bacm_transport *transport,
                                        struct bacm_exchange *exchange, const json_t *root)
{
    const struct bacm_json_type *type =
        bacm_rest_operation_of(transport->contract, exchange->operation)->response;
    struct bacm_json_reading reading = {.soap = transport->soap};
    void *response;
    enum bacm_json_fault fault = bacm_json_read(&reading, type, root, &response);

    if (fault)
        return fault;
    if (!is_answer(exchange, type, &reading, root))
        return BACM_JSON_UNKNOWN;
    if (!is_success(transport->soap->status)) {
        exchange->contradicts = true;
        return BACM_JSON_UNKNOWN;
    }
    exchange->response = response;
    exchange->has_unread_errors = reading.has_unread_errors;
    exchange->stated_errors = reading.errors;
    exchange->is_flat = reading.objects_in_lists && !reading.lists_in_lists;
    exchange->extras = reading.extras;
    return BACM_JSON_OK;
}

static bool is_json(const char *content_type)
{
    return !*content_type || strcasestr(content_type, "json") ||
           !(strcasestr(content_type, "html") || strcasestr(content_type, "xml"));
}

static enum bacm_json_fault read_body(struct bacm_transport *transport,
                                      struct bacm_exchange *exchange)
{
    const struct bacm_buffer *body = &transport->body;
    enum bacm_json_fault fault;
    json_t *root;

    if (!is_json(transport->content_type))
        return BACM_JSON_BAD_TEXT;
    root = bacm_json_parse(body->bytes ? body->bytes : "", body->size,
                           transport->options->max_reply_depth, &fault);
    if (!root)
        return fault;
    fault = is_fault(root, transport->soap->status) ? read_fault(transport, exchange, root)
                                                    : read_answer(transport, exchange, root);
    json_decref(root);
    return fault;
}

static void trace_reply(struct bacm_transport *transport)
{
    if (!transport->options->trace || !transport->reply_bytes)
        return;
    if (transport->traced &&
        bacm_buffer_add(&transport->reply, transport->body.bytes, transport->body.size) != 0)
        transport->traced = false;
    bacm_transport_trace(transport, BACM_TRACE_REPLY, transport->reply.bytes,
                         transport->reply.size);
}

/* Why the body is neither an answer nor a fault. */
static bacm_status refuse_body(struct bacm_transport *transport, enum bacm_json_fault fault,
                               bacm_error *error)
{
    if (fault == BACM_JSON_NO_MEMORY)
        return bacm_fail_memory(error);
    if (fault == BACM_JSON_OVER_LIMIT)
        transport->over_limit = true;
    else
        transport->soap->error = SOAP_SYNTAX_ERROR;
    return bacm_transport_no_reply(transport, error);
}

bacm_status bacm_rest_receive(struct bacm_transport *transport, struct bacm_exchange *exchange,
                              bacm_error *error)
{
    struct soap *soap = transport->soap;
    int failed = bacm_transport_read_body(transport);
    enum bacm_json_fault fault;

    if (!failed)
        failed = bacm_transport_end_reply(soap);
    exchange->reply_bytes = transport->reply_bytes;
    exchange->date_ms = transport->date_ms;
    exchange->tracking_id = transport->tracking_id;
    trace_reply(transport);
    if (failed || transport->over_limit || transport->failure.status != BACM_OK)
        return bacm_transport_no_reply(transport, error);
    fault = read_body(transport, exchange);
    if (fault)
        return refuse_body(transport, fault, error);
    if (!soap->keep_alive || transport->options->no_keep_alive ||
        !bacm_transport_is_drained(transport))
        bacm_transport_disconnect(transport, "closed after the reply");
    return BACM_OK;
}

static const char *request_template(const struct bacm_contract *contract,
                                    const struct bacm_operation *operation)
{
    return bacm_rest_operation_of(contract, operation)->request_template;
}

const struct bacm_wire bacm_rest_wire = {
    .format = "JSON",
    .write = bacm_rest_write,
    .receive = bacm_rest_receive,
    .read_request = bacm_rest_read_request,
    .write_response = bacm_rest_write_response,
    .request_template = request_template,
};
