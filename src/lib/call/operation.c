/*
 * All operations of the contract, typed and as text.
 */
#include <stdlib.h>
#include <string.h>

#include <stdsoap2.h>

#include "lib/base/error.h"
#include "lib/call/client.h"
#include "lib/contract/operation_table.h"
#include "lib/wire/wire.h"

struct bacm_reply {
    struct soap *memory; /* what the response lives in */
    char tracking_id[BACM_TRACKING_ID_SIZE];
};

static bacm_reply *reply_new(bacm_client *client)
{
    bacm_reply *reply = calloc(1, sizeof *reply);

    if (!reply)
        return NULL;
    reply->memory = soap_new();
    if (!reply->memory) {
        free(reply);
        return NULL;
    }
    soap_delegate_deletion(bacm_transport_engine(client->transport), reply->memory);
    memcpy(reply->tracking_id, client->tracking_id, sizeof reply->tracking_id);
    return reply;
}

static bool is_of(const struct bacm_contract *contract, const struct bacm_operation *operation)
{
    for (size_t i = 0; i < *contract->operation_count; i++) {
        if (&contract->operations[i] == operation)
            return true;
    }
    return false;
}

bacm_status bacm_operation_call(bacm_reply **out_reply, const void **response, bacm_client *client,
                                const struct bacm_operation *operation, const void *request,
                                bacm_error *error)
{
    struct bacm_exchange exchange = {.operation = operation, .request = request};
    bacm_error unwanted;
    bacm_status status;

    if (!error)
        error = &unwanted;
    bacm_error_clear(error);
    *response = NULL;
    if (!out_reply || !client || !request)
        return bacm_fail(error, BACM_E_ARGUMENT, "out_reply, client or request is NULL");
    *out_reply = NULL;
    if (!is_of(client->contract, operation))
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the function is of another version than the client, which speaks %s",
                         client->contract->name);
    status = bacm_client_exchange(client, &exchange, error);
    if (status == BACM_OK) {
        *out_reply = reply_new(client);
        if (*out_reply)
            *response = exchange.response;
        else
            status = bacm_fail_memory(error);
    }
    bacm_client_end(client);
    return status;
}

const char *bacm_reply_tracking_id(const bacm_reply *reply)
{
    return reply ? reply->tracking_id : "";
}

void bacm_reply_free(bacm_reply *reply)
{
    if (!reply)
        return;
    soap_destroy(reply->memory);
    soap_end(reply->memory);
    soap_free(reply->memory);
    free(reply);
}

size_t bacm_operation_count(const bacm_client *client)
{
    return *client->contract->operation_count;
}

const char *bacm_operation_name(const bacm_client *client, size_t i)
{
    return i < bacm_operation_count(client) ? client->contract->operations[i].name : NULL;
}

static const struct bacm_operation *find_operation(const bacm_client *client, const char *name)
{
    for (size_t i = 0; i < bacm_operation_count(client); i++) {
        if (strcmp(client->contract->operations[i].name, name) == 0)
            return &client->contract->operations[i];
    }
    return NULL;
}

const char *bacm_operation_template(const bacm_client *client, const char *name)
{
    const struct bacm_operation *operation = find_operation(client, name);

    return operation ? client->contract->wire->request_template(client->contract, operation) : NULL;
}

/* --- text in, text out ------------------------------------------------------------ */

static bacm_status call_text(struct soap *soap, char **out, bacm_client *client,
                             const struct bacm_operation *operation, const char *text,
                             bacm_error *error)
{
    const struct bacm_wire *wire = client->contract->wire;
    struct bacm_exchange exchange = {.operation = operation};
    void *request = NULL;
    bacm_status status =
        wire->read_request(soap, client->contract, operation, text, &request, error);

    if (status != BACM_OK)
        return status;
    exchange.request = request;
    status = bacm_client_exchange(client, &exchange, error);
    if (status == BACM_OK)
        status =
            wire->write_response(soap, client->contract, operation, exchange.response, out, error);
    bacm_client_end(client);
    return status;
}

/* What both forms of a call have in common. */
static bacm_status call_in(const char *format, char **out, bacm_client *client,
                           const char *operation_name, const char *request, size_t size,
                           bacm_error *error)
{
    const struct bacm_operation *operation;
    struct soap *soap;
    char *text;
    bacm_status status;

    bacm_error_clear(error);
    if (!out || !client || !operation_name || !request)
        return bacm_fail(error, BACM_E_ARGUMENT, "an argument is NULL");
    *out = NULL;
    if (strcmp(client->contract->wire->format, format) != 0)
        return bacm_fail(error, BACM_E_ARGUMENT, "%s speaks %s, not %s", client->contract->name,
                         client->contract->wire->format, format);
    operation = find_operation(client, operation_name);
    if (!operation)
        return bacm_fail(error, BACM_E_ARGUMENT, "%s has no operation of this name",
                         client->contract->name);
    if (memchr(request, '\0', size) || size > client->options.max_reply_bytes)
        return bacm_fail(error, BACM_E_ARGUMENT, "the request has a NUL byte or is too large");
    text = strndup(request, size);
    soap = soap_new2(SOAP_XML_TREE | SOAP_C_UTFSTRING,
                     SOAP_XML_TREE | SOAP_C_UTFSTRING | SOAP_XML_INDENT | SOAP_XML_NIL);
    if (text && soap) {
        soap->maxlevel = client->options.max_reply_depth;
        status = call_text(soap, out, client, operation, text, error);
    } else {
        status = bacm_fail_memory(error);
    }
    if (soap) {
        soap_destroy(soap);
        soap_end(soap);
        soap_free(soap);
    }
    free(text);
    return status;
}

bacm_status bacm_operation_call_xml(char **out, bacm_client *client, const char *operation,
                                    const char *request, size_t size, bacm_error *error)
{
    bacm_error unwanted;

    return call_in("XML", out, client, operation, request, size, error ? error : &unwanted);
}

bacm_status bacm_operation_call_json(char **out, bacm_client *client, const char *operation,
                                     const char *request, size_t size, bacm_error *error)
{
    bacm_error unwanted;

    return call_in("JSON", out, client, operation, request, size, error ? error : &unwanted);
}
