/*
 * A certificate authority and a server certificate, made anew at every start.
 * Besides the good one there are certificates that a client must refuse.
 */
#ifndef BACM_SERVE_CERTIFICATE_H
#define BACM_SERVE_CERTIFICATE_H

#include <openssl/ssl.h>
#include <stdbool.h>

enum certificate_kind {
    CERTIFICATE_GOOD,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_WRONG_NAME, /* SAN names another host */
    CERTIFICATE_NAME_IN_CN, /* CN is right, SAN names another host */
    CERTIFICATE_STAR,       /* SAN is a bare "*" */
    CERTIFICATE_UNKNOWN_CA, /* signed by a CA other than the one written */
    CERTIFICATE_SELF_SIGNED
};

/* False when the name is not a kind of certificate. */
bool certificate_kind_parse(const char *name, enum certificate_kind *out);

/*
 * A server context with the certificate; the CA's goes to ca_file as PEM.
 * NULL after a message on stderr.
 */
SSL_CTX *certificate_context(enum certificate_kind kind, const char *ca_file);

#endif
