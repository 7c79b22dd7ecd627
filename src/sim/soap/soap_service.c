#include "sim/soap/soap_service.h"

#include "sim/rules/call.h"
#include "sim/rules/link_call.h"
#include "sim/rules/operation.h"
#include "sim/state/links.h"
#include "sim/state/text.h"
#include "sim/xml.h"

#include "lib/contract/gsoap_table.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* How deep the elements are that stand in an envelope's body. */
#define BODY_LEVEL 2

/* The part of a request's body that the engine has not read yet. */
struct body_reader {
    const char *at;
    size_t left;
};

static size_t read_body(struct soap *soap, char *data, size_t size)
{
    struct body_reader *body = soap->user;
    size_t take = body->left < size ? body->left : size;
    memcpy(data, body->at, take);
    body->at += take;
    body->left -= take;
    return take;
}

/* Elements that are no part of the contract are skipped, but not in the place of list items. */
static int refuse_items(struct soap *soap, const char *tag)
{
    static const char *const items[] = {"ClientLink",
                                        "Predicate",
                                        "OrderBy",
                                        "long",
                                        "int",
                                        "string",
                                        "KeyValuePairOfstringstring",
                                        "KeyValuePairOfstringbase64Binary",
                                        "KeyValueEntityOflongint"};
    const char *colon = strchr(tag, ':');
    if (soap->mustUnderstand && !soap->other)
        return SOAP_MUSTUNDERSTAND;
    if (soap->part == SOAP_IN_BODY && soap->level <= BODY_LEVEL)
        return SOAP_OCCURS; /* the request is all that a body holds */
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        if (strcmp(items[i], colon ? colon + 1 : tag) == 0)
            return SOAP_OCCURS; /* a mismatch would count as the list's own absence */
    }
    return SOAP_OK;
}

struct soap *soap_service_new(void)
{
    struct soap *soap = soap_new1(SOAP_C_UTFSTRING | SOAP_XML_TREE);
    if (!soap)
        return NULL;
    soap->frecv = read_body;
    soap->fignore = refuse_items;
    return soap;
}

void soap_service_free(struct soap *soap)
{
    if (!soap)
        return;
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
}

/* The name of the operation is all that stands in SOAPAction, with or without quotes. */
static const struct operation *requested_operation(const struct sim_api *api,
                                                   const struct http_request *request)
{
    const char *action = http_header(request, "SOAPAction");
    if (!action)
        return NULL;
    size_t length = strlen(action);
    if (length >= 2 && action[0] == '"' && action[length - 1] == '"')
        return api->find_operation(action + 1, length - 2);
    return api->find_operation(action, length);
}

const char *soap_service_operation(const struct sim_api *api, const struct http_request *request)
{
    const struct operation *operation = requested_operation(api, request);
    return operation ? operation->name : NULL;
}

static void new_tracking_id(char text[TRACKING_ID_SIZE])
{
    unsigned char b[16] = {0};
    RAND_bytes(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(text, TRACKING_ID_SIZE,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
             b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
             b[15]);
}

/* Past a byte order mark and white space there must be XML, not anything else the engine reads. */
static bool looks_like_xml(const struct buffer *body)
{
    const char *at = buffer_string(body);
    if (strncmp(at, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    at += strspn(at, " \t\r\n");
    return *at == '<';
}

/* Whether each reference to a character by its number means one that XML knows. */
static bool references_stand(const char *text)
{
    for (text = strstr(text, "&#"); text; text = strstr(text + 2, "&#")) {
        const int base = text[2] == 'x' ? 16 : 10;
        unsigned long number = strtoul(text + (base == 16 ? 3 : 2), NULL, base);
        if ((number < ' ' && number != '\t' && number != '\n' && number != '\r') ||
            (number >= 0xd800 && number <= 0xdfff) || number == 0xfffe || number == 0xffff ||
            number > 0x10ffff)
            return false;
    }
    return true;
}

/*
 * The engine leaves the end of a reference behind that has more than seven characters:
 * those to characters of four bytes are resolved before it reads.
 */
static const struct buffer *resolve_references(const struct buffer *envelope, struct buffer *space)
{
    const char *from = buffer_string(envelope);
    for (const char *at = strstr(from, "&#"); at; at = strstr(at + 2, "&#")) {
        char *end;
        unsigned long c = strtoul(at + (at[2] == 'x' ? 3 : 2), &end, at[2] == 'x' ? 16 : 10);
        if (c < 0x10000 || *end != ';')
            continue;
        const unsigned char utf8[] = {
            (unsigned char)(0xf0 | c >> 18), (unsigned char)(0x80 | (c >> 12 & 0x3f)),
            (unsigned char)(0x80 | (c >> 6 & 0x3f)), (unsigned char)(0x80 | (c & 0x3f))};
        buffer_append(space, from, (size_t)(at - from));
        buffer_append(space, utf8, sizeof utf8);
        from = end + 1;
    }
    if (from == buffer_string(envelope))
        return envelope;
    buffer_text(space, from);
    return space;
}

/* What the engine lets pass and no reader of the service does. */
static bool is_well_formed(const struct buffer *envelope)
{
    const char *text = buffer_string(envelope);
    const char *end = text + envelope->length;
    while (end > text && strchr(" \t\r\n", end[-1]))
        end--;
    return text_can_be_sent(text, envelope->length) && references_stand(text) &&
           !strstr(text, "<!DOCTYPE") && end - text > 9 && strstr(text, "Envelope>") == end - 9;
}

static int receive_envelope(struct soap *soap, const struct operation *operation, void **request)
{
    if (soap_begin_recv(soap) || soap_envelope_begin_in(soap))
        return soap->error;
    if (soap->version != 1)
        return SOAP_VERSIONMISMATCH;
    if (soap_recv_header(soap) || soap_body_begin_in(soap))
        return soap->error;
    *request = operation->read(soap);
    if (!*request)
        return soap->error ? soap->error : (soap->error = SOAP_NULL);
    return soap_body_end_in(soap) || soap_envelope_end_in(soap) || soap_end_recv(soap) ? soap->error
                                                                                       : SOAP_OK;
}

/* Sets the fault for a request that the engine could not read. */
static void fail_unread(struct call *call, int error)
{
    switch (error) {
    case SOAP_MUSTUNDERSTAND:
        fault_set_bare(&call->fault, "MustUnderstand",
                       "A header that must be understood was not understood.");
        break;
    case SOAP_VERSIONMISMATCH:
        fault_set_bare(&call->fault, "VersionMismatch", "The message is not a SOAP 1.1 envelope.");
        break;
    default:
        fault_set_bare(&call->fault, "DeserializationFailed",
                       "The formatter threw an exception while trying to deserialize the message: "
                       "the body of %s cannot be read (near element %.60s).",
                       call->operation, call->soap->tag);
    }
}

static bool read_request(struct call *call, const struct operation *operation,
                         const struct buffer *envelope, void **request)
{
    struct soap *soap = call->soap;
    struct buffer space = {0};
    bool stands = looks_like_xml(envelope) && is_well_formed(envelope);
    if (stands)
        envelope = resolve_references(envelope, &space);
    struct body_reader body = {buffer_string(envelope), envelope->length};
    soap_begin(soap);
    soap->header = NULL;
    soap->user = &body;
    soap_set_namespaces(soap, call->api->namespaces);
    bacm_generated_use(soap, call->api->generated);
    int error =
        stands && !space.failed ? receive_envelope(soap, operation, request) : SOAP_SYNTAX_ERROR;
    buffer_free(&space);
    soap->user = NULL;
    if (error != SOAP_OK) {
        fail_unread(call, error);
        return false;
    }
    return true;
}

/* The part of a call that happens under the state's lock, as one transaction. */
static void run_locked(struct call *call, const struct operation *operation, const void *request)
{
    struct sim *sim = call->sim;
    struct credentials given = {0};
    call->api->read_credentials(call->soap, &given);
    state_begin(call->state);
    call->now_ms = clock_now_ms(&sim->clock);
    links_advance(call->state, call->now_ms, &sim->timing);
    bool done =
        call_authenticate(call, &given) && call_within_rate(call) && operation->run(call, request);
    if (!state_end(call->state, true) && done)
        call_fail(call, FAULT_ADAPI, CODE_INTERNAL_ERROR);
}

static void write_envelope(struct call *call, struct buffer *out)
{
    buffer_text(out, "<s:Envelope xmlns:s=\"" XML_NS_SOAP "\">");
    if (call->fault.channel == FAULT_NONE) {
        buffer_printf(out,
                      "<s:Header><h:TrackingId xmlns:h=\"%s\">%s</h:TrackingId></s:Header><s:Body>"
                      "<%sResponse xmlns=\"%s\" xmlns:i=\"" XML_NS_INSTANCE "\">",
                      call->api->customer_ns, call->tracking_id, call->operation,
                      call->api->customer_ns);
        buffer_append(out, buffer_string(call->reply), call->reply->length);
        buffer_printf(out, "</%sResponse>", call->operation);
    } else {
        buffer_text(out, "<s:Body>");
        fault_write(out, &call->fault, call->api, call->tracking_id);
    }
    buffer_text(out, "</s:Body></s:Envelope>");
    out->failed |= call->reply->failed;
}

static void log_outcome(const struct call *call)
{
    static const char *const channels[] = {"ok", "adapi", "api", "bare"};
    char outcome[64];
    if (call->fault.channel == FAULT_NONE)
        snprintf(outcome, sizeof outcome, "ok");
    else if (call->fault.channel == FAULT_BARE)
        snprintf(outcome, sizeof outcome, "bare:%s", call->fault.bare_code);
    else
        snprintf(outcome, sizeof outcome, "%s:%d", channels[call->fault.channel], call->fault.code);
    json_object_set_new(call->record, "outcome", json_string(outcome));
}

static bool is_soap_11(const struct http_request *request)
{
    const char *type = http_header(request, "Content-Type");
    return type && strncasecmp(type, "text/xml", 8) == 0 && strchr("; \t", type[8]);
}

/* A fault that was asked for by a rule, instead of what the service would say. */
static void force_fault(struct call *call, const struct forced_fault *forced)
{
    switch (forced->channel) {
    case FORCED_ADAPI:
        fault_set(&call->fault, FAULT_ADAPI, forced->code);
        break;
    case FORCED_API:
        fault_set(&call->fault, FAULT_API, forced->code);
        break;
    case FORCED_BARE:
        fault_set_bare(&call->fault, "Server", "The server was unable to process the request.");
        break;
    case FORCED_OPERATION:
        fault_set(&call->fault, FAULT_NONE, 0);
        buffer_clear(call->reply);
        link_write_refusal(call, forced->code);
        break;
    case FORCED_NONE:
        break;
    }
}

static void carry_out(struct exchange *exchange, struct call *call, const struct wire *wire)
{
    const struct operation *operation =
        call->api->find_operation(call->operation, strlen(call->operation));
    struct buffer space = {0};
    void *message = NULL;
    if (call->plan->forced.channel != FORCED_NONE) {
        force_fault(call, &call->plan->forced);
        return;
    }
    const struct buffer *envelope = wire->envelope(call, exchange, &space);
    if (envelope && read_request(call, operation, envelope, &message) &&
        (!operation->readable || operation->readable(call, message)))
        run_locked(call, operation, message);
    buffer_free(&space);
    force_fault(call, &call->plan->forced_after);
}

void soap_service_call(struct exchange *exchange, const char *operation, const struct wire *wire)
{
    struct buffer reply = {0};
    struct call call = {.api = exchange->api,
                        .sim = exchange->sim,
                        .state = &exchange->sim->state,
                        .soap = exchange->soap,
                        .plan = &exchange->plan,
                        .operation = operation,
                        .reply = &reply,
                        .record = exchange->record};
    const char *action = http_header(exchange->request, "SOAPAction");
    new_tracking_id(call.tracking_id);
    if (operation)
        carry_out(exchange, &call, wire);
    else
        fault_set_bare(&call.fault, "ActionNotSupported",
                       "The message with Action '%.60s' cannot be processed at the receiver, due "
                       "to a ContractFilter mismatch at the EndpointDispatcher.",
                       action ? action : "");
    wire->write(&call, exchange);
    json_object_set_new(exchange->record, "trackingId", json_string(call.tracking_id));
    log_outcome(&call);
    buffer_free(&reply);
    soap_destroy(exchange->soap);
    soap_end(exchange->soap);
}

static const struct buffer *own_envelope(struct call *call, const struct exchange *exchange,
                                         struct buffer *space)
{
    (void)call;
    (void)space;
    return &exchange->request->body;
}

static void write_response(struct call *call, struct exchange *exchange)
{
    struct http_response *response = exchange->response;
    write_envelope(call, &response->body);
    response->content_type = "text/xml; charset=utf-8";
    response->status = call->fault.channel == FAULT_NONE ? 200 : 500;
}

void soap_service_answer(struct exchange *exchange)
{
    static const struct wire soap = {own_envelope, write_response};
    if (is_soap_11(exchange->request))
        soap_service_call(exchange, soap_service_operation(exchange->api, exchange->request),
                          &soap);
    else
        exchange_text(exchange, 415, "Send text/xml: this is a SOAP 1.1 service.\n");
}
