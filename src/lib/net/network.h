/*
 * A client's own copy of the way to the network.
 */
#ifndef BACM_LIB_NET_NETWORK_H
#define BACM_LIB_NET_NETWORK_H

#include <bacm/network.h>

#include "lib/net/endpoint.h"

struct bacm_route {
    bacm_network options; /* texts are its own */
    bool has_proxy;
    struct bacm_endpoint proxy; /* host and port only */
};

/*
 * Check and copy. network NULL: a direct connection. BACM_E_ARGUMENT with what is
 * wrong, BACM_E_NO_MEMORY; *route is to be cleared after a failure as well.
 */
bacm_status bacm_route_fill(struct bacm_route *route, const bacm_network *network,
                            bacm_error *error);

/* Cleanse and free what it holds. */
void bacm_route_clear(struct bacm_route *route);

#endif
