/*
 * Certificates made on the spot: an authority, and leaves that are good or bad
 * in one way each.
 */
#ifndef TESTS_SUPPORT_CERTIFICATES_H
#define TESTS_SUPPORT_CERTIFICATES_H

#include <stdbool.h>

#include <openssl/ssl.h>

struct test_authority;
struct test_certificate;

/* A new authority; its certificate stands in a file of its own. */
struct test_authority *test_authority_new(const char *name);
/* Path of the PEM file, borrowed. */
const char *test_authority_file(const struct test_authority *authority);
void test_authority_free(struct test_authority *authority);

struct certificate_plan {
    const char *common_name;
    const char *alt_names; /* for instance "DNS:localhost,IP:127.0.0.1"; NULL: none */
    int valid_from_days;   /* from now; 0: a day ago */
    int valid_to_days;     /* from now; 0: in 30 days */
    bool weak_key;         /* RSA with 1024 bits */
    bool is_self_signed;
};

struct test_certificate *test_certificate_new(struct test_authority *authority,
                                              const struct certificate_plan *plan);
void test_certificate_free(struct test_certificate *certificate);

/*
 * Write it with its key to a file of its own, the key encrypted; path of the file, which
 * goes with the certificate.
 */
const char *test_certificate_file(struct test_certificate *certificate, const char *passphrase);

/* Let a server's context use it. */
bool test_certificate_use(const struct test_certificate *certificate, SSL_CTX *context);

/*
 * Append a revocation list of the authority to its file; revoked may be NULL
 * for an empty list.
 */
void test_authority_add_crl(struct test_authority *authority,
                            const struct test_certificate *revoked);

#endif
