/* The REST side: JSON over HTTP, for the operations of v13. */
#ifndef BACM_SIM_REST_REST_SERVICE_H
#define BACM_SIM_REST_REST_SERVICE_H

#include "sim/exchange.h"

void rest_service_answer(struct exchange *exchange);

/* The operation that method and path of a request name, NULL when there is none. */
const char *rest_service_operation(const struct sim_api *api, const struct http_request *request);

#endif
