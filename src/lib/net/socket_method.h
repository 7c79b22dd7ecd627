/*
 * How TLS reads and writes the socket of a connection.
 */
#ifndef BACM_LIB_NET_SOCKET_METHOD_H
#define BACM_LIB_NET_SOCKET_METHOD_H

#include <openssl/bio.h>

/* A new method whose BIOs have a struct bacm_connection as their data; NULL: no memory. */
BIO_METHOD *bacm_socket_method(void);

#endif
