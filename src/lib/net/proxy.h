/*
 * A tunnel through an HTTP proxy.
 */
#ifndef BACM_LIB_NET_PROXY_H
#define BACM_LIB_NET_PROXY_H

#include "lib/net/connection.h"

/*
 * Ask the proxy that the connection leads to for a tunnel to target. All of it
 * ends at the connection's deadline. BACM_E_CONNECT when there is none.
 */
bacm_status bacm_proxy_connect(struct bacm_connection *connection,
                               const struct bacm_endpoint *target, bacm_error *error);

#endif
