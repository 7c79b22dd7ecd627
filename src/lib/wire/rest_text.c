/*
 * Requests and responses of an operation as JSON text.
 */
#include "lib/wire/rest.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/error.h"

/* Why a text is not the request of an operation. */
static bacm_status refuse_request(enum bacm_json_fault fault, const char *name,
                                  const struct bacm_operation *operation, bacm_error *error)
{
    switch (fault) {
    case BACM_JSON_NO_MEMORY:
        return bacm_fail_memory(error);
    case BACM_JSON_UNKNOWN:
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the request has the member %s, which %s does not know at that place",
                         name, operation->request_element);
    case BACM_JSON_BAD_VALUE:
        bacm_error_hint(error, "Give it a value of its type, or leave it out.");
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the member %s of the request has no value that its type allows", name);
    case BACM_JSON_OVER_LIMIT:
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the request is deeper than allowed, or has too many members");
    default:
        bacm_error_hint(error, "Give one object and nothing behind it, and no member twice.");
        return bacm_fail(error, BACM_E_ARGUMENT, "the request is not one JSON object");
    }
}

bacm_status bacm_rest_read_request(struct soap *soap, const struct bacm_contract *contract,
                                   const struct bacm_operation *operation, const char *text,
                                   void **request, bacm_error *error)
{
    const struct bacm_json_type *type = bacm_rest_operation_of(contract, operation)->request;
    struct bacm_json_reading reading = {.soap = soap, .is_strict = true};
    enum bacm_json_fault fault;
    json_t *root = bacm_json_parse(text, strlen(text), soap->maxlevel, &fault);

    if (!fault)
        fault = bacm_json_read(&reading, type, root, request);
    json_decref(root);
    return fault ? refuse_request(fault, reading.name, operation, error) : BACM_OK;
}

bacm_status bacm_rest_write_response(struct soap *soap, const struct bacm_contract *contract,
                                     const struct bacm_operation *operation, const void *response,
                                     char **out, bacm_error *error)
{
    const struct bacm_json_type *type = bacm_rest_operation_of(contract, operation)->response;
    struct bacm_buffer text = {NULL, 0, 0};

    (void)soap;
    if (bacm_json_write(&text, type, response, NULL, NULL) == BACM_JSON_OK)
        *out = strndup(text.bytes, text.size);
    bacm_buffer_clear(&text);
    return *out ? BACM_OK : bacm_fail_memory(error);
}
