/*
 * Clients that share credentials share the token: one call to the token
 * endpoint, whatever happens to it, and nobody waits past a deadline.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bacm/bacm.h>

#include "support/check.h"
#include "support/simulator.h"
#include "support/version.h"

enum { THREADS = 8 };

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

struct shared {
    struct simulator simulator;
    bacm_oauth_options oauth;
    bacm_credentials *credentials;
    atomic_uint stored;
    atomic_uint warnings;
    unsigned store_failures; /* how often storing is to fail yet */
    unsigned service_calls_at_store;
    char last_stored[256];
    char last_warning[256];
};

struct worker {
    struct shared *shared;
    pthread_barrier_t *barrier;
    unsigned call_timeout_ms;
    unsigned calls;
    bacm_status status;
    bacm_error error;
    double seconds;
};

static int store(const char *refresh_token, void *user)
{
    struct shared *shared = user;

    shared->stored++;
    shared->service_calls_at_store = simulator_calls(&shared->simulator, "GetUser");
    snprintf(shared->last_stored, sizeof shared->last_stored, "%s", refresh_token);
    if (!shared->store_failures)
        return 0;
    shared->store_failures--;
    return -1;
}

static void warn(const char *text, void *user)
{
    struct shared *shared = user;

    shared->warnings++;
    snprintf(shared->last_warning, sizeof shared->last_warning, "%s", text);
}

static void start(struct shared *shared, const char *const *options)
{
    static const bacm_oauth_options defaults = BACM_OAUTH_OPTIONS_INIT;

    simulator_start(&shared->simulator, options);
    shared->oauth = defaults;
    shared->oauth.platform = test_oauth_platform();
    shared->oauth.client_id = "demo-native-app";
    shared->oauth.refresh_token = "AGENCY-ADMIN-REFRESH";
    shared->oauth.token_url = shared->simulator.token_url;
    shared->oauth.ca_file = shared->simulator.ca_file;
    shared->oauth.retry_delay_ms = 50;
    shared->oauth.store = store;
    shared->oauth.storage_user = shared;
    shared->oauth.warn = warn;
    shared->oauth.warn_user = shared;
}

static void make_credentials(struct shared *shared)
{
    bacm_error error;

    if (bacm_credentials_new_oauth(&shared->credentials, "DEV-DEMO", &shared->oauth, &error) !=
        BACM_OK)
        fail_msg("%s", error.message);
}

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct shared));
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    struct shared *shared = *state;

    bacm_credentials_release(shared->credentials);
    simulator_stop(&shared->simulator);
    free(shared);
    return 0;
}

static bacm_client *new_client(const struct shared *shared, unsigned call_timeout_ms)
{
    bacm_options options = BACM_OPTIONS_INIT_FOR(test_api());
    bacm_client *client = NULL;
    bacm_error error;

    options.endpoint = shared->simulator.url;
    options.ca_file = shared->simulator.ca_file;
    if (call_timeout_ms)
        options.call_timeout_ms = call_timeout_ms;
    if (bacm_client_new(&client, &options, shared->credentials, &error) != BACM_OK)
        fail_msg("%s", error.message);
    return client;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    bacm_client *client = new_client(worker->shared, worker->call_timeout_ms);
    double started;

    if (worker->barrier)
        pthread_barrier_wait(worker->barrier);
    started = now();
    for (unsigned i = 0; i < worker->calls && worker->status == BACM_OK; i++) {
        bacm_user *user = NULL;

        worker->status = bacm_get_user(&user, client, 0, &worker->error);
        bacm_user_free(user);
    }
    worker->seconds = now() - started;
    bacm_client_free(client);
    return NULL;
}

/* The same calls in each of the threads, all at once. */
static void run_threads(struct shared *shared, struct worker workers[THREADS], unsigned calls)
{
    pthread_barrier_t barrier;
    pthread_t threads[THREADS];

    pthread_barrier_init(&barrier, NULL, THREADS);
    memset(workers, 0, THREADS * sizeof *workers);
    for (size_t i = 0; i < THREADS; i++) {
        workers[i].shared = shared;
        workers[i].barrier = &barrier;
        workers[i].calls = calls;
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&barrier);
}

static struct worker run_one(struct shared *shared)
{
    struct worker worker = {.shared = shared, .calls = 1};

    work(&worker);
    return worker;
}

static void assert_all(const struct worker workers[THREADS], bacm_status status)
{
    for (size_t i = 0; i < THREADS; i++)
        assert_status(workers[i].status, status);
}

/* --- one token call for all --------------------------------------------------------- */

static void test_one_call_for_the_first_token(void **state)
{
    struct shared *shared = *state;
    struct worker workers[THREADS];

    start(shared, OPTIONS("--fault", "stall=300,op=token"));
    make_credentials(shared);
    run_threads(shared, workers, 3);
    assert_all(workers, BACM_OK);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 1);
    assert_int_equal(simulator_calls(&shared->simulator, "GetUser"), 3 * THREADS);
    assert_int_equal(shared->stored, 1);
}

static void test_one_call_for_a_refused_token(void **state)
{
    struct shared *shared = *state;
    struct worker workers[THREADS];

    start(shared, OPTIONS("--plain-http", "--fault", "stall=300,op=token,call=2"));
    make_credentials(shared);
    assert_status(run_one(shared).status, BACM_OK);
    simulator_control(&shared->simulator, "tokens", "{\"expireUser\":7001}");
    run_threads(shared, workers, 2);
    assert_all(workers, BACM_OK);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 2);
    assert_true(simulator_calls(&shared->simulator, "GetUser") > 1 + 2 * THREADS);
}

/* What was renewed while a call was under way need not be renewed for it again. */
static void test_late_refusal_of_an_old_token(void **state)
{
    struct shared *shared = *state;
    struct worker late = {.shared = shared, .calls = 1};
    pthread_t thread;

    start(shared, OPTIONS("--plain-http", "--fault", "delay=5000,op=GetUser,call=2"));
    make_credentials(shared);
    assert_status(run_one(shared).status, BACM_OK);
    simulator_control(&shared->simulator, "tokens", "{\"expireUser\":7001}");
    assert_int_equal(pthread_create(&thread, NULL, work, &late), 0);
    usleep(1000000);
    assert_status(run_one(shared).status, BACM_OK);
    pthread_join(thread, NULL);
    assert_status(late.status, BACM_OK);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 2);
    assert_int_equal(simulator_calls(&shared->simulator, "GetUser"), 5);
}

static void test_one_failure_for_all(void **state)
{
    struct shared *shared = *state;
    struct worker workers[THREADS];

    start(shared, OPTIONS("--fault", "stall=3000,op=token", "--fault",
                          "oauth-error=invalid_scope,op=token"));
    make_credentials(shared);
    run_threads(shared, workers, 1);
    assert_all(workers, BACM_E_TOKEN);
    for (size_t i = 0; i < THREADS; i++)
        assert_string_equal(workers[i].error.symbol, "invalid_scope");
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 1);
    assert_int_equal(simulator_calls(&shared->simulator, "GetUser"), 0);
}

static void test_waiters_have_deadlines(void **state)
{
    struct shared *shared = *state;
    struct worker first = {.shared = shared, .calls = 1};
    struct worker second = {.shared = shared, .calls = 1, .call_timeout_ms = 300};
    pthread_t thread;

    start(shared, OPTIONS("--fault", "stall=6000,op=token"));
    make_credentials(shared);
    assert_int_equal(pthread_create(&thread, NULL, work, &first), 0);
    usleep(500000);
    work(&second);
    pthread_join(thread, NULL);
    assert_status(first.status, BACM_OK);
    assert_status(second.status, BACM_E_TIMEOUT);
    assert_false(second.error.request_sent);
    assert_int_equal(second.error.retry_class, BACM_RETRY_BACKOFF);
    assert_true(second.seconds > 0.29 && second.seconds < 4);
}

/* --- when a token is renewed -------------------------------------------------------- */

static void test_renewed_ahead_of_its_expiry(void **state)
{
    struct shared *shared = *state;

    start(shared, OPTIONS("--token-lifetime", "8"));
    shared->oauth.margin_s = 2;
    make_credentials(shared);
    assert_status(run_one(shared).status, BACM_OK);
    assert_status(run_one(shared).status, BACM_OK);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 1);
    usleep(6200000);
    assert_status(run_one(shared).status, BACM_OK);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 2);
    assert_int_equal(simulator_calls(&shared->simulator, "GetUser"), 3); /* none with 109 */
}

static void test_lasting_token_outlives_a_failed_renewal(void **state)
{
    struct shared *shared = *state;

    start(shared, OPTIONS("--token-lifetime", "10", "--fault", "http=503,op=token,call=2-9"));
    make_credentials(shared); /* the margin is longer than the life: half of it counts */
    assert_status(run_one(shared).status, BACM_OK);
    usleep(5500000);
    assert_status(run_one(shared).status, BACM_OK);
    assert_status(run_one(shared).status, BACM_OK);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 2);
    usleep(5000000);
    assert_status(run_one(shared).status, BACM_E_SERVICE);
    assert_int_equal(simulator_calls(&shared->simulator, "GetUser"), 3);
}

static void test_refused_twice_is_the_end(void **state)
{
    struct shared *shared = *state;
    struct worker worker;

    start(shared, OPTIONS("--fault", "fault=adapi:109,op=GetUser"));
    make_credentials(shared);
    worker = run_one(shared);
    assert_status(worker.status, BACM_E_TOKEN_EXPIRED);
    assert_int_equal(simulator_calls(&shared->simulator, "GetUser"), 2);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 2);
}

static void test_invalid_grant_that_goes(void **state)
{
    struct shared *shared = *state;

    start(shared, OPTIONS("--fault", "oauth-error=invalid_grant,op=token,times=1"));
    make_credentials(shared);
    assert_status(run_one(shared).status, BACM_OK);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 2);
}

static void test_invalid_grant_that_stays(void **state)
{
    struct shared *shared = *state;

    start(shared, OPTIONS("--fault", "oauth-error=invalid_grant,op=token"));
    make_credentials(shared);
    assert_status(run_one(shared).status, BACM_E_TOKEN);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 2);
}

static void test_number_as_text(void **state)
{
    struct shared *shared = *state;

    start(shared, OPTIONS("--token-lifetime", "2", "--fault", "expires-text,op=token"));
    make_credentials(shared);
    assert_status(run_one(shared).status, BACM_OK);
    usleep(1300000); /* more than the half, so that it counts as a number or not at all */
    assert_status(run_one(shared).status, BACM_OK);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 2);
}

/* --- the refresh token -------------------------------------------------------------- */

static void test_stored_before_use(void **state)
{
    struct shared *shared = *state;

    start(shared, OPTIONS("--oauth-strict"));
    make_credentials(shared);
    assert_status(run_one(shared).status, BACM_OK);
    assert_int_equal(shared->stored, 1);
    assert_int_equal(shared->service_calls_at_store, 0);
    assert_string_not_equal(shared->last_stored, "AGENCY-ADMIN-REFRESH");
}

static void test_nothing_is_sent_while_it_cannot_be_stored(void **state)
{
    struct shared *shared = *state;
    struct worker worker;

    start(shared, OPTIONS("--oauth-strict")); /* the old one is good no more */
    shared->store_failures = 2;
    make_credentials(shared);
    worker = run_one(shared);
    assert_status(worker.status, BACM_E_TOKEN_STORE);
    assert_false(worker.error.request_sent);
    assert_status(run_one(shared).status, BACM_E_TOKEN_STORE);
    assert_int_equal(simulator_calls(&shared->simulator, "GetUser"), 0);
    assert_status(run_one(shared).status, BACM_OK);
    assert_int_equal(shared->stored, 3);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 1);
}

static void test_reply_without_one_keeps_the_old(void **state)
{
    struct shared *shared = *state;

    start(shared, OPTIONS("--fault", "no-refresh-token,op=token", "--fault",
                          "fault=adapi:109,op=GetUser,call=2"));
    make_credentials(shared);
    assert_status(run_one(shared).status, BACM_OK);
    assert_status(run_one(shared).status, BACM_OK);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 2);
    assert_int_equal(shared->stored, 0);
    assert_int_equal(shared->warnings, 1);
    assert_non_null(strstr(shared->last_warning, "offline_access"));
}

static int load(char *refresh_token, size_t size, void *user)
{
    const struct shared *shared = user;

    snprintf(refresh_token, size, "%s", shared->last_stored);
    return 0;
}

static void test_newer_one_of_another_process(void **state)
{
    struct shared *shared = *state;

    start(shared, OPTIONS("--oauth-strict"));
    shared->oauth.load = load;
    shared->oauth.refresh_token = "REVOKED-REFRESH";
    make_credentials(shared);
    strcpy(shared->last_stored, "AGENCY-ADMIN-REFRESH");
    assert_status(run_one(shared).status, BACM_OK);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 1);
}

static void test_none_at_all(void **state)
{
    struct shared *shared = *state;

    start(shared, OPTIONS("--oauth-strict"));
    shared->oauth.refresh_token = NULL;
    make_credentials(shared);
    assert_status(run_one(shared).status, BACM_E_NO_CREDENTIALS);
    assert_int_equal(simulator_calls(&shared->simulator, "token"), 0);
}

/* --- suppliers ---------------------------------------------------------------------- */

struct vault {
    struct shared *shared;
    unsigned asked;
    unsigned refused;
    unsigned lifetime_s;
    const char *token;
    int result;
};

static int supply(bacm_token_answer *answer, bool refused, void *user)
{
    struct vault *vault = user;

    vault->asked++;
    vault->refused += refused;
    usleep(200000);
    if (vault->token)
        bacm_token_answer_set(answer, refused ? "AGENCY-STANDARD-TOKEN" : vault->token,
                              vault->lifetime_s);
    return vault->result;
}

static void start_vault(struct shared *shared, struct vault *vault, const char *const *options)
{
    bacm_error error;

    simulator_start(&shared->simulator, options);
    vault->shared = shared;
    assert_status(
        bacm_credentials_new_supplier(&shared->credentials, "DEV-DEMO", supply, vault, &error),
        BACM_OK);
}

static void test_supplier_is_asked_once(void **state)
{
    struct shared *shared = *state;
    struct vault vault = {.token = "AGENCY-ADMIN-TOKEN"};
    struct worker workers[THREADS];

    start_vault(shared, &vault, OPTIONS("--latency-ms", "1"));
    run_threads(shared, workers, 2);
    assert_all(workers, BACM_OK);
    assert_int_equal(vault.asked, 1);
    assert_int_equal(vault.refused, 0);
}

static void test_supplier_is_told_of_a_refusal(void **state)
{
    struct shared *shared = *state;
    struct vault vault = {.token = "EXPIRED-TOKEN"};

    start_vault(shared, &vault, OPTIONS("--latency-ms", "1"));
    assert_status(run_one(shared).status, BACM_OK);
    assert_int_equal(vault.asked, 2);
    assert_int_equal(vault.refused, 1);
}

static void test_supplier_is_asked_before_the_end(void **state)
{
    struct shared *shared = *state;
    struct vault vault = {.token = "AGENCY-ADMIN-TOKEN", .lifetime_s = 2};

    start_vault(shared, &vault, OPTIONS("--latency-ms", "1"));
    assert_status(run_one(shared).status, BACM_OK);
    usleep(1100000);
    assert_status(run_one(shared).status, BACM_OK);
    assert_int_equal(vault.asked, 2);
    assert_int_equal(vault.refused, 0);
}

static void test_supplier_has_none(void **state)
{
    struct shared *shared = *state;
    struct vault vault = {.token = NULL};

    start_vault(shared, &vault, OPTIONS("--latency-ms", "1"));
    assert_status(run_one(shared).status, BACM_E_TOKEN);
    vault.token = "line\nend";
    assert_status(run_one(shared).status, BACM_E_TOKEN);
    vault.token = "AGENCY-ADMIN-TOKEN";
    vault.result = -1;
    assert_status(run_one(shared).status, BACM_E_TOKEN);
    assert_int_equal(simulator_calls(&shared->simulator, "GetUser"), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_one_call_for_the_first_token),
        TEST(test_one_call_for_a_refused_token),
        TEST(test_late_refusal_of_an_old_token),
        TEST(test_one_failure_for_all),
        TEST(test_waiters_have_deadlines),
        TEST(test_renewed_ahead_of_its_expiry),
        TEST(test_lasting_token_outlives_a_failed_renewal),
        TEST(test_refused_twice_is_the_end),
        TEST(test_invalid_grant_that_goes),
        TEST(test_invalid_grant_that_stays),
        TEST(test_number_as_text),
        TEST(test_stored_before_use),
        TEST(test_nothing_is_sent_while_it_cannot_be_stored),
        TEST(test_reply_without_one_keeps_the_old),
        TEST(test_newer_one_of_another_process),
        TEST(test_none_at_all),
        TEST(test_supplier_is_asked_once),
        TEST(test_supplier_is_told_of_a_refusal),
        TEST(test_supplier_is_asked_before_the_end),
        TEST(test_supplier_has_none),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
