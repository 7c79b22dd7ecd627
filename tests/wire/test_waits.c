/*
 * Connections whose peer says much and nothing, and kept ones that are too old for a write.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <openssl/ssl.h>

#include "lib/net/tls.h"
#include "support/certificates.h"
#include "support/fixture.h"

/* --- the age of a kept connection --- */

static void old_connection_carries_no_write(void **state)
{
    struct fixture *f = *state;

    f->options.write_idle_ms = 0;
    PLAY(f, READ, SEND(user_reply(f, "Active", 41, 0)), READ, SEND(added_reply(f)), READ,
         SEND(user_reply(f, "Active", 41, 0)));
    assert_status(get_user(f), BACM_OK);
    assert_status(add_one(f), BACM_OK);
    assert_status(get_user(f), BACM_OK);
    assert_int_equal(script_server_request(f->server, 0).connection, 1);
    assert_int_equal(script_server_request(f->server, 1).connection, 2);
    /* A read may be repeated, and takes what is there. */
    assert_int_equal(script_server_request(f->server, 2).connection, 2);
}

static void age_is_counted_from_the_last_use(void **state)
{
    struct fixture *f = *state;

    f->options.write_idle_ms = 50;
    PLAY(f, READ, SEND(added_reply(f)), READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
    usleep(100 * 1000);
    assert_status(add_one(f), BACM_OK);
    assert_int_equal(script_server_connections(f->server), 2);
}

static void young_connection_carries_a_write(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ, SEND(added_reply(f)), READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
    assert_status(add_one(f), BACM_OK);
    assert_int_equal(script_server_connections(f->server), 1);
}

/* --- what the service asks to wait --- */

static void retry_after_is_told(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *value;
        unsigned seconds;
    } cases[] = {
        {"30", 30}, {"0", 0}, {"86400", 600}, {"-5", 0}, {"Fri, 31 Dec 1999 23:59:59 GMT", 0}};

    for (size_t i = 0; i < COUNT(cases); i++) {
        PLAY(f, READ,
             SEND(reply_format(f,
                               "HTTP/1.1 429 Too Many\r\nRetry-After: %s\r\n"
                               "Content-Length: 0\r\n\r\n",
                               cases[i].value)),
             READ, SEND(added_reply(f)));
        assert_status(add_one(f), BACM_E_THROTTLED);
        assert_int_equal(bacm_client_retry_after_s(f->client), cases[i].seconds);
        if (cases[i].seconds == 30)
            assert_non_null(strstr(f->error.hint, "30 seconds"));
        assert_status(add_one(f), BACM_OK);
        assert_int_equal(bacm_client_retry_after_s(f->client), 0);
        fixture_stop(f);
    }
    assert_int_equal(bacm_client_retry_after_s(NULL), 0);
}

/* --- TLS that goes on by itself --- */

/* Takes one connection and sends session tickets until the client has gone. */
static void send_tickets(int listener, const struct test_certificate *certificate)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    int client = accept(listener, NULL, NULL);
    SSL *ssl;

    signal(SIGPIPE, SIG_DFL); /* which ends it */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!context || client < 0 || !test_certificate_use(certificate, context))
        _exit(1);
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    ssl = SSL_new(context);
    if (!ssl || SSL_set_fd(ssl, client) != 1 || SSL_accept(ssl) != 1)
        _exit(1);
    while (SSL_new_session_ticket(ssl) == 1 && SSL_do_handshake(ssl) == 1)
        ;
    _exit(0);
}

/* One read takes one record, so that the time is looked at between two of them. */
static void no_read_goes_on_by_itself(void **state)
{
    const bacm_network network = BACM_NETWORK_INIT;
    SSL_CTX *context = NULL;
    bacm_error error;

    (void)state;
    assert_status(bacm_tls_context_new(&context, fixture_ca_file(), &network, &error), BACM_OK);
    assert_int_equal(SSL_CTX_get_mode(context) & SSL_MODE_AUTO_RETRY, 0);
    SSL_CTX_free(context);
}

static void tickets_do_not_outlast_the_deadline(void **state)
{
    const struct certificate_plan plan = {"localhost", "DNS:localhost", 0, 0, false, false};
    struct test_authority *authority = test_authority_new("Tickets CA");
    struct test_certificate *certificate = test_certificate_new(authority, &plan);
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct fixture *f = *state;
    const long long started = now_ms();
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_user *user = NULL;
    char endpoint[64];
    pid_t server;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    server = fork();
    if (server == 0)
        send_tickets(listener, certificate);
    snprintf(endpoint, sizeof endpoint, "https://localhost:%d/", ntohs(address.sin_port));
    f->options.endpoint = endpoint;
    f->options.ca_file = test_authority_file(authority);
    f->options.call_timeout_ms = 1500;
    assert_status(bacm_credentials_new_access_token(&credentials, TEST_DEVELOPER_TOKEN,
                                                    TEST_ACCESS_TOKEN, &f->error),
                  BACM_OK);
    assert_status(bacm_client_new(&client, &f->options, credentials, &f->error), BACM_OK);
    assert_status(bacm_get_user(&user, client, 0, &f->error), BACM_E_TIMEOUT);
    assert_true(now_ms() - started < FIXTURE_LONG_MS);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    close(listener);
    waitpid(server, NULL, 0);
    test_certificate_free(certificate);
    test_authority_free(authority);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(retry_after_is_told),
        TEST(old_connection_carries_no_write),
        TEST(age_is_counted_from_the_last_use),
        TEST(young_connection_carries_a_write),
        TEST(no_read_goes_on_by_itself),
        TEST(tickets_do_not_outlast_the_deadline),
    };

    return cmocka_run_group_tests_name("waits", tests, NULL, NULL);
}
