/*
 * Google's sign-in over REST: the header that the service may want to see.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bacm/bacm.h>

#include "support/check.h"
#include "support/simulator.h"

static const char header[] = "\r\nIdentityProvider: Google\r\n";

static void trace(bacm_trace_kind kind, const char *data, size_t size, void *user)
{
    int *seen = user;

    if (kind == BACM_TRACE_REQUEST)
        *seen = memmem(data, size, header, sizeof header - 1) != NULL;
}

/* Whether a call has the header. */
static int call(const struct simulator *simulator, bacm_oauth_platform platform, bool wanted)
{
    bacm_oauth_options oauth = BACM_OAUTH_OPTIONS_INIT;
    bacm_options options = BACM_OPTIONS_INIT_FOR(bacm_api_v13_rest);
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_user *user = NULL;
    char endpoint[512];
    bacm_error error;
    int seen = -1;

    oauth.platform = platform;
    oauth.client_id = "demo-native-app";
    oauth.refresh_token = "AGENCY-ADMIN-REFRESH";
    oauth.token_url = simulator->token_url;
    oauth.ca_file = simulator->ca_file;
    oauth.identity_provider_header = wanted;
    snprintf(endpoint, sizeof endpoint, "%.*s/CustomerManagement/v13",
             (int)(strstr(simulator->url, "/Api/") - simulator->url), simulator->url);
    options.endpoint = endpoint;
    options.ca_file = simulator->ca_file;
    options.trace = trace;
    options.trace_user = &seen;
    assert_status(bacm_credentials_new_oauth(&credentials, "DEV-DEMO", &oauth, &error), BACM_OK);
    assert_status(bacm_client_new(&client, &options, credentials, &error), BACM_OK);
    assert_status(bacm_get_user(&user, client, 0, &error), BACM_OK);
    bacm_user_free(user);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    return seen;
}

static void test_header(void **state)
{
    struct simulator simulator;

    (void)state;
    simulator_start(&simulator, (const char *const[]){NULL});
    assert_int_equal(call(&simulator, BACM_OAUTH_GOOGLE, true), 1);
    assert_int_equal(call(&simulator, BACM_OAUTH_GOOGLE, false), 0);
    assert_int_equal(call(&simulator, BACM_OAUTH_IDENTITY, true), 0);
    simulator_stop(&simulator);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_header)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
