#include "serve/certificate.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#define DAY_SECONDS (24L * 60 * 60)

struct certificate {
    X509 *x509;
    EVP_PKEY *key;
};

/* In the order of the enumeration. */
static const struct {
    const char *name;
    const char *common_name;
    const char *alternative_names;
    enum certificate_kind kind;
} kinds[] = {
    {"good", "bacm-sim", "DNS:localhost,IP:127.0.0.1,IP:::1", CERTIFICATE_GOOD},
    {"expired", "bacm-sim", "DNS:localhost,IP:127.0.0.1,IP:::1", CERTIFICATE_EXPIRED},
    {"wrong-name", "bacm-sim", "DNS:elsewhere.example", CERTIFICATE_WRONG_NAME},
    {"name-in-cn", "localhost", "DNS:elsewhere.example", CERTIFICATE_NAME_IN_CN},
    {"star", "bacm-sim", "DNS:*", CERTIFICATE_STAR},
    {"unknown-ca", "bacm-sim", "DNS:localhost,IP:127.0.0.1,IP:::1", CERTIFICATE_UNKNOWN_CA},
    {"self-signed", "localhost", "DNS:localhost,IP:127.0.0.1,IP:::1", CERTIFICATE_SELF_SIGNED},
};

bool certificate_kind_parse(const char *name, enum certificate_kind *out)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            *out = kinds[i].kind;
            return true;
        }
    }
    return false;
}

static void certificate_free(struct certificate *certificate)
{
    X509_free(certificate->x509);
    EVP_PKEY_free(certificate->key);
    *certificate = (struct certificate){NULL, NULL};
}

static bool add_extension(X509 *x509, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    if (!extension)
        return false;
    bool added = X509_add_ext(x509, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static bool set_serial(X509 *x509)
{
    unsigned char serial[8];
    if (RAND_bytes(serial, sizeof serial) != 1)
        return false;
    serial[0] &= 0x7f;
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    bool set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
    BN_free(number);
    return set;
}

/* A certificate with a new key and everything but its extensions and signature. */
static bool start_certificate(struct certificate *out, const char *common_name, X509 *issuer,
                              long from_seconds, long to_seconds)
{
    out->key = EVP_EC_gen("P-256");
    out->x509 = X509_new();
    if (!out->key || !out->x509 || !set_serial(out->x509))
        return false;
    X509_NAME *name = X509_get_subject_name(out->x509);
    return X509_set_version(out->x509, X509_VERSION_3) == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)common_name,
                                      -1, -1, 0) == 1 &&
           X509_set_issuer_name(out->x509, X509_get_subject_name(issuer ? issuer : out->x509)) ==
               1 &&
           X509_gmtime_adj(X509_getm_notBefore(out->x509), from_seconds) &&
           X509_gmtime_adj(X509_getm_notAfter(out->x509), to_seconds) &&
           X509_set_pubkey(out->x509, out->key) == 1;
}

static bool make_ca(struct certificate *out, const char *common_name)
{
    return start_certificate(out, common_name, NULL, -DAY_SECONDS, 90 * DAY_SECONDS) &&
           add_extension(out->x509, out->x509, NID_basic_constraints, "critical,CA:TRUE") &&
           add_extension(out->x509, out->x509, NID_key_usage, "critical,keyCertSign,cRLSign") &&
           add_extension(out->x509, out->x509, NID_subject_key_identifier, "hash") &&
           X509_sign(out->x509, out->key, EVP_sha256()) > 0;
}

static bool make_server(struct certificate *out, enum certificate_kind kind,
                        const struct certificate *ca)
{
    bool expired = kind == CERTIFICATE_EXPIRED;
    const struct certificate *issuer = kind == CERTIFICATE_SELF_SIGNED ? out : ca;
    if (!start_certificate(out, kinds[kind].common_name,
                           kind == CERTIFICATE_SELF_SIGNED ? NULL : ca->x509, -2 * DAY_SECONDS,
                           (expired ? -1 : 90) * DAY_SECONDS))
        return false;
    /* RFC 5280 wants the authority's key named, but by one that is its own authority. */
    return add_extension(out->x509, issuer->x509, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(out->x509, issuer->x509, NID_subject_key_identifier, "hash") &&
           (issuer == out ||
            add_extension(out->x509, issuer->x509, NID_authority_key_identifier, "keyid:always")) &&
           add_extension(out->x509, issuer->x509, NID_key_usage, "critical,digitalSignature") &&
           add_extension(out->x509, issuer->x509, NID_ext_key_usage, "serverAuth") &&
           add_extension(out->x509, issuer->x509, NID_subject_alt_name,
                         kinds[kind].alternative_names) &&
           X509_sign(out->x509, issuer->key, EVP_sha256()) > 0;
}

static bool write_pem(const char *path, X509 *x509)
{
    FILE *file = fopen(path, "w");
    if (!file) {
        fprintf(stderr, "bacm-sim: cannot write the CA file %s: %s\n", path, strerror(errno));
        return false;
    }
    bool written = PEM_write_X509(file, x509) == 1;
    return fclose(file) == 0 && written;
}

static SSL_CTX *server_context(const struct certificate *server)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context)
        return NULL;
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_use_certificate(context, server->x509) != 1 ||
        SSL_CTX_use_PrivateKey(context, server->key) != 1) {
        SSL_CTX_free(context);
        return NULL;
    }
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    return context;
}

SSL_CTX *certificate_context(enum certificate_kind kind, const char *ca_file)
{
    struct certificate written_ca = {0};
    struct certificate signing_ca = {0};
    struct certificate server = {0};
    SSL_CTX *context = NULL;
    bool other_ca = kind == CERTIFICATE_UNKNOWN_CA;
    if (make_ca(&written_ca, "bacm-sim test CA") &&
        (!other_ca || make_ca(&signing_ca, "bacm-sim other CA")) &&
        make_server(&server, kind, other_ca ? &signing_ca : &written_ca))
        context = server_context(&server);
    if (!context) {
        fprintf(stderr, "bacm-sim: cannot make a certificate: %s\n",
                ERR_reason_error_string(ERR_peek_last_error()));
    } else if (!write_pem(ca_file, written_ca.x509)) {
        SSL_CTX_free(context);
        context = NULL;
    }
    certificate_free(&server);
    certificate_free(&signing_ca);
    certificate_free(&written_ca);
    return context;
}
