/* The SOAP side: an HTTP request in, an envelope out. */
#ifndef BACM_SIM_SOAP_SOAP_SERVICE_H
#define BACM_SIM_SOAP_SOAP_SERVICE_H

#include "sim/exchange.h"

struct soap;
struct call;

/* An engine context to read requests with, one a connection; NULL without memory. */
struct soap *soap_service_new(void);
void soap_service_free(struct soap *soap);

/*
 * Answers one request. What was asked and done goes into the record, which is
 * logged before the response is sent.
 */
void soap_service_answer(struct exchange *exchange);

/* How a front reads and writes what the operations take and give. */
struct wire {
    /* The request as an envelope, in `space` if it is not one; NULL after setting the fault. */
    const struct buffer *(*envelope)(struct call *call, const struct exchange *exchange,
                                     struct buffer *space);
    /* Puts reply or fault into the exchange's response. */
    void (*write)(struct call *call, struct exchange *exchange);
};

/* Carries a request out: all fronts come here. Operation NULL: it is none of the contract. */
void soap_service_call(struct exchange *exchange, const char *operation, const struct wire *wire);

/* The operation that a request asks for, NULL when its SOAPAction names none of the version. */
const char *soap_service_operation(const struct sim_api *api, const struct http_request *request);

#endif
