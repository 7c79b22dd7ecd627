/*
 * The operations of a contract: their names, and for SOAP the serialisers that soapcpp2
 * made, brought to one signature. The tables are generated.
 */
#ifndef BACM_LIB_CONTRACT_OPERATION_TABLE_H
#define BACM_LIB_CONTRACT_OPERATION_TABLE_H

#include <stddef.h>

#include <bacm/operation.h>

struct soap;

struct bacm_operation {
    const char *name;
    const char *soap_action;
    const char *request_element;
    const char *response_element;
};

/* What SOAP needs of an operation, in the order of the operations. */
struct bacm_soap_operation {
    int (*put_request)(struct soap *soap, const void *request);
    void *(*get_request)(struct soap *soap);
    int (*put_response)(struct soap *soap, const void *response);
    void *(*get_response)(struct soap *soap);
    const char *request_template; /* to be filled in by a person */
};

extern const struct bacm_operation bacm_v11_operations[];
extern const size_t bacm_v11_operation_count;
extern const struct bacm_soap_operation bacm_v11_soap[];
extern const struct bacm_operation bacm_v13_operations[];
extern const size_t bacm_v13_operation_count;
extern const struct bacm_soap_operation bacm_v13_soap[];

/* What every typed function does; *response is owned by *out_reply. */
bacm_status bacm_operation_call(bacm_reply **out_reply, const void **response, bacm_client *client,
                                const struct bacm_operation *operation, const void *request,
                                bacm_error *error);

#endif
