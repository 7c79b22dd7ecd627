/* Which part of the simulator answers which address. */
#ifndef BACM_SIM_FRONT_ROUTER_H
#define BACM_SIM_FRONT_ROUTER_H

#include "sim/exchange.h"

struct route;

/* The route of a path; there is one for everything, the last answers 404. */
const struct route *router_find(const struct http_request *request);

/*
 * What fault rules and the log call a request to this route, NULL when it has
 * no name. Rules do not touch a route that is not part of the service.
 */
const char *router_operation(const struct route *route, const struct http_request *request);
bool router_is_service(const struct route *route);
/* The version of the service that is there, NULL when it is something else. */
const struct sim_api *router_api(const struct route *route);
/* "v11", "v13" or "v13-rest"; NULL likewise. */
const char *router_wire(const struct route *route);

/* Whoever only looks on, as the page does every second, leaves no line in the log. */
bool router_is_logged(const struct route *route, const struct http_request *request);

void router_answer(const struct route *route, struct exchange *exchange);

#endif
