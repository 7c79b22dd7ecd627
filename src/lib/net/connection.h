/*
 * One TCP or TLS connection on which nothing waits past a deadline. The engine
 * does HTTP and XML; it reads and writes through this, because its own sockets
 * start each wait anew: a peer that drips bytes would hold a call for ever.
 * Nothing here raises SIGPIPE.
 */
#ifndef BACM_LIB_NET_CONNECTION_H
#define BACM_LIB_NET_CONNECTION_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <openssl/ssl.h>

#include "lib/base/clock.h"
#include "lib/net/dns.h"
#include "lib/net/endpoint.h"
#include "lib/net/network.h"

struct bacm_connection {
    int fd; /* -1: closed */
    SSL *ssl;
    SSL_CTX *context;
    const struct bacm_route *route; /* borrowed */
    struct bacm_resolver resolver;
    BIO_METHOD *socket_method;
    SSL_SESSION *session; /* of the last connection, for resumption */
    int64_t deadline_ms;  /* on the monotonic clock, for all waits */
    bool reply_is_due;    /* a request has left, and nothing was read since */
    bool would_block;     /* the socket had nothing more for TLS in its last step */
    int64_t used_ms;      /* when bytes were last read or written; monotonic */
    unsigned send_timeout_ms;
    unsigned receive_timeout_ms;
};

/*
 * ca_file NULL: the system's store. route is borrowed for the connection's life.
 * BACM_E_ARGUMENT when a file cannot be used.
 */
bacm_status bacm_connection_init(struct bacm_connection *connection, const char *ca_file,
                                 const struct bacm_route *route, bacm_error *error);
void bacm_connection_free(struct bacm_connection *connection);

/*
 * Connect to target, through the proxy if there is one, with the certificate checked against name's
 * host. All of it, TLS included, ends after timeout_ms or at the deadline. The addresses of a
 * host are tried in turn, each for its share of the time that is left, so that a route to which
 * nobody answers does not keep from the others. BACM_E_RESOLVE, BACM_E_CONNECT, BACM_E_TLS.
 */
bacm_status bacm_connection_open(struct bacm_connection *connection,
                                 const struct bacm_endpoint *target,
                                 const struct bacm_endpoint *name, unsigned timeout_ms,
                                 bacm_error *error);
void bacm_connection_close(struct bacm_connection *connection);

/* How long nothing was read or written; of an open connection. */
int64_t bacm_connection_idle_ms(const struct bacm_connection *connection);

/* Whether an idle connection can carry another request: open, and nothing to read. */
bool bacm_connection_is_idle(struct bacm_connection *connection);

/*
 * Some bytes, at least one: their number; 0 at the end of the stream; -1 after
 * an error, with the error object set: BACM_E_TIMEOUT or BACM_E_NETWORK.
 */
ssize_t bacm_connection_read(struct bacm_connection *connection, char *bytes, size_t size,
                             bacm_error *error);
/* The same for writing; never 0. */
ssize_t bacm_connection_write(struct bacm_connection *connection, const char *bytes, size_t size,
                              bacm_error *error);

#endif
