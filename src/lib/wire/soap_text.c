/*
 * Requests and responses of an operation as XML text.
 */
#include <stdlib.h>
#include <string.h>

#include <stdsoap2.h>

#include "lib/base/alloc.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/wire/soap.h"
#include "lib/wire/xml_scan.h"

enum { NAME_SIZE = 64 };

/* An element that the contract does not know would be lost without a word. */
static int refuse_unknown(struct soap *soap, const char *tag)
{
    bacm_text_line(soap->user, NAME_SIZE, tag);
    return SOAP_TAG_MISMATCH;
}

/*
 * The engine reads past faults of the XML: it would send something else than was
 * asked for. SOAP_OK when text is one element and nothing else.
 */
static int check_element(const char *text, size_t max_depth)
{
    struct bacm_xml_scan scan = {.open = NULL};
    enum bacm_xml_fault fault;
    bool complete;

    bacm_xml_scan_begin(&scan, max_depth, false);
    fault = bacm_xml_scan_add(&scan, text, strlen(text));
    complete = bacm_xml_scan_end(&scan);
    bacm_xml_scan_free(&scan);
    if (fault == BACM_XML_NO_MEMORY)
        return SOAP_EOM;
    return complete ? SOAP_OK : SOAP_SYNTAX_ERROR;
}

struct reading {
    struct soap *soap;
    const struct bacm_soap_operation *operation;
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
    char element[NAME_SIZE];

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

bacm_status bacm_soap_read_request(struct soap *soap, const struct bacm_contract *contract,
                                   const struct bacm_operation *operation, const char *text,
                                   void **request, bacm_error *error)
{
    char unknown[NAME_SIZE] = "";
    struct reading reading = {soap, bacm_soap_operation_of(contract, operation), NULL};
    int failed;

    bacm_generated_use(soap, contract->soap->generated);
    soap_set_namespaces(soap, contract->soap->reply_namespaces);
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

bacm_status bacm_soap_write_response(struct soap *soap, const struct bacm_contract *contract,
                                     const struct bacm_operation *operation, const void *response,
                                     char **out, bacm_error *error)
{
    const char *text = NULL;

    soap->os = &text;
    if (soap_begin_send(soap) == SOAP_OK &&
        bacm_soap_operation_of(contract, operation)->put_response(soap, response) == SOAP_OK &&
        soap_end_send(soap) == SOAP_OK && text)
        *out = strdup(text);
    soap->os = NULL;
    return *out ? BACM_OK : bacm_fail_memory(error);
}
