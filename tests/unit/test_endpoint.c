/* An URL is checked before anything is sent there. */
#include <stdio.h>
#include <string.h>

#include "lib/net/endpoint.h"
#include "support/check.h"

static void good_ones(void **state)
{
    static const struct {
        const char *url;
        const char *host;
        const char *port;
        bool tls;
        bool is_address;
    } cases[] = {
        {"https://service.example/path?x=y", "service.example", "443", true, false},
        {"https://service.example", "service.example", "443", true, false},
        {"https://service.example:8443/", "service.example", "8443", true, false},
        {"https://127.0.0.1:1/", "127.0.0.1", "1", true, true},
        {"https://[::1]/", "::1", "443", true, true},
        {"https://[2001:db8::5]:65535/x", "2001:db8::5", "65535", true, true},
        {"http://localhost/", "localhost", "80", false, false},
        {"http://LocalHost:8080", "LocalHost", "8080", false, false},
        {"http://127.200.0.1:80/", "127.200.0.1", "80", false, true},
        {"http://[::1]:80/", "::1", "80", false, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct bacm_endpoint endpoint;
        bacm_error error;

        if (bacm_endpoint_parse(&endpoint, cases[i].url, &error) != BACM_OK)
            fail_msg("%s: %s", cases[i].url, error.message);
        assert_string_equal(endpoint.url, cases[i].url);
        assert_string_equal(endpoint.host, cases[i].host);
        assert_string_equal(endpoint.port, cases[i].port);
        assert_int_equal(endpoint.tls, cases[i].tls);
        assert_int_equal(endpoint.is_address, cases[i].is_address);
    }
}

/* For one without a host the engine would write the request to stdout. */
static const char *const bad_ones[] = {
    "",
    "https://",
    "https:///path",
    "https://:443/",
    "https://?x",
    "https://:/",
    "http://",
    "service.example",
    "//service.example/",
    "https:service.example",
    "https:/service.example/",
    "HTTPS://service.example/",
    "ftp://service.example/",
    "file:///etc/passwd",
    " https://service.example/",
    "https://service.example/ ",
    "https://service.example/a b",
    "https://service.example/\r\nX: y",
    "https://service.example/\x7f",
    "https://service.example/#x",
    "https://service.example\\@other.example/",
    ("https://s\xc3\xbc"
     "d.example/"),
    "https://user@service.example/",
    "https://user:word@service.example/",
    "https://@service.example/",
    "https://service.example:0/",
    "https://service.example:65536/",
    "https://service.example:443443/",
    "https://service.example:/",
    "https://service.example:+443/",
    "https://service.example:44x/",
    "https://service.example:443:444/",
    "https://-service.example/",
    "https://.example/",
    "https://serv ice.example/",
    "https://service*.example/",
    "https://[::1/",
    "https://[::1]x/",
    "https://[]/",
    "https://[service.example]/",
    "https://[127.0.0.1]/",
    "https://::1/",
    "http://service.example/",
    "http://localhost.example/",
    "http://10.0.0.1/",
    "http://128.0.0.1/",
    "http://[::2]/",
    "http://0.0.0.0/",
    "http://127.1/",
};

static void refused_ones(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_ones); i++) {
        struct bacm_endpoint endpoint;
        bacm_error error;

        if (bacm_endpoint_parse(&endpoint, bad_ones[i], &error) != BACM_E_ARGUMENT)
            fail_msg("%s is taken", bad_ones[i]);
        assert_true(error.message[0] != '\0');
        assert_status(bacm_endpoint_parse(&endpoint, bad_ones[i], NULL), BACM_E_ARGUMENT);
    }
}

/* An URL of any length; nothing of it is shown, because it may hold a password. */
static void lengths(void **state)
{
    struct bacm_endpoint endpoint;
    char url[2048];
    bacm_error error;

    (void)state;
    for (size_t length = 20; length < sizeof url; length++) {
        bool fits = length < sizeof endpoint.url;

        memset(url, 'a', sizeof url);
        memcpy(url, "https://x.example/", 18);
        url[length] = '\0';
        assert_status(bacm_endpoint_parse(&endpoint, url, &error),
                      fits ? BACM_OK : BACM_E_ARGUMENT);
    }
    memset(url, 'a', sizeof url);
    memcpy(url, "https://", 8);
    url[8 + sizeof endpoint.host] = '\0';
    assert_status(bacm_endpoint_parse(&endpoint, url, &error), BACM_E_ARGUMENT);
    url[8 + sizeof endpoint.host - 1] = '\0';
    assert_status(bacm_endpoint_parse(&endpoint, url, &error), BACM_OK);
    bacm_endpoint_parse(&endpoint, "https://user:hunter2@x.example/", &error);
    assert_null(strstr(error.message, "hunter2"));
}

static void redirections(void **state)
{
    static const char *const bad[] = {"",      "host",    ":443",  "host:",       "host:x",
                                      "[::1]", "::1:443", "a b:1", "http://x:80", "u@h:1"};
    struct bacm_endpoint endpoint;
    bacm_error error;

    (void)state;
    assert_status(bacm_endpoint_parse(&endpoint, "https://service.example/x", &error), BACM_OK);
    assert_status(bacm_endpoint_redirect(&endpoint, "10.0.0.1:8443", &error), BACM_OK);
    assert_string_equal(endpoint.host, "10.0.0.1");
    assert_string_equal(endpoint.port, "8443");
    assert_status(bacm_endpoint_redirect(&endpoint, "[::1]:9", &error), BACM_OK);
    assert_string_equal(endpoint.host, "::1");
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_status(bacm_endpoint_redirect(&endpoint, bad[i], &error), BACM_E_ARGUMENT);
    assert_string_equal(endpoint.host, "::1");
    /* Plain http stays on this machine, on this way too. */
    assert_status(bacm_endpoint_parse(&endpoint, "http://localhost/x", &error), BACM_OK);
    assert_status(bacm_endpoint_redirect(&endpoint, "10.0.0.1:80", &error), BACM_E_ARGUMENT);
    assert_status(bacm_endpoint_redirect(&endpoint, "127.0.0.1:80", &error), BACM_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ones),
        cmocka_unit_test(refused_ones),
        cmocka_unit_test(lengths),
        cmocka_unit_test(redirections),
    };

    return cmocka_run_group_tests_name("endpoint", tests, NULL, NULL);
}
