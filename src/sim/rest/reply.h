/* The reply of an operation, or its fault, in JSON. */
#ifndef BACM_SIM_REST_REPLY_H
#define BACM_SIM_REST_REPLY_H

#include "sim/rules/call.h"

/* The object whose members are the elements of the call's reply. */
void rest_reply_write(struct buffer *out, const struct call *call, const json_t *operation);

/* The object of a fault; returns the HTTP status that goes with it. */
int rest_fault_write(struct buffer *out, const struct call *call);

/* Whether the tracking id stands in the response's header, not in its body. */
bool rest_tracking_in_header(const struct call *call);

#endif
