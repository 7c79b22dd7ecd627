/*
 * Real TLS on loopback with certificates made on the spot, each good or bad in
 * one way. Whatever is refused is refused before a byte of the request leaves.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "support/certificates.h"
#include "support/fixture.h"

static struct test_authority *authority;
static struct test_authority *stranger;

struct tls_case {
    const char *name;
    struct certificate_plan plan;
    const char *host;  /* NULL: localhost */
    const char *words; /* in the refusal; NULL: the certificate is good */
    bool by_stranger;
    bool ipv6;
};

#define SAN "DNS:localhost,DNS:service.example,IP:127.0.0.1,IP:::1"

static const struct tls_case certificates[] = {
    {"good", {"localhost", SAN, 0, 0, false, false}, NULL, NULL, false, false},
    {"good, alternative name only",
     {"whatever", SAN, 0, 0, false, false},
     NULL,
     NULL,
     false,
     false},
    {"good, address", {"localhost", SAN, 0, 0, false, false}, "127.0.0.1", NULL, false, false},
    {"good, IPv6 address", {"localhost", SAN, 0, 0, false, false}, "[::1]", NULL, false, true},
    {"other name",
     {"other.example", "DNS:other.example", 0, 0, false, false},
     NULL,
     "mismatch",
     false,
     false},
    {"right common name, other alternative name",
     {"localhost", "DNS:other.example", 0, 0, false, false},
     NULL,
     "mismatch",
     false,
     false},
    {"right common name, no alternative name",
     {"localhost", NULL, 0, 0, false, false},
     NULL,
     "mismatch",
     false,
     false},
    {"bare wildcard", {"*", "DNS:*", 0, 0, false, false}, NULL, "mismatch", false, false},
    {"wildcard of the top level",
     {"x", "DNS:*.localhost", 0, 0, false, false},
     NULL,
     "mismatch",
     false,
     false},
    {"part of the name", {"x", "DNS:l*", 0, 0, false, false}, NULL, "mismatch", false, false},
    {"name as prefix",
     {"x", "DNS:localhost.example", 0, 0, false, false},
     NULL,
     "mismatch",
     false,
     false},
    {"other address",
     {"x", "IP:127.0.0.2", 0, 0, false, false},
     "127.0.0.1",
     "mismatch",
     false,
     false},
    {"address as name",
     {"127.0.0.1", "DNS:127.0.0.1", 0, 0, false, false},
     "127.0.0.1",
     "mismatch",
     false,
     false},
    {"name, but an address was asked for",
     {"x", "DNS:localhost", 0, 0, false, false},
     "127.0.0.1",
     "mismatch",
     false,
     false},
    {"expired", {"localhost", SAN, -20, -1, false, false}, NULL, "expired", false, false},
    {"not yet valid", {"localhost", SAN, 2, 20, false, false}, NULL, "not yet valid", false, false},
    {"self-signed", {"localhost", SAN, 0, 0, false, true}, NULL, "self", false, false},
    {"unknown authority",
     {"localhost", SAN, 0, 0, false, false},
     NULL,
     "unable to get",
     true,
     false},
    {"weak key", {"localhost", SAN, 0, 0, true, false}, NULL, "key too weak", false, false},
};

static void start(struct fixture *f, const struct tls_case *c, struct test_certificate **made)
{
    *made = test_certificate_new(c->by_stranger ? stranger : authority, &c->plan);
    f->script.certificate = *made;
    f->script.ipv6 = c->ipv6;
    f->host = c->host;
    f->options.ca_file = test_authority_file(authority);
}

/* The name is whole, and stands so in no certificate. */
static void dot_behind_the_name(void **state)
{
    const struct tls_case good = {"",   {"localhost", SAN, 0, 0, false, false}, NULL, NULL, false,
                                  false};
    struct fixture *f = *state;
    struct test_certificate *made;
    bacm_client *client = NULL;
    bacm_user *user = NULL;
    char endpoint[64];
    char address[32];

    start(f, &good, &made);
    PLAY(f, READ, SEND(user_reply(f, "Active", 41, 0)));
    snprintf(endpoint, sizeof endpoint, "https://localhost.:%d/", script_server_port(f->server));
    snprintf(address, sizeof address, "127.0.0.1:%d", script_server_port(f->server));
    f->options.endpoint = endpoint;
    f->options.connect_to = address;
    assert_status(bacm_client_new(&client, &f->options, f->credentials, &f->error), BACM_OK);
    assert_status(bacm_get_user(&user, client, 0, &f->error), BACM_OK);
    bacm_user_free(user);
    bacm_client_free(client);
    fixture_stop(f);
    test_certificate_free(made);
}

static void certificate(void **state)
{
    struct fixture *f = *state;
    const struct tls_case *c = f->parameter;
    struct test_certificate *made;

    start(f, c, &made);
    PLAY(f, READ, SEND(added_reply(f)));
    if (!c->words) {
        assert_status(add_one(f), BACM_OK);
    } else {
        assert_status(add_one(f), BACM_E_TLS);
        assert_false(f->error.request_sent);
        if (!strstr(f->error.message, c->words))
            fail_msg("\"%s\" does not say \"%s\"", f->error.message, c->words);
        assert_true(f->error.hint[0] != '\0');
        assert_int_equal(script_server_requests(f->server), 0);
    }
    test_certificate_free(made);
}

/* The name in the certificate is asked for, whatever address the connection goes to. */
static void name_is_that_of_the_endpoint(void **state)
{
    struct fixture *f = *state;
    struct test_certificate *made;

    start(f, &certificates[0], &made);
    PLAY(f, READ, SEND(added_reply(f)));
    f->options.connect_to = reply_format(f, "127.0.0.1:%d", script_server_port(f->server));
    for (int i = 0; i < 2; i++) {
        bacm_client_free(f->client);
        f->client = NULL;
        f->options.endpoint = i ? "https://service.example/x" : "https://other.example/x";
        assert_status(bacm_client_new(&f->client, &f->options, f->credentials, &f->error), BACM_OK);
        assert_status(add_one(f), i ? BACM_OK : BACM_E_TLS);
    }
    test_certificate_free(made);
}

/* A wildcard stands for one whole label, or for nothing. */
static void wildcards(void **state)
{
    static const struct {
        const char *alt_names;
        bool good;
    } cases[] = {
        {"DNS:*.service.example", true},   {"DNS:s*.service.example", false},
        {"DNS:*v.service.example", false}, {"DNS:s*v.service.example", false},
        {"DNS:srv.*.example", false},      {"DNS:*.*.example", false},
        {"DNS:*.example", false},          {"DNS:*.srv.service.example", false},
    };
    struct fixture *f = *state;

    f->options.ca_file = test_authority_file(authority);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct certificate_plan plan = {"x", cases[i].alt_names, 0, 0, false, false};
        struct test_certificate *made = test_certificate_new(authority, &plan);

        f->script.certificate = made;
        PLAY(f, READ, SEND(added_reply(f)));
        bacm_client_free(f->client);
        f->client = NULL;
        f->options.endpoint = "https://srv.service.example/x";
        f->options.connect_to = reply_format(f, "127.0.0.1:%d", script_server_port(f->server));
        assert_status(bacm_client_new(&f->client, &f->options, f->credentials, &f->error), BACM_OK);
        f->options.endpoint = NULL;
        f->options.connect_to = NULL;
        if (add_one(f) != (cases[i].good ? BACM_OK : BACM_E_TLS))
            fail_msg("%s gives %s", cases[i].alt_names, bacm_status_name(f->error.status));
        fixture_stop(f);
        test_certificate_free(made);
    }
}

/* --- versions --- */

static void version(struct fixture *f, int newest, bool good)
{
    struct test_certificate *made;

    start(f, &certificates[0], &made);
    fixture_trace(f);
    f->script.max_tls_version = newest;
    PLAY(f, READ, SEND(added_reply(f)));
    if (good) {
        assert_status(add_one(f), BACM_OK);
    } else {
        assert_status(add_one(f), BACM_E_TLS);
        assert_int_equal(script_server_requests(f->server), 0);
        assert_non_null(strstr(f->error.message, "version"));
        assert_non_null(strstr(f->error.hint, "TLS 1.2"));
    }
    test_certificate_free(made);
    fixture_stop(f);
}

static void old_versions_are_refused(void **state)
{
    version(*state, TLS1_VERSION, false);
    version(*state, TLS1_1_VERSION, false);
    version(*state, TLS1_2_VERSION, true);
    version(*state, TLS1_3_VERSION, true);
}

static void trace_tells_version_and_peer(void **state)
{
    struct fixture *f = *state;
    struct test_certificate *made;

    start(f, &certificates[0], &made);
    fixture_trace(f);
    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
    assert_non_null(strstr(f->trace, "localhost port "));
    assert_non_null(strstr(f->trace, "TLSv1.3"));
    test_certificate_free(made);
}

/* --- handshakes that come to nothing --- */

static void handshake(struct fixture *f, const struct step *steps, size_t count, const char *words)
{
    struct test_certificate *made;
    long long started = now_ms();

    start(f, &certificates[0], &made);
    f->options.connect_timeout_ms = 400;
    fixture_start(f, steps, count);
    assert_status(add_one(f), BACM_E_TLS);
    assert_false(f->error.request_sent);
    assert_true(now_ms() - started < FIXTURE_LONG_MS);
    if (words && !strstr(f->error.message, words))
        fail_msg("\"%s\" does not say \"%s\"", f->error.message, words);
    test_certificate_free(made);
    fixture_stop(f);
}

static void handshake_that_is_cut(void **state)
{
    static const struct step at_once[] = {{.kind = STEP_ACCEPT_RAW}, CUT};
    static const struct step inside[] = {
        {.kind = STEP_ACCEPT_RAW}, {.kind = STEP_READ_SOME, .size = 50}, CUT};
    static const struct step half_hello[] = {
        {.kind = STEP_ACCEPT_RAW},
        {.kind = STEP_READ_SOME, .size = 4000},
        {.kind = STEP_SEND, .bytes = "\x16\x03\x03", .size = 3},
        CUT};
    static const struct step reset[] = {
        {.kind = STEP_ACCEPT_RAW}, {.kind = STEP_READ_SOME, .size = 50}, RESET};

    handshake(*state, at_once, COUNT(at_once), NULL);
    handshake(*state, inside, COUNT(inside), NULL);
    handshake(*state, half_hello, COUNT(half_hello), NULL);
    handshake(*state, reset, COUNT(reset), NULL);
}

static void handshake_that_does_not_end(void **state)
{
    static const char hello[] = "\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"
                                "a server hello that is sent a byte at a time and never whole";
    static const struct step silent[] = {{.kind = STEP_ACCEPT_RAW}, PAUSE(60000)};
    static const struct step drips[] = {
        {.kind = STEP_ACCEPT_RAW},
        {.kind = STEP_DRIP, .bytes = hello, .size = sizeof hello - 1, .ms = 50},
        PAUSE(60000)};

    handshake(*state, silent, COUNT(silent), "too long");
    handshake(*state, drips, COUNT(drips), "too long");
}

static void no_tls_at_all(void **state)
{
    static const struct step plain[] = {
        {.kind = STEP_ACCEPT_RAW}, SEND("HTTP/1.1 400 Bad Request\r\n\r\n"), PAUSE(60000)};

    handshake(*state, plain, COUNT(plain), NULL);
}

/* A redirect must not lead from TLS to plain http. */
static void redirect_to_http_is_not_followed(void **state)
{
    struct fixture *f = *state;
    const struct step trap[] = {READ, SEND(added_reply(f))};
    const struct script script = {.steps = trap, .count = COUNT(trap)};
    struct script_server *elsewhere = script_server_start(&script);
    struct test_certificate *made;

    start(f, &certificates[0], &made);
    PLAY(f, READ,
         SEND(reply_format(f,
                           "HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:%d/\r\nContent-Length: "
                           "0\r\n\r\n",
                           script_server_port(elsewhere))));
    assert_status(add_one(f), BACM_E_HTTP);
    assert_int_equal(script_server_connections(elsewhere), 0);
    script_server_stop(elsewhere);
    test_certificate_free(made);
}

/* --- the trust that is given --- */

static void system_store_does_not_trust_a_private_authority(void **state)
{
    struct fixture *f = *state;
    struct test_certificate *made;

    start(f, &certificates[0], &made);
    PLAY(f, READ, SEND(added_reply(f)));
    bacm_client_free(f->client);
    f->client = NULL;
    f->options.ca_file = NULL;
    f->options.endpoint = reply_format(f, "https://localhost:%d/", script_server_port(f->server));
    assert_status(bacm_client_new(&f->client, &f->options, f->credentials, &f->error), BACM_OK);
    f->options.endpoint = NULL;
    assert_status(add_one(f), BACM_E_TLS);
    test_certificate_free(made);
}

static void unusable_ca_files(void **state)
{
    static const char *const files[] = {"/nonexistent/ca.pem", "/dev/null", "/"};
    struct fixture *f = *state;
    bacm_client *client = NULL;

    PLAY(f, READ);
    for (size_t i = 0; i < COUNT(files); i++) {
        bacm_options options = f->options;

        options.ca_file = files[i];
        assert_status(bacm_client_new(&client, &options, f->credentials, &f->error),
                      BACM_E_ARGUMENT);
        assert_null(client);
        assert_non_null(strstr(f->error.message, "CA file"));
    }
}

static void revoked_certificate(void **state)
{
    struct fixture *f = *state;
    struct test_authority *with_list = test_authority_new("Authority with a list");
    const struct certificate_plan plan = certificates[0].plan;
    struct test_certificate *good = test_certificate_new(with_list, &plan);
    struct test_certificate *bad = test_certificate_new(with_list, &plan);

    test_authority_add_crl(with_list, bad);
    f->options.ca_file = test_authority_file(with_list);
    f->script.certificate = good;
    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
    fixture_stop(f);
    f->script.certificate = bad;
    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_E_TLS);
    assert_non_null(strstr(f->error.message, "revoked"));
    test_certificate_free(good);
    test_certificate_free(bad);
    test_authority_free(with_list);
}

/* --- a TLS connection that is kept --- */

static void connection_is_kept(void **state)
{
    struct fixture *f = *state;
    const struct answer answers[] = {{"AddClientLinks", added_reply(f), 0}, {NULL, NULL, 0}};
    struct test_certificate *made;

    start(f, &certificates[0], &made);
    PLAY(f, SERVE(answers));
    for (int i = 0; i < 20; i++)
        assert_status(add_one(f), BACM_OK);
    assert_int_equal(script_server_connections(f->server), 1);
    test_certificate_free(made);
}

static void closed_while_idle(void **state)
{
    static const enum step_kind ways[] = {STEP_CLOSE, STEP_CUT, STEP_RESET, STEP_GOODBYE};
    struct fixture *f = *state;
    struct test_certificate *made;

    start(f, &certificates[0], &made);
    for (size_t i = 0; i < COUNT(ways); i++) {
        PLAY(f, READ, SEND(added_reply(f)), {.kind = ways[i]}, {.kind = STEP_ACCEPT}, READ,
             SEND(added_reply(f)));
        assert_status(add_one(f), BACM_OK);
        usleep(50 * 1000);
        assert_status(add_one(f), BACM_OK);
        assert_int_equal(script_server_requests(f->server), 2);
        fixture_stop(f);
    }
    test_certificate_free(made);
}

/* Without Content-Length only TLS's goodbye tells an end from a cut. */
static void cut_reply_is_no_end(void **state)
{
    struct fixture *f = *state;
    struct test_certificate *made;

    start(f, &certificates[0], &made);
    PLAY(f, READ, SEND("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<s:Envelope "), CUT);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_status(f->error.cause, BACM_E_NETWORK);
    test_certificate_free(made);
}

static void surplus_reply_is_not_the_next_one(void **state)
{
    struct fixture *f = *state;
    const char *added = added_reply(f);
    struct test_certificate *made;

    start(f, &certificates[0], &made);
    PLAY(f, READ, SEND(added), SEND(added), READ, SEND(fault_reply(f, 500, "")));
    assert_status(add_one(f), BACM_OK);
    usleep(50 * 1000);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_int_equal(script_server_connections(f->server), 2);
    test_certificate_free(made);
}

/* --- SIGPIPE --- */

static void add_large(struct fixture *f)
{
    static char text[BACM_MAX_LINK_TEXT_BYTES + 1];
    struct link_set set;
    bacm_link_results *results = NULL;
    bacm_status status;

    memset(text, '&', sizeof text - 1);
    link_set_init(&set);
    for (size_t i = 0; i < BACM_MAX_LINKS_PER_CALL; i++)
        set.link[i].note = text;
    status = bacm_links_add(&results, f->client, set.pointer, BACM_MAX_LINKS_PER_CALL, &f->error);
    check_result(f, status, results, BACM_MAX_LINKS_PER_CALL);
    bacm_link_results_free(results);
}

static volatile sig_atomic_t caught;

static void catch (int number)
{
    (void)number;
    caught = 1;
}

/* OpenSSL writes without MSG_NOSIGNAL. The application's handler must not hear of it. */
static void closed_while_sending(void **state)
{
    static const enum step_kind ways[] = {STEP_CLOSE, STEP_CUT, STEP_RESET};
    struct fixture *f = *state;
    struct test_certificate *made;

    start(f, &certificates[0], &made);
    signal(SIGPIPE, catch);
    for (size_t i = 0; i < COUNT(ways); i++) {
        PLAY(f, {.kind = STEP_ACCEPT}, {.kind = STEP_READ_SOME, .size = 1000}, {.kind = ways[i]});
        add_large(f);
        assert_status(f->error.status, BACM_E_UNKNOWN_OUTCOME);
        assert_status(f->error.cause, BACM_E_NETWORK);
        fixture_stop(f);
    }
    assert_int_equal(caught, 0);
    test_certificate_free(made);
}

/* Also when the client only says goodbye to a peer that has gone. */
static void gone_before_the_goodbye(void **state)
{
    struct fixture *f = *state;
    struct test_certificate *made;

    start(f, &certificates[0], &made);
    signal(SIGPIPE, SIG_DFL);
    PLAY(f, READ, SEND(added_reply(f)), RESET);
    assert_status(add_one(f), BACM_OK);
    usleep(50 * 1000);
    bacm_client_free(f->client);
    f->client = NULL;
    test_certificate_free(made);
}

/* A signal that the application itself has blocked and waits for stays pending. */
static void pending_signal_of_the_application(void **state)
{
    struct fixture *f = *state;
    struct test_certificate *made;
    sigset_t pipe_only;
    int number = 0;

    start(f, &certificates[0], &made);
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_only, NULL);
    raise(SIGPIPE);
    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
    assert_int_equal(sigwait(&pipe_only, &number), 0);
    assert_int_equal(number, SIGPIPE);
    pthread_sigmask(SIG_UNBLOCK, &pipe_only, NULL);
    test_certificate_free(made);
}

/* A system that allows anything: the library must be strict by itself. */
static void allow_anything(void)
{
    static const char settings[] = "openssl_conf = init\n[init]\nssl_conf = ssl\n[ssl]\n"
                                   "system_default = lax\n[lax]\nMinProtocol = TLSv1\n"
                                   "CipherString = ALL:@SECLEVEL=0\n";
    static char path[] = "/tmp/bacm-test-openssl-XXXXXX";
    int fd = mkstemp(path);

    if (fd < 0 || write(fd, settings, sizeof settings - 1) != (ssize_t)sizeof settings - 1)
        abort();
    close(fd);
    setenv("OPENSSL_CONF", path, 1);
    OPENSSL_init_ssl(0, NULL);
    unlink(path);
}

static int make_authorities(void **state)
{
    (void)state;
    authority = test_authority_new("Test authority");
    stranger = test_authority_new("Another authority");
    return 0;
}

static int free_authorities(void **state)
{
    (void)state;
    test_authority_free(authority);
    test_authority_free(stranger);
    return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    static const struct CMUnitTest single[] = {
        TEST(name_is_that_of_the_endpoint),
        TEST(dot_behind_the_name),
        TEST(wildcards),
        TEST(old_versions_are_refused),
        TEST(trace_tells_version_and_peer),
        TEST(handshake_that_is_cut),
        TEST(handshake_that_does_not_end),
        TEST(no_tls_at_all),
        TEST(redirect_to_http_is_not_followed),
        TEST(system_store_does_not_trust_a_private_authority),
        TEST(unusable_ca_files),
        TEST(revoked_certificate),
        TEST(connection_is_kept),
        TEST(closed_while_idle),
        TEST(cut_reply_is_no_end),
        TEST(surplus_reply_is_not_the_next_one),
        TEST(closed_while_sending),
        TEST(gone_before_the_goodbye),
        TEST(pending_signal_of_the_application),
    };
    struct CMUnitTest tests[COUNT(single) + COUNT(certificates)];

    allow_anything();
    memcpy(tests, single, sizeof single);
    for (size_t i = 0; i < COUNT(certificates); i++)
        tests[COUNT(single) + i] =
            (struct CMUnitTest){certificates[i].name, certificate, fixture_setup, fixture_teardown,
                                (void *)&certificates[i]};
    return cmocka_run_group_tests_name("tls", tests, make_authorities, free_authorities);
}
