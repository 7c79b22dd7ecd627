#include "lib/net/tls.h"

#include <errno.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "lib/base/error.h"
#include "lib/base/text.h"

/* Most of a path that a message repeats. */
#define MAX_SHOWN_PATH 400

const char *bacm_tls_reason(void)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(code);

    return reason ? reason : "no reason given";
}

/* The first error is the cause: what the system said of a file, or what is wrong in it. */
static const char *file_reason(void)
{
    unsigned long code = ERR_peek_error();
    const char *reason =
        ERR_SYSTEM_ERROR(code) ? strerror(ERR_GET_REASON(code)) : ERR_reason_error_string(code);

    return reason ? reason : bacm_tls_reason();
}

/* A file that was given cannot be used: name is its option, path NULL the system's. */
static bacm_status file_refused(const char *name, const char *path, const char *hint,
                                bacm_error *error)
{
    bacm_fail(error, BACM_E_ARGUMENT, "the %s%s%.*s cannot be used: %s", name, path ? " " : "",
              MAX_SHOWN_PATH, path ? path : "", file_reason());
    bacm_error_hint(error, "%s", hint);
    ERR_clear_error();
    return BACM_E_ARGUMENT;
}

/* Revocation lists in the CA file are there to be used. */
static void use_revocation_lists(SSL_CTX *context)
{
    const STACK_OF(X509_OBJECT) *trusted = X509_STORE_get0_objects(SSL_CTX_get_cert_store(context));

    for (int i = 0; i < sk_X509_OBJECT_num(trusted); i++) {
        if (X509_OBJECT_get_type(sk_X509_OBJECT_value(trusted, i)) == X509_LU_CRL)
            X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_CRL_CHECK);
    }
}

static bacm_status load_trusted(SSL_CTX *context, const char *ca_file, bacm_error *error)
{
    if (ca_file ? SSL_CTX_load_verify_file(context, ca_file) != 1
                : SSL_CTX_set_default_verify_paths(context) != 1)
        return file_refused("CA file", ca_file,
                            "Give a readable file with certificates in PEM form.", error);
    if (ca_file)
        use_revocation_lists(context);
    return BACM_OK;
}

static bacm_status load_revoked(SSL_CTX *context, const char *crl_file, bacm_error *error)
{
    X509_LOOKUP *lookup;

    if (!crl_file)
        return BACM_OK;
    lookup = X509_STORE_add_lookup(SSL_CTX_get_cert_store(context), X509_LOOKUP_file());
    if (!lookup)
        return bacm_fail_memory(error);
    if (X509_load_crl_file(lookup, crl_file, X509_FILETYPE_PEM) < 1)
        return file_refused("crl_file", crl_file,
                            "Give a readable file with revocation lists in PEM form.", error);
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_CRL_CHECK);
    return BACM_OK;
}

/* Without this OpenSSL would ask on the terminal. */
static int give_passphrase(char *passphrase, int size, int writing, void *user)
{
    const bacm_network *network = user;
    size_t length;

    (void)writing;
    if (size < 1 || !network->passphrase ||
        network->passphrase(passphrase, (size_t)size, network->passphrase_user) != 0)
        return -1;
    length = strnlen(passphrase, (size_t)size);
    return length < (size_t)size ? (int)length : -1;
}

static bacm_status load_certificate(SSL_CTX *context, const bacm_network *network,
                                    bacm_error *error)
{
    const char *certificate = network->client_certificate_file;
    const char *key = network->client_key_file ? network->client_key_file : certificate;
    bool loaded;

    if (!certificate)
        return BACM_OK;
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
        return file_refused("client_certificate_file", certificate,
                            "Give a readable PEM file: the certificate, then its chain.", error);
    SSL_CTX_set_default_passwd_cb(context, give_passphrase);
    SSL_CTX_set_default_passwd_cb_userdata(context, (void *)network);
    loaded = SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1;
    /* The callback and its data are the caller's and may soon be gone. */
    SSL_CTX_set_default_passwd_cb(context, NULL);
    SSL_CTX_set_default_passwd_cb_userdata(context, NULL);
    if (!loaded)
        return file_refused("client_key_file", key,
                            "Give the PEM file of the certificate's key, and its passphrase if it "
                            "is encrypted.",
                            error);
    return BACM_OK;
}

static bacm_status set_up(SSL_CTX *context, const char *ca_file, const bacm_network *network,
                          bacm_error *error)
{
    bacm_status status;

    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    /* 2: no keys below 112 bits of security. Distributions differ in their default. */
    if (SSL_CTX_get_security_level(context) < 2)
        SSL_CTX_set_security_level(context, 2);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    /* Else one read goes on as long as the peer sends tickets, whatever the time is. */
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT);
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
        return bacm_fail(error, BACM_E_ARGUMENT, "this OpenSSL cannot speak TLS 1.2: %s",
                         bacm_tls_reason());
    status = load_trusted(context, ca_file, error);
    if (status == BACM_OK)
        status = load_revoked(context, network->crl_file, error);
    if (status == BACM_OK)
        status = load_certificate(context, network, error);
    return status;
}

bacm_status bacm_tls_context_new(SSL_CTX **out, const char *ca_file, const bacm_network *network,
                                 bacm_error *error)
{
    bacm_status status;

    ERR_clear_error();
    *out = SSL_CTX_new(TLS_client_method());
    if (!*out)
        return bacm_fail_memory(error);
    status = set_up(*out, ca_file, network, error);
    if (status != BACM_OK) {
        SSL_CTX_free(*out);
        *out = NULL;
    }
    return status;
}

/* OpenSSL itself must check the name: engine and application could be laxer. */
bool bacm_tls_expect_name(SSL *ssl, const struct bacm_endpoint *name)
{
    X509_VERIFY_PARAM *parameters = SSL_get0_param(ssl);
    const size_t length = strlen(name->host);
    char host[sizeof name->host];

    memcpy(host, name->host, length + 1);
    /* The dot of a name that is whole stands in no certificate, and not in SNI (RFC 6066). */
    if (length > 1 && host[length - 1] == '.')
        host[length - 1] = '\0';
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                                                    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (name->is_address)
        return X509_VERIFY_PARAM_set1_ip_asc(parameters, host) == 1;
    return X509_VERIFY_PARAM_set1_host(parameters, host, 0) == 1 &&
           SSL_set_tlsext_host_name(ssl, host) == 1;
}

bool bacm_tls_wants_certificate(bacm_error *error)
{
    const unsigned long code = ERR_peek_last_error();

    if (ERR_GET_LIB(code) != ERR_LIB_SSL ||
        ERR_GET_REASON(code) != SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED)
        return false;
    bacm_fail(error, BACM_E_TLS, "the server asks for a certificate of the client");
    bacm_error_hint(error, "Give client_certificate_file, and client_key_file, as whoever runs the "
                           "server has issued them.");
    ERR_clear_error();
    return true;
}

/* Which certificate of the chain it is, and until when it was valid. */
static void name_certificate(SSL *ssl, const char *what, char *line, size_t size)
{
    const STACK_OF(X509) *chain = SSL_get0_verified_chain(ssl);
    const X509 *found = NULL;
    BIO *text = BIO_new(BIO_s_mem());
    char *bytes = NULL;
    long length;

    line[0] = '\0';
    for (int i = 0; text && chain && i < sk_X509_num(chain) && !found; i++) {
        const X509 *one = sk_X509_value(chain, i);

        if (X509_cmp_current_time(X509_get0_notAfter(one)) < 0 ||
            X509_cmp_current_time(X509_get0_notBefore(one)) > 0)
            found = one;
    }
    if (found && BIO_printf(text, "%s of ", what) > 0 &&
        X509_NAME_print_ex(text, X509_get_subject_name(found), 0,
                           XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB) >= 0 &&
        BIO_puts(text, ", valid from ") > 0 && ASN1_TIME_print(text, X509_get0_notBefore(found)) &&
        BIO_puts(text, " to ") > 0 && ASN1_TIME_print(text, X509_get0_notAfter(found)) &&
        BIO_write(text, "", 1) == 1) {
        length = BIO_get_mem_data(text, &bytes);
        if (length > 0)
            bacm_text_line(line, size, bytes);
    }
    BIO_free(text);
}

static size_t count_trusted(SSL *ssl)
{
    STACK_OF(X509) *all = X509_STORE_get1_all_certs(SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl)));
    const int count = all ? sk_X509_num(all) : 0;

    sk_X509_pop_free(all, X509_free);
    return count > 0 ? (size_t)count : 0;
}

static const char *advice_for(SSL *ssl, long verdict)
{
    switch (verdict) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return "It was issued for another name; check the endpoint.";
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "Check the clock of this machine; if it is right, that certificate must be renewed: "
               "one of the server by whoever runs it, one of the CA file or the system's store "
               "here.";
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
        return "Get a fresh revocation list of the certificate's issuer.";
    case X509_V_ERR_CERT_REVOKED:
        return "The issuer has taken it back; do not send anything there.";
    default:
        return count_trusted(ssl) ? "If a private authority issued it, give its certificate as the "
                                    "CA file."
                                  : "This machine trusts no authority at all: install its package "
                                    "of CA certificates (ca-certificates), or give a CA file.";
    }
}

static void describe_verdict(SSL *ssl, const char *host, long verdict, bacm_error *error)
{
    char which[256] = "";

    if (verdict == X509_V_ERR_CERT_HAS_EXPIRED || verdict == X509_V_ERR_CERT_NOT_YET_VALID)
        name_certificate(ssl, "; that", which, sizeof which);
    bacm_fail(error, BACM_E_TLS, "the certificate of %s is not trusted: %s%s", host,
              X509_verify_cert_error_string(verdict), which);
    bacm_error_hint(error, "%s", advice_for(ssl, verdict));
}

/* Whether the server has asked for a certificate and been given none. */
static bool gave_no_certificate(SSL *ssl)
{
    const unsigned char *types;

    return SSL_get0_certificate_types(ssl, &types) > 0 && !SSL_get_certificate(ssl);
}

bacm_status bacm_tls_failure(SSL *ssl, const struct bacm_endpoint *name, bacm_error *error)
{
    long verdict = SSL_get_verify_result(ssl);
    int system_error = errno;
    unsigned long code = ERR_peek_last_error();

    if (verdict != X509_V_OK) {
        describe_verdict(ssl, name->host, verdict, error);
    } else if (code && ERR_GET_LIB(code) != ERR_LIB_SYS && gave_no_certificate(ssl)) {
        bacm_fail(error, BACM_E_TLS, "%s asks for a certificate of the client: %s", name->host,
                  bacm_tls_reason());
        bacm_error_hint(error, "Give client_certificate_file, and client_key_file, as whoever runs "
                               "the server has issued them.");
    } else if (code && ERR_GET_LIB(code) != ERR_LIB_SYS) {
        bacm_fail(error, BACM_E_TLS, "no TLS connection to %s: %s", name->host, bacm_tls_reason());
        bacm_error_hint(error, "The server must speak TLS 1.2 or later on this port.");
    } else {
        bacm_fail(error, BACM_E_TLS, "%s closed the connection during the TLS handshake%s%s",
                  name->host, system_error ? ": " : "", system_error ? strerror(system_error) : "");
        bacm_error_hint(error, "Check that the port speaks TLS, and what stands on the way to it.");
    }
    ERR_clear_error();
    return BACM_E_TLS;
}
