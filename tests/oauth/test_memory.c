/*
 * Out of memory: each allocation on the way to an access token fails in turn.
 * Linked with the library as it is installed: only there the allocator is
 * replaceable.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "support/fixture.h"
#include "support/version.h"

/* No round takes more allocations than this, and each makes at most one token call. */
enum { MOST_ALLOCATIONS = 400, STEPS_OF_A_CALL = 3 };

/* --- rounds ----------------------------------------------------------------------------- */

struct round {
    const char *token_url;
    bool has_refresh_token;
    bacm_error error;
    char stored[32];
};

typedef bacm_status scenario(bacm_credentials *credentials, bacm_error *error);

/* Nothing listens at the service's place: that it is tried shows that a token was had. */
static bacm_status call(bacm_credentials *credentials, bacm_error *error)
{
    bacm_options options = BACM_OPTIONS_INIT_FOR(test_api());
    bacm_client *client = NULL;
    bacm_user *user = NULL;
    bacm_status status;

    options.endpoint = "http://127.0.0.1:9/";
    options.ca_file = fixture_ca_file();
    status = bacm_client_new(&client, &options, credentials, error);
    if (status == BACM_OK)
        status = bacm_get_user(&user, client, 0, error);
    bacm_client_free(client);
    return status;
}

static bacm_status consent(bacm_credentials *credentials, bacm_error *error)
{
    bacm_consent *asked = NULL;
    char redirected[128];
    bacm_status status = bacm_consent_new(&asked, credentials, error);

    if (status == BACM_OK) {
        const char *state = strstr(bacm_consent_url(asked), "&state=");

        snprintf(redirected, sizeof redirected, "?code=CODE%.50s", state);
        status = bacm_consent_finish(asked, redirected, error);
    }
    bacm_consent_free(asked);
    return status;
}

static const struct plan {
    const char *name;
    scenario *run;
    bool has_refresh_token;
    int http_status;
    const char *reply;
    bacm_status good;
    const char *stored;
} plans[] = {
    {"refresh", call, true, 200,
     "{\"access_token\":\"A\",\"expires_in\":3600,\"refresh_token\":\"NEW\"}", BACM_E_CONNECT,
     "NEW"},
    {"refresh, refused", call, true, 400,
     "{\"error\":\"invalid_scope\",\"error_description\":\"it is OLD-REFRESH\"}", BACM_E_TOKEN, ""},
    {"consent", consent, false, 200,
     "{\"access_token\":\"A\",\"expires_in\":3600,\"refresh_token\":\"NEW\"}", BACM_OK, "NEW"},
};

static int store(const char *refresh_token, void *user)
{
    struct round *round = user;

    snprintf(round->stored, sizeof round->stored, "%s", refresh_token);
    return 0;
}

static void drop_trace(bacm_trace_kind kind, const char *data, size_t size, void *user)
{
    (void)kind;
    (void)data;
    (void)size;
    (void)user;
}

static bacm_status play_round(struct round *round, const struct plan *plan)
{
    bacm_oauth_options options = BACM_OAUTH_OPTIONS_INIT;
    bacm_credentials *credentials = NULL;
    bacm_status status;

    options.platform = BACM_OAUTH_IDENTITY;
    options.client_id = "an-app";
    options.refresh_token = plan->has_refresh_token ? "OLD-REFRESH" : NULL;
    options.token_url = round->token_url;
    options.ca_file = fixture_ca_file();
    options.store = store;
    options.storage_user = round;
    options.trace = drop_trace;
    memset(&round->error, 0, sizeof round->error);
    round->stored[0] = '\0';
    status = bacm_credentials_new_oauth(&credentials, "DEV", &options, &round->error);
    if (status == BACM_OK)
        status = plan->run(credentials, &round->error);
    bacm_credentials_release(credentials);
    return status;
}

static void start_server(struct fixture *fixture, const struct plan *plan)
{
    static struct step steps[MOST_ALLOCATIONS * STEPS_OF_A_CALL];
    const char *reply = http_reply(fixture, plan->http_status, "application/json", plan->reply);
    const struct script script = {.steps = steps, .count = COUNT(steps)};

    for (size_t i = 0; i < COUNT(steps); i += STEPS_OF_A_CALL) {
        steps[i] = (struct step)READ;
        steps[i + 1] = (struct step)SEND(reply);
        steps[i + 2] = (struct step)CLOSE;
    }
    fixture->server = script_server_start(&script);
}

static void each_allocation_fails_in_turn(void **state)
{
    struct fixture *fixture = *state;
    const struct plan *plan = fixture->parameter;
    struct round round = {.token_url = NULL};
    bool fired = true;
    unsigned failures = 0;

    start_server(fixture, plan);
    round.token_url =
        reply_format(fixture, "http://127.0.0.1:%d/token", script_server_port(fixture->server));
    for (long k = 0; fired; k++) {
        bacm_status status;

        assert_true(k < MOST_ALLOCATIONS);
        failing_allocator_arm(k);
        status = play_round(&round, plan);
        fired = failing_allocator_disarm();
        failures += status == BACM_E_NO_MEMORY;
        if (status != plan->good && (!fired || status != BACM_E_NO_MEMORY))
            fail_msg("allocation %ld: %s (%s)", k, bacm_status_name(status), round.error.message);
        if (status == plan->good)
            assert_string_equal(round.stored, plan->stored);
        assert_null(strstr(round.error.details, "OLD-REFRESH"));
    }
    assert_true(failures > 10);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(plans)];

    failing_allocator_use();
    for (size_t i = 0; i < COUNT(plans); i++)
        tests[i] = (struct CMUnitTest){plans[i].name, each_allocation_fails_in_turn, fixture_setup,
                                       fixture_teardown, (void *)&plans[i]};
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
