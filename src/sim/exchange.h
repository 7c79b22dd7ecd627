/* One HTTP request and its answer, on the way through the simulator. */
#ifndef BACM_SIM_EXCHANGE_H
#define BACM_SIM_EXCHANGE_H

#include "serve/http.h"
#include "sim/api.h"
#include "sim/faults.h"
#include "sim/sim.h"

struct soap;

struct exchange {
    struct sim *sim;
    const struct sim_api *api; /* NULL: the request is not for the service itself */
    struct soap *soap;         /* the connection's engine context, for reading SOAP */
    const struct http_request *request;
    struct http_response *response;
    struct fault_plan plan;
    json_t *record; /* its line in the log */
};

/* A short answer in plain text. */
void exchange_text(struct exchange *exchange, int status, const char *text);

/* A JSON answer; takes the reference. */
void exchange_json(struct exchange *exchange, int status, json_t *value);

#endif
