/*
 * A wire: how the requests and replies of a contract travel.
 */
#ifndef BACM_LIB_WIRE_WIRE_H
#define BACM_LIB_WIRE_WIRE_H

#include "lib/wire/transport.h"

struct bacm_wire {
    const char *format; /* of texts: "XML", "JSON" */
    /* Write a request to transport->request, as it is sent; its body begins at *body. */
    bacm_status (*write)(struct bacm_transport *transport, const struct bacm_exchange *exchange,
                         const struct bacm_secrets *secrets, size_t *body, bacm_error *error);
    /* Read the reply to it. */
    bacm_status (*receive)(struct bacm_transport *transport, struct bacm_exchange *exchange,
                           bacm_error *error);
    /* A request out of its text, and the text of a response; in memory of the engine. */
    bacm_status (*read_request)(struct soap *soap, const struct bacm_contract *contract,
                                const struct bacm_operation *operation, const char *text,
                                void **request, bacm_error *error);
    bacm_status (*write_response)(struct soap *soap, const struct bacm_contract *contract,
                                  const struct bacm_operation *operation, const void *response,
                                  char **out, bacm_error *error);
    const char *(*request_template)(const struct bacm_contract *contract,
                                    const struct bacm_operation *operation);
};

#endif
