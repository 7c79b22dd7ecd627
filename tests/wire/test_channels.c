/*
 * The four channels by which an error of the service arrives, the retry
 * classes, and answers that are not SOAP.
 */
#include <stdio.h>
#include <string.h>

#include "support/fixture.h"

#define CM "https://bingads.microsoft.com/Customer/v11"

static const char *adapi_errors(struct fixture *f, const char *errors)
{
    return reply_format(f,
                        "<detail><AdApiFaultDetail xmlns=\"https://adapi.microsoft.com\" xmlns:i=\""
                        "http://www.w3.org/2001/XMLSchema-instance\"><TrackingId>" TEST_TRACKING_ID
                        "</TrackingId><Errors>%s</Errors></AdApiFaultDetail></detail>",
                        errors);
}

static const char *adapi_fault(struct fixture *f, int http_status, int code, const char *symbol)
{
    const char *error = reply_format(f,
                                     "<AdApiError><Code>%d</Code><Detail i:nil=\"true\"/>"
                                     "<ErrorCode>%s</ErrorCode><Message>words of %d</Message>"
                                     "</AdApiError>",
                                     code, symbol, code);

    return fault_reply(f, http_status, adapi_errors(f, error));
}

static const char *api_fault(struct fixture *f, int http_status, const char *errors)
{
    return fault_reply(
        f, http_status,
        reply_format(f,
                     "<detail><ApiFault xmlns=\"" CM "\" xmlns:i=\""
                     "http://www.w3.org/2001/XMLSchema-instance\"><TrackingId xmlns=\""
                     "https://adapi.microsoft.com\">" TEST_TRACKING_ID
                     "</TrackingId><OperationErrors xmlns=\"" CM "/Exception\">%s"
                     "</OperationErrors></ApiFault></detail>",
                     errors));
}

static const char *operation_error(struct fixture *f, int code)
{
    return reply_format(f,
                        "<OperationError xmlns=\"" CM
                        "/Exception\"><Code>%d</Code><Details>more of %d</Details>"
                        "<Message>words of %d</Message></OperationError>",
                        code, code, code);
}

static const char *refused_reply(struct fixture *f, const char *list, const char *error)
{
    return soap_reply(f, reply_format(f,
                                      "<AddClientLinksResponse xmlns=\"" CM "\"><%s>%s</%s>"
                                      "</AddClientLinksResponse>",
                                      list, error, list));
}

static const char *bare_fault(struct fixture *f, int http_status, const char *code,
                              const char *text)
{
    return http_reply(f, http_status, NULL,
                      reply_format(f,
                                   "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/"
                                   "\"><s:Body><s:Fault><faultcode xmlns:a=\"http://schemas."
                                   "microsoft.com/ws/2005/05/addressing/none\">%s</faultcode>"
                                   "<faultstring xml:lang=\"en-US\">%s</faultstring></s:Fault>"
                                   "</s:Body></s:Envelope>",
                                   code, text));
}

/* --- every code that is known, on every channel --- */

static void check_known(const struct fixture *f, const bacm_service_code *known, bacm_status status,
                        bacm_channel channel, bool is_write)
{
    bool open = is_write && known->retry_class == BACM_RETRY_VERIFY;
    char words[32];

    assert_status(status, open ? BACM_E_UNKNOWN_OUTCOME : known->status);
    assert_int_equal(f->error.channel, channel);
    assert_true(f->error.has_service_code);
    assert_int_equal(f->error.service_code, known->code);
    assert_int_equal(f->error.retry_class, known->retry_class);
    assert_string_equal(f->error.tracking_id, TEST_TRACKING_ID);
    snprintf(words, sizeof words, "words of %d", known->code);
    assert_non_null(strstr(f->error.message, words));
    if (!open && known->status != BACM_E_TOKEN_EXPIRED)
        assert_string_equal(f->error.hint, known->advice);
    else
        assert_true(f->error.hint[0] != '\0');
    assert_string_equal(bacm_client_tracking_id(f->client), TEST_TRACKING_ID);
}

static const char *fault_with(struct fixture *f, bacm_channel channel, int http_status, int code)
{
    const bacm_service_code *known = bacm_service_code_find(channel, code);

    if (channel == BACM_CHANNEL_ADAPI)
        return adapi_fault(f, http_status, code, known ? known->symbol : "");
    return api_fault(f, http_status, operation_error(f, code));
}

/* Writes and reads, faults under 500 and under 200. */
static void every_known_code_as_a_fault(void **state)
{
    static const bacm_channel channels[] = {BACM_CHANNEL_ADAPI, BACM_CHANNEL_API_FAULT};
    struct fixture *f = *state;
    size_t count;
    const bacm_service_code *codes = bacm_service_codes(&count);

    for (size_t i = 0; i < count; i++) {
        for (size_t c = 0; c < COUNT(channels); c++) {
            const bacm_service_code *known = bacm_service_code_find(channels[c], codes[i].code);
            int http_status = (i + c) % 2 ? 200 : 500;
            const char *reply = fault_with(f, channels[c], http_status, codes[i].code);

            PLAY(f, READ, SEND(reply), READ, SEND(reply));
            check_known(f, known, add_one(f), channels[c], true);
            assert_int_equal(f->error.http_status, http_status);
            check_known(f, known, get_user(f), channels[c], false);
            /* Nothing is sent a second time by itself. */
            assert_int_equal(script_server_requests(f->server), 2);
            fixture_stop(f);
        }
    }
}

static void every_known_code_in_a_reply(void **state)
{
    struct fixture *f = *state;
    size_t count;
    const bacm_service_code *codes = bacm_service_codes(&count);

    for (size_t i = 0; i < count; i++) {
        const char *error = operation_error(f, codes[i].code);
        const char *entry = reply_format(f,
                                         "<ArrayOfOperationError xmlns=\"" CM "/Exception\">%s"
                                         "</ArrayOfOperationError>",
                                         error);

        PLAY(f, READ, SEND(refused_reply(f, "OperationErrors", error)), READ,
             SEND(refused_reply(f, "PartialErrors", entry)));
        check_known(f, bacm_service_code_find(BACM_CHANNEL_OPERATION, codes[i].code), add_one(f),
                    BACM_CHANNEL_OPERATION, true);
        /* A link that was refused is no matter of the whole call, but one that is left open is. */
        assert_status(add_one(f), codes[i].retry_class == BACM_RETRY_VERIFY ? BACM_E_UNKNOWN_OUTCOME
                                                                            : BACM_E_PARTIAL);
        fixture_stop(f);
    }
}

/* --- what a caller sees of a fault --- */

static void fault_reaches_every_link(void **state)
{
    struct fixture *f = *state;
    bacm_link_results *results = NULL;
    const bacm_service_error *error;
    bacm_status status;

    PLAY(f, READ, SEND(adapi_fault(f, 500, 106, "UserIsNotAuthorized")));
    status = add_links(f, &results, 3);
    assert_status(status, BACM_E_AUTHORIZATION);
    check_result(f, status, results, 3);
    for (size_t i = 0; i < 3; i++) {
        error = bacm_link_results_error(results, i, 0);
        assert_int_equal(bacm_link_results_error_count(results, i), 1);
        assert_int_equal(error->channel, BACM_CHANNEL_ADAPI);
        assert_int_equal(error->code, 106);
        assert_string_equal(error->symbol, "UserIsNotAuthorized");
        assert_string_equal(error->message, "words of 106");
        assert_string_equal(error->details, "");
    }
    assert_string_equal(bacm_link_results_tracking_id(results), TEST_TRACKING_ID);
    /* The result outlives the client. */
    fixture_stop(f);
    assert_string_equal(bacm_link_results_error(results, 2, 0)->symbol, "UserIsNotAuthorized");
    bacm_link_results_free(results);
}

static void unknown_code_passes_through(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ, SEND(adapi_fault(f, 500, 70001, "QuotaOfMoonReached")), READ,
         SEND(api_fault(f, 500, operation_error(f, 70002))), READ,
         SEND(adapi_fault(f, 500, 70003, "")));
    /* What nobody knows does not prove that nothing was done. */
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_status(f->error.cause, BACM_E_REFUSED);
    assert_int_equal(f->error.service_code, 70001);
    assert_string_equal(f->error.symbol, "QuotaOfMoonReached");
    assert_string_equal(f->error.message, "words of 70001");
    assert_int_equal(f->error.retry_class, BACM_RETRY_VERIFY);
    assert_string_equal(f->error.tracking_id, TEST_TRACKING_ID);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_int_equal(f->error.service_code, 70002);
    assert_string_equal(f->error.symbol, "");
    assert_string_equal(f->error.details, "more of 70002");
    assert_status(get_user(f), BACM_E_REFUSED);
    assert_int_equal(f->error.service_code, 70003);
}

static void first_known_error_decides(void **state)
{
    struct fixture *f = *state;
    const char *errors =
        reply_format(f, "<OperationError i:nil=\"true\"/>%s%s%s", operation_error(f, 70002),
                     operation_error(f, 1001), operation_error(f, 3024));

    PLAY(f, READ, SEND(api_fault(f, 500, errors)));
    assert_status(add_one(f), BACM_E_AUTHORIZATION);
    assert_int_equal(f->error.service_code, 1001);
    assert_non_null(strstr(f->error.message, "further errors"));
}

static void detail_without_errors(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ, SEND(fault_reply(f, 500, adapi_errors(f, ""))), READ,
         SEND(fault_reply(f, 500, adapi_errors(f, "<AdApiError i:nil=\"true\"/>"))), READ,
         SEND(fault_reply(f, 500, "<detail/>")));
    for (int i = 0; i < 3; i++) {
        assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
        assert_status(f->error.cause, BACM_E_SERVICE);
        assert_non_null(strstr(f->error.message, "Invalid client data"));
        assert_string_equal(f->error.tracking_id, i < 2 ? TEST_TRACKING_ID : "");
    }
}

static void error_without_code(void **state)
{
    struct fixture *f = *state;

    const char *bare = adapi_errors(f, "<AdApiError><Message>no code</Message></AdApiError>");
    const char *named =
        adapi_errors(f, "<AdApiError><ErrorCode>InvalidCredentials</ErrorCode></AdApiError>");
    const char *internal =
        adapi_errors(f, "<AdApiError><ErrorCode>InternalError</ErrorCode></AdApiError>");
    const char *unheard =
        adapi_errors(f, "<AdApiError><ErrorCode>QuotaOfMoonReached</ErrorCode></AdApiError>");

    PLAY(f, READ, SEND(fault_reply(f, 500, bare)), READ, SEND(fault_reply(f, 500, bare)), READ,
         SEND(fault_reply(f, 500, named)), READ, SEND(fault_reply(f, 500, internal)), READ,
         SEND(fault_reply(f, 500, unheard)));
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_status(f->error.cause, BACM_E_SERVICE);
    assert_false(f->error.has_service_code);
    assert_string_equal(f->error.message, "no code");
    assert_status(get_user(f), BACM_E_SERVICE);
    assert_status(add_one(f), BACM_E_AUTHENTICATION);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_string_equal(f->error.symbol, "InternalError");
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_status(f->error.cause, BACM_E_SERVICE);
    assert_string_equal(f->error.symbol, "QuotaOfMoonReached");
}

/* --- bare faults --- */

static void dispatch_faults_did_nothing(void **state)
{
    struct fixture *f = *state;

    PLAY(
        f, READ, SEND(bare_fault(f, 500, "a:ActionNotSupported", "ContractFilter mismatch")), READ,
        SEND(bare_fault(f, 200, "a:DeserializationFailed", "some reason")), READ,
        SEND(bare_fault(f, 500, "s:Client",
                        "The formatter threw an exception while trying to deserialize the message: "
                        "There was an error while trying to deserialize parameter x")),
        READ, SEND(bare_fault(f, 500, "s:MustUnderstand", "header")));
    for (int i = 0; i < 4; i++) {
        assert_status(add_one(f), BACM_E_REFUSED);
        assert_int_equal(f->error.channel, BACM_CHANNEL_BARE_FAULT);
        assert_int_equal(f->error.retry_class, BACM_RETRY_NEVER);
        assert_false(f->error.has_service_code);
    }
    assert_non_null(strstr(f->error.message, "MustUnderstand"));
}

/* The operation has run, and what it gave could not be written. */
static void fault_about_the_reply_leaves_a_write_open(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ,
         SEND(bare_fault(f, 500, "a:InternalServiceFault",
                         "The formatter threw an exception while trying to serialize the "
                         "message")),
         READ,
         SEND(bare_fault(f, 500, "a:DeserializationFailed",
                         "The formatter threw an exception while trying to deserialize the "
                         "message: Error in deserializing body of reply message")),
         READ, SEND(bare_fault(f, 500, "a:ReplyDeserializationFailed", "x")));
    for (int i = 0; i < 3; i++) {
        assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
        assert_status(f->error.cause, BACM_E_SERVICE);
    }
}

static void other_bare_fault_leaves_a_write_open(void **state)
{
    struct fixture *f = *state;
    const char *reply = bare_fault(f, 500, "s:Server", "Object reference not set");

    PLAY(f, READ, SEND(reply), READ, SEND(reply));
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_status(f->error.cause, BACM_E_SERVICE);
    assert_non_null(strstr(f->error.message, "Object reference not set"));
    assert_status(get_user(f), BACM_E_SERVICE);
    assert_int_equal(f->error.retry_class, BACM_RETRY_BACKOFF);
}

static void soap_12_fault_is_understood(void **state)
{
    struct fixture *f = *state;
    bacm_status status;

    PLAY(f, READ,
         SEND(http_reply(f, 500, "application/soap+xml",
                         "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>"
                         "<e:Fault><e:Code><e:Value>e:Receiver</e:Value></e:Code><e:Reason><e:Text "
                         "xml:lang=\"en\">down</e:Text></e:Reason></e:Fault></e:Body>"
                         "</e:Envelope>")));
    status = add_one(f);
    assert_status(status, BACM_E_UNKNOWN_OUTCOME);
}

/* --- answers without SOAP --- */

struct http_case {
    int http_status;
    const char *type;
    const char *body;
    bacm_status write;
    bacm_status read;
    bacm_retry_class read_class;
};

#define HTML "<html><head><title>Oops</title></head><body><p>gateway</p></body></html>"

static const struct http_case http_cases[] = {
    {200, "text/html", HTML, BACM_E_UNKNOWN_OUTCOME, BACM_E_PROTOCOL, BACM_RETRY_NEVER},
    {200, "text/html; charset=utf-8", "<p>unclosed<br>page", BACM_E_UNKNOWN_OUTCOME,
     BACM_E_PROTOCOL, BACM_RETRY_NEVER},
    {200, NULL, "", BACM_E_UNKNOWN_OUTCOME, BACM_E_PROTOCOL, BACM_RETRY_NEVER},
    {202, NULL, "", BACM_E_UNKNOWN_OUTCOME, BACM_E_HTTP, BACM_RETRY_NEVER},
    {302, "text/html", HTML, BACM_E_HTTP, BACM_E_HTTP, BACM_RETRY_NEVER},
    {303, "text/html", HTML, BACM_E_UNKNOWN_OUTCOME, BACM_E_HTTP, BACM_RETRY_NEVER},
    {400, "text/html", HTML, BACM_E_HTTP, BACM_E_HTTP, BACM_RETRY_NEVER},
    {401, "text/html", HTML, BACM_E_HTTP, BACM_E_HTTP, BACM_RETRY_NEVER},
    {403, "text/plain", "no", BACM_E_HTTP, BACM_E_HTTP, BACM_RETRY_NEVER},
    {404, "text/html", HTML, BACM_E_HTTP, BACM_E_HTTP, BACM_RETRY_NEVER},
    {407, "text/html", HTML, BACM_E_HTTP, BACM_E_HTTP, BACM_RETRY_NEVER},
    {408, "text/html", HTML, BACM_E_UNKNOWN_OUTCOME, BACM_E_HTTP, BACM_RETRY_NEVER},
    {413, "text/html", HTML, BACM_E_HTTP, BACM_E_HTTP, BACM_RETRY_NEVER},
    {429, "text/plain", "Too Many Attempt", BACM_E_THROTTLED, BACM_E_THROTTLED, BACM_RETRY_BACKOFF},
    {429, NULL, "", BACM_E_THROTTLED, BACM_E_THROTTLED, BACM_RETRY_BACKOFF},
    {500, "text/html", HTML, BACM_E_UNKNOWN_OUTCOME, BACM_E_HTTP, BACM_RETRY_BACKOFF},
    {500, NULL, "", BACM_E_UNKNOWN_OUTCOME, BACM_E_HTTP, BACM_RETRY_BACKOFF},
    {502, "text/html", HTML, BACM_E_UNKNOWN_OUTCOME, BACM_E_HTTP, BACM_RETRY_BACKOFF},
    {503, "text/html", "<p>unclosed<br>page", BACM_E_UNKNOWN_OUTCOME, BACM_E_HTTP,
     BACM_RETRY_BACKOFF},
    {503, NULL,
     "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body/>"
     "</s:Envelope>",
     BACM_E_UNKNOWN_OUTCOME, BACM_E_HTTP, BACM_RETRY_BACKOFF},
    {504, "application/json", "{\"error\":\"x\"}", BACM_E_UNKNOWN_OUTCOME, BACM_E_HTTP,
     BACM_RETRY_BACKOFF},
};

static void check_http(const struct fixture *f, const struct http_case *c, bacm_status status,
                       bacm_status wanted)
{
    if (status != wanted)
        fail_msg("HTTP %d with %s gives %s, not %s", c->http_status, c->type ? c->type : "XML",
                 bacm_status_name(status), bacm_status_name(wanted));
    assert_int_equal(f->error.http_status, c->http_status);
    assert_true(f->error.hint[0] != '\0');
    if (c->http_status != 200)
        assert_int_equal(f->error.channel, BACM_CHANNEL_HTTP);
}

static void answers_without_soap(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(http_cases); i++) {
        const struct http_case *c = &http_cases[i];
        const char *reply = http_reply(f, c->http_status, c->type, c->body);

        PLAY(f, READ, SEND(reply), CLOSE, READ, SEND(reply), CLOSE);
        check_http(f, c, add_one(f), c->write);
        if (c->write == BACM_E_UNKNOWN_OUTCOME)
            assert_status(f->error.cause, c->read);
        if (c->read != BACM_E_PROTOCOL) {
            check_http(f, c, get_user(f), c->read);
            assert_int_equal(f->error.retry_class, c->read_class);
        }
        fixture_stop(f);
    }
}

/* A proxy may answer 500 with a fault that was cut off. */
static void fault_that_is_cut_off(void **state)
{
    struct fixture *f = *state;
    const char *reply = adapi_fault(f, 500, 1410, "x");

    PLAY(f, READ, {.kind = STEP_SEND, .bytes = reply, .size = strlen(reply) - 40}, CLOSE);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    assert_status(f->error.cause, BACM_E_NETWORK);
}

/* --- the token --- */

static void expired_token_without_renewal(void **state)
{
    struct fixture *f = *state;
    const char *reply = adapi_fault(f, 500, 109, "AuthenticationTokenExpired");

    PLAY(f, READ, SEND(reply), READ, SEND(reply));
    assert_status(add_one(f), BACM_E_TOKEN_EXPIRED);
    assert_int_equal(f->error.service_code, 109);
    assert_int_equal(f->error.retry_class, BACM_RETRY_TOKEN);
    assert_int_equal(script_server_requests(f->server), 1);
    assert_status(get_user(f), BACM_E_TOKEN_EXPIRED);
    assert_int_equal(script_server_requests(f->server), 2);
}

struct supply {
    const char *tokens[3];
    unsigned asked;
    unsigned refused;
    unsigned attempts; /* as the call records tell */
};

static int supply(bacm_token_answer *answer, bool refused, void *user)
{
    struct supply *tokens = user;
    const char *token = tokens->tokens[tokens->asked++];

    tokens->refused += refused;
    return token ? bacm_token_answer_set(answer, token, 0) : -1;
}

static void note_attempt(const bacm_call_record *record, void *user)
{
    struct supply *tokens = user;

    tokens->attempts = record->attempt;
}

static void use_supply(struct fixture *f, struct supply *tokens)
{
    char endpoint[64];

    bacm_client_free(f->client);
    bacm_credentials_release(f->credentials);
    f->client = NULL;
    assert_status(bacm_credentials_new_supplier(&f->credentials, TEST_DEVELOPER_TOKEN, supply,
                                                tokens, &f->error),
                  BACM_OK);
    snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%d/", script_server_port(f->server));
    f->options.endpoint = endpoint;
    f->options.on_call = note_attempt;
    f->options.on_call_user = tokens;
    assert_status(bacm_client_new(&f->client, &f->options, f->credentials, &f->error), BACM_OK);
    f->options.endpoint = NULL;
}

/* The service has done nothing of a call whose token had expired: even a write goes again. */
static void expired_token_is_renewed_once(void **state)
{
    struct fixture *f = *state;
    struct supply tokens = {.tokens = {"first-token", "second-token", "third-token"}};
    const char *expired = adapi_fault(f, 500, 109, "AuthenticationTokenExpired");

    PLAY(f, READ, SEND(expired), READ, SEND(added_reply(f)), READ, SEND(added_reply(f)));
    use_supply(f, &tokens);
    assert_status(add_one(f), BACM_OK);
    assert_int_equal(tokens.attempts, 2);
    assert_int_equal(tokens.refused, 1);
    assert_int_equal(script_server_requests(f->server), 2);
    assert_non_null(strstr(script_server_request(f->server, 0).body, ">first-token<"));
    assert_non_null(strstr(script_server_request(f->server, 1).body, ">second-token<"));
    assert_status(add_one(f), BACM_OK);
    assert_int_equal(tokens.attempts, 1);
    assert_non_null(strstr(script_server_request(f->server, 2).body, ">second-token<"));
}

static void expired_token_is_not_renewed_twice(void **state)
{
    struct fixture *f = *state;
    struct supply tokens = {.tokens = {"first-token", "second-token", "third-token"}};
    const char *expired = adapi_fault(f, 500, 109, "AuthenticationTokenExpired");

    PLAY(f, READ, SEND(expired), READ, SEND(expired), READ, SEND(added_reply(f)));
    use_supply(f, &tokens);
    assert_status(add_one(f), BACM_E_TOKEN_EXPIRED);
    assert_int_equal(script_server_requests(f->server), 2);
    assert_int_equal(tokens.asked, 2);
}

/* Other refusals of the credentials are no reason to renew. */
static void wrong_token_is_not_renewed(void **state)
{
    struct fixture *f = *state;
    struct supply tokens = {.tokens = {"first-token", "second-token", "third-token"}};

    PLAY(f, READ, SEND(adapi_fault(f, 500, 105, "InvalidCredentials")), READ,
         SEND(api_fault(f, 500, operation_error(f, 106))));
    use_supply(f, &tokens);
    assert_status(add_one(f), BACM_E_AUTHENTICATION);
    assert_status(add_one(f), BACM_E_AUTHORIZATION);
    assert_int_equal(script_server_requests(f->server), 2);
    assert_int_equal(tokens.asked, 1);
}

static void renewal_that_fails(void **state)
{
    struct fixture *f = *state;
    struct supply tokens = {.tokens = {"first-token", NULL, NULL}};

    PLAY(f, READ, SEND(adapi_fault(f, 500, 109, "AuthenticationTokenExpired")));
    use_supply(f, &tokens);
    assert_status(add_one(f), BACM_E_TOKEN);
    assert_int_equal(script_server_requests(f->server), 1);
}

/* A write is sent again for a token only when nothing else is the matter. */
static void expired_token_beside_another_error(void **state)
{
    static const struct {
        int code;
        bacm_status status;
    } cases[] = {
        {0, BACM_E_UNKNOWN_OUTCOME},
        {202, BACM_E_UNKNOWN_OUTCOME},
        {70000, BACM_E_TOKEN_EXPIRED},
        {201, BACM_E_TOKEN_EXPIRED},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct supply tokens = {.tokens = {"first-token", "second-token", NULL}};
        const char *errors = reply_format(f,
                                          "<AdApiError><Code>109</Code></AdApiError><AdApiError>"
                                          "<Code>%d</Code></AdApiError>",
                                          cases[i].code);

        PLAY(f, READ, SEND(fault_reply(f, 500, adapi_errors(f, errors))), READ,
             SEND(added_reply(f)));
        use_supply(f, &tokens);
        assert_status(add_one(f), cases[i].status);
        assert_int_equal(script_server_requests(f->server), 1);
        assert_int_equal(tokens.asked, 1);
        fixture_stop(f);
    }
}

/* --- the role --- */

static const char *reply_of_user(struct fixture *f, int role)
{
    return user_reply(f, "Active", BACM_ROLE_VIEWER, role);
}

static void role_is_read_once_and_again_after_a_refusal(void **state)
{
    struct fixture *f = *state;

    f->options.no_role_check = false;
    PLAY(f, READ, SEND(reply_of_user(f, BACM_ROLE_SUPER_ADMIN)), READ, SEND(added_reply(f)), READ,
         SEND(added_reply(f)), READ, SEND(adapi_fault(f, 500, 106, "UserIsNotAuthorized")), READ,
         SEND(reply_of_user(f, BACM_ROLE_CAMPAIGN_MANAGER)));
    assert_status(add_one(f), BACM_OK);
    assert_int_equal(script_server_requests(f->server), 2);
    assert_status(add_one(f), BACM_OK);
    assert_int_equal(script_server_requests(f->server), 3);
    assert_status(add_one(f), BACM_E_AUTHORIZATION);
    assert_status(add_one(f), BACM_E_NOT_SUPER_ADMIN);
    assert_int_equal(script_server_requests(f->server), 5);
    assert_non_null(strstr(script_server_request(f->server, 4).body, "GetUserRequest"));
    assert_non_null(strstr(f->error.message, "admin"));
}

/* 1001 comes in a reply as any other does. */
static void role_is_read_again_after_a_refusal_in_a_reply(void **state)
{
    static const char *const lists[] = {"OperationErrors", "PartialErrors"};
    struct fixture *f = *state;
    const char *error = operation_error(f, 1001);
    const char *entry = reply_format(
        f, "<ArrayOfOperationError xmlns=\"" CM "/Exception\">%s</ArrayOfOperationError>", error);
    const char *errors[] = {error, entry};

    f->options.no_role_check = false;
    for (size_t i = 0; i < COUNT(lists); i++) {
        PLAY(f, READ, SEND(reply_of_user(f, BACM_ROLE_SUPER_ADMIN)), READ,
             SEND(refused_reply(f, lists[i], errors[i])), READ,
             SEND(reply_of_user(f, BACM_ROLE_CAMPAIGN_MANAGER)));
        assert_status(add_one(f), i ? BACM_E_PARTIAL : BACM_E_AUTHORIZATION);
        assert_status(add_one(f), BACM_E_NOT_SUPER_ADMIN);
        assert_int_equal(script_server_requests(f->server), 3);
        fixture_stop(f);
    }
}

/* What was sent then was GetUser: the links were not. */
static void failed_role_check_sends_no_link(void **state)
{
    struct fixture *f = *state;

    f->options.no_role_check = false;
    PLAY(f, READ, CLOSE, READ, SEND(http_reply(f, 503, NULL, "")), READ,
         SEND(adapi_fault(f, 500, 117, "CallRateExceeded")), READ,
         SEND(reply_of_user(f, BACM_ROLE_CAMPAIGN_MANAGER)));
    assert_status(add_one(f), BACM_E_NETWORK);
    assert_false(f->error.request_sent);
    assert_status(add_one(f), BACM_E_HTTP);
    assert_false(f->error.request_sent);
    assert_status(add_one(f), BACM_E_THROTTLED);
    assert_false(f->error.request_sent);
    assert_status(add_one(f), BACM_E_NOT_SUPER_ADMIN);
    assert_false(f->error.request_sent);
    for (unsigned i = 0; i < script_server_requests(f->server); i++)
        assert_non_null(strstr(script_server_request(f->server, i).body, "GetUserRequest"));
}

/* The pages of v13 do not say any more that the sandbox has no client links. */
static void sandbox_sends_nothing(void **state)
{
    struct fixture *f = *state;

    f->options.environment = BACM_SANDBOX;
    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(add_one(f), test_is_v13() ? BACM_OK : BACM_E_SANDBOX);
    assert_int_equal(script_server_connections(f->server), test_is_v13() ? 1 : 0);
    fixture_stop(f);
    f->options.allow_sandbox_links = true;
    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_known_code_as_a_fault),
        TEST(every_known_code_in_a_reply),
        TEST(fault_reaches_every_link),
        TEST(unknown_code_passes_through),
        TEST(first_known_error_decides),
        TEST(detail_without_errors),
        TEST(error_without_code),
        TEST(expired_token_beside_another_error),
        TEST(dispatch_faults_did_nothing),
        TEST(fault_about_the_reply_leaves_a_write_open),
        TEST(other_bare_fault_leaves_a_write_open),
        TEST(soap_12_fault_is_understood),
        TEST(answers_without_soap),
        TEST(fault_that_is_cut_off),
        TEST(expired_token_without_renewal),
        TEST(expired_token_is_renewed_once),
        TEST(expired_token_is_not_renewed_twice),
        TEST(wrong_token_is_not_renewed),
        TEST(renewal_that_fails),
        TEST(role_is_read_once_and_again_after_a_refusal),
        TEST(role_is_read_again_after_a_refusal_in_a_reply),
        TEST(failed_role_check_sends_no_link),
        TEST(sandbox_sends_nothing),
    };

    return cmocka_run_group_tests_name("channels", tests, NULL, NULL);
}
