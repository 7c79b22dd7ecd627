/* Sending of an answer with the faults that its plan asks for. */
#ifndef SIM_DELIVERY_H
#define SIM_DELIVERY_H

#include "faults.h"
#include "http.h"

/*
 * False when the connection must end; *cut tells that it must end as if the
 * line had been cut.
 */
bool delivery_send(struct stream *stream, struct http_response *response,
                   const struct fault_plan *plan, bool keep_alive, int64_t send_ms, bool *cut);

#endif
