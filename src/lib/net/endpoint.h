/*
 * Where the service is: an URL taken apart and checked before anything is
 * sent there. The engine would write the request, token included, to stdout
 * for an URL without a host.
 */
#ifndef BACM_LIB_NET_ENDPOINT_H
#define BACM_LIB_NET_ENDPOINT_H

#include <stdbool.h>

#include <bacm/error.h>

struct bacm_endpoint {
    char url[1024];
    char host[256]; /* without brackets */
    char port[6];
    bool tls;
    bool is_address; /* host is an IP address */
};

/* BACM_OK, or BACM_E_ARGUMENT with what is wrong with the URL. */
bacm_status bacm_endpoint_parse(struct bacm_endpoint *endpoint, const char *url, bacm_error *error);

/* "HOST:PORT", "[ADDRESS]:PORT"; host and port replace those of the endpoint. option: its name. */
bacm_status bacm_endpoint_at(struct bacm_endpoint *endpoint, const char *host_and_port,
                             const char *option, bacm_error *error);

/* The same for connect_to, which may not lead plain http away from this machine. */
bacm_status bacm_endpoint_redirect(struct bacm_endpoint *endpoint, const char *host_and_port,
                                   bacm_error *error);

#endif
