/**
 * @file bacm/network.h
 * What stands between this machine and the service: a proxy, a client
 * certificate, revocation lists.
 */
#ifndef BACM_NETWORK_H
#define BACM_NETWORK_H

#include <bacm/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Gives the passphrase of a private key.
 *
 * @param[out] passphrase  receives NUL-terminated text; cleansed by the library.
 * @param      size        bytes that fit, with the NUL.
 * @param      user        network.passphrase_user.
 * @return 0; else the key is not read and its client is not made.
 *
 * Called in the thread that makes a client or credentials, only then, and only when
 * the key is encrypted. Without a callback such a key is refused; nobody is asked on a
 * terminal.
 */
typedef int bacm_passphrase_callback(char *passphrase, size_t size, void *user);

/**
 * How connections are made, for bacm_options and bacm_oauth_options. Start from
 * BACM_NETWORK_INIT. Texts are borrowed while a client or credentials are made from it,
 * and copied; it may then go. May be shared by threads as long as nobody changes it.
 */
typedef struct bacm_network {
    size_t struct_size;
    const char *proxy;          /**< "HOST:PORT" of an HTTP proxy with CONNECT; NULL: none. TLS is
                                     with the service, the proxy cannot look inside. Not used for
                                     plain http, which stays on this machine */
    const char *proxy_user;     /**< NULL: none; sent by Basic authentication, to the proxy alone */
    const char *proxy_password; /**< NULL: "" */
    const char *client_certificate_file; /**< PEM, the certificate first, then its chain; NULL:
                                              none */
    const char *client_key_file;         /**< PEM; NULL: it is in the certificate's file */
    bacm_passphrase_callback *passphrase;
    void *passphrase_user;
    const char *crl_file; /**< PEM, revocation lists; NULL: none. The service's certificate must
                               then not be on the list of its issuer, and that list must be there
                               and not be out of date */
} bacm_network;

/** Defaults: a direct connection without a certificate. */
#define BACM_NETWORK_INIT                                                                          \
    {                                                                                              \
        sizeof(bacm_network), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL                       \
    }

#ifdef __cplusplus
}
#endif

#endif
