/* Local refusals of the public calls: nothing needs a network. */
#include <stdlib.h>
#include <string.h>

#include <bacm/bacm.h>

#include "support/check.h"

static bacm_error error;

static bacm_credentials *credentials(const char *developer_token, const char *access_token)
{
    bacm_credentials *made = NULL;

    assert_status(bacm_credentials_new_access_token(&made, developer_token, access_token, &error),
                  BACM_OK);
    return made;
}

static bacm_client *client_with(bacm_credentials *given)
{
    bacm_options options = BACM_OPTIONS_INIT;
    bacm_client *client = NULL;

    options.endpoint = "http://127.0.0.1:1/"; /* nobody answers there */
    options.no_role_check = true;
    assert_status(bacm_client_new(&client, &options, given, &error), BACM_OK);
    return client;
}

static void secrets_are_checked(void **state)
{
    static const char *const bad[] = {"a\nb", "a\r", "\x7f", "\t", "\xff", "\xc3"};
    static char long_one[BACM_MAX_SECRET_BYTES + 2];
    bacm_credentials *made = NULL;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_status(bacm_credentials_new_access_token(&made, bad[i], "x", &error),
                      BACM_E_ARGUMENT);
        assert_status(bacm_credentials_new_access_token(&made, "x", bad[i], &error),
                      BACM_E_ARGUMENT);
        assert_status(bacm_credentials_new_password(&made, "x", bad[i], "x", &error),
                      BACM_E_ARGUMENT);
        assert_status(bacm_credentials_new_password(&made, "x", "x", bad[i], &error),
                      BACM_E_ARGUMENT);
        assert_null(made);
    }
    memset(long_one, 'x', BACM_MAX_SECRET_BYTES);
    bacm_credentials_release(credentials("x", long_one));
    long_one[BACM_MAX_SECRET_BYTES] = 'x';
    assert_status(bacm_credentials_new_access_token(&made, "x", long_one, &error), BACM_E_ARGUMENT);
    assert_null(strstr(error.message, "xxx"));
    assert_null(bacm_credentials_retain(NULL));
    bacm_credentials_release(NULL);
}

static int supply(bacm_token_answer *answer, bool refused, void *user)
{
    (void)refused;
    (void)user;
    return bacm_token_answer_set(answer, "x", 0);
}

static void credentials_need_a_place(void **state)
{
    bacm_credentials *made = (bacm_credentials *)1;

    (void)state;
    assert_status(bacm_credentials_new_access_token(NULL, "x", "x", &error), BACM_E_ARGUMENT);
    assert_string_equal(error.message, "out is NULL");
    assert_status(bacm_credentials_new_access_token(NULL, "x", "x", NULL), BACM_E_ARGUMENT);
    assert_status(bacm_credentials_new_password(NULL, "x", "x", "x", &error), BACM_E_ARGUMENT);
    assert_status(bacm_credentials_new_supplier(NULL, "x", supply, NULL, &error), BACM_E_ARGUMENT);
    assert_status(bacm_credentials_new_supplier(&made, "x", NULL, NULL, &error), BACM_E_ARGUMENT);
    assert_null(made);
}

static void missing_credentials(void **state)
{
    static const struct {
        const char *developer_token;
        const char *access_token;
        const char *words;
    } cases[] = {
        {NULL, "x", "developer token"},
        {"", "x", "developer token"},
        {"x", NULL, "access token"},
        {"x", "", "access token"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        bacm_credentials *given = credentials(cases[i].developer_token, cases[i].access_token);
        bacm_client *client = client_with(given);
        bacm_user *user = NULL;

        assert_status(bacm_get_user(&user, client, 0, &error), BACM_E_NO_CREDENTIALS);
        assert_non_null(strstr(error.message, cases[i].words));
        assert_false(error.request_sent);
        bacm_client_free(client);
        bacm_credentials_release(given);
    }
}

static void half_a_password(void **state)
{
    bacm_credentials *given = NULL;
    bacm_client *client;
    bacm_user *user = NULL;

    (void)state;
    assert_status(bacm_credentials_new_password(&given, "x", "user", NULL, &error), BACM_OK);
    client = client_with(given);
    assert_status(bacm_get_user(&user, client, 0, &error), BACM_E_NO_CREDENTIALS);
    assert_non_null(strstr(error.message, "together"));
    bacm_client_free(client);
    bacm_credentials_release(given);
}

#define REFUSED(change)                                                                            \
    do {                                                                                           \
        bacm_options options = BACM_OPTIONS_INIT;                                                  \
        bacm_client *client = (bacm_client *)1;                                                    \
        change;                                                                                    \
        assert_status(bacm_client_new(&client, &options, given, &error), BACM_E_ARGUMENT);         \
        assert_null(client);                                                                       \
        assert_true(error.message[0] != '\0');                                                     \
    } while (0)

static void options_are_checked(void **state)
{
    bacm_credentials *given = credentials("x", "x");
    char suffix[512];

    (void)state;
    assert_status(bacm_client_new(NULL, NULL, given, &error), BACM_E_ARGUMENT);
    memset(suffix, 'x', sizeof suffix - 1);
    suffix[sizeof suffix - 1] = '\0';
    REFUSED(options.struct_size = 0);
    REFUSED(options.struct_size = offsetof(bacm_options, write_idle_ms) - 1);
    REFUSED(options.connect_timeout_ms = 0);
    REFUSED(options.send_timeout_ms = 0);
    REFUSED(options.receive_timeout_ms = 0);
    REFUSED(options.call_timeout_ms = 0);
    REFUSED(options.call_timeout_ms = 86400001u);
    REFUSED(options.max_reply_bytes = 0);
    REFUSED(options.max_reply_depth = 0);
    REFUSED(options.environment = (bacm_environment)7);
    REFUSED(options.endpoint = "");
    REFUSED(options.endpoint = "https:///x");
    REFUSED(options.endpoint = "http://service.example/");
    REFUSED(options.connect_to = "host");
    REFUSED(options.user_agent_suffix = suffix);
    REFUSED(options.user_agent_suffix = "a\r\nX-Header: b");
    REFUSED(options.user_agent_suffix = "\xc3\xbc");
    REFUSED(options.ca_file = "/nonexistent");
    REFUSED(given = (bacm_credentials_release(given), NULL));
}

static void search_rules(void **state)
{
    static const int64_t ids[] = {1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011};
    static const int64_t low[] = {1001, 999};
    bacm_credentials *given = credentials("x", "x");
    bacm_client *client = client_with(given);
    bacm_link_page *page = NULL;
    bacm_link_iterator *iterator = NULL;

    (void)state;
#define SEARCH(change, wanted)                                                                     \
    do {                                                                                           \
        bacm_link_search search = BACM_LINK_SEARCH_INIT;                                           \
        search.client_account_ids = ids;                                                           \
        search.client_account_count = 1;                                                           \
        change;                                                                                    \
        assert_status(bacm_links_search(&page, client, &search, 0, &error), wanted);               \
        assert_null(page);                                                                         \
        if ((wanted) != BACM_E_CONNECT) {                                                          \
            assert_status(bacm_link_iterator_new(&iterator, client, &search, &error), wanted);     \
            assert_null(iterator);                                                                 \
        }                                                                                          \
    } while (0)
    SEARCH((void)search, BACM_E_CONNECT); /* nothing is wrong with it */
    SEARCH(search.client_account_count = 10, BACM_E_CONNECT);
    SEARCH(search.page_size = 1, BACM_E_CONNECT);
    SEARCH(search.managing_customer_id = 1000, BACM_E_CONNECT);
    SEARCH(search.client_account_count = 0, BACM_E_INVALID_SEARCH);
    SEARCH(search.client_account_count = 11, BACM_E_INVALID_SEARCH);
    SEARCH((search.client_account_ids = low, search.client_account_count = 2),
           BACM_E_INVALID_SEARCH);
    SEARCH(search.managing_customer_id = 999, BACM_E_INVALID_SEARCH);
    SEARCH(search.managing_customer_id = -5, BACM_E_INVALID_SEARCH);
    SEARCH(search.page_size = 0, BACM_E_INVALID_SEARCH);
    SEARCH(search.page_size = 1001, BACM_E_INVALID_SEARCH);
    SEARCH(search.order = (bacm_link_order)9, BACM_E_INVALID_SEARCH);
    SEARCH(search.client_account_ids = NULL, BACM_E_ARGUMENT);
    SEARCH(search.struct_size = 0, BACM_E_ARGUMENT);
#undef SEARCH
    assert_status(bacm_links_search(&page, client, NULL, 0, &error), BACM_E_ARGUMENT);
    assert_status(bacm_links_search(NULL, client, NULL, 0, &error), BACM_E_ARGUMENT);
    assert_status(bacm_links_search(&page, NULL, NULL, 0, NULL), BACM_E_ARGUMENT);
    bacm_client_free(client);
    bacm_credentials_release(given);
}

static void nothing_is_freed_without_harm(void **state)
{
    (void)state;
    bacm_client_free(NULL);
    bacm_user_free(NULL);
    bacm_link_page_free(NULL);
    bacm_link_iterator_free(NULL);
    bacm_link_results_free(NULL);
    bacm_text_free(NULL);
    assert_int_equal(bacm_link_results_count(NULL), 0);
    assert_int_equal(bacm_link_results_outcome(NULL, 0), BACM_OUTCOME_UNKNOWN);
    assert_null(bacm_link_results_error(NULL, 0, 0));
    assert_string_equal(bacm_link_results_tracking_id(NULL), "");
    assert_int_equal(bacm_link_page_count(NULL), 0);
    assert_null(bacm_link_page_get(NULL, 0));
    assert_true(bacm_link_page_is_last(NULL));
    assert_string_equal(bacm_link_page_tracking_id(NULL), "");
}

static void defaults(void **state)
{
    bacm_credentials *given = credentials("x", "x");
    bacm_client *client = NULL;

    (void)state;
    assert_status(bacm_client_new(&client, NULL, given, NULL), BACM_OK);
    assert_string_equal(bacm_client_version(client), "v11");
    assert_string_equal(bacm_client_tracking_id(client), "");
    bacm_client_free(client);
    bacm_credentials_release(given);
    assert_string_equal(bacm_version(), BACM_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_checked),           cmocka_unit_test(credentials_need_a_place),
        cmocka_unit_test(missing_credentials),           cmocka_unit_test(half_a_password),
        cmocka_unit_test(options_are_checked),           cmocka_unit_test(search_rules),
        cmocka_unit_test(nothing_is_freed_without_harm), cmocka_unit_test(defaults),
    };

    return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
