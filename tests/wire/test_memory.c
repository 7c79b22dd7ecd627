/*
 * Out of memory: each allocation of a call fails in turn, the engine's too.
 * Never a crash, never a leak, never a wrong answer. This program is linked with
 * the library as users have it, because only there the allocator is replaceable.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bacm/operation.h>

#include "support/certificates.h"
#include "support/failing_allocator.h"
#include "support/fixture.h"
#include "support/proxy.h"

#define CM  "https://bingads.microsoft.com/Customer/v11"
#define XSI "http://www.w3.org/2001/XMLSchema-instance"

static unsigned failures; /* rounds that came out otherwise, of one test */

/* --- scenarios: each returns its status, and checks its own success --- */

enum way {
    FAULT = 1, /* what the service answers */
    ROLE_CHECK = 2,
    TRACED = 4,
    TLS = 8,
    CONNECT_TO = 16, /* the endpoint's own port is none */
    PROXY = 32,
    CERTIFICATE = 64, /* of the client, with a passphrase; and revocation lists */
};

static const char passphrase[] = "open, sesame";

struct round {
    struct fixture *fixture;
    const char *endpoint;
    const char *connect_to;
    const bacm_network *network;
    bacm_client *client;
    bacm_error error;
    bool has_result; /* of a write */
};

typedef bacm_status scenario(struct round *round);

static bacm_status add(struct round *round)
{
    struct link_set set;
    bacm_link_results *results = NULL;
    bacm_status status;

    link_set_init(&set);
    status = bacm_links_add(&results, round->client, set.pointer, 3, &round->error);
    round->has_result = results != NULL;
    if (status == BACM_E_PARTIAL) {
        assert_int_equal(bacm_link_results_outcome(results, 0), BACM_OUTCOME_DONE);
        assert_int_equal(bacm_link_results_outcome(results, 1), BACM_OUTCOME_REFUSED);
        assert_int_equal(bacm_link_results_outcome(results, 2), BACM_OUTCOME_DONE);
        assert_int_equal(bacm_link_results_error(results, 1, 0)->code, 1410);
        assert_string_equal(bacm_link_results_error(results, 1, 0)->message, "text & more");
        assert_string_equal(bacm_link_results_tracking_id(results), TEST_TRACKING_ID);
    }
    for (size_t i = 0; status == BACM_E_NO_MEMORY && i < bacm_link_results_count(results); i++)
        assert_int_equal(bacm_link_results_outcome(results, i), BACM_OUTCOME_UNKNOWN);
    bacm_link_results_free(results);
    return status;
}

static bacm_link_search search_of_one_customer(void)
{
    bacm_link_search search = BACM_LINK_SEARCH_INIT;

    search.managing_customer_id = 2002002;
    search.order = BACM_ORDER_BY_NAME;
    return search;
}

static bacm_status search(struct round *round)
{
    const bacm_link_search wanted = search_of_one_customer();
    bacm_link_page *page = NULL;
    bacm_status status = bacm_links_search(&page, round->client, &wanted, 0, &round->error);

    assert_true((status == BACM_OK) == (page != NULL));
    if (page) {
        assert_int_equal(bacm_link_page_count(page), 2);
        assert_string_equal(bacm_link_page_get(page, 1)->note, "second");
        assert_int_equal(bacm_link_page_get(page, 1)->forward_compatibility_count, 1);
        assert_string_equal(bacm_link_page_get(page, 1)->forward_compatibility_map[0].value, "v");
    }
    bacm_link_page_free(page);
    return status;
}

static bacm_status iterate(struct round *round)
{
    const bacm_link_search wanted = search_of_one_customer();
    bacm_link_iterator *iterator = NULL;
    const bacm_client_link *link = NULL;
    size_t count = 0;
    bacm_status status = bacm_link_iterator_new(&iterator, round->client, &wanted, &round->error);

    while (status == BACM_OK) {
        status = bacm_link_iterator_next(iterator, &link, &round->error);
        if (status != BACM_OK || !link)
            break;
        count++;
    }
    if (status == BACM_OK)
        assert_int_equal(count, 2);
    bacm_link_iterator_free(iterator);
    return status;
}

static bacm_status update(struct round *round)
{
    const bacm_link_search wanted = search_of_one_customer();
    bacm_link_page *page = NULL;
    bacm_link_results *results = NULL;
    bacm_status status = bacm_links_search(&page, round->client, &wanted, 0, &round->error);

    if (status == BACM_OK) {
        const bacm_client_link *links[] = {bacm_link_page_get(page, 0),
                                           bacm_link_page_get(page, 1)};

        status = bacm_links_update_with_search(&results, round->client, links, 2, BACM_SIDE_AGENCY,
                                               BACM_STATUS_UNLINK_REQUESTED, &round->error);
    }
    bacm_link_page_free(page);
    if (status == BACM_OK)
        assert_int_equal(bacm_link_results_count(results), 2);
    for (size_t i = 0; results && i < 2; i++)
        assert_int_not_equal(bacm_link_results_outcome(results, i), BACM_OUTCOME_NOT_SENT);
    bacm_link_results_free(results);
    return status;
}

static bacm_status user(struct round *round)
{
    bacm_user *out = NULL;
    bacm_status status = bacm_get_user(&out, round->client, 0, &round->error);

    assert_true((status == BACM_OK) == (out != NULL));
    if (out) {
        assert_int_equal(out->role_count, 2);
        assert_int_equal(out->roles[1], 41);
        assert_true(out->is_super_admin);
    }
    bacm_user_free(out);
    return status;
}

static bacm_status xml(struct round *round)
{
    char request[] = "<GetUserRequest xmlns=\"" CM "\"><UserId>7</UserId></GetUserRequest>";
    char *out = NULL;
    bacm_status status;

    test_translate(request, sizeof request);
    status = bacm_operation_call_xml(&out, round->client, "GetUser", request, sizeof request - 1,
                                     &round->error);
    assert_true((status == BACM_OK) == (out != NULL));
    if (out)
        assert_non_null(strstr(out, "41"));
    bacm_text_free(out);
    return status;
}

static bacm_status preview(struct round *round)
{
    struct link_set set;
    char *out = NULL;
    bacm_status status;

    link_set_init(&set);
    status = bacm_links_add_preview(&out, round->client, set.pointer, 2, &round->error);
    assert_true((status == BACM_OK) == (out != NULL));
    if (out)
        assert_non_null(strstr(out, "</ent:ClientLink></cm:ClientLinks>"));
    bacm_text_free(out);
    return status;
}

/* The second call finds a kept connection and what the first one has left. */
static bacm_status twice(struct round *round)
{
    bacm_status status = user(round);

    return status == BACM_OK ? add(round) : status;
}

static bacm_status wait_for_links(struct round *round)
{
    bacm_watched_link links[] = {{.client_account_id = 1001001, .managing_customer_id = 2002002},
                                 {.client_account_id = 1001002, .managing_customer_id = 2002002}};
    bacm_status status = bacm_links_wait(links, COUNT(links), round->client, NULL, &round->error);

    for (size_t i = 0; status == BACM_OK && i < COUNT(links); i++)
        assert_int_equal(links[i].status, BACM_STATUS_ACTIVE);
    return status;
}

static const struct plan {
    const char *name;
    scenario *run;
    bacm_status good;
    unsigned ways;
} plans[] = {
    {"add", add, BACM_E_PARTIAL, 0},
    {"add, role check", add, BACM_E_PARTIAL, ROLE_CHECK},
    {"add, traced", add, BACM_E_PARTIAL, TRACED},
    {"add, TLS", add, BACM_E_PARTIAL, TRACED | TLS},
    {"add, another address", add, BACM_E_PARTIAL, TLS | CONNECT_TO},
    {"add, proxy", add, BACM_E_PARTIAL, TRACED | TLS | PROXY},
    {"add, certificate of the client", add, BACM_E_PARTIAL, TLS | CERTIFICATE},
    {"two calls, all of the network", twice, BACM_E_PARTIAL,
     TLS | CONNECT_TO | PROXY | CERTIFICATE},
    {"add, fault", add, BACM_E_REFUSED, FAULT | TRACED},
    {"search", search, BACM_OK, 0},
    {"search, fault", search, BACM_E_REFUSED, FAULT},
    {"all pages", iterate, BACM_OK, 0},
    {"update", update, BACM_OK, 0},
    {"user", user, BACM_OK, 0},
    {"XML", xml, BACM_OK, TRACED},
    {"preview", preview, BACM_OK, 0},
    {"two calls", twice, BACM_E_PARTIAL, 0},
    {"wait", wait_for_links, BACM_OK, 0},
};

/* --- replies --- */

static void fill_answers(struct fixture *f, struct answer *answers, bool is_fault)
{
    const char *fault =
        fault_reply(f, 500,
                    "<detail><ApiFault xmlns=\"" CM
                    "\"><TrackingId xmlns=\"https://adapi.microsoft.com\">" TEST_TRACKING_ID
                    "</TrackingId><OperationErrors xmlns=\"" CM "/Exception\"><OperationError>"
                    "<Code>3087</Code><Details>d</Details><Message>m</Message></OperationError>"
                    "</OperationErrors></ApiFault></detail>");
    const char *link = "<a:ClientLink><a:ClientAccountId>%d</a:ClientAccountId>"
                       "<a:ManagingCustomerId>2002002</a:ManagingCustomerId><a:Note>second</a:Note>"
                       "<a:Status>Active</a:Status><a:Timestamp>AA==</a:Timestamp>"
                       "<a:ForwardCompatibilityMap xmlns:k=\"http://schemas.datacontract.org/2004/"
                       "07/System.Collections.Generic\"><k:KeyValuePairOfstringstring><k:key>k"
                       "</k:key><k:value>v</k:value></k:KeyValuePairOfstringstring>"
                       "</a:ForwardCompatibilityMap></a:ClientLink>";
    const char *second = strstr(link, "</a:ClientAccountId>");

    answers[0] = (struct answer){
        "AddClientLinks",
        soap_reply(f, "<AddClientLinksResponse xmlns=\"" CM "\" xmlns:i=\"" XSI "\"><PartialErrors "
                      "xmlns:a=\"" CM "/Exception\"><a:ArrayOfOperationError i:nil=\"true\"/>"
                      "<a:ArrayOfOperationError><a:OperationError><a:Code>1410</a:Code><a:Message>"
                      "text &amp; more</a:Message></a:OperationError></a:ArrayOfOperationError>"
                      "<a:ArrayOfOperationError i:nil=\"true\"/></PartialErrors><Later>x</Later>"
                      "</AddClientLinksResponse>"),
        0};
    answers[1] = (struct answer){
        "SearchClientLinks",
        soap_reply(f, reply_format(f,
                                   "<SearchClientLinksResponse xmlns=\"" CM "\"><ClientLinks "
                                   "xmlns:a=\"" CM "/Entities\"><a:ClientLink><a:ClientAccountId>"
                                   "1001001%s<a:ClientLink><a:ClientAccountId>1001002%s"
                                   "</ClientLinks></SearchClientLinksResponse>",
                                   second, second)),
        0};
    answers[2] = (struct answer){
        "GetUser", user_reply(f, "Active", BACM_ROLE_STANDARD, BACM_ROLE_SUPER_ADMIN), 0};
    answers[3] = (struct answer){"UpdateClientLinks",
                                 soap_reply(f, "<UpdateClientLinksResponse xmlns=\"" CM "\"/>"), 0};
    for (int i = 0; is_fault && i < 4; i++)
        answers[i].reply = fault;
}

/* --- rounds --- */

static void drop_trace(bacm_trace_kind kind, const char *data, size_t size, void *data_user)
{
    (void)kind;
    (void)data;
    (void)size;
    (void)data_user;
}

static bacm_status play_round(struct round *round, const struct plan *plan)
{
    struct fixture *f = round->fixture;
    bacm_credentials *credentials = NULL;
    bacm_options options = f->options;
    bacm_status status;

    options.endpoint = round->endpoint;
    options.connect_to = round->connect_to;
    options.network = round->network;
    options.no_role_check = !(plan->ways & ROLE_CHECK);
    options.trace = plan->ways & TRACED ? drop_trace : NULL;
    memset(&round->error, 0, sizeof round->error);
    status = bacm_credentials_new_access_token(&credentials, f->developer_token, f->access_token,
                                               &round->error);
    if (status == BACM_OK)
        status = bacm_client_new(&round->client, &options, credentials, &round->error);
    if (status == BACM_OK)
        status = plan->run(round);
    bacm_client_free(round->client);
    round->client = NULL;
    bacm_credentials_release(credentials);
    return status;
}

/* The server takes one connection after the other: what came before is then counted. */
static void wait_for_server(const struct round *round)
{
    static const struct plan plan = {.run = user};
    struct round barrier = {
        .fixture = round->fixture, .endpoint = round->endpoint, .connect_to = round->connect_to};

    play_round(&barrier, &plan);
}

static void check_round(const struct round *round, const struct plan *plan, bacm_status status,
                        long k, bool fired, unsigned requests)
{
    if (status != plan->good && (!fired || status != BACM_E_NO_MEMORY))
        fail_msg("allocation %ld: %s (%s)", k, bacm_status_name(status), round->error.message);
    if (status == BACM_E_NO_MEMORY) {
        assert_status(round->error.status, status);
        assert_true(round->error.message[0] != '\0');
    }
    /* What the error says about the request is what the server has seen. */
    if (plan->run == add && !round->error.request_sent && status == BACM_E_NO_MEMORY) {
        assert_false(round->has_result);
        assert_between(requests, 0, plan->ways & ROLE_CHECK ? 1 : 0);
    }
    /* What has left has results, and may have been done. */
    if (plan->run == add && round->error.request_sent)
        assert_true(round->has_result);
}

static int give_passphrase(char *to, size_t size, void *user)
{
    (void)user;
    return snprintf(to, size, "%s", passphrase) < (int)size ? 0 : -1;
}

/* What a plan wants beside the client. */
struct scene {
    struct test_authority *authority;
    struct test_certificate *certificate;
    struct test_proxy proxy;
    bacm_network network;
};

static void set_certificates(struct scene *scene, struct fixture *f, const struct plan *plan)
{
    const struct certificate_plan good = {"localhost", "DNS:localhost", 0, 0, false, false};

    scene->authority = test_authority_new("Authority");
    scene->certificate = test_certificate_new(scene->authority, &good);
    f->script.certificate = scene->certificate;
    f->options.ca_file = test_authority_file(scene->authority);
    if (plan->ways & CERTIFICATE) {
        test_authority_add_crl(scene->authority, NULL);
        scene->network.crl_file = test_authority_file(scene->authority);
        scene->network.client_certificate_file =
            test_certificate_file(scene->certificate, passphrase);
        scene->network.passphrase = give_passphrase;
    }
}

static void set_addresses(struct scene *scene, struct round *round, const struct plan *plan)
{
    struct fixture *f = round->fixture;
    const int port = script_server_port(f->server);

    round->endpoint =
        reply_format(f, "%s:%d/", plan->ways & TLS ? "https://localhost" : "http://127.0.0.1",
                     plan->ways & CONNECT_TO ? 1 : port);
    if (plan->ways & CONNECT_TO)
        round->connect_to = reply_format(f, "127.0.0.1:%d", port);
    if (plan->ways & PROXY) {
        test_proxy_start(&scene->proxy, port);
        scene->network.proxy = scene->proxy.address;
        scene->network.proxy_user = "somebody";
        scene->network.proxy_password = "PROXY-SECRET";
    }
    round->network = &scene->network;
}

static void scene_end(struct scene *scene)
{
    test_proxy_stop(&scene->proxy);
    test_certificate_free(scene->certificate);
    test_authority_free(scene->authority);
}

/* Returns whether there was such an allocation. */
static bool fail_allocation(struct round *round, const struct plan *plan, long k)
{
    struct fixture *f = round->fixture;
    const unsigned requests = script_server_requests(f->server);
    bacm_status status;
    bool fired;

    failing_allocator_arm(k);
    status = play_round(round, plan);
    fired = failing_allocator_disarm();
    wait_for_server(round);
    check_round(round, plan, status, k, fired, script_server_requests(f->server) - requests - 1);
    failures += status != plan->good;
    return fired;
}

static void each_allocation_fails_in_turn(void **state)
{
    struct fixture *f = *state;
    const struct plan *plan = f->parameter;
    struct answer answers[5] = {{NULL, NULL, 0}};
    struct round round = {.fixture = f};
    struct scene scene = {.network = BACM_NETWORK_INIT};
    long k = 0;

    if (plan->ways & TLS)
        set_certificates(&scene, f, plan);
    fill_answers(f, answers, plan->ways & FAULT);
    PLAY(f, SERVE(answers));
    set_addresses(&scene, &round, plan);
    bacm_client_free(f->client);
    bacm_credentials_release(f->credentials);
    f->client = NULL;
    f->credentials = NULL;
    failures = 0;
    while (fail_allocation(&round, plan, k))
        k++;
    assert_true(failures > 10);
    print_message("# %s: %ld allocations, each failed once\n", plan->name, k);
    scene_end(&scene);
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
