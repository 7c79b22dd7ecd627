/* Sending of an answer with the faults that its plan asks for. */
#ifndef BACM_SIM_FRONT_DELIVERY_H
#define BACM_SIM_FRONT_DELIVERY_H

#include "serve/http.h"
#include "sim/faults.h"

/*
 * False when the connection must end; *cut tells that it must end as if the
 * line had been cut.
 */
bool delivery_send(struct stream *stream, struct http_response *response,
                   const struct fault_plan *plan, bool keep_alive, int64_t send_ms, bool *cut);

#endif
