/*
 * The inside of the SOAP wire.
 */
#ifndef BACM_LIB_WIRE_SOAP_H
#define BACM_LIB_WIRE_SOAP_H

#include "lib/contract/contract.h"
#include "lib/wire/wire.h"

/* The serialisers of an operation. */
const struct bacm_soap_operation *bacm_soap_operation_of(const struct bacm_contract *contract,
                                                         const struct bacm_operation *operation);

/* See struct bacm_wire. */
bacm_status bacm_soap_read_request(struct soap *soap, const struct bacm_contract *contract,
                                   const struct bacm_operation *operation, const char *text,
                                   void **request, bacm_error *error);
bacm_status bacm_soap_write_response(struct soap *soap, const struct bacm_contract *contract,
                                     const struct bacm_operation *operation, const void *response,
                                     char **out, bacm_error *error);

#endif
