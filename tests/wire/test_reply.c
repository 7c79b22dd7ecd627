/*
 * Replies that are none, too much, or not what they seem: what the engine
 * would do with them by itself must not happen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "support/fixture.h"

#define CM      "https://bingads.microsoft.com/Customer/v11"
#define OPEN    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">"
#define SHUT    "</s:Envelope>"
#define ADDED   "<AddClientLinksResponse xmlns=\"" CM "\"/>"
#define USER    "<GetUserResponse xmlns=\"" CM "\"><User/></GetUserResponse>"
#define ANSWERS OPEN "<s:Body>" ADDED "</s:Body>" SHUT

/* One link added with the given reply: what the service did must stay open. */
static void check_open(struct fixture *f, bacm_status cause)
{
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_status(f->error.cause, cause);
    assert_int_equal(f->error.retry_class, BACM_RETRY_VERIFY);
    assert_int_equal(script_server_requests(f->server), 1);
}

/* --- no answer in the reply --- */

struct reply_case {
    const char *name;
    const char *reply;
    bacm_status write_cause;
    bacm_status read_status;
};

#define TEXT_HTTP(text)                                                                            \
    "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nConnection: close\r\n\r\n" text

static const struct reply_case no_answers[] = {
    {"nothing", "", BACM_E_NETWORK, BACM_E_NETWORK},
    {"empty 200", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", BACM_E_PROTOCOL, BACM_E_PROTOCOL},
    {"empty 200, no length", "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n", BACM_E_NETWORK,
     BACM_E_NETWORK},
    {"empty envelope", TEXT_HTTP(OPEN SHUT), BACM_E_PROTOCOL, BACM_E_PROTOCOL},
    {"empty body", TEXT_HTTP(OPEN "<s:Body/>" SHUT), BACM_E_PROTOCOL, BACM_E_PROTOCOL},
    {"header only", TEXT_HTTP(OPEN "<s:Header/>" SHUT), BACM_E_PROTOCOL, BACM_E_PROTOCOL},
    {"response without envelope", TEXT_HTTP(ADDED), BACM_E_PROTOCOL, BACM_E_PROTOCOL},
    {"the request",
     TEXT_HTTP(OPEN "<s:Body><AddClientLinksRequest xmlns=\"" CM "\"/></s:Body>" SHUT),
     BACM_E_PROTOCOL, BACM_E_PROTOCOL},
    {"envelope of no SOAP",
     TEXT_HTTP("<Envelope xmlns=\"urn:x\"><Body>" ADDED "</Body></Envelope>"), BACM_E_PROTOCOL,
     BACM_E_PROTOCOL},
    {"plain text", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK",
     BACM_E_PROTOCOL, BACM_E_PROTOCOL},
    {"JSON",
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"ok\": true "
     "}",
     BACM_E_PROTOCOL, BACM_E_PROTOCOL},
    {"text behind the status line", "HTTP/1.1 200 OK\r\n\r\nmaintenance", BACM_E_PROTOCOL,
     BACM_E_PROTOCOL},
    {"no HTTP", "220 mail.example ESMTP\r\n", BACM_E_PROTOCOL, BACM_E_PROTOCOL},
    {"response in the envelope without body", TEXT_HTTP(OPEN ADDED SHUT), BACM_E_PROTOCOL,
     BACM_E_PROTOCOL},
    {"length below 0", "HTTP/1.1 200 OK\r\nContent-Length: -49\r\n\r\n<x", BACM_E_PROTOCOL,
     BACM_E_PROTOCOL},
    {"length below 0 by another name", "HTTP/1.1 200 OK\r\nContent6Length: -49\r\n\r\n<x",
     BACM_E_NETWORK, BACM_E_NETWORK},
    {"length that is no number",
     "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 2x\r\n\r\n" OPEN "<s:Body>" ADDED
     "</s:Body>" SHUT,
     BACM_E_PROTOCOL, BACM_E_PROTOCOL},
    {"length beyond all numbers",
     "HTTP/1.1 500 No\r\nContent-Length: 99999999999999999999\r\n\r\n<x", BACM_E_LIMIT,
     BACM_E_LIMIT},
    {"length above the limit", "HTTP/1.1 303 See\r\nContent-Length: 52428801\r\n\r\n<x",
     BACM_E_LIMIT, BACM_E_LIMIT},
    {"unclosed", TEXT_HTTP(OPEN "<s:Body>" ADDED), BACM_E_NETWORK, BACM_E_PROTOCOL},
};

static void no_answer_to_a_write(void **state)
{
    struct fixture *f = *state;
    const struct reply_case *c = f->parameter;

    PLAY(f, READ, SEND(c->reply), CLOSE);
    check_open(f, c->write_cause);
}

static void no_answer_to_a_read(void **state)
{
    struct fixture *f = *state;
    const struct reply_case *c = f->parameter;

    PLAY(f, READ, SEND(c->reply), CLOSE);
    assert_status(get_user(f), c->read_status);
    assert_int_equal(f->error.retry_class,
                     c->read_status == BACM_E_NETWORK ? BACM_RETRY_BACKOFF : BACM_RETRY_NEVER);
    assert_int_equal(script_server_requests(f->server), 1);
}

static void user_is_missing(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ, SEND(soap_reply(f, "<GetUserResponse xmlns=\"" CM "\"/>")));
    assert_status(get_user(f), BACM_E_PROTOCOL);
}

/* --- documents that are not plain --- */

static const char *const doctypes[] = {
    "<!DOCTYPE s:Envelope>" ANSWERS,
    "<!DOCTYPE s:Envelope [<!ENTITY a \"b\">]>" ANSWERS,
    "<?xml version=\"1.0\"?>\n<!DOCTYPE x SYSTEM \"file:///etc/passwd\">" ANSWERS,
    OPEN "<s:Body><AddClientLinksResponse xmlns=\"" CM
         "\"><X>&secret;</X></AddClientLinksResponse></s:Body>" SHUT,
    OPEN "<s:Body><AddClientLinksResponse xmlns=\"" CM
         "\"><X>&nbsp;</X></AddClientLinksResponse></s:Body>" SHUT,
};

static void doctype_is_refused(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(doctypes); i++) {
        PLAY(f, READ, SEND(http_reply(f, 200, NULL, doctypes[i])));
        check_open(f, BACM_E_PROTOCOL);
        assert_non_null(strstr(f->error.message, "document type"));
        fixture_stop(f);
    }
}

static void nul_bytes_are_refused(void **state)
{
    static const char reference[] = OPEN "<s:Body><AddClientLinksResponse xmlns=\"" CM
                                         "\"><X>a&#0;b</X></AddClientLinksResponse></s:Body>" SHUT;
    static const char raw[] =
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n"
        "<s:Env\0elope";
    struct fixture *f = *state;

    PLAY(f, READ, SEND(http_reply(f, 200, NULL, reference)));
    check_open(f, BACM_E_PROTOCOL);
    fixture_stop(f);
    PLAY(f, READ, {.kind = STEP_SEND, .bytes = raw, .size = sizeof raw - 1}, CLOSE);
    check_open(f, BACM_E_PROTOCOL);
}

static const char *nested(struct fixture *f, size_t depth)
{
    char *text = malloc(depth * 9 + 1);
    const char *body;
    char *at = text;

    assert_non_null(text);
    for (size_t i = 0; i < depth; i++)
        at = stpcpy(at, "<n1>");
    for (size_t i = 0; i < depth; i++)
        at = stpcpy(at, "</n1>");
    body = reply_format(f, OPEN "<s:Body>%s" ADDED "</s:Body>" SHUT, text);
    free(text);
    return body;
}

static void depth_is_limited(void **state)
{
    struct fixture *f = *state;

    f->options.max_reply_depth = 20;
    PLAY(f, READ, SEND(http_reply(f, 200, NULL, nested(f, 100000))));
    check_open(f, BACM_E_LIMIT);
    assert_non_null(strstr(f->error.hint, "Search") ? f->error.hint
                                                    : strstr(f->error.hint, "search"));
    fixture_stop(f);
    /* Inside of what the engine passes over. */
    PLAY(f, READ,
         SEND(soap_reply(f, reply_format(f,
                                         "<AddClientLinksResponse xmlns=\"" CM "\">%s"
                                         "</AddClientLinksResponse>",
                                         strstr(nested(f, 40), "<n1>")))));
    check_open(f, BACM_E_LIMIT);
}

static void deep_enough_is_read(void **state)
{
    struct fixture *f = *state;
    const char *depth_10 = "<a><b><c><d><e><f><g/></f></e></d></c></b></a>";

    f->options.max_reply_depth = 10;
    PLAY(
        f, READ,
        SEND(soap_reply(f, reply_format(f,
                                        "<AddClientLinksResponse xmlns=\"" CM
                                        "\"><PartialErrors><ArrayOfOperationError xmlns=\"" CM
                                        "/Exception\"/></PartialErrors>%s</AddClientLinksResponse>",
                                        depth_10))));
    assert_status(add_one(f), BACM_OK);
}

static const char *crowd(struct fixture *f, size_t elements)
{
    char *text = malloc(elements * 4 + 1);
    const char *body;
    char *at = text;

    assert_non_null(text);
    for (size_t i = 0; i < elements; i++)
        at = stpcpy(at, "<x/>");
    body = reply_format(f,
                        "<AddClientLinksResponse xmlns=\"" CM "\"><PartialErrors><"
                        "ArrayOfOperationError xmlns=\"" CM "/Exception\"/></PartialErrors>%s"
                        "</AddClientLinksResponse>",
                        text);
    free(text);
    return soap_reply(f, body);
}

static void elements_are_limited(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ, SEND(crowd(f, BACM_MAX_REPLY_ELEMENTS)));
    check_open(f, BACM_E_LIMIT);
    fixture_stop(f);
    PLAY(f, READ, SEND(crowd(f, BACM_MAX_REPLY_ELEMENTS / 2)));
    assert_status(add_one(f), BACM_OK);
}

/* --- sizes --- */

enum { LIMIT = 100000 };

static const char *spaces(struct fixture *f, size_t count)
{
    return reply_format(f, "%*s", (int)count, "");
}

static const char *sized_body(struct fixture *f, size_t size)
{
    return reply_format(f, OPEN "<s:Body>%s" ADDED "</s:Body>" SHUT, spaces(f, size));
}

static void size_is_limited(void **state)
{
    struct fixture *f = *state;

    f->options.max_reply_bytes = LIMIT;
    PLAY(f, READ, SEND(http_reply(f, 200, NULL, sized_body(f, LIMIT))));
    check_open(f, BACM_E_LIMIT);
    fixture_stop(f);
    PLAY(f, READ, SEND(http_reply(f, 200, NULL, sized_body(f, LIMIT / 2))));
    assert_status(add_one(f), BACM_OK);
}

/* No Content-Length tells beforehand. */
static void endless_body_is_limited(void **state)
{
    struct fixture *f = *state;

    f->options.max_reply_bytes = LIMIT;
    PLAY(f, READ, SEND("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n" OPEN),
         SEND(spaces(f, 10 * LIMIT)), CLOSE);
    check_open(f, BACM_E_LIMIT);
}

static void endless_header_is_limited(void **state)
{
    struct fixture *f = *state;
    char *header = malloc(20u * LIMIT);
    char *at = header;

    assert_non_null(header);
    at = stpcpy(at, "HTTP/1.1 200 OK\r\n");
    for (size_t i = 0; i < LIMIT; i++)
        at = stpcpy(at, "X-Filler: 1\r\n");
    f->options.max_reply_bytes = LIMIT;
    PLAY(f, READ, SEND(header), CLOSE);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    /* The engine has a limit of its own for the number of lines. */
    assert_true(f->error.cause == BACM_E_LIMIT || f->error.cause == BACM_E_PROTOCOL);
    free(header);
}

static void long_header_line_does_no_harm(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ,
         SEND(reply_format(f, "HTTP/1.1 200 OK\r\nX-Long: %0*d\r\n\r\n" ANSWERS, 100000, 1)),
         CLOSE);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
}

/* --- Content-Length that lies --- */

static void check_length(struct fixture *f, const char *length, bacm_status cause)
{
    PLAY(f, READ,
         SEND(reply_format(f, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n%s\r\n\r\n" ANSWERS,
                           length)),
         CLOSE);
    check_open(f, cause);
    fixture_stop(f);
}

/* No more is waited for than the header has announced. */
static void length_ends_the_reply(void **state)
{
    struct fixture *f = *state;
    long long started = now_ms();

    PLAY(f, READ, SEND(http_reply(f, 200, NULL, OPEN "<s:Body>" ADDED "</s:Body>")), PAUSE(60000));
    check_open(f, BACM_E_PROTOCOL);
    assert_true(now_ms() - started < FIXTURE_LONG_MS);
}

static void length_that_lies(void **state)
{
    struct fixture *f = *state;

    check_length(f, "Content-Length: 100", BACM_E_PROTOCOL);
    check_length(f, "Transfer-Encoding: chunked", BACM_E_NETWORK);
}

/* --- packed replies --- */

struct packed {
    unsigned char *bytes;
    size_t size;
};

/* The reply with its envelope packed; free bytes. */
static struct packed pack(const char *body, size_t size, const char *header, int window_bits)
{
    struct packed out = {malloc(size / 2 + 4096), 0};
    z_stream z;

    memset(&z, 0, sizeof z);
    assert_non_null(out.bytes);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY), Z_OK);
    out.size = strlen(header) + 64;
    z.next_in = (unsigned char *)body;
    z.avail_in = (unsigned)size;
    z.next_out = out.bytes + out.size;
    z.avail_out = (unsigned)(size / 2 + 4096 - out.size);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    memset(out.bytes, ' ', out.size);
    memcpy(out.bytes, header, strlen(header));
    snprintf((char *)out.bytes + strlen(header), 64, "Content-Length:%45lu", z.total_out);
    memcpy(out.bytes + out.size - 4, "\r\n\r\n", 4);
    out.size += z.total_out;
    deflateEnd(&z);
    return out;
}

enum { GZIP = 31, ZLIB = 15 };
#define GZIP_HEADER                                                                                \
    "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Encoding: gzip\r\n"
#define DEFLATE_HEADER                                                                             \
    "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Encoding: deflate\r\n"

static void play_packed(struct fixture *f, struct packed packed)
{
    PLAY(f, READ, {.kind = STEP_SEND, .bytes = (const char *)packed.bytes, .size = packed.size});
    free(packed.bytes);
}

static void packed_reply_is_read(void **state)
{
    struct fixture *f = *state;
    char answers[] = ANSWERS;

    test_translate(answers, sizeof answers);
    play_packed(f, pack(answers, sizeof answers - 1, GZIP_HEADER, GZIP));
    assert_status(add_one(f), BACM_OK);
    fixture_stop(f);
    play_packed(f, pack(answers, sizeof answers - 1, DEFLATE_HEADER, ZLIB));
    assert_status(add_one(f), BACM_OK);
}

/* Bombs of both kinds: one that fits into the first read, and one that goes on. */
static void packed_bomb_is_limited(void **state)
{
    static const size_t sizes[] = {4u << 20, 256u << 20};
    struct fixture *f = *state;

    f->options.max_reply_bytes = 512u << 10;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char *bomb = malloc(sizes[i]);
        size_t tail = sizeof "<s:Body>" ADDED "</s:Body>" SHUT - 1;

        assert_non_null(bomb);
        memset(bomb, ' ', sizes[i]);
        memcpy(bomb, OPEN, sizeof OPEN - 1);
        memcpy(bomb + sizes[i] - tail, "<s:Body>" ADDED "</s:Body>" SHUT, tail);
        play_packed(f, pack(bomb, sizes[i], GZIP_HEADER, GZIP));
        free(bomb);
        check_open(f, BACM_E_LIMIT);
        fixture_stop(f);
    }
}

static void packed_rubbish_is_refused(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ, SEND(GZIP_HEADER "Content-Length: 10\r\n\r\n0123456789"), CLOSE);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    fixture_stop(f);
    PLAY(f, READ, SEND(GZIP_HEADER "Connection: close\r\n\r\n\x1f\x8b\x08"), CLOSE);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
}

/* --- replies of other calls --- */

#define REFUSED                                                                                    \
    "<AddClientLinksResponse xmlns=\"" CM "\"><PartialErrors xmlns:a=\"" CM "/Exception\">"        \
    "<a:ArrayOfOperationError><a:OperationError><a:Code>1410</a:Code></a:OperationError>"          \
    "</a:ArrayOfOperationError></PartialErrors></AddClientLinksResponse>"

static void surplus_reply_is_not_the_next_one(void **state)
{
    struct fixture *f = *state;
    const char *added = added_reply(f);
    const char *refused = soap_reply(f, REFUSED);

    PLAY(f, READ, SEND(reply_format(f, "%s%s", added, added)), READ, SEND(refused));
    assert_status(add_one(f), BACM_OK);
    assert_status(add_one(f), BACM_E_PARTIAL);
    assert_int_equal(script_server_connections(f->server), 2);
}

static void late_reply_is_not_the_next_one(void **state)
{
    struct fixture *f = *state;
    const char *added = added_reply(f);

    PLAY(f, READ, SEND(added), PAUSE(30), SEND(added), READ, SEND(soap_reply(f, REFUSED)));
    assert_status(add_one(f), BACM_OK);
    usleep(150 * 1000);
    assert_status(add_one(f), BACM_E_PARTIAL);
    assert_int_equal(script_server_connections(f->server), 2);
}

/* After a failure the rest of its reply is still on the way. */
static void reply_of_a_failed_call_is_not_the_next_one(void **state)
{
    struct fixture *f = *state;
    const char *broken = http_reply(f, 200, NULL, OPEN "<s:Body><oops></s:Body>" SHUT);

    PLAY(f, READ, SEND(reply_format(f, "%s%s", broken, added_reply(f))), READ,
         SEND(soap_reply(f, REFUSED)));
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_status(add_one(f), BACM_E_PARTIAL);
    assert_int_equal(script_server_connections(f->server), 2);
}

/* --- HTTP answers that ask for another request --- */

static void redirect_is_not_followed(void **state)
{
    static const int statuses[] = {301, 302, 303, 307, 308};
    struct fixture *f = *state;
    struct step trap[] = {READ, SEND(added_reply(f))};
    const struct script script = {.steps = trap, .count = COUNT(trap)};

    for (size_t i = 0; i < COUNT(statuses); i++) {
        struct script_server *elsewhere = script_server_start(&script);

        PLAY(f, READ,
             SEND(reply_format(f,
                               "HTTP/1.1 %d Moved\r\nLocation: http://127.0.0.1:%d/\r\n"
                               "Content-Length: 0\r\n\r\n",
                               statuses[i], script_server_port(elsewhere))),
             READ, SEND(added_reply(f)));
        /* 303 shows where the result of what was done is. */
        assert_status(add_one(f), statuses[i] == 303 ? BACM_E_UNKNOWN_OUTCOME : BACM_E_HTTP);
        assert_int_equal(f->error.http_status, statuses[i]);
        assert_int_equal(f->error.channel, BACM_CHANNEL_HTTP);
        assert_non_null(strstr(f->error.message, "redirect"));
        assert_int_equal(script_server_requests(f->server), 1);
        assert_int_equal(script_server_connections(elsewhere), 0);
        /* The next call goes where the first one went. */
        assert_status(add_one(f), BACM_OK);
        assert_int_equal(script_server_connections(elsewhere), 0);
        script_server_stop(elsewhere);
        fixture_stop(f);
    }
}

static void interim_reply_is_passed_over(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ, SEND(reply_format(f, "HTTP/1.1 100 Continue\r\n\r\n%s", added_reply(f))));
    assert_status(add_one(f), BACM_OK);
}

/* --- parts beside the envelope --- */

static void attachments_are_not_taken(void **state)
{
    static const char multipart[] =
        "--b\r\nContent-Type: text/xml\r\n\r\n" ANSWERS "\r\n--b\r\nContent-Type: text/plain\r\n"
        "Content-ID: <x>\r\n\r\nattached\r\n--b--\r\n";
    struct fixture *f = *state;
    bacm_status status;

    PLAY(f, READ,
         SEND(http_reply(f, 200, "multipart/related; boundary=b; type=\"text/xml\"", multipart)),
         CLOSE);
    status = add_one(f);
    assert_true(status == BACM_OK || status == BACM_E_UNKNOWN_OUTCOME);
    fixture_stop(f);
    PLAY(f, READ, SEND(http_reply(f, 200, "application/dime", "\x0c\x10\x01\x01\x01\x01")), CLOSE);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
}

/* --- values that the library does not know --- */

static void new_status_does_not_break_a_search(void **state)
{
    const int64_t account = 1001001;
    struct fixture *f = *state;
    bacm_link_search search = BACM_LINK_SEARCH_INIT;
    bacm_link_page *page = NULL;

    search.client_account_ids = &account;
    search.client_account_count = 1;
    PLAY(f, READ,
         SEND(soap_reply(f,
                         "<SearchClientLinksResponse xmlns=\"" CM "\"><ClientLinks xmlns:a=\"" CM
                         "/Entities\"><a:ClientLink><a:ClientAccountId>1001001</a:ClientAccountId>"
                         "<a:Status>LinkFrozen</a:Status></a:ClientLink><a:ClientLink><a:Status>"
                         "</a:Status></a:ClientLink></ClientLinks></SearchClientLinksResponse>")));
    assert_status(bacm_links_search(&page, f->client, &search, 0, &f->error), BACM_OK);
    assert_int_equal(bacm_link_page_count(page), 2);
    assert_int_equal(bacm_link_page_get(page, 0)->status, BACM_LINK_STATUS_UNKNOWN);
    assert_string_equal(bacm_link_page_get(page, 0)->status_text, "LinkFrozen");
    assert_int_equal(bacm_link_page_get(page, 1)->status, BACM_LINK_STATUS_ABSENT);
    assert_null(bacm_link_page_get(page, 2));
    bacm_link_page_free(page);
}

static void new_life_cycle_is_no_super_admin(void **state)
{
    struct fixture *f = *state;
    bacm_user *user = NULL;

    PLAY(f, READ, SEND(user_reply(f, "Frozen", BACM_ROLE_SUPER_ADMIN, BACM_ROLE_SUPER_ADMIN)));
    assert_status(bacm_get_user(&user, f->client, 0, &f->error), BACM_OK);
    assert_int_equal(user->id, 7);
    assert_int_equal(user->role_count, test_is_v13() ? 1 : 2); /* v13 tells of each customer */
    assert_string_equal(user->life_cycle_status, "Frozen");
    assert_false(user->is_super_admin);
    assert_string_equal(user->tracking_id, TEST_TRACKING_ID);
    bacm_user_free(user);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    static const struct CMUnitTest single[] = {
        TEST(user_is_missing),
        TEST(doctype_is_refused),
        TEST(nul_bytes_are_refused),
        TEST(depth_is_limited),
        TEST(deep_enough_is_read),
        TEST(elements_are_limited),
        TEST(size_is_limited),
        TEST(endless_body_is_limited),
        TEST(endless_header_is_limited),
        TEST(long_header_line_does_no_harm),
        TEST(length_ends_the_reply),
        TEST(length_that_lies),
        TEST(packed_reply_is_read),
        TEST(packed_bomb_is_limited),
        TEST(packed_rubbish_is_refused),
        TEST(surplus_reply_is_not_the_next_one),
        TEST(late_reply_is_not_the_next_one),
        TEST(reply_of_a_failed_call_is_not_the_next_one),
        TEST(redirect_is_not_followed),
        TEST(interim_reply_is_passed_over),
        TEST(attachments_are_not_taken),
        TEST(new_status_does_not_break_a_search),
        TEST(new_life_cycle_is_no_super_admin),
    };
    struct CMUnitTest tests[COUNT(single) + 2 * COUNT(no_answers)];
    char names[2 * COUNT(no_answers)][80];
    size_t n = 0;

    memcpy(tests, single, sizeof single);
    for (size_t i = 0; i < COUNT(no_answers); i++) {
        void *parameter = (void *)&no_answers[i];

        snprintf(names[n], sizeof names[n], "write answered by %s", no_answers[i].name);
        tests[COUNT(single) + n] = (struct CMUnitTest){names[n], no_answer_to_a_write,
                                                       fixture_setup, fixture_teardown, parameter};
        n++;
        snprintf(names[n], sizeof names[n], "read answered by %s", no_answers[i].name);
        tests[COUNT(single) + n] = (struct CMUnitTest){names[n], no_answer_to_a_read, fixture_setup,
                                                       fixture_teardown, parameter};
        n++;
    }
    return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
