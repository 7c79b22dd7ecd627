#include "sim/rest/rest_service.h"

#include "sim/rest/reply.h"
#include "sim/rest/request.h"
#include "sim/rest/table.h"
#include "sim/soap/soap_service.h"

#include <string.h>
#include <strings.h>

/* What stands behind the base address. */
static const char *path_of(const struct http_request *request)
{
    return request->path + sizeof SIM_REST_PATH - 1;
}

static const json_t *requested_operation(const struct http_request *request)
{
    return rest_table_operation(request->method, path_of(request));
}

const char *rest_service_operation(const struct sim_api *api, const struct http_request *request)
{
    (void)api;
    const json_t *operation = requested_operation(request);
    return operation ? rest_table_text(operation, "operation") : NULL;
}

static const struct buffer *envelope(struct call *call, const struct exchange *exchange,
                                     struct buffer *space)
{
    return rest_request_envelope(call, exchange, requested_operation(exchange->request), space)
               ? space
               : NULL;
}

static void write_response(struct call *call, struct exchange *exchange)
{
    struct http_response *response = exchange->response;
    response->content_type = "application/json; charset=utf-8";
    response->status = 200;
    if (call->fault.channel == FAULT_NONE)
        rest_reply_write(&response->body, call, requested_operation(exchange->request));
    else
        response->status = rest_fault_write(&response->body, call);
    if (rest_tracking_in_header(call))
        buffer_printf(&response->headers, "TrackingId: %s\r\n", call->tracking_id);
}

/* The reference names no Content-Type: it may be missing, but not be another one. */
static bool is_json(const struct http_request *request)
{
    static const char json[] = "application/json";
    const char *type = http_header(request, "Content-Type");
    return !type ||
           (strncasecmp(type, json, sizeof json - 1) == 0 && strchr("; \t", type[sizeof json - 1]));
}

void rest_service_answer(struct exchange *exchange)
{
    static const struct wire rest = {envelope, write_response};
    const char *operation = rest_service_operation(exchange->api, exchange->request);
    if (!operation && rest_table_has_path(path_of(exchange->request)))
        exchange_text(exchange, 405, "The operation at this address has another method.\n");
    else if (!operation)
        exchange_text(exchange, 404, "There is no operation at this address.\n");
    else if (!is_json(exchange->request))
        exchange_text(exchange, 415, "Send application/json.\n");
    else
        soap_service_call(exchange, operation, &rest);
}
