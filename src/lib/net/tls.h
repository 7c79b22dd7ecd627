/*
 * What is trusted, how this side shows who it is, and why a handshake failed.
 */
#ifndef BACM_LIB_NET_TLS_H
#define BACM_LIB_NET_TLS_H

#include <openssl/ssl.h>

#include <bacm/network.h>

#include "lib/net/endpoint.h"

/* ca_file NULL: the system's store. BACM_E_ARGUMENT when a file cannot be used. */
bacm_status bacm_tls_context_new(SSL_CTX **out, const char *ca_file, const bacm_network *network,
                                 bacm_error *error);

/* Have the certificate checked against the name's host; false: no memory. */
bool bacm_tls_expect_name(SSL *ssl, const struct bacm_endpoint *name);

/* Say why the handshake failed; errno is of its last step. Returns BACM_E_TLS. */
bacm_status bacm_tls_failure(SSL *ssl, const struct bacm_endpoint *name, bacm_error *error);

/*
 * Say so when OpenSSL's last error is the peer's alert that it wants a certificate of this side;
 * the status is then BACM_E_TLS.
 */
bool bacm_tls_wants_certificate(bacm_error *error);

/* The reason of OpenSSL's last error. */
const char *bacm_tls_reason(void);

#endif
