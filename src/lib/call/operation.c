/*
 * All operations of the contract, typed and as XML.
 */
#include <stdlib.h>
#include <string.h>

#include <stdsoap2.h>

#include "lib/base/alloc.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/call/client.h"
#include "lib/contract/operation_table.h"
#include "lib/wire/xml_scan.h"

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

    return operation ? operation->request_template : NULL;
}

/* --- XML in, XML out -------------------------------------------------------------- */

/* An element that the contract does not know would be lost without a word. */
static int refuse_unknown(struct soap *soap, const char *tag)
{
    bacm_text_line(soap->user, BACM_TRACKING_ID_SIZE, tag);
    return SOAP_TAG_MISMATCH;
}

/*
 * The engine reads past faults of the XML: it would send something else than was
 * asked for. SOAP_OK when text is one element and nothing else.
 */
static int check_element(const char *text, size_t max_depth)
{
    struct bacm_xml_scan scan = {.open = NULL};
    const char *rest;
    enum bacm_xml_fault fault;
    bool complete;

    bacm_xml_scan_begin(&scan, max_depth, false);
    fault = bacm_xml_scan_add(&scan, text, strlen(text));
    complete = bacm_xml_scan_is_complete(&scan);
    rest = text + scan.used;
    bacm_xml_scan_free(&scan);
    if (fault == BACM_XML_NO_MEMORY)
        return SOAP_EOM;
    return complete && !rest[strspn(rest, " \t\r\n")] ? SOAP_OK : SOAP_SYNTAX_ERROR;
}

struct reading {
    struct soap *soap;
    const struct bacm_operation *operation;
    void *request;
};

static int read_element(void *argument)
{
    struct reading *reading = argument;
    struct soap *soap = reading->soap;

    if (soap_begin_recv(soap))
        return soap->error;
    reading->request = reading->operation->get_request(soap);
    if (!reading->request)
        return soap->error ? soap->error : SOAP_NO_TAG;
    return soap_end_recv(soap);
}

/* Why the engine, or check_element() before it, has not read the request. */
static bacm_status refuse_request(const struct soap *soap, const struct bacm_contract *contract,
                                  const struct bacm_operation *operation, int failed,
                                  bacm_error *error)
{
    char element[BACM_TRACKING_ID_SIZE];

    switch (failed) {
    case SOAP_SYNTAX_ERROR:
        bacm_error_hint(error, "Give one element and nothing behind it, each tag closed.");
        return bacm_fail(error, BACM_E_ARGUMENT, "the request is not one well-formed element");
    case SOAP_TYPE:
    case SOAP_EMPTY:
    case SOAP_NULL:
    case SOAP_LENGTH:
        bacm_text_line(element, sizeof element, soap->tag);
        bacm_error_hint(error, "Give it a value of its type, or leave it out.");
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the element <%s> of the request has no value that its type allows",
                         element);
    default:
        bacm_error_hint(error, "It must be one element in the namespace of the contract.");
        return bacm_fail(error, BACM_E_ARGUMENT, "the request cannot be read as <%s> of %s",
                         operation->request_element, contract->name);
    }
}

static bacm_status read_request(struct soap *soap, const struct bacm_contract *contract,
                                const struct bacm_operation *operation, const char *text,
                                void **request, bacm_error *error)
{
    char unknown[BACM_TRACKING_ID_SIZE] = "";
    struct reading reading = {soap, operation, NULL};
    int failed;

    bacm_generated_use(soap, contract->generated);
    soap_set_namespaces(soap, contract->reply_namespaces);
    soap->user = unknown;
    soap->fignore = refuse_unknown;
    soap->is = text;
    failed = soap->local_namespaces ? check_element(text, soap->maxlevel) : SOAP_EOM;
    if (failed == SOAP_OK)
        failed = bacm_alloc_guard(read_element, &reading, SOAP_EOM);
    soap->is = NULL;
    soap->user = NULL;
    if (failed == SOAP_OK) {
        *request = reading.request;
        return BACM_OK;
    }
    if (failed == SOAP_EOM)
        return bacm_fail_memory(error);
    if (unknown[0])
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the request has the element <%s>, which %s does not know at that place",
                         unknown, operation->request_element);
    return refuse_request(soap, contract, operation, failed, error);
}

static bacm_status write_response(struct soap *soap, const struct bacm_operation *operation,
                                  const void *response, char **out, bacm_error *error)
{
    const char *text = NULL;

    soap->os = &text;
    if (soap_begin_send(soap) == SOAP_OK && operation->put_response(soap, response) == SOAP_OK &&
        soap_end_send(soap) == SOAP_OK && text)
        *out = strdup(text);
    soap->os = NULL;
    return *out ? BACM_OK : bacm_fail_memory(error);
}

static bacm_status call_xml(struct soap *soap, char **out, bacm_client *client,
                            const struct bacm_operation *operation, const char *text,
                            bacm_error *error)
{
    struct bacm_exchange exchange = {.operation = operation};
    void *request = NULL;
    bacm_status status = read_request(soap, client->contract, operation, text, &request, error);

    if (status != BACM_OK)
        return status;
    exchange.request = request;
    status = bacm_client_exchange(client, &exchange, error);
    if (status == BACM_OK)
        status = write_response(soap, operation, exchange.response, out, error);
    bacm_client_end(client);
    return status;
}

bacm_status bacm_operation_call_xml(char **out, bacm_client *client, const char *operation_name,
                                    const char *request, size_t size, bacm_error *error)
{
    const struct bacm_operation *operation;
    struct soap *soap;
    char *text;
    bacm_error unwanted;
    bacm_status status;

    if (!error)
        error = &unwanted;
    bacm_error_clear(error);
    if (!out || !client || !operation_name || !request)
        return bacm_fail(error, BACM_E_ARGUMENT, "an argument is NULL");
    *out = NULL;
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
        status = call_xml(soap, out, client, operation, text, error);
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
