/*
 * What the token endpoint answers, good and bad, and what is made of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bacm/bacm.h>

#include "support/fixture.h"
#include "support/version.h"

#define JSON "application/json"

#define REFRESH_TOKEN "M.R3_BAY.OLD!REFRESH*TOKEN&\"<"
#define SECRET        "s3cr3t/of+the&app"

struct call {
    bacm_status status;
    bacm_error error;
    char warning[256];
    char *trace;
    size_t trace_size;
};

static void warn(const char *text, void *user)
{
    struct call *call = user;

    snprintf(call->warning, sizeof call->warning, "%s", text);
}

static void write_trace(bacm_trace_kind kind, const char *data, size_t size, void *user)
{
    FILE *file = user;

    fprintf(file, "[%d] ", (int)kind);
    fwrite(data, 1, size, file);
    fputc('\n', file);
}

static void play(struct fixture *fixture, const struct step *steps, size_t count)
{
    const struct script script = {.steps = steps, .count = count};

    script_server_stop(fixture->server);
    fixture->server = script_server_start(&script);
}

/* GetUser by a refresh token, with one token reply (twice: of invalid_grant two are asked for). */
static struct call call_by(struct fixture *fixture, const char *refresh_token, const char *reply,
                           bool is_web)
{
    struct call call = {.status = BACM_OK};
    bacm_options options = BACM_OPTIONS_INIT_FOR(test_api());
    bacm_oauth_options oauth = BACM_OAUTH_OPTIONS_INIT;
    FILE *file = open_memstream(&call.trace, &call.trace_size);
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_user *user = NULL;
    char url[64];

    play(fixture, (const struct step[]){READ, SEND(reply), CLOSE, READ, SEND(reply), CLOSE}, 6);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/token", script_server_port(fixture->server));
    oauth.platform = test_oauth_platform();
    oauth.token_url = url;
    oauth.ca_file = fixture_ca_file();
    options.ca_file = oauth.ca_file;
    oauth.client_id = "an-app";
    oauth.refresh_token = refresh_token;
    oauth.app_kind = is_web ? BACM_APP_WEB : BACM_APP_NATIVE;
    oauth.client_secret = is_web ? SECRET : NULL;
    oauth.retry_delay_ms = 10;
    oauth.call_timeout_ms = 3000;
    oauth.warn = warn;
    oauth.warn_user = &call;
    oauth.trace = write_trace;
    oauth.trace_user = file;
    options.endpoint = "http://127.0.0.1:9/"; /* nothing listens there */
    assert_status(bacm_credentials_new_oauth(&credentials, "DEV", &oauth, &call.error), BACM_OK);
    assert_status(bacm_client_new(&client, &options, credentials, &call.error), BACM_OK);
    call.status = bacm_get_user(&user, client, 0, &call.error);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    fclose(file);
    return call;
}

static struct call call_with(struct fixture *fixture, const char *reply, bool is_web)
{
    return call_by(fixture, REFRESH_TOKEN, reply, is_web);
}

static void call_free(struct call *call)
{
    free(call->trace);
}

/* A token was had when it is the service that cannot be reached. */
static void assert_token(const struct call *call)
{
    assert_status(call->status, BACM_E_CONNECT);
    assert_null(strstr(call->error.message, "token endpoint"));
}

/* --- refusals ------------------------------------------------------------------- */

static const struct refusal {
    const char *error;
    const char *description;
    const char *setting; /* that the hint must name */
} refusals[] = {
    {"invalid_grant", "The refresh token is expired.", "Sign in again"},
    {"invalid_grant", "AADSTS70008: The provided grant has expired.", "Sign in again"},
    {"interaction_required", "", "bacm login"},
    {"interaction_required", "AADSTS50079: You must enroll in MFA.", "MFA"},
    {"invalid_grant", "AADSTS50076: You must use multi-factor authentication.", "MFA"},
    {"invalid_grant", "AADSTS50158: External security challenge not satisfied.", "bacm login"},
    {"invalid_grant", "AADSTS50196: A client request loop.", "no_token_cache"},
    {"invalid_grant", "AADSTS50011: The redirect URI differs.", "redirect_uri"},
    {"invalid_request", "Public clients can't send a client secret.", "client_secret"},
    {"invalid_request", "The provided value for scope is wrong.", "client_id"},
    {"invalid_client", "AADSTS70002: Error validating credentials.", "client_secret"},
    {"invalid_client", "AADSTS7000215: Invalid client secret is provided.", "client_secret"},
    {"invalid_client", "AADSTS7000218: The request must contain client_secret.", "app_kind to web"},
    {"invalid_client", "AADSTS50011: The reply URL does not match.", "redirect_uri"},
    {"invalid_client", "", "client_id"},
    {"unauthorized_client", "", "client_id"},
    {"unauthorized_client", "AADSTS700016: Application was not found.", "tenant"},
    {"invalid_request", "AADSTS90002: Tenant not found.", "tenant"},
    {"access_denied", "The user has denied access.", "did not agree"},
    {"authorization_declined", "", "did not agree"},
    {"expired_token", "", "in time"},
    {"bad_verification_code", "", "Sign in again"},
    {"invalid_scope", "AADSTS70011: The scope is not valid.", "scope"},
    {"invalid_scope", "", "scope"},
    {"something_new", "Nobody knows it.", "token_url"},
};

static void test_refusals_name_the_setting(void **state)
{
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT(refusals); i++) {
        const char *body = reply_format(fixture,
                                        "{\"error\":\"%s\",\"error_description\":\"%s\","
                                        "\"error_codes\":[1],\"trace_id\":\"x\"}",
                                        refusals[i].error, refusals[i].description);
        struct call call = call_with(fixture, http_reply(fixture, 400, JSON, body), false);

        assert_status(call.status, BACM_E_TOKEN);
        assert_string_equal(call.error.symbol, refusals[i].error);
        assert_string_equal(call.error.details, refusals[i].description);
        assert_int_equal(call.error.http_status, 400);
        assert_false(call.error.request_sent);
        if (!strstr(call.error.hint, refusals[i].setting))
            fail_msg("%s, %s: the hint is: %s", refusals[i].error, refusals[i].description,
                     call.error.hint);
        call_free(&call);
    }
}

static void test_refusal_under_200(void **state)
{
    struct call call =
        call_with(*state, http_reply(*state, 200, JSON, "{\"error\":\"invalid_client\"}"), false);

    assert_status(call.status, BACM_E_TOKEN);
    assert_string_equal(call.error.symbol, "invalid_client");
    call_free(&call);
}

static void test_passing_refusals(void **state)
{
    static const char *const errors[] = {"temporarily_unavailable", "server_error"};

    for (size_t i = 0; i < COUNT(errors); i++) {
        const char *body = reply_format(*state, "{\"error\":\"%s\"}", errors[i]);
        struct call call = call_with(*state, http_reply(*state, 400, JSON, body), false);

        assert_status(call.status, BACM_E_SERVICE);
        assert_int_equal(call.error.retry_class, BACM_RETRY_BACKOFF);
        call_free(&call);
    }
}

/* --- replies that are none -------------------------------------------------------- */

static void test_http_statuses(void **state)
{
    static const struct {
        int http;
        bacm_status status;
        bacm_retry_class retry_class;
    } cases[] = {
        {204, BACM_E_TOKEN, BACM_RETRY_NEVER},       {302, BACM_E_TOKEN, BACM_RETRY_NEVER},
        {401, BACM_E_TOKEN, BACM_RETRY_NEVER},       {404, BACM_E_TOKEN, BACM_RETRY_NEVER},
        {429, BACM_E_THROTTLED, BACM_RETRY_BACKOFF}, {500, BACM_E_SERVICE, BACM_RETRY_BACKOFF},
        {503, BACM_E_SERVICE, BACM_RETRY_BACKOFF},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct call call =
            call_with(*state, http_reply(*state, cases[i].http, "text/html", "<p>no</p>"), false);

        assert_status(call.status, cases[i].status);
        assert_int_equal(call.error.http_status, cases[i].http);
        assert_int_equal(call.error.retry_class, cases[i].retry_class);
        call_free(&call);
    }
}

static void test_bodies_that_are_no_answer(void **state)
{
    static const char *const bodies[] = {"",
                                         "<html></html>",
                                         "[]",
                                         "null",
                                         "\"access_token\"",
                                         "{}",
                                         "{\"access_token\":17}",
                                         "{\"access_token\":\"\"}",
                                         "{\"access_token\":\"a\\u0000b\"}",
                                         "{\"access_token\":\"a\\nb\"}",
                                         "{\"access_token\":\"a\"",
                                         "{\"access_token\":\"\xff\"}",
                                         "{\"access_token\":\"a\",\"refresh_token\":\"b\\tc\"}"};

    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct call call = call_with(*state, http_reply(*state, 200, JSON, bodies[i]), false);

        if (call.status != BACM_E_TOKEN)
            fail_msg("%s: %s", bodies[i], bacm_status_name(call.status));
        assert_true(call.error.message[0] && call.error.hint[0]);
        call_free(&call);
    }
}

/* Cut anywhere, a reply is no answer. */
static void test_cut_replies(void **state)
{
    const char *whole =
        http_reply(*state, 200, JSON, "{\"access_token\":\"TOKEN\",\"expires_in\":3600}");
    size_t size = strlen(whole);

    for (size_t cut = 0; cut < size; cut += cut + 24 < size ? 7 : 1) {
        const char *part = reply_format(*state, "%.*s", (int)cut, whole);
        struct call call = call_with(*state, part, false);

        if (call.status != BACM_E_NETWORK && call.status != BACM_E_TOKEN)
            fail_msg("cut at %zu: %s", cut, bacm_status_name(call.status));
        call_free(&call);
    }
}

static void test_ends_of_replies(void **state)
{
    static const char body[] = "{\"access_token\":\"TOKEN\",\"expires_in\":3600}";
    const char *const whole[] = {
        reply_format(*state, "HTTP/1.1 200 OK\r\nContent-Type: " JSON "\r\n\r\n%s", body),
        reply_format(*state, "HTTP/1.0 200 OK\r\n\r\n%s", body),
        reply_format(*state,
                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: " JSON
                     "\r\n\r\n%zx\r\n%s\r\n0\r\n\r\n",
                     sizeof body - 1, body),
        reply_format(*state, "HTTP/1.1 100 Continue\r\n\r\n%s",
                     http_reply(*state, 200, JSON, body)),
    };
    const char *chunk_cut = reply_format(*state,
                                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                                         "Content-Type: " JSON "\r\n\r\n%zx\r\n%.20s",
                                         sizeof body - 1, body);
    struct call call;

    for (size_t i = 0; i < COUNT(whole); i++) {
        call = call_with(*state, whole[i], false);
        assert_token(&call);
        call_free(&call);
    }
    call = call_with(*state, chunk_cut, false);
    assert_status(call.status, BACM_E_NETWORK);
    assert_int_equal(call.error.retry_class, BACM_RETRY_BACKOFF);
    call_free(&call);
}

static void test_too_long(void **state)
{
    char *padding = malloc(70001);
    const char *body;
    struct call call;

    assert_non_null(padding);
    memset(padding, 'x', 70000);
    padding[70000] = '\0';
    body = reply_format(*state, "{\"access_token\":\"TOKEN\",\"padding\":\"%s\"}", padding);
    free(padding);
    call = call_with(*state, http_reply(*state, 200, JSON, body), false);
    assert_status(call.status, BACM_E_TOKEN);
    assert_non_null(strstr(call.error.message, "larger"));
    call_free(&call);
    call = call_with(*state, reply_format(*state, "HTTP/1.1 200 OK\r\n\r\n%s", body), false);
    assert_status(call.status, BACM_E_TOKEN);
    call_free(&call);
    call = call_with(*state, "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}", false);
    assert_status(call.status, BACM_E_TOKEN);
    assert_non_null(strstr(call.error.message, "length"));
    call_free(&call);
}

/* --- what is sent, and what is shown of it ------------------------------------------ */

/* What the platform of each version wants besides. */
#define LIVE_FIELDS                                                                                \
    "&redirect_uri=https%3A%2F%2Flogin.live.com%2Foauth20_desktop.srf&scope=bingads.manage"
#define IDENTITY_FIELDS "&scope=https%3A%2F%2Fads.microsoft.com%2Fmsads.manage%20offline_access"

static void test_native_app_sends_no_secret(void **state)
{
    struct fixture *fixture = *state;
    struct call call =
        call_with(fixture, http_reply(fixture, 200, JSON, "{\"access_token\":\"T\"}"), false);
    struct captured request = script_server_request(fixture->server, 0);

    assert_token(&call);
    assert_string_equal(
        request.body, reply_format(fixture,
                                   "client_id=an-app&grant_type=refresh_token"
                                   "&refresh_token=M.R3_BAY.OLD%%21REFRESH%%2ATOKEN%%26%%22%%3C%s",
                                   test_is_v13() ? IDENTITY_FIELDS : LIVE_FIELDS));
    assert_non_null(strstr(request.bytes, "Content-Type: application/x-www-form-urlencoded\r\n"));
    assert_non_null(strstr(request.bytes, "Accept: application/json\r\n"));
    assert_null(strstr(request.bytes, "SOAPAction"));
    assert_non_null(strstr(call.warning, "offline_access"));
    call_free(&call);
}

static void test_web_app_sends_its_secret(void **state)
{
    struct fixture *fixture = *state;
    struct call call =
        call_with(fixture, http_reply(fixture, 200, JSON, "{\"access_token\":\"T\"}"), true);

    assert_token(&call);
    assert_non_null(strstr(script_server_request(fixture->server, 0).body,
                           "client_secret=s3cr3t%2Fof%2Bthe%26app&"));
    call_free(&call);
}

static void assert_no_secret(const void *memory, size_t size)
{
    static const char *const secrets[] = {"OLD!REFRESH", "OLD%21REFRESH", "s3cr3t",
                                          "NEW-ACCESS",  "NEW-REFRESH",   "NEW-ID"};

    for (size_t i = 0; i < COUNT(secrets); i++) {
        if (memmem(memory, size, secrets[i], strlen(secrets[i])))
            fail_msg("%s is shown", secrets[i]);
    }
}

static void test_trace_shows_no_token(void **state)
{
    static const char body[] =
        "{\"token_type\":\"bearer\",\"access_token\":\"NEW-ACCESS\",\"expires_in\":3600,"
        "\"refresh_token\":\"NEW-REFRESH\",\"id_token\":\"NEW-ID\",\"more\":{\"x\":\"NEW-ID\"}}";
    struct call call = call_with(*state, http_reply(*state, 200, JSON, body), true);

    assert_token(&call);
    assert_no_secret(call.trace, call.trace_size);
    assert_non_null(strstr(call.trace, "client_secret=[redacted]"));
    assert_non_null(strstr(call.trace, "refresh_token=[redacted]"));
    assert_non_null(strstr(call.trace, "\"access_token\":\"[redacted]\""));
    assert_non_null(strstr(call.trace, "\"expires_in\":3600"));
    call_free(&call);
}

static void test_error_repeats_no_secret(void **state)
{
    const char *body = "{\"error\":\"invalid_client\",\"error_description\":\"secret " SECRET
                       " of M.R3_BAY.OLD!REFRESH*TOKEN&\\\"< is wrong\"}";
    struct call call = call_with(*state, http_reply(*state, 400, JSON, body), true);

    assert_status(call.status, BACM_E_TOKEN);
    assert_no_secret(&call.error, sizeof call.error);
    assert_no_secret(call.trace, call.trace_size);
    assert_non_null(strstr(call.error.details, "secret [redacted] of [redacted] is wrong"));
    call_free(&call);
}

/* The tokens of the identity platform are longer than an error's texts. */
static void test_error_repeats_no_part_of_a_long_token(void **state)
{
    enum { TOKEN_SIZE = 905, WORD_SIZE = 5 };
    struct fixture *fixture = *state;
    char token[TOKEN_SIZE + 1];
    const char *body;
    struct call call;

    for (size_t i = 0; i < TOKEN_SIZE; i += WORD_SIZE)
        snprintf(token + i, WORD_SIZE + 1, "%05zu", 70000 + i);
    body = reply_format(fixture, "{\"error\":\"x%s\",\"error_description\":\"bad token: %s, %s\"}",
                        token, token, token);
    call = call_by(fixture, token, http_reply(fixture, 400, JSON, body), false);
    assert_status(call.status, BACM_E_TOKEN);
    assert_string_equal(call.error.symbol, "x[redacted]");
    assert_string_equal(call.error.details, "bad token: [redacted], [redacted]");
    for (size_t i = 0; i < TOKEN_SIZE; i += WORD_SIZE) {
        token[i + WORD_SIZE] = '\0';
        assert_null(memmem(&call.error, sizeof call.error, token + i, WORD_SIZE));
        assert_null(strstr(call.trace, token + i));
        token[i + WORD_SIZE] = '7'; /* with which all of them begin */
    }
    call_free(&call);
}

/* Fields that hold no secret in their own right, and names, may repeat one. */
static void test_trace_shows_no_token_in_harmless_fields(void **state)
{
    static const char body[] =
        "{\"access_token\":\"NEW-ACCESS\",\"refresh_token\":\"NEW-REFRESH\","
        "\"id_token\":\"NEW-ID\",\"scope\":\"a NEW-ACCESS NEW-REFRESH NEW-ID b\","
        "\"token_type\":\"" SECRET " M.R3_BAY.OLD!REFRESH*TOKEN&\\\"<\","
        "\"error_codes\":[70000,\"NEW-ID\",{\"x\":\"NEW-ID\"},[\"NEW-ID\"]],"
        "\"trace_id\":{\"x\":\"NEW-ACCESS\"},\"NEW-REFRESH\":1}";
    struct call call = call_with(*state, http_reply(*state, 200, JSON, body), true);

    assert_token(&call);
    assert_no_secret(call.trace, call.trace_size);
    assert_non_null(strstr(call.trace, "\"scope\":\"a [redacted] [redacted] [redacted] b\""));
    assert_non_null(strstr(call.trace, "\"token_type\":\"[redacted] [redacted]\""));
    assert_non_null(strstr(call.trace, "\"error_codes\":[70000,\"[redacted]\",null,null]"));
    assert_non_null(strstr(call.trace, "\"trace_id\":null,\"[redacted]\":null}"));
    call_free(&call);
}

/* Nor may the header of a reply, in the trace or in an error. */
static void test_header_repeats_no_secret(void **state)
{
    static const char type[] = "text/NEW-ACCESS; a=NEW-REFRESH; b=" SECRET "; c=" REFRESH_TOKEN;
    static const char body[] =
        "{\"access_token\":\"NEW-ACCESS\",\"refresh_token\":\"NEW-REFRESH\"}";
    struct call call = call_with(*state, http_reply(*state, 200, type, body), true);

    assert_token(&call);
    assert_no_secret(call.trace, call.trace_size);
    assert_non_null(strstr(
        call.trace, "HTTP 200, text/[redacted]; a=[redacted]; b=[redacted]; c=[redacted]\n{"));
    call_free(&call);
    call =
        call_with(*state,
                  reply_format(*state,
                               "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n"
                               "Content-Type: text/" SECRET "; c=%s\r\n\r\n\x1f...",
                               REFRESH_TOKEN),
                  true);
    assert_status(call.status, BACM_E_TOKEN);
    if (!strstr(call.error.message, "content type text/[redacted]; c=[redacted]"))
        fail_msg("the error is: %s", call.error.message);
    assert_no_secret(&call.error, sizeof call.error);
    assert_no_secret(call.trace, call.trace_size);
    call_free(&call);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_refusals_name_the_setting),
        TEST(test_refusal_under_200),
        TEST(test_passing_refusals),
        TEST(test_http_statuses),
        TEST(test_bodies_that_are_no_answer),
        TEST(test_cut_replies),
        TEST(test_ends_of_replies),
        TEST(test_too_long),
        TEST(test_native_app_sends_no_secret),
        TEST(test_web_app_sends_its_secret),
        TEST(test_trace_shows_no_token),
        TEST(test_error_repeats_no_secret),
        TEST(test_error_repeats_no_part_of_a_long_token),
        TEST(test_trace_shows_no_token_in_harmless_fields),
        TEST(test_header_repeats_no_secret),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
