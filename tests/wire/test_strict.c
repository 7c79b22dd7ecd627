/*
 * Replies that say two things, or that a strict reader of HTTP, XML and SOAP does not take: none
 * of them says that a link was added.
 */
#include <stdio.h>
#include <string.h>

#include "support/fixture.h"

#define CM     "https://bingads.microsoft.com/Customer/v11"
#define SOAP   "http://schemas.xmlsoap.org/soap/envelope/"
#define OPEN   "<s:Envelope xmlns:s=\"" SOAP "\">"
#define SHUT   "</s:Envelope>"
#define ADDED  "<AddClientLinksResponse xmlns=\"" CM "\"/>"
#define BODY   "<s:Body>" ADDED "</s:Body>"
#define ANSWER OPEN BODY SHUT
#define REFUSAL                                                                                    \
    OPEN "<s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring></s:Fault>" \
         "</s:Body>" SHUT
#define TYPE  "Content-Type: text/xml; charset=utf-8\r\n"
#define OK    "HTTP/1.1 200 OK\r\n" TYPE
#define SHUTS OK "Connection: close\r\n\r\n"

struct strict_case {
    const char *name;
    const char *head;
    const char *body;
    bacm_status cause; /* BACM_OK: the link was added */
};

static const struct strict_case xml_cases[] = {
    {"text behind the envelope", SHUTS, ANSWER "x", BACM_E_PROTOCOL},
    {"a refusal behind the envelope", SHUTS, ANSWER REFUSAL, BACM_E_PROTOCOL},
    {"the end tag twice", SHUTS, ANSWER SHUT, BACM_E_PROTOCOL},
    {"CDATA behind the envelope", SHUTS, ANSWER "<![CDATA[x]]>", BACM_E_PROTOCOL},
    {"white space behind the envelope", SHUTS, ANSWER " \r\n", BACM_OK},
    {"a comment behind the envelope", SHUTS, ANSWER "<!-- x -->", BACM_OK},
    {"a prefix that is not declared", SHUTS,
     OPEN "<s:Body><AddClientLinksResponse xmlns=\"" CM
          "\"><x:y/></AddClientLinksResponse></s:Body>" SHUT,
     BACM_E_PROTOCOL},
    {"an attribute twice", SHUTS,
     OPEN "<s:Body><AddClientLinksResponse xmlns=\"" CM "\" a=\"1\" a=\"2\"/></s:Body>" SHUT,
     BACM_E_PROTOCOL},
    {"a name that is none", SHUTS,
     OPEN "<s:Body><AddClientLinksResponse xmlns=\"" CM
          "\"><1/></AddClientLinksResponse></s:Body>" SHUT,
     BACM_E_PROTOCOL},
    {"bytes that are no UTF-8", SHUTS, OPEN BODY "<!-- \xff -->" SHUT, BACM_E_PROTOCOL},
    {"a header entry that must be understood", SHUTS,
     OPEN
     "<s:Header><x:Rolled xmlns:x=\"urn:x\" s:mustUnderstand=\"1\">back</x:Rolled></s:Header>" BODY
         SHUT,
     BACM_E_PROTOCOL},
    {"a header entry that may be passed over", SHUTS,
     OPEN
     "<s:Header><x:Rolled xmlns:x=\"urn:x\" s:mustUnderstand=\"0\">back</x:Rolled></s:Header>" BODY
         SHUT,
     BACM_OK},
    {"a header entry that must be understood by another", SHUTS,
     OPEN "<s:Header><x:Rolled xmlns:x=\"urn:x\" s:actor=\"urn:other\" s:mustUnderstand=\"1\"/>"
          "</s:Header>" BODY SHUT,
     BACM_OK},
    {"a header entry that is understood", SHUTS,
     OPEN "<s:Header><h:TrackingId xmlns:h=\"" CM
          "\" s:mustUnderstand=\"1\">1</h:TrackingId></s:Header>" BODY SHUT,
     BACM_OK},
};

#define STATUS(text) "HTTP/1.1 " text "\r\n" TYPE "Connection: close\r\n\r\n"

static const struct strict_case http_cases[] = {
    {"a success under 400", STATUS("400 Bad Request"), ANSWER, BACM_E_PROTOCOL},
    {"a success under 500", STATUS("500 Internal Server Error"), ANSWER, BACM_E_PROTOCOL},
    {"a success under 206", STATUS("206 Partial Content"), ANSWER, BACM_E_PROTOCOL},
    {"no content", "HTTP/1.1 204 No Content\r\n\r\n", "", BACM_E_HTTP},
    {"no content that says chunked",
     "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", "", BACM_E_HTTP},
    {"not modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n", "", BACM_E_HTTP},
    {"another protocol", "HTTP/1.1 101 Switching Protocols\r\n\r\n", ANSWER, BACM_E_PROTOCOL},
    {"early hints",
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" SHUTS, ANSWER,
     BACM_OK},
    {"HTTP/2", "HTTP/2 200\r\n\r\n", ANSWER, BACM_E_PROTOCOL},
    {"a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", ANSWER, BACM_E_PROTOCOL},
    {"two lengths", OK "Content-Length: 10\r\nContent-Length: 1000\r\n\r\n", ANSWER,
     BACM_E_PROTOCOL},
    {"a length over two lines", OK "Content-Length: 1\r\n 0\r\n\r\n", ANSWER, BACM_E_PROTOCOL},
    {"a name with a space", OK "Content-Length : 10\r\n\r\n", ANSWER, BACM_E_PROTOCOL},
    {"a line without a colon", OK "Content-Length\r\n\r\n", ANSWER, BACM_E_PROTOCOL},
    {"another transfer coding", OK "Transfer-Encoding: gzip, chunked\r\n\r\n", ANSWER,
     BACM_E_PROTOCOL},
    {"chunked twice", OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
     "0\r\n\r\n", BACM_E_PROTOCOL},
    {"lines that end with LF alone",
     "HTTP/1.1 200 OK\nContent-Type: text/xml\nConnection: close\n\n", ANSWER, BACM_OK},
};

static void strict_case(void **state)
{
    struct fixture *f = *state;
    const struct strict_case *c = f->parameter;
    const long long started = now_ms();

    PLAY(f, READ, SEND(reply_format(f, "%s%s", c->head, c->body)), CLOSE, READ,
         SEND(added_reply(f)));
    if (c->cause == BACM_OK) {
        assert_status(add_one(f), BACM_OK);
    } else {
        assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
        assert_status(f->error.cause, c->cause);
        assert_null(strstr(f->error.message, "engine error"));
    }
    assert_true(now_ms() - started < FIXTURE_LONG_MS);
    assert_status(add_one(f), BACM_OK);
    assert_int_equal(script_server_connections(f->server), 2);
}

/* Nothing is waited for behind the header, whoever keeps the connection open. */
static void no_content_ends_at_once(void **state)
{
    struct fixture *f = *state;
    const long long started = now_ms();

    PLAY(f, READ, SEND("HTTP/1.1 204 No Content\r\n\r\n"), PAUSE(60000));
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_int_equal(f->error.http_status, 204);
    assert_true(now_ms() - started < FIXTURE_LONG_MS);
}

static void the_same_length_twice(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ,
         SEND(reply_format(f, OK "Content-Length: %zu\r\nContent-Length: %zu\r\n\r\n%s",
                           strlen(ANSWER), strlen(ANSWER), ANSWER)),
         READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
    assert_status(add_one(f), BACM_OK);
    assert_int_equal(script_server_connections(f->server), 1);
}

/* The chunks count, and the connection is not used again. */
static void chunks_beside_a_length(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ,
         SEND(reply_format(f,
                           OK "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "%zx\r\n%s\r\n0\r\n\r\n",
                           strlen(ANSWER), ANSWER)),
         READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
    assert_status(add_one(f), BACM_OK);
    assert_int_equal(script_server_connections(f->server), 2);
}

static void last_chunk_is_missing(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ,
         SEND(reply_format(f, OK "Transfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n", strlen(ANSWER),
                           ANSWER)),
         CLOSE);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_status(f->error.cause, BACM_E_NETWORK);
}

/* The reply ends where the connection does, not where its first envelope does. */
static void refusal_that_comes_later(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ, SEND(SHUTS ANSWER), PAUSE(100), SEND(REFUSAL), CLOSE);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_status(f->error.cause, BACM_E_PROTOCOL);
}

static void long_header_lines(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ,
         SEND(reply_format(
             f, "HTTP/1.1 200 OK\r\nX-Long: %0*d\r\n" TYPE "Content-Length: %zu\r\n\r\n%s", 30000,
             1, strlen(ANSWER), ANSWER)),
         READ, SEND(reply_format(f, OK "Connection: %0*d\r\n\r\n", 30000, 1)), CLOSE);
    assert_status(add_one(f), BACM_OK);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_status(f->error.cause, BACM_E_PROTOCOL);
}

enum { MAX_TESTS = 64 };
static struct CMUnitTest tests[MAX_TESTS];
static size_t test_count;

static void add_test(const char *name, CMUnitTestFunction function, const void *parameter)
{
    tests[test_count++] =
        (struct CMUnitTest){name, function, fixture_setup, fixture_teardown, (void *)parameter};
}

int main(void)
{
    for (size_t i = 0; i < COUNT(xml_cases); i++)
        add_test(xml_cases[i].name, strict_case, &xml_cases[i]);
    for (size_t i = 0; i < COUNT(http_cases); i++)
        add_test(http_cases[i].name, strict_case, &http_cases[i]);
    add_test("no content ends at once", no_content_ends_at_once, NULL);
    add_test("the same length twice", the_same_length_twice, NULL);
    add_test("chunks beside a length", chunks_beside_a_length, NULL);
    add_test("the last chunk is missing", last_chunk_is_missing, NULL);
    add_test("a refusal that comes later", refusal_that_comes_later, NULL);
    add_test("long header lines", long_header_lines, NULL);
    return _cmocka_run_group_tests("strict reading", tests, test_count, NULL, NULL);
}
