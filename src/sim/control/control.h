/* The control requests: clock, faults, links, state. */
#ifndef BACM_SIM_CONTROL_CONTROL_H
#define BACM_SIM_CONTROL_CONTROL_H

#include "sim/exchange.h"

/* Answers a request whose path starts with SIM_CONTROL_PATH. */
void control_answer(struct exchange *exchange);

/*
 * Whether the request can come from nowhere but a program or the simulator's
 * own page: it has the header that other sites cannot send, and it names this
 * host. Answers with 403 when not.
 */
bool control_allowed(struct exchange *exchange);

#endif
