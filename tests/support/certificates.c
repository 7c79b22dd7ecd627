#include "support/certificates.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "support/check.h"

struct test_authority {
    EVP_PKEY *key;
    X509 *certificate;
    char file[64];
    long next_serial;
};

struct test_certificate {
    EVP_PKEY *key;
    X509 *certificate;
    char file[64];
};

/* A new file, whose path ends in the X. */
static FILE *make_file(char *path)
{
    int fd = mkstemp(path);
    FILE *file;

    assert_true(fd >= 0);
    file = fdopen(fd, "w");
    assert_non_null(file);
    return file;
}

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static X509 *certificate_new(const char *common_name, EVP_PKEY *key, long serial, int from_days,
                             int to_days)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);

    assert_non_null(certificate);
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
    X509_time_adj_ex(X509_getm_notBefore(certificate), from_days, 0, NULL);
    X509_time_adj_ex(X509_getm_notAfter(certificate), to_days, 0, NULL);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)common_name, -1,
                               -1, 0);
    X509_set_pubkey(certificate, key);
    return certificate;
}

struct test_authority *test_authority_new(const char *name)
{
    struct test_authority *authority = calloc(1, sizeof *authority);
    FILE *file;

    assert_non_null(authority);
    authority->next_serial = 2;
    authority->key = EVP_EC_gen("P-256");
    assert_non_null(authority->key);
    authority->certificate = certificate_new(name, authority->key, 1, -30, 60);
    X509_set_issuer_name(authority->certificate, X509_get_subject_name(authority->certificate));
    add_extension(authority->certificate, authority->certificate, NID_basic_constraints,
                  "critical,CA:TRUE");
    add_extension(authority->certificate, authority->certificate, NID_key_usage,
                  "critical,keyCertSign,cRLSign");
    assert_true(X509_sign(authority->certificate, authority->key, EVP_sha256()) > 0);

    snprintf(authority->file, sizeof authority->file, "/tmp/bacm-test-ca-XXXXXX");
    file = make_file(authority->file);
    assert_int_equal(PEM_write_X509(file, authority->certificate), 1);
    assert_int_equal(fclose(file), 0);
    return authority;
}

const char *test_authority_file(const struct test_authority *authority)
{
    return authority->file;
}

void test_authority_free(struct test_authority *authority)
{
    if (!authority)
        return;
    unlink(authority->file);
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    free(authority);
}

struct test_certificate *test_certificate_new(struct test_authority *authority,
                                              const struct certificate_plan *plan)
{
    struct test_certificate *made = calloc(1, sizeof *made);
    X509 *issuer;

    assert_non_null(made);
    made->key = plan->weak_key ? EVP_RSA_gen(1024) : EVP_EC_gen("P-256");
    assert_non_null(made->key);
    made->certificate = certificate_new(plan->common_name, made->key, authority->next_serial++,
                                        plan->valid_from_days ? plan->valid_from_days : -1,
                                        plan->valid_to_days ? plan->valid_to_days : 30);
    issuer = plan->is_self_signed ? made->certificate : authority->certificate;
    X509_set_issuer_name(made->certificate, X509_get_subject_name(issuer));
    add_extension(made->certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
    if (plan->alt_names)
        add_extension(made->certificate, issuer, NID_subject_alt_name, plan->alt_names);
    assert_true(X509_sign(made->certificate, plan->is_self_signed ? made->key : authority->key,
                          EVP_sha256()) > 0);
    return made;
}

void test_certificate_free(struct test_certificate *certificate)
{
    if (!certificate)
        return;
    if (certificate->file[0])
        unlink(certificate->file);
    X509_free(certificate->certificate);
    EVP_PKEY_free(certificate->key);
    free(certificate);
}

const char *test_certificate_file(struct test_certificate *certificate, const char *passphrase)
{
    FILE *file;

    snprintf(certificate->file, sizeof certificate->file, "/tmp/bacm-test-cert-XXXXXX");
    file = make_file(certificate->file);
    assert_int_equal(PEM_write_X509(file, certificate->certificate), 1);
    assert_int_equal(PEM_write_PrivateKey(file, certificate->key, EVP_aes_256_cbc(), NULL, 0, NULL,
                                          (void *)passphrase),
                     1);
    assert_int_equal(fclose(file), 0);
    return certificate->file;
}

bool test_certificate_use(const struct test_certificate *certificate, SSL_CTX *context)
{
    return SSL_CTX_use_certificate(context, certificate->certificate) == 1 &&
           SSL_CTX_use_PrivateKey(context, certificate->key) == 1;
}

static void add_revoked(X509_CRL *list, const struct test_certificate *certificate)
{
    X509_REVOKED *entry = X509_REVOKED_new();

    assert_non_null(entry);
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate->certificate));
    X509_REVOKED_set_revocationDate(entry, X509_getm_notBefore(certificate->certificate));
    assert_int_equal(X509_CRL_add0_revoked(list, entry), 1);
}

void test_authority_add_crl(struct test_authority *authority,
                            const struct test_certificate *revoked)
{
    X509_CRL *list = X509_CRL_new();
    ASN1_TIME *from = X509_time_adj_ex(NULL, -1, 0, NULL);
    ASN1_TIME *to = X509_time_adj_ex(NULL, 30, 0, NULL);
    FILE *file = fopen(authority->file, "a");

    assert_non_null(list);
    assert_non_null(file);
    X509_CRL_set_version(list, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list, X509_get_subject_name(authority->certificate));
    X509_CRL_set1_lastUpdate(list, from);
    X509_CRL_set1_nextUpdate(list, to);
    if (revoked)
        add_revoked(list, revoked);
    X509_CRL_sort(list);
    assert_true(X509_CRL_sign(list, authority->key, EVP_sha256()) > 0);
    assert_int_equal(PEM_write_X509_CRL(file, list), 1);
    assert_int_equal(fclose(file), 0);
    ASN1_TIME_free(from);
    ASN1_TIME_free(to);
    X509_CRL_free(list);
}
