/*
 * Presets and options, the consent page's URL, and what the browser brings back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include <bacm/bacm.h>

#include "support/fixture.h"
#include "support/version.h"

#define VERIFIER_BYTES 43

struct preset {
    bacm_oauth_platform platform;
    bacm_environment environment;
    const char *url_start; /* of the consent page, up to the state */
};

static const struct preset presets[] = {
    {BACM_OAUTH_LIVE, BACM_PRODUCTION,
     "https://login.live.com/oauth20_authorize.srf?client_id=an-app&scope=bingads.manage"
     "&response_type=code&redirect_uri=https%3A%2F%2Flogin.live.com%2Foauth20_desktop.srf&state="},
    {BACM_OAUTH_LIVE, BACM_SANDBOX,
     "https://login.live-int.com/oauth20_authorize.srf?client_id=an-app&scope=bingads.manage"
     "&response_type=code&redirect_uri=https%3A%2F%2Flogin.live-int.com%2Foauth20_desktop.srf"
     "&state="},
    {BACM_OAUTH_IDENTITY, BACM_PRODUCTION,
     "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=an-app"
     "&scope=https%3A%2F%2Fads.microsoft.com%2Fmsads.manage%20offline_access&response_type=code"
     "&redirect_uri=https%3A%2F%2Flogin.microsoftonline.com%2Fcommon%2Foauth2%2Fnativeclient"
     "&state="},
    {BACM_OAUTH_IDENTITY, BACM_SANDBOX,
     "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=an-app"
     "&scope=https%3A%2F%2Fsi.ads.microsoft.com%2Fmsads.manage%20offline_access"
     "&response_type=code&redirect_uri=https%3A%2F%2Flogin.microsoftonline.com%2Fcommon%2Foauth2"
     "%2Fnativeclient&state="},
};

static const char google_start[] =
    "https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&client_id=an-app"
    "&scope=openid%20email%20profile&response_type=code&redirect_uri=http%3A%2F%2Flocalhost&state=";

static bacm_oauth_options base_options(void)
{
    bacm_oauth_options options = BACM_OAUTH_OPTIONS_INIT;

    options.client_id = "an-app";
    options.ca_file = fixture_ca_file();
    return options;
}

static bacm_consent *new_consent(const bacm_oauth_options *options, bacm_credentials **credentials)
{
    bacm_consent *consent = NULL;
    bacm_error error;

    if (bacm_credentials_new_oauth(credentials, NULL, options, &error) != BACM_OK)
        fail_msg("%s", error.message);
    assert_status(bacm_consent_new(&consent, *credentials, &error), BACM_OK);
    return consent;
}

/* Value of a field of the URL's query, as it stands there. */
static void field_of(char *out, size_t size, const char *url, const char *name)
{
    const char *at = strstr(url, name);

    assert_non_null(at);
    at += strlen(name);
    snprintf(out, size, "%.*s", (int)strcspn(at, "&"), at);
}

/* --- URL -------------------------------------------------------------------------- */

static void test_presets(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(presets); i++) {
        bacm_oauth_options options = base_options();
        bacm_credentials *credentials;
        bacm_consent *consent;
        const char *url;

        options.platform = presets[i].platform;
        options.environment = presets[i].environment;
        consent = new_consent(&options, &credentials);
        url = bacm_consent_url(consent);
        if (strncmp(url, presets[i].url_start, strlen(presets[i].url_start)) != 0)
            fail_msg("the URL is %s", url);
        assert_non_null(strstr(url, "&code_challenge="));
        assert_non_null(strstr(url, "&code_challenge_method=S256"));
        assert_int_equal(strstr(url, "&prompt=login") != NULL,
                         presets[i].platform == BACM_OAUTH_LIVE &&
                             presets[i].environment == BACM_SANDBOX);
        bacm_consent_free(consent);
        bacm_credentials_release(credentials);
    }
}

static void test_google(void **state)
{
    (void)state;
    for (int environment = BACM_PRODUCTION; environment <= BACM_SANDBOX; environment++) {
        bacm_oauth_options options = base_options();
        bacm_credentials *credentials = NULL;
        bacm_consent *consent;

        options.platform = BACM_OAUTH_GOOGLE;
        options.environment = (bacm_environment)environment;
        options.client_secret = "a native app's";
        consent = new_consent(&options, &credentials);
        assert_memory_equal(bacm_consent_url(consent), google_start, sizeof google_start - 1);
        assert_non_null(strstr(bacm_consent_url(consent), "&prompt=consent"));
        assert_non_null(strstr(bacm_consent_url(consent), "&code_challenge_method=S256"));
        bacm_consent_free(consent);
        bacm_credentials_release(credentials);
    }
}

static void test_each_part_can_be_set(void **state)
{
    bacm_oauth_options options = base_options();
    bacm_credentials *credentials;
    bacm_consent *consent;

    (void)state;
    options.platform = BACM_OAUTH_IDENTITY;
    options.tenant = "contoso.example";
    options.redirect_uri = "http://localhost:7/cb?x=1&y";
    options.scope = "a b";
    consent = new_consent(&options, &credentials);
    assert_int_equal(
        strncmp(bacm_consent_url(consent),
                "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize"
                "?client_id=an-app&scope=a%20b&response_type=code"
                "&redirect_uri=http%3A%2F%2Flocalhost%3A7%2Fcb%3Fx%3D1%26y&state=",
                178),
        0);
    bacm_consent_free(consent);
    bacm_credentials_release(credentials);

    options.tenant = NULL;
    options.authorize_url = "https://login.example/{tenant}/a?b=c";
    consent = new_consent(&options, &credentials);
    assert_non_null(
        strstr(bacm_consent_url(consent), "https://login.example/common/a?b=c&client_id"));
    bacm_consent_free(consent);
    bacm_credentials_release(credentials);
}

static void test_states_differ_and_are_not_too_long(void **state)
{
    bacm_oauth_options options = base_options();
    bacm_credentials *credentials;
    bacm_consent *first;
    bacm_consent *second = NULL;
    char a[128];
    char b[128];

    (void)state;
    first = new_consent(&options, &credentials);
    assert_status(bacm_consent_new(&second, credentials, NULL), BACM_OK);
    field_of(a, sizeof a, bacm_consent_url(first), "&state=");
    field_of(b, sizeof b, bacm_consent_url(second), "&state=");
    assert_string_not_equal(a, b);
    assert_between(strlen(a), 32, 100);
    bacm_consent_free(first);
    bacm_consent_free(second);
    bacm_credentials_release(credentials);
}

/* --- options ---------------------------------------------------------------------- */

static void assert_refused(const bacm_oauth_options *options, const char *name)
{
    bacm_credentials *credentials = (bacm_credentials *)1;
    bacm_error error;

    assert_status(bacm_credentials_new_oauth(&credentials, "DEV", options, &error),
                  BACM_E_ARGUMENT);
    assert_null(credentials);
    if (!strstr(error.message, name) && !strstr(error.hint, name))
        fail_msg("%s is not named in: %s. %s", name, error.message, error.hint);
}

static void test_options_that_do_not_fit(void **state)
{
    char too_long[1100];
    bacm_oauth_options options;

    (void)state;
    memset(too_long, 'x', sizeof too_long - 1);
    too_long[sizeof too_long - 1] = '\0';
#define REFUSED(name, ...)                                                                         \
    do {                                                                                           \
        options = base_options();                                                                  \
        __VA_ARGS__;                                                                               \
        assert_refused(&options, name);                                                            \
    } while (0)
    REFUSED("client_id", options.client_id = NULL);
    REFUSED("client_id", options.client_id = "");
    REFUSED("client_id", options.client_id = too_long);
    REFUSED("client_secret", options.client_secret = "s");
    REFUSED("app_kind", options.client_secret = "s");
    REFUSED("client_secret", options.app_kind = BACM_APP_WEB);
    REFUSED("client_secret", options.app_kind = BACM_APP_WEB, options.client_secret = "");
    REFUSED("tenant", options.tenant = "a");
    REFUSED("tenant", options.platform = BACM_OAUTH_IDENTITY, options.tenant = "../x");
    REFUSED("token_url", options.token_url = "http://login.example/t");
    REFUSED("token_url", options.token_url = "https://u:p@login.example/t");
    REFUSED("authorize_url", options.authorize_url = "ftp://x");
    REFUSED("scope", options.scope = "a\nb");
    REFUSED("redirect_uri", options.redirect_uri = "a\rb");
    REFUSED("refresh token", options.refresh_token = "a\nb");
    REFUSED("call_timeout_ms", options.call_timeout_ms = 0);
    REFUSED("margin_s", options.margin_s = 1000000);
    REFUSED("BACM_OAUTH_OPTIONS_INIT", options.struct_size = 8);
#undef REFUSED
}

static void test_environment_of_the_client(void **state)
{
    bacm_oauth_options oauth = base_options();
    bacm_options options = BACM_OPTIONS_INIT_FOR(test_api());
    bacm_credentials *credentials;
    bacm_client *client;
    bacm_error error;

    (void)state;
    oauth.platform = test_oauth_platform();
    oauth.environment = BACM_SANDBOX;
    assert_status(bacm_credentials_new_oauth(&credentials, "DEV", &oauth, &error), BACM_OK);
    assert_status(bacm_client_new(&client, &options, credentials, &error), BACM_E_ARGUMENT);
    assert_non_null(strstr(error.message, "environment"));
    options.environment = BACM_SANDBOX;
    assert_status(bacm_client_new(&client, &options, credentials, &error), BACM_OK);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
}

/* --- what the browser brings back --------------------------------------------------- */

struct answered {
    bacm_status status;
    bacm_error error;
    char stored[64];
    unsigned requests;
    char challenge[128];
    char body[2048]; /* of the first token call */
};

static int store(const char *refresh_token, void *user)
{
    struct answered *answered = user;

    snprintf(answered->stored, sizeof answered->stored, "%s", refresh_token);
    return 0;
}

/* Finish a consent with "FORMAT", where %s stands for the state, against one token reply. */
static struct answered answer(struct fixture *fixture, bacm_oauth_platform platform,
                              const char *format, const char *reply)
{
    struct answered answered = {.status = BACM_OK};
    bacm_oauth_options options = base_options();
    const struct step steps[] = {READ, SEND(reply), CLOSE};
    const struct script script = {.steps = steps, .count = COUNT(steps)};
    bacm_credentials *credentials;
    bacm_consent *consent;
    char url[64];
    char state_text[128];
    char *redirected;

    fixture->server = script_server_start(&script);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/token", script_server_port(fixture->server));
    options.platform = platform;
    options.token_url = url;
    options.store = store;
    options.storage_user = &answered;
    consent = new_consent(&options, &credentials);
    field_of(state_text, sizeof state_text, bacm_consent_url(consent), "&state=");
    field_of(answered.challenge, sizeof answered.challenge, bacm_consent_url(consent),
             "&code_challenge=");
    assert_true(asprintf(&redirected, format, state_text) > 0);
    answered.status = bacm_consent_finish(consent, redirected, &answered.error);
    answered.requests = script_server_requests(fixture->server);
    if (answered.requests)
        snprintf(answered.body, sizeof answered.body, "%s",
                 script_server_request(fixture->server, 0).body);
    if (answered.status == BACM_OK) /* it is used up */
        assert_status(bacm_consent_finish(consent, redirected, NULL), BACM_E_ARGUMENT);
    free(redirected);
    bacm_consent_free(consent);
    bacm_credentials_release(credentials);
    fixture_stop(fixture);
    return answered;
}

static const char *good_reply(struct fixture *fixture)
{
    return http_reply(fixture, 200, "application/json",
                      "{\"access_token\":\"A\",\"expires_in\":3600,\"refresh_token\":\"R\"}");
}

static void test_code_is_exchanged(void **state)
{
    static const char *const forms[] = {
        "https://login.live.com/oauth20_desktop.srf?code=M.R3%%2Fx&state=%s",
        "https://login.live.com/oauth20_desktop.srf?state=%s&code=M.R3%%2fx&lc=1033",
        "/cb?code=M.R3%%2Fx&state=%s#_=_",
        "code=M.R3%%2Fx&state=%s",
        "?code=M.R3%%2Fx&state=%s\r\n",
    };

    for (size_t i = 0; i < COUNT(forms); i++) {
        struct answered answered = answer(*state, BACM_OAUTH_LIVE, forms[i], good_reply(*state));
        char verifier[128];
        char expected[512];

        assert_status(answered.status, BACM_OK);
        assert_string_equal(answered.stored, "R");
        field_of(verifier, sizeof verifier, answered.body, "&code_verifier=");
        snprintf(expected, sizeof expected,
                 "client_id=an-app&grant_type=authorization_code&code=M.R3%%2Fx&code_verifier=%s"
                 "&redirect_uri=https%%3A%%2F%%2Flogin.live.com%%2Foauth20_desktop.srf"
                 "&scope=bingads.manage",
                 verifier);
        assert_string_equal(answered.body, expected);
    }
}

static void check_pkce(void **state, bacm_oauth_platform platform)
{
    struct answered answered = answer(*state, platform, "?code=C&state=%s", good_reply(*state));
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned char challenge[64];
    char verifier[128];

    assert_status(answered.status, BACM_OK);
    field_of(verifier, sizeof verifier, answered.body, "&code_verifier=");
    assert_int_equal(strlen(verifier), VERIFIER_BYTES);
    EVP_Digest(verifier, strlen(verifier), digest, NULL, EVP_sha256(), NULL);
    EVP_EncodeBlock(challenge, digest, 32);
    for (unsigned char *p = challenge; *p; p++)
        *p = (unsigned char)(*p == '+' ? '-' : *p == '/' ? '_' : *p == '=' ? '\0' : *p);
    assert_string_equal(answered.challenge, (const char *)challenge);
}

static void test_pkce(void **state)
{
    check_pkce(state, BACM_OAUTH_LIVE);
    check_pkce(state, BACM_OAUTH_IDENTITY);
}

static void test_answers_to_another_consent(void **state)
{
    static const char *const wrong[] = {
        "?code=C&state=%sx",
        "?code=C&state=x%s",
        "?code=C&xstate=%s",
        "?code=C&state=%%41%.0s",
        "?code=C&state=0123456789012345678901234567890123456789012%.0s", /* of its length */
        "?code=C%.0s",
        "?code=C&state=%.0s",
        "?code=C&state=%1$s&state=%1$s",
        "#code=C&state=%s",
        "?state=%s",
        "?code=&state=%s",
        "?code=%%zz&state=%s",
        "?code=%%00&state=%s",
        "?code=a%%0Ab&state=%s",
        "?code=a&code=b&state=%s",
        "hello %.0s",
    };

    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct answered answered = answer(*state, BACM_OAUTH_LIVE, wrong[i], good_reply(*state));

        if (answered.status != BACM_E_ARGUMENT || answered.requests)
            fail_msg("%s: %s", wrong[i], bacm_status_name(answered.status));
        assert_string_equal(answered.stored, "");
    }
}

static void test_user_refuses(void **state)
{
    struct answered answered =
        answer(*state, BACM_OAUTH_LIVE,
               "?error=access_denied&error_description=The+user+has%%20denied&state=%s",
               good_reply(*state));

    assert_status(answered.status, BACM_E_TOKEN);
    assert_string_equal(answered.error.symbol, "access_denied");
    assert_string_equal(answered.error.details, "The user has denied");
    assert_int_equal(answered.requests, 0);
}

static void test_refusal_of_another_consent_is_nothing(void **state)
{
    struct answered answered =
        answer(*state, BACM_OAUTH_LIVE, "?error=access_denied&state=x%.0s", good_reply(*state));

    assert_status(answered.status, BACM_E_ARGUMENT);
}

static void test_no_refresh_token(void **state)
{
    struct answered answered =
        answer(*state, BACM_OAUTH_LIVE, "?code=C&state=%s",
               http_reply(*state, 200, "application/json", "{\"access_token\":\"A\"}"));

    assert_status(answered.status, BACM_E_TOKEN);
    assert_non_null(strstr(answered.error.hint, "offline_access"));
}

static void test_code_is_not_repeated(void **state)
{
    struct answered answered = answer(
        *state, BACM_OAUTH_LIVE, "?code=SECRETCODE&state=%s",
        http_reply(*state, 400, "application/json",
                   "{\"error\":\"invalid_grant\",\"error_description\":\"code SECRETCODE\"}"));

    assert_status(answered.status, BACM_E_TOKEN);
    assert_null(memmem(&answered.error, sizeof answered.error, "SECRETCODE", 10));
    assert_int_equal(answered.requests, 1);
}

static void test_other_credentials_have_no_consent(void **state)
{
    bacm_credentials *credentials;
    bacm_consent *consent;
    bacm_error error;

    (void)state;
    assert_status(bacm_credentials_new_access_token(&credentials, "D", "A", &error), BACM_OK);
    assert_status(bacm_consent_new(&consent, credentials, &error), BACM_E_ARGUMENT);
    assert_status(bacm_consent_new(NULL, credentials, &error), BACM_E_ARGUMENT);
    assert_null(consent);
    bacm_credentials_release(credentials);
    assert_status(bacm_consent_new(&consent, NULL, &error), BACM_E_ARGUMENT);
    assert_status(bacm_credentials_new_oauth(NULL, "x", NULL, &error), BACM_E_ARGUMENT);
    bacm_consent_free(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_presets),
        TEST(test_google),
        TEST(test_each_part_can_be_set),
        TEST(test_states_differ_and_are_not_too_long),
        TEST(test_options_that_do_not_fit),
        TEST(test_environment_of_the_client),
        TEST(test_code_is_exchanged),
        TEST(test_pkce),
        TEST(test_answers_to_another_consent),
        TEST(test_user_refuses),
        TEST(test_refusal_of_another_consent_is_nothing),
        TEST(test_no_refresh_token),
        TEST(test_code_is_not_repeated),
        TEST(test_other_credentials_have_no_consent),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
