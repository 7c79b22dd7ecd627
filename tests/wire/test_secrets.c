/*
 * A server, or a proxy on the way, echoes the tokens. They must not get into
 * the error object, the results or the trace; and no part of them either.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "support/fixture.h"

#define CM "https://bingads.microsoft.com/Customer/v11"

enum { SECRET_LENGTH = 300, LEAK = 8 };

/* Long, so that every text of the error object would cut it; with XML's own characters. */
static char secret[SECRET_LENGTH + 1];
static char escaped[SECRET_LENGTH * 6];

static void make_secret(void)
{
    static const char some[] = "EwB<w&A8l>6\"B'AAURS/N+";
    char *to = escaped;

    for (size_t i = 0; i < SECRET_LENGTH; i++) {
        char c = i % 29 < sizeof some - 1 ? some[i % 29] : (char)('A' + (i * 7 + i / 26) % 26);

        secret[i] = c;
        to = stpcpy(to, c == '<'    ? "&lt;"
                        : c == '&'  ? "&amp;"
                        : c == '>'  ? "&gt;"
                        : c == '"'  ? "&quot;"
                        : c == '\'' ? "&#39;"
                                    : (char[]){c, '\0'});
    }
}

/* No 8 bytes of the secret, as it is or as XML writes it. */
static bool has_part_of(const void *bytes, size_t size, const char *text)
{
    for (size_t i = 0; i + LEAK <= strlen(text); i++) {
        if (memmem(bytes, size, text + i, LEAK))
            return true;
    }
    return false;
}

static void check_clean(const void *bytes, size_t size, const char *where)
{
    if (has_part_of(bytes, size, secret) || has_part_of(bytes, size, escaped))
        fail_msg("the secret is in the %s: %.*s", where, (int)size, (const char *)bytes);
}

static void check_results(const bacm_link_results *results)
{
    for (size_t i = 0; i < bacm_link_results_count(results); i++) {
        for (size_t k = 0; k < bacm_link_results_error_count(results, i); k++) {
            const bacm_service_error *error = bacm_link_results_error(results, i, k);

            check_clean(error->symbol, strlen(error->symbol), "symbol");
            check_clean(error->message, strlen(error->message), "message");
            check_clean(error->details, strlen(error->details), "details");
        }
    }
    check_clean(bacm_link_results_tracking_id(results),
                strlen(bacm_link_results_tracking_id(results)), "tracking id");
}

static void check_record(const bacm_call_record *record, void *user)
{
    (void)user;
    check_clean(record->tracking_id, strlen(record->tracking_id), "call record");
}

static void check_echo(struct fixture *f, const char *reply, size_t size)
{
    bacm_link_results *results = NULL;
    char line[2048];

    f->access_token = secret;
    f->options.on_call = check_record;
    fixture_trace(f);
    PLAY(f, READ, {.kind = STEP_SEND, .bytes = reply, .size = size}, CLOSE);
    add_links(f, &results, 2);
    check_clean(&f->error, sizeof f->error, "error object");
    bacm_error_format(&f->error, line, sizeof line);
    check_clean(line, strlen(line), "error line");
    check_results(results);
    check_clean(f->trace, f->trace_size, "trace");
    check_clean(bacm_client_tracking_id(f->client), strlen(bacm_client_tracking_id(f->client)),
                "client's tracking id");
    assert_non_null(strstr(f->trace, "[redacted]"));
    /* It was a test only if the secret has been there. */
    assert_non_null(strstr(script_server_request(f->server, 0).body, "EwB&lt;w&amp;A8l"));
    bacm_link_results_free(results);
    fixture_stop(f);
}

#define FAULT(detail)                                                                              \
    "<s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring><detail>" detail         \
    "</detail></s:Fault>"
#define ADAPI(inner)                                                                               \
    FAULT("<AdApiFaultDetail xmlns=\"https://adapi.microsoft.com\">" inner "</AdApiFaultDetail>")
#define ERRORS(list, inner)                                                                        \
    "<AddClientLinksResponse xmlns=\"" CM "\">" list inner "</AddClientLinksResponse>"

/* %s is the echo: alone, behind filling that ends where texts are cut, and as CDATA. */
static const char *const bodies[] = {
    "<s:Fault><faultcode>s:%s</faultcode><faultstring>no</faultstring></s:Fault>",
    "<s:Fault><faultcode>s:Server</faultcode><faultstring>bad token %s</faultstring></s:Fault>",
    ADAPI("<TrackingId>%s</TrackingId>"),
    ADAPI("<Errors><AdApiError><Code>105</Code><Detail>%s</Detail></AdApiError></Errors>"),
    ADAPI("<Errors><AdApiError><Code>105</Code><ErrorCode>%s</ErrorCode></AdApiError></Errors>"),
    ADAPI("<Errors><AdApiError><Code>105</Code><Message>token %s</Message></AdApiError></Errors>"),
    ADAPI("<Errors><AdApiError><Code>99</Code></AdApiError><AdApiError><Code>105</Code>"
          "<Message>%s</Message></AdApiError></Errors>"),
    FAULT("<ApiFault xmlns=\"" CM "\"><TrackingId xmlns=\"https://adapi.microsoft.com\">%s"
          "</TrackingId></ApiFault>"),
    FAULT("<ApiFault xmlns=\"" CM "\"><OperationErrors xmlns=\"" CM "/Exception\"><OperationError>"
          "<Code>1001</Code><Details>%s</Details></OperationError></OperationErrors></ApiFault>"),
    FAULT("<Other>%s</Other>"),
    ERRORS("<OperationErrors xmlns:a=\"" CM "/Exception\"><a:OperationError><a:Code>1</a:Code>"
           "<a:Message>%s</a:Message></a:OperationError></OperationErrors>",
           ""),
    ERRORS("<OperationErrors xmlns:a=\"" CM "/Exception\"><a:OperationError><a:Details>%s"
           "</a:Details></a:OperationError></OperationErrors>",
           ""),
    ERRORS("<PartialErrors xmlns:a=\"" CM "/Exception\"><a:ArrayOfOperationError/>"
           "<a:ArrayOfOperationError><a:OperationError><a:Code>1</a:Code><a:Details>%s</a:Details>"
           "</a:OperationError></a:ArrayOfOperationError></PartialErrors>",
           ""),
    ERRORS("<PartialErrors xmlns:a=\"" CM "/Exception\"><a:ArrayOfOperationError/>"
           "<a:ArrayOfOperationError><a:OperationError><a:Code>1</a:Code><a:Message>%s</a:Message>"
           "</a:OperationError></a:ArrayOfOperationError></PartialErrors>",
           ""),
    ERRORS("", "<Unknown>%s</Unknown>"),
    "<Nonsense>%s</Nonsense>",
};

static const char *echo_envelope(struct fixture *f, const char *body, const char *echo)
{
    const char *at = strstr(body, "%s");

    return soap_envelope(f, reply_format(f, "%.*s%s%s", (int)(at - body), body, echo, at + 2));
}

static void echo_in_each_text(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(bodies); i++) {
        for (int filling = 0; filling <= 500; filling += 100) {
            const char *echo = reply_format(f, "%0*d%s", filling + 1, 0, escaped);

            check_echo(
                f, http_reply(f, 500 - filling * 3 / 5, NULL, echo_envelope(f, bodies[i], echo)),
                0);
        }
    }
}

static void echo_as_cdata(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(bodies); i++)
        check_echo(
            f,
            http_reply(f, 500, NULL,
                       echo_envelope(f, bodies[i], reply_format(f, "x<![CDATA[%s]]>", secret))),
            0);
}

static void echo_in_the_header(void **state)
{
    struct fixture *f = *state;
    const char *envelope =
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header><h:TrackingId "
        "xmlns:h=\"" CM "\">%s</h:TrackingId></s:Header><s:Body><AddClientLinksResponse xmlns=\"" CM
        "\"/></s:Body></s:Envelope>";
    const char *at = strstr(envelope, "%s");

    check_echo(
        f,
        http_reply(f, 200, NULL,
                   reply_format(f, "%.*s%s%s", (int)(at - envelope), envelope, escaped, at + 2)),
        0);
}

static void echo_in_http(void **state)
{
    struct fixture *f = *state;

    check_echo(f, http_reply(f, 200, reply_format(f, "text/%s", secret), "x"), 0);
    check_echo(
        f, reply_format(f, "HTTP/1.1 403 %s\r\nX-Token: %s\r\n\r\n%s", secret, secret, secret), 0);
    check_echo(f, http_reply(f, 502, "text/html", reply_format(f, "<p>%s</p>", escaped)), 0);
    check_echo(f, reply_format(f, "%s", secret), 0);
}

/* What is in pieces on the wire is whole in the message. */
static void echo_in_chunks(void **state)
{
    struct fixture *f = *state;
    const char *body = echo_envelope(f, bodies[1], escaped);
    size_t cut = (size_t)(strstr(body, "EwB") - body) + 5;

    check_echo(f,
               reply_format(f,
                            "HTTP/1.1 500 x\r\nContent-Type: text/xml\r\nTransfer-Encoding: "
                            "chunked\r\n\r\n%zx\r\n%.*s\r\n%zx\r\n%s\r\n0\r\n\r\n",
                            cut, (int)cut, body, strlen(body + cut), body + cut),
               0);
}

static void echo_packed(void **state)
{
    static const char header[] = "HTTP/1.1 500 x\r\nContent-Type: text/xml\r\nContent-Encoding: "
                                 "gzip\r\nConnection: close\r\n\r\n";
    struct fixture *f = *state;
    const char *body = echo_envelope(f, bodies[1], escaped);
    char reply[8192];
    z_stream z;

    memset(&z, 0, sizeof z);
    memcpy(reply, header, sizeof header - 1);
    assert_int_equal(deflateInit2(&z, 0, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)body;
    z.avail_in = (unsigned)strlen(body);
    z.next_out = (unsigned char *)reply + sizeof header - 1;
    z.avail_out = (unsigned)(sizeof reply - sizeof header);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    check_echo(f, reply, sizeof header - 1 + z.total_out);
    deflateEnd(&z);
}

/* Secrets of others: the contents of the elements that are made for them. */
static void secret_elements_in_the_trace(void **state)
{
    static const char *const values[] = {"first-pet-rex", "<![CDATA[first-pet-rex]]>",
                                         "first<!-- -->-pet-rex"};
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(values); i++) {
        fixture_trace(f);
        PLAY(f, READ,
             SEND(soap_reply(f,
                             reply_format(f,
                                          "<GetUserResponse xmlns=\"" CM "\"><User xmlns:a=\"" CM
                                          "/Entities\"><a:Password>%s</a:Password><a:SecretAnswer "
                                          "x=\"y\">%s</a:SecretAnswer></User></GetUserResponse>",
                                          values[i], values[i]))));
        assert_status(get_user(f), BACM_OK);
        assert_null(strstr(f->trace, "pet-rex"));
        assert_non_null(strstr(f->trace, "<GetUserResponse"));
        fixture_stop(f);
    }
}

static void password_credentials(void **state)
{
    struct fixture *f = *state;
    struct captured request;

    fixture_trace(f);
    PLAY(f, READ, SEND(added_reply(f)));
    bacm_client_free(f->client);
    bacm_credentials_release(f->credentials);
    f->client = NULL;
    assert_status(bacm_credentials_new_password(&f->credentials, TEST_DEVELOPER_TOKEN, "the-user",
                                                "pass<word>&9", &f->error),
                  BACM_OK);
    f->options.endpoint = reply_format(f, "http://127.0.0.1:%d/", script_server_port(f->server));
    if (test_is_v13()) {
        assert_status(bacm_client_new(&f->client, &f->options, f->credentials, &f->error),
                      BACM_E_ARGUMENT);
        assert_non_null(strstr(f->error.message, "v13 does not take user name and password"));
        assert_non_null(strstr(f->error.hint, "OAuth"));
        assert_null(f->client);
        return;
    }
    assert_status(bacm_client_new(&f->client, &f->options, f->credentials, &f->error), BACM_OK);
    f->options.endpoint = NULL;
    assert_status(add_one(f), BACM_OK);
    request = script_server_request(f->server, 0);
    assert_non_null(strstr(request.body, "<cm:Password>pass&lt;word&gt;&amp;9</cm:Password>"
                                         "<cm:UserName>the-user</cm:UserName>"));
    assert_null(strstr(request.body, "AuthenticationToken"));
    assert_null(strstr(f->trace, "the-user"));
    assert_null(strstr(f->trace, "pass&lt;word"));
    assert_null(strstr(f->trace, TEST_DEVELOPER_TOKEN));
}

static void preview_has_no_secret(void **state)
{
    struct fixture *f = *state;
    struct link_set set;
    char *text = NULL;

    f->access_token = secret;
    PLAY(f, READ);
    link_set_init(&set);
    assert_status(bacm_links_add_preview(&text, f->client, set.pointer, 3, &f->error), BACM_OK);
    check_clean(text, strlen(text), "preview");
    assert_null(strstr(text, TEST_DEVELOPER_TOKEN));
    assert_non_null(strstr(text, "<cm:AuthenticationToken>[redacted]</cm:AuthenticationToken>"));
    assert_non_null(strstr(text, "1001003"));
    assert_int_equal(script_server_connections(f->server), 0);
    bacm_text_free(text);
}

/* GetUser has succeeded; what it says of the user stands in a refusal that is made here. */
static void token_in_the_user_name(void **state)
{
    static const char *const tokens[][2] = {{"admin-token", "admin"}, {"admin", "access-token"}};
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(tokens); i++) {
        f->options.no_role_check = false;
        f->developer_token = tokens[i][0];
        f->access_token = tokens[i][1];
        PLAY(f, READ, SEND(user_reply(f, "Active", BACM_ROLE_VIEWER, BACM_ROLE_VIEWER)));
        assert_status(add_one(f), BACM_E_NOT_SUPER_ADMIN);
        assert_null(strstr(f->error.message, "user admin"));
        assert_non_null(strstr(f->error.message, "the user [redacted] (status Active)"));
        fixture_stop(f);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(echo_in_each_text),
        TEST(echo_as_cdata),
        TEST(echo_in_the_header),
        TEST(echo_in_http),
        TEST(echo_in_chunks),
        TEST(echo_packed),
        TEST(secret_elements_in_the_trace),
        TEST(password_credentials),
        TEST(preview_has_no_secret),
        TEST(token_in_the_user_name),
    };

    make_secret();
    return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
