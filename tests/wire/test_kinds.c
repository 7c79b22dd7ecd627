/*
 * Links of accounts and of customers in v13, as they go over the wire; and clients of
 * two versions side by side.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <bacm/oauth.h>
#include <bacm/operation.h>

#include "support/fixture.h"

#define CM "https://bingads.microsoft.com/Customer/v13"

static const char *reply_of_user(struct fixture *f, int role)
{
    return user_reply(f, "Active", BACM_ROLE_VIEWER, role);
}

static void two_kinds(bacm_client_link links[2], const bacm_client_link *pointers[2])
{
    for (int i = 0; i < 2; i++) {
        links[i] = (bacm_client_link)BACM_CLIENT_LINK_INIT;
        links[i].managing_customer_id = 2002002;
        pointers[i] = &links[i];
    }
    links[0].type = BACM_ACCOUNT_LINK;
    links[0].client_account_id = 1001001;
    links[0].is_bill_to_client = BACM_FALSE;
    links[1].type = BACM_CUSTOMER_LINK;
    links[1].client_customer_id = 3003003;
    links[1].customer_link_permission = "Standard";
}

static void both_kinds_in_one_call(void **state)
{
    static const char wanted[] =
        "<ent:ClientLink><ent:Type>AccountLink</ent:Type>"
        "<ent:ClientEntityId>1001001</ent:ClientEntityId>"
        "<ent:ManagingCustomerId>2002002</ent:ManagingCustomerId>"
        "<ent:IsBillToClient>false</ent:IsBillToClient></ent:ClientLink>"
        "<ent:ClientLink><ent:Type>CustomerLink</ent:Type>"
        "<ent:ClientEntityId>3003003</ent:ClientEntityId>"
        "<ent:ManagingCustomerId>2002002</ent:ManagingCustomerId>"
        "<ent:CustomerLinkPermission>Standard</ent:CustomerLinkPermission></ent:ClientLink>"
        "</cm:ClientLinks>";
    struct fixture *f = *state;
    bacm_client_link links[2];
    const bacm_client_link *pointers[2];
    bacm_link_results *results = NULL;

    two_kinds(links, pointers);
    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(bacm_links_add(&results, f->client, pointers, 2, &f->error), BACM_OK);
    assert_non_null(strstr(script_server_request(f->server, 0).body, wanted));
    bacm_link_results_free(results);
}

/* The second identity of each, where the contract has it. */
static void two_identities(void **state)
{
    static const char account[] =
        "<ent:ClientEntityCustomerNumber>C3001001</ent:ClientEntityCustomerNumber>";
    static const char customer[] = "<ent:ClientEntityId>3003003</ent:ClientEntityId>"
                                   "<ent:ClientEntityNumber>C3003003</ent:ClientEntityNumber>";
    struct fixture *f = *state;
    bacm_client_link links[2];
    const bacm_client_link *pointers[2];
    bacm_link_results *results = NULL;
    const char *body;

    two_kinds(links, pointers);
    links[0].client_entity_customer_number = "C3001001";
    links[1].client_customer_number = "C3003003";
    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(bacm_links_add(&results, f->client, pointers, 2, &f->error), BACM_OK);
    body = script_server_request(f->server, 0).body;
    assert_non_null(strstr(body, account));
    assert_non_null(strstr(body, customer));
    bacm_link_results_free(results);
}

/* One GetUser tells for both kinds. */
static void role_of_each_kind(void **state)
{
    struct fixture *f = *state;
    bacm_client_link links[2];
    const bacm_client_link *pointers[2];
    bacm_link_results *results = NULL;
    bacm_link_search search = BACM_LINK_SEARCH_INIT;
    const int64_t customer = 3003003;
    bacm_link_page *page = NULL;

    two_kinds(links, pointers);
    f->options.no_role_check = false;
    PLAY(f, READ, SEND(reply_of_user(f, BACM_ROLE_STANDARD)), READ, SEND(added_reply(f)), READ,
         SEND(reply_of_user(f, BACM_ROLE_STANDARD)), READ,
         SEND(reply_of_user(f, BACM_ROLE_SUPER_ADMIN)), READ, SEND(added_reply(f)), READ,
         SEND(soap_reply(f, "<SearchClientLinksResponse xmlns=\"" CM "\"/>")));
    assert_status(bacm_links_add(&results, f->client, pointers, 1, &f->error), BACM_OK);
    bacm_link_results_free(results);
    assert_int_equal(script_server_requests(f->server), 2);
    assert_status(bacm_links_add(&results, f->client, pointers, 2, &f->error),
                  BACM_E_NOT_SUPER_ADMIN);
    assert_null(results);
    assert_non_null(strstr(f->error.message, "customers"));
    assert_int_equal(script_server_requests(f->server), 3);
    assert_status(bacm_links_add(&results, f->client, pointers, 2, &f->error), BACM_OK);
    bacm_link_results_free(results);
    search.client_customer_ids = &customer;
    search.client_customer_count = 1;
    assert_status(bacm_links_search(&page, f->client, &search, 0, &f->error), BACM_OK);
    bacm_link_page_free(page);
    assert_int_equal(script_server_requests(f->server), 6);
}

static void standard_users_do_not_search_customers(void **state)
{
    struct fixture *f = *state;
    bacm_link_search search = BACM_LINK_SEARCH_INIT;
    const int64_t customer = 3003003;
    bacm_link_page *page = NULL;

    f->options.no_role_check = false;
    PLAY(f, READ, SEND(reply_of_user(f, BACM_ROLE_STANDARD)));
    search.client_customer_ids = &customer;
    search.client_customer_count = 1;
    assert_status(bacm_links_search(&page, f->client, &search, 0, &f->error),
                  BACM_E_NOT_SUPER_ADMIN);
    assert_null(page);
    assert_int_equal(script_server_requests(f->server), 1);
}

/* --- searches --- */

static void predicates(void **state)
{
    static const int64_t ids[] = {3003003, 3003004};
    struct fixture *f = *state;
    const struct answer answers[] = {
        {"SearchClientLinks", soap_reply(f, "<SearchClientLinksResponse xmlns=\"" CM "\"/>"), 0},
        {NULL, NULL, 0}};
    bacm_link_search search = BACM_LINK_SEARCH_INIT;
    bacm_link_page *page = NULL;

    PLAY(f, SERVE(answers));
    search.client_customer_ids = ids;
    search.client_customer_count = 2;
    search.direct_managing_customer_id = 2002002;
    assert_status(bacm_links_search(&page, f->client, &search, 0, &f->error), BACM_OK);
    bacm_link_page_free(page);
    assert_non_null(strstr(
        script_server_request(f->server, 0).body,
        "<cm:Predicates><ent:Predicate><ent:Field>ClientCustomerId</ent:Field><ent:Operator>In"
        "</ent:Operator><ent:Value>3003003,3003004</ent:Value></ent:Predicate><ent:Predicate>"
        "<ent:Field>DirectManagingCustomerId</ent:Field><ent:Operator>Equals</ent:Operator>"
        "<ent:Value>2002002</ent:Value></ent:Predicate></cm:Predicates>"));
}

static void predicates_that_are_refused(void **state)
{
    static const int64_t ids[] = {3003003, 7, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    struct fixture *f = *state;
    bacm_link_search search = BACM_LINK_SEARCH_INIT;
    bacm_link_page *page = NULL;

#define SEARCH() bacm_links_search(&page, f->client, &search, 0, &f->error)
    PLAY(f, READ);
    assert_status(SEARCH(), BACM_E_INVALID_SEARCH);
    search.client_customer_ids = ids;
    search.client_customer_count = 2;
    assert_status(SEARCH(), BACM_E_INVALID_SEARCH); /* 7 */
    search.client_customer_count = 11;
    assert_status(SEARCH(), BACM_E_INVALID_SEARCH);
    search.client_customer_ids = NULL;
    search.client_customer_count = 1;
    assert_status(SEARCH(), BACM_E_ARGUMENT);
    search.client_customer_ids = ids;
    search.client_account_ids = ids;
    search.client_account_count = 1;
    assert_status(SEARCH(), BACM_E_INVALID_SEARCH);
    search.client_account_count = 0;
    search.managing_customer_id = 2002002;
    search.direct_managing_customer_id = 2002002;
    assert_status(SEARCH(), BACM_E_INVALID_SEARCH);
    search.managing_customer_id = 0;
    search.direct_managing_customer_id = 999;
    assert_status(SEARCH(), BACM_E_INVALID_SEARCH);
    assert_null(page);
    assert_int_equal(script_server_connections(f->server), 0);
    fixture_stop(f);
    f->options.api = bacm_api_v11;
    PLAY(f, READ);
    assert_status(SEARCH(), BACM_E_UNSUPPORTED_FIELD);
    assert_string_equal(f->error.field, "ClientCustomerId");
    search.client_customer_count = 0;
    assert_status(SEARCH(), BACM_E_UNSUPPORTED_FIELD);
    assert_string_equal(f->error.field, "DirectManagingCustomerId");
    assert_int_equal(script_server_connections(f->server), 0);
}

#define LINK(type, id, status)                                                                     \
    "<a:ClientLink>" type "<a:ClientEntityId>" id "</a:ClientEntityId><a:ManagingCustomerId>"      \
    "2002002</a:ManagingCustomerId><a:Status>" status "</a:Status></a:ClientLink>"
#define RESPONSE_OF(links)                                                                         \
    "<SearchClientLinksResponse xmlns=\"" CM "\"><ClientLinks xmlns:a=\"" CM "/Entities\">" links  \
    "</ClientLinks></SearchClientLinksResponse>"
#define ACCOUNT  "<a:Type>AccountLink</a:Type>"
#define CUSTOMER "<a:Type>CustomerLink</a:Type>"

static void whose_id_it_is(void **state)
{
    struct fixture *f = *state;
    bacm_link_search search = BACM_LINK_SEARCH_INIT;
    const bacm_client_link *link;
    bacm_link_page *page = NULL;

    search.managing_customer_id = 2002002;
    PLAY(f, READ,
         SEND(soap_reply(f, RESPONSE_OF(LINK(ACCOUNT, "5005005", "Active") LINK(
                                CUSTOMER, "5005005", "LinkPending") LINK("", "1001002", "Active")
                                            LINK("<a:Type>GalaxyLink</a:Type>", "6", "Active")))));
    assert_status(bacm_links_search(&page, f->client, &search, 0, &f->error), BACM_OK);
    assert_int_equal(bacm_link_page_count(page), 4);
    link = bacm_link_page_get(page, 0);
    assert_int_equal(link->type, BACM_ACCOUNT_LINK);
    assert_int_equal(link->client_account_id, 5005005);
    assert_int_equal(link->client_customer_id, 0);
    link = bacm_link_page_get(page, 1);
    assert_int_equal(link->type, BACM_CUSTOMER_LINK);
    assert_int_equal(link->client_account_id, 0);
    assert_int_equal(link->client_customer_id, 5005005);
    link = bacm_link_page_get(page, 2);
    assert_int_equal(link->type, BACM_LINK_TYPE_ABSENT);
    assert_int_equal(link->client_account_id, 1001002);
    link = bacm_link_page_get(page, 3);
    assert_int_equal(link->type, BACM_LINK_TYPE_UNKNOWN);
    assert_string_equal(link->type_text, "GalaxyLink");
    assert_int_equal(link->client_account_id, 0);
    assert_int_equal(link->client_customer_id, 0);
    bacm_link_page_free(page);
}

/* An account and a customer of one id: each is asked for and answered by its kind. */
static void blocking_links_of_both_kinds(void **state)
{
    struct fixture *f = *state;
    bacm_client_link links[2];
    const bacm_client_link *pointers[2];
    bacm_link_status blocking[2];

    two_kinds(links, pointers);
    links[0].client_account_id = links[1].client_customer_id = 5005005;
    PLAY(f, READ, SEND(soap_reply(f, RESPONSE_OF(LINK(ACCOUNT, "5005005", "LinkExpired")))), READ,
         SEND(soap_reply(f, RESPONSE_OF(LINK(CUSTOMER, "5005006", "Active")
                                            LINK(CUSTOMER, "5005005", "LinkPending")))));
    assert_status(bacm_links_find_blocking(blocking, f->client, pointers, 2, &f->error), BACM_OK);
    assert_int_equal(blocking[0], BACM_LINK_STATUS_ABSENT);
    assert_int_equal(blocking[1], BACM_STATUS_LINK_PENDING);
    assert_non_null(strstr(script_server_request(f->server, 0).body, ">ClientAccountId<"));
    assert_null(strstr(script_server_request(f->server, 0).body, ">ClientCustomerId<"));
    assert_non_null(strstr(script_server_request(f->server, 1).body, ">ClientCustomerId<"));
    links[1].client_customer_id = 0;
    links[1].client_customer_number = "C1";
    assert_status(bacm_links_find_blocking(blocking, f->client, pointers, 2, &f->error),
                  BACM_E_INVALID_SEARCH);
    assert_int_equal(f->error.link_index, 1);
}

static void waiting_for_both_kinds(void **state)
{
    struct fixture *f = *state;
    bacm_watched_link links[2] = {{.client_account_id = 5005005, .managing_customer_id = 2002002},
                                  {.client_customer_id = 5005005, .managing_customer_id = 2002002}};

    PLAY(f, READ, SEND(soap_reply(f, RESPONSE_OF(LINK(ACCOUNT, "5005005", "Active")))), READ,
         SEND(soap_reply(f, RESPONSE_OF(LINK(CUSTOMER, "5005005", "LinkDeclined")))));
    assert_status(bacm_links_wait(links, 2, f->client, NULL, &f->error), BACM_OK);
    assert_int_equal(links[0].status, BACM_STATUS_ACTIVE);
    assert_true(links[0].reached);
    assert_int_equal(links[1].status, BACM_STATUS_LINK_DECLINED);
    assert_false(links[1].reached);
    links[0].client_customer_id = 5005005;
    assert_status(bacm_links_wait(links, 2, f->client, NULL, &f->error), BACM_E_ARGUMENT);
    assert_int_equal(f->error.link_index, 0);
}

/* --- who the caller is --- */

static void roles_of_customers(void **state)
{
    struct fixture *f = *state;
    bacm_user *user = NULL;

    PLAY(f, READ, SEND(user_reply(f, "Active", BACM_ROLE_SUPER_ADMIN, BACM_ROLE_STANDARD)));
    assert_status(bacm_get_user(&user, f->client, 0, &f->error), BACM_OK);
    assert_int_equal(user->customer_role_count, 2);
    assert_int_equal(user->customer_roles[0].role, BACM_ROLE_SUPER_ADMIN);
    assert_int_equal(user->customer_roles[0].customer_id, 2002002);
    assert_int_equal(user->customer_roles[0].account_count, 1);
    assert_int_equal(user->customer_roles[0].account_ids[0], 1);
    assert_int_equal(user->customer_roles[0].linked_account_count, 0);
    assert_string_equal(user->customer_roles[0].customer_link_permission, "");
    assert_int_equal(user->customer_roles[1].role, BACM_ROLE_STANDARD);
    assert_int_equal(user->customer_roles[1].linked_account_count, 1);
    assert_int_equal(user->customer_roles[1].linked_account_ids[0], 2);
    assert_string_equal(user->customer_roles[1].customer_link_permission, "Standard");
    assert_int_equal(user->role_count, 2);
    assert_int_equal(user->customer_count, 2);
    assert_int_equal(user->customer_ids[1], 2002003);
    assert_int_equal(user->account_count, 1);
    assert_true(user->is_super_admin);
    bacm_user_free(user);
}

static void tokens_of_live_are_refused(void **state)
{
    struct fixture *f = *state;
    bacm_oauth_options oauth = BACM_OAUTH_OPTIONS_INIT;
    bacm_options options = BACM_OPTIONS_INIT_FOR(bacm_api_v13);
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;

    oauth.client_id = "id";
    oauth.refresh_token = "M.R3_refresh";
    oauth.platform = BACM_OAUTH_LIVE;
    options.ca_file = fixture_ca_file();
    assert_status(bacm_credentials_new_oauth(&credentials, TEST_DEVELOPER_TOKEN, &oauth, &f->error),
                  BACM_OK);
    assert_status(bacm_client_new(&client, &options, credentials, &f->error), BACM_E_ARGUMENT);
    assert_non_null(strstr(f->error.message, "login.live.com"));
    options.api = bacm_api_v11;
    assert_status(bacm_client_new(&client, &options, credentials, &f->error), BACM_OK);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    oauth.platform = BACM_OAUTH_IDENTITY;
    options.api = bacm_api_v13;
    assert_status(bacm_credentials_new_oauth(&credentials, TEST_DEVELOPER_TOKEN, &oauth, &f->error),
                  BACM_OK);
    assert_status(bacm_client_new(&client, &options, credentials, &f->error), BACM_OK);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
}

/* --- two versions in one process --- */

enum { CALLS = 50 };

struct speaker {
    struct fixture *fixture;
    bacm_client *client;
    unsigned bad;
};

static void *speak(void *argument)
{
    struct speaker *speaker = argument;
    struct link_set set;

    link_set_init(&set);
    for (int i = 0; i < CALLS; i++) {
        bacm_link_results *results = NULL;
        bacm_status status = bacm_links_add(&results, speaker->client, set.pointer, 2, NULL);

        if (status != BACM_E_PARTIAL ||
            bacm_link_results_outcome(results, 0) != BACM_OUTCOME_DONE ||
            bacm_link_results_outcome(results, 1) != BACM_OUTCOME_REFUSED)
            speaker->bad++;
        bacm_link_results_free(results);
    }
    return NULL;
}

static const char *mixed_reply(struct fixture *f, const char *version)
{
    return soap_reply(
        f,
        reply_format(f,
                     "<AddClientLinksResponse xmlns=\"https://bingads.microsoft.com/Customer/%s\">"
                     "<PartialErrors xmlns:a=\"https://bingads.microsoft.com/Customer/%s/"
                     "Exception\"><a:ArrayOfOperationError/><a:ArrayOfOperationError>"
                     "<a:OperationError><a:Code>1410</a:Code></a:OperationError>"
                     "</a:ArrayOfOperationError></PartialErrors></AddClientLinksResponse>",
                     version, version));
}

/* Each fixture has a server of its own, which answers in its version only. */
static void both_versions_at_once(void **state)
{
    struct fixture *f = *state;
    struct answer answers[2][2] = {{{"AddClientLinks", mixed_reply(f, "v13"), 0}, {NULL, NULL, 0}},
                                   {{"AddClientLinks", mixed_reply(f, "v11"), 0}, {NULL, NULL, 0}}};
    struct speaker speakers[2];
    pthread_t threads[2];
    struct fixture *other;
    void *other_state = NULL;

    assert_int_equal(fixture_setup(&other_state), 0);
    other = other_state;
    PLAY(f, SERVE(answers[0]));
    assert_int_equal(setenv("TEST_API", "v11", 1), 0); /* of the other's server and client */
    other->options.api = bacm_api_v11;
    PLAY(other, SERVE(answers[1]));
    assert_int_equal(setenv("TEST_API", "v13", 1), 0);
    speakers[0] = (struct speaker){f, f->client, 0};
    speakers[1] = (struct speaker){other, other->client, 0};
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, speak, &speakers[i]), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(speakers[0].bad, 0);
    assert_int_equal(speakers[1].bad, 0);
    assert_string_equal(bacm_client_version(f->client), "v13");
    assert_string_equal(bacm_client_version(other->client), "v11");
    assert_int_equal(script_server_requests(f->server), CALLS);
    assert_non_null(strstr(script_server_request(f->server, CALLS - 1).body,
                           "<ent:ClientEntityId>1001002</ent:ClientEntityId>"));
    assert_non_null(strstr(script_server_request(other->server, CALLS - 1).body,
                           "<ent:ClientAccountId>1001002</ent:ClientAccountId>"));
    assert_null(strstr(script_server_request(f->server, CALLS - 1).body, "v11"));
    assert_null(strstr(script_server_request(other->server, CALLS - 1).body, "v13"));
    fixture_teardown(&other_state);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_kinds_in_one_call),
        TEST(two_identities),
        TEST(role_of_each_kind),
        TEST(standard_users_do_not_search_customers),
        TEST(predicates),
        TEST(predicates_that_are_refused),
        TEST(whose_id_it_is),
        TEST(blocking_links_of_both_kinds),
        TEST(waiting_for_both_kinds),
        TEST(roles_of_customers),
        TEST(tokens_of_live_are_refused),
        TEST(both_versions_at_once),
    };

    assert_int_equal(setenv("TEST_API", "v13", 1), 0);
    return cmocka_run_group_tests_name("kinds of links", tests, NULL, NULL);
}
