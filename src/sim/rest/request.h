/* A request in JSON becomes the envelope that the operations read. */
#ifndef BACM_SIM_REST_REQUEST_H
#define BACM_SIM_REST_REQUEST_H

#include "sim/exchange.h"
#include "sim/rules/call.h"

/*
 * Writes it to `out`, with the tokens of the HTTP headers. False after setting the fault
 * of a body that is no JSON object, or holds a value of a wrong type; that names its path.
 */
bool rest_request_envelope(struct call *call, const struct exchange *exchange,
                           const json_t *operation, struct buffer *out);

#endif
