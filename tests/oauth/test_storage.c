/*
 * The storage that processes share, as the library's callbacks see it.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bacm/bacm.h>

#include "support/check.h"
#include "support/simulator.h"
#include "support/version.h"

struct storage {
    struct simulator simulator;
    char steps[256]; /* what was called, in order */
    char refresh_token[256];
    char access_token[256];
    unsigned renew_s;
    unsigned expires_s;
    int lock_result;
    int reserve_result;
    unsigned calls_at_reserve;
};

static void note(struct storage *storage, const char *step)
{
    const size_t used = strlen(storage->steps);

    snprintf(storage->steps + used, sizeof storage->steps - used, "%s ", step);
}

static int lock(unsigned wait_ms, void *user)
{
    struct storage *storage = user;

    note(storage, "lock");
    assert_true(wait_ms > 0);
    return storage->lock_result;
}

static void unlock(void *user)
{
    note(user, "unlock");
}

static int load(char *refresh_token, size_t size, void *user)
{
    struct storage *storage = user;

    note(storage, "load");
    snprintf(refresh_token, size, "%s", storage->refresh_token);
    return 0;
}

static int reserve(void *user)
{
    struct storage *storage = user;

    note(storage, "reserve");
    storage->calls_at_reserve = simulator_calls(&storage->simulator, "token");
    return storage->reserve_result;
}

static int store(const char *refresh_token, void *user)
{
    struct storage *storage = user;

    note(storage, "store");
    snprintf(storage->refresh_token, sizeof storage->refresh_token, "%s", refresh_token);
    return 0;
}

static void keep(const char *access_token, unsigned renew_s, unsigned expires_s, void *user)
{
    struct storage *storage = user;

    note(storage, "keep");
    snprintf(storage->access_token, sizeof storage->access_token, "%s", access_token);
    storage->renew_s = renew_s;
    storage->expires_s = expires_s;
}

static void recall(char *access_token, size_t size, unsigned *renew_s, unsigned *expires_s,
                   void *user)
{
    struct storage *storage = user;

    note(storage, "recall");
    snprintf(access_token, size, "%s", storage->access_token);
    *renew_s = storage->renew_s;
    *expires_s = storage->expires_s;
}

static bacm_oauth_options options_of(struct storage *storage)
{
    bacm_oauth_options options = BACM_OAUTH_OPTIONS_INIT;

    options.platform = test_oauth_platform();
    options.client_id = "demo-native-app";
    options.refresh_token = "AGENCY-ADMIN-REFRESH";
    options.token_url = storage->simulator.token_url;
    options.ca_file = storage->simulator.ca_file;
    options.retry_delay_ms = 50;
    options.lock = lock;
    options.unlock = unlock;
    options.load = load;
    options.reserve = reserve;
    options.store = store;
    options.keep = keep;
    options.recall = recall;
    options.storage_user = storage;
    return options;
}

/* One call with credentials of its own, as another process would make it. */
static bacm_status call(struct storage *storage, const bacm_oauth_options *oauth, bacm_error *error)
{
    bacm_options options = BACM_OPTIONS_INIT_FOR(test_api());
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_user *user = NULL;
    bacm_status status = bacm_credentials_new_oauth(&credentials, "DEV-DEMO", oauth, error);

    options.endpoint = storage->simulator.url;
    options.ca_file = storage->simulator.ca_file;
    storage->steps[0] = '\0';
    if (status == BACM_OK)
        status = bacm_client_new(&client, &options, credentials, error);
    if (status == BACM_OK)
        status = bacm_get_user(&user, client, 0, error);
    bacm_user_free(user);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    return status;
}

static int setup(void **state)
{
    struct storage *storage = calloc(1, sizeof *storage);

    *state = storage;
    if (!storage)
        return -1;
    simulator_start(&storage->simulator,
                    (const char *const[]){"--plain-http", "--oauth-strict=family", NULL});
    return 0;
}

static int teardown(void **state)
{
    struct storage *storage = *state;

    simulator_stop(&storage->simulator);
    free(storage);
    return 0;
}

static void test_steps(void **state)
{
    struct storage *storage = *state;
    const bacm_oauth_options options = options_of(storage);
    bacm_error error;

    assert_status(call(storage, &options, &error), BACM_OK);
    assert_string_equal(storage->steps, "recall lock recall load reserve store keep unlock ");
    assert_int_equal(storage->calls_at_reserve, 0);
    assert_true(storage->renew_s > 3200 && storage->renew_s <= 3300);
    assert_true(storage->expires_s > 3500 && storage->expires_s <= 3600);
    assert_status(call(storage, &options, &error), BACM_OK);
    assert_string_equal(storage->steps, "recall ");
    storage->renew_s = 0;
    assert_status(call(storage, &options, &error), BACM_OK);
    assert_string_equal(storage->steps, "recall lock recall load reserve store keep unlock ");
    assert_int_equal(simulator_calls(&storage->simulator, "token"), 2);
}

static void test_kept_token_that_is_refused(void **state)
{
    struct storage *storage = *state;
    const bacm_oauth_options options = options_of(storage);
    bacm_error error;

    assert_status(call(storage, &options, &error), BACM_OK);
    simulator_control(&storage->simulator, "tokens", "{\"expireUser\":7001}");
    assert_status(call(storage, &options, &error), BACM_OK);
    assert_string_equal(storage->steps,
                        "recall recall lock recall load reserve store keep unlock ");
    assert_int_equal(simulator_calls(&storage->simulator, "token"), 2);
}

static void test_what_cannot_be_stored_is_not_spent(void **state)
{
    struct storage *storage = *state;
    const bacm_oauth_options options = options_of(storage);
    bacm_error error;

    storage->reserve_result = -1;
    assert_status(call(storage, &options, &error), BACM_E_TOKEN_STORE);
    assert_string_equal(storage->steps, "recall lock recall load reserve unlock ");
    assert_int_equal(simulator_calls(&storage->simulator, "token"), 0);
    assert_false(error.request_sent);
    storage->reserve_result = 0;
    assert_status(call(storage, &options, &error), BACM_OK);
}

static void test_lock_that_another_has(void **state)
{
    struct storage *storage = *state;
    const bacm_oauth_options options = options_of(storage);
    bacm_error error;

    storage->lock_result = 1;
    assert_status(call(storage, &options, &error), BACM_E_TIMEOUT);
    assert_int_equal(error.retry_class, BACM_RETRY_BACKOFF);
    assert_string_equal(storage->steps, "recall lock ");
    storage->lock_result = -1;
    assert_status(call(storage, &options, &error), BACM_E_TOKEN_STORE);
    assert_int_equal(simulator_calls(&storage->simulator, "token"), 0);
}

static void test_options_of_before(void **state)
{
    struct storage *storage = *state;
    bacm_oauth_options options = options_of(storage);
    bacm_error error;

    options.struct_size = offsetof(bacm_oauth_options, lock);
    assert_status(call(storage, &options, &error), BACM_OK);
    assert_string_equal(storage->steps, "load store ");
    options = options_of(storage);
    options.unlock = NULL;
    assert_status(call(storage, &options, &error), BACM_E_ARGUMENT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_steps),
        TEST(test_kept_token_that_is_refused),
        TEST(test_what_cannot_be_stored_is_not_spent),
        TEST(test_lock_that_another_has),
        TEST(test_options_of_before),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
