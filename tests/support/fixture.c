#include "support/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/ssl.h>

#include "support/certificates.h"

#define CM "https://bingads.microsoft.com/Customer/v11"

struct reply_pool {
    struct reply_pool *next;
    char *text;
};

int fixture_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    assert_non_null(fixture);
    fixture->options = (bacm_options)BACM_OPTIONS_INIT_FOR(test_api());
    fixture->options.connect_timeout_ms = 2 * FIXTURE_LONG_MS;
    fixture->options.send_timeout_ms = 2 * FIXTURE_LONG_MS;
    fixture->options.receive_timeout_ms = 2 * FIXTURE_LONG_MS;
    fixture->options.call_timeout_ms = 4 * FIXTURE_LONG_MS;
    fixture->options.no_role_check = true;
    fixture->developer_token = TEST_DEVELOPER_TOKEN;
    fixture->access_token = TEST_ACCESS_TOKEN;
    fixture->parameter = *state;
    *state = fixture;
    return 0;
}

void fixture_stop(struct fixture *fixture)
{
    bacm_client_free(fixture->client);
    bacm_credentials_release(fixture->credentials);
    script_server_stop(fixture->server);
    fixture->client = NULL;
    fixture->credentials = NULL;
    fixture->server = NULL;
}

int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;

    fixture_stop(fixture);
    while (fixture->pool) {
        struct reply_pool *next = fixture->pool->next;

        free(fixture->pool->text);
        free(fixture->pool);
        fixture->pool = next;
    }
    free(fixture->trace);
    free(fixture);
    return 0;
}

/* Reading the system's authorities takes longer than most tests. */
static struct test_authority *one_authority;

static void free_one_authority(void)
{
    test_authority_free(one_authority);
}

const char *fixture_ca_file(void)
{
    if (!one_authority) {
        one_authority = test_authority_new("Nobody");
        atexit(free_one_authority);
    }
    return test_authority_file(one_authority);
}

void fixture_start(struct fixture *fixture, const struct step *steps, size_t count)
{
    bool tls = fixture->script.certificate != NULL;
    const char *host = fixture->host          ? fixture->host
                       : tls                  ? "localhost"
                       : fixture->script.ipv6 ? "[::1]"
                                              : "127.0.0.1";
    char endpoint[256];

    fixture->script.steps = steps;
    fixture->script.count = count;
    fixture->server = script_server_start(&fixture->script);
    snprintf(endpoint, sizeof endpoint, "%s://%s:%d/Api/CustomerManagementService.svc",
             tls ? "https" : "http", host, script_server_port(fixture->server));
    assert_status(bacm_credentials_new_access_token(&fixture->credentials, fixture->developer_token,
                                                    fixture->access_token, &fixture->error),
                  BACM_OK);
    fixture->options.endpoint = endpoint;
    if (!fixture->options.ca_file)
        fixture->options.ca_file = fixture_ca_file();
    assert_status(
        bacm_client_new(&fixture->client, &fixture->options, fixture->credentials, &fixture->error),
        BACM_OK);
    fixture->options.endpoint = NULL;
}

static void collect(bacm_trace_kind kind, const char *data, size_t size, void *user)
{
    struct fixture *fixture = user;
    char *longer = realloc(fixture->trace, fixture->trace_size + size + 2);

    (void)kind;
    assert_non_null(longer);
    memcpy(longer + fixture->trace_size, data, size);
    fixture->trace = longer;
    fixture->trace_size += size;
    longer[fixture->trace_size++] = '\n';
    longer[fixture->trace_size] = '\0';
}

void fixture_trace(struct fixture *fixture)
{
    fixture->options.trace = collect;
    fixture->options.trace_user = fixture;
}

/* --- replies --- */

static const char *keep(struct fixture *fixture, char *text)
{
    struct reply_pool *kept = malloc(sizeof *kept);

    assert_non_null(text);
    assert_non_null(kept);
    *kept = (struct reply_pool){fixture->pool, text};
    fixture->pool = kept;
    return text;
}

const char *reply_format(struct fixture *fixture, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    int length;

    va_start(arguments, format);
    length = vasprintf(&text, format, arguments);
    va_end(arguments);
    assert_true(length >= 0);
    return keep(fixture, text);
}

const char *http_reply(struct fixture *fixture, int status, const char *type, const char *body)
{
    return reply_format(fixture,
                        "HTTP/1.1 %d Whatever\r\nServer: Microsoft-IIS/8.5\r\n"
                        "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
                        status, type ? type : "text/xml; charset=utf-8", strlen(body), body);
}

const char *soap_envelope(struct fixture *fixture, const char *body)
{
    return reply_format(
        fixture,
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header>"
        "<h:TrackingId xmlns:h=\"" CM "\">" TEST_TRACKING_ID "</h:TrackingId></s:Header>"
        "<s:Body>%s</s:Body></s:Envelope>",
        body);
}

const char *soap_reply(struct fixture *fixture, const char *body)
{
    return http_reply(fixture, 200, NULL, soap_envelope(fixture, body));
}

static void put_found(FILE *out, const struct found_link *link, const char *modified)
{
    fprintf(out,
            "<a:ClientLink><a:ClientAccountId>%ld</a:ClientAccountId><a:ManagingCustomerId>%ld"
            "</a:ManagingCustomerId><a:ManagingCustomerNumber>C%ld</a:ManagingCustomerNumber>"
            "<a:Status>%s</a:Status>",
            link->account, link->manager, link->manager, link->status);
    if (modified)
        fprintf(out, "<a:LastModifiedDateTime>%s</a:LastModifiedDateTime>", modified);
    if (link->timestamp)
        fprintf(out, "<a:Timestamp>%s</a:Timestamp>", link->timestamp);
    fputs("</a:ClientLink>", out);
}

const char *found_reply(struct fixture *fixture, const struct found_link *links, size_t count)
{
    return found_when_reply(fixture, links, NULL, count);
}

const char *found_when_reply(struct fixture *fixture, const struct found_link *links,
                             const char *const *modified, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    fputs("<SearchClientLinksResponse xmlns=\"" CM "\"><ClientLinks xmlns:a=\"" CM "/Entities\">",
          out);
    for (size_t i = 0; i < count; i++)
        put_found(out, &links[i], modified ? modified[i] : NULL);
    fputs("</ClientLinks></SearchClientLinksResponse>", out);
    fclose(out);
    return soap_reply(fixture, keep(fixture, text));
}

const char *fault_reply(struct fixture *fixture, int status, const char *detail)
{
    const char *body =
        reply_format(fixture,
                     "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
                     "<s:Fault><faultcode>s:Server</faultcode><faultstring xml:lang=\"en-US\">"
                     "Invalid client data. Check the SOAP fault details for more information."
                     "</faultstring>%s</s:Fault></s:Body></s:Envelope>",
                     detail);

    return http_reply(fixture, status, NULL, body);
}

const char *data_text(struct fixture *fixture, const char *name)
{
    char path[1024];
    char *text = NULL;
    size_t size = 0;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", TEST_DATA, name);
    file = fopen(path, "rb");
    if (!file)
        fail_msg("%s cannot be opened", path);
    assert_true(getdelim(&text, &size, '\0', file) > 0);
    fclose(file);
    return keep(fixture, text);
}

const char *in_version(struct fixture *fixture, const char *text)
{
    return keep(fixture, test_translated_tags(text));
}

#define ARR "http://schemas.microsoft.com/2003/10/Serialization/Arrays"

const char *user_reply(struct fixture *fixture, const char *life_cycle, int role, int other_role)
{
    static const char v11[] =
        "<Roles xmlns:b=\"" ARR "\"><b:int>%d</b:int><b:int>%d</b:int></Roles>";
    static const char v13[] =
        "<CustomerRoles xmlns:a=\"" CM "/Entities\">"
        "<a:CustomerRole><a:RoleId>%d</a:RoleId><a:CustomerId>2002002</a:CustomerId>"
        "<a:AccountIds xmlns:b=\"" ARR "\"><b:long>1</b:long></a:AccountIds></a:CustomerRole>"
        "<a:CustomerRole><a:RoleId>%d</a:RoleId><a:CustomerId>2002003</a:CustomerId>"
        "<a:LinkedAccountIds xmlns:b=\"" ARR "\"><b:long>2</b:long></a:LinkedAccountIds>"
        "<a:CustomerLinkPermission>Standard</a:CustomerLinkPermission></a:CustomerRole>"
        "</CustomerRoles>";
    const char *roles = test_is_v13() ? reply_format(fixture, v13, role, other_role)
                                      : reply_format(fixture, v11, role, other_role);

    return soap_reply(
        fixture, reply_format(fixture,
                              "<GetUserResponse xmlns=\"" CM "\"><User xmlns:a=\"" CM "/Entities\">"
                              "<a:CustomerId>2002002</a:CustomerId><a:Id>7</a:Id>"
                              "<a:UserLifeCycleStatus>%s</a:UserLifeCycleStatus>"
                              "<a:UserName>admin</a:UserName></User>%s</GetUserResponse>",
                              life_cycle, roles));
}

const char *added_reply(struct fixture *fixture)
{
    return soap_reply(fixture, "<AddClientLinksResponse xmlns=\"" CM
                               "\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">"
                               "<OperationErrors i:nil=\"true\"/><PartialErrors i:nil=\"true\"/>"
                               "</AddClientLinksResponse>");
}

/* --- calls --- */

void link_set_init(struct link_set *set)
{
    for (size_t i = 0; i < MAX_TEST_LINKS; i++) {
        set->link[i] = (bacm_client_link)BACM_CLIENT_LINK_INIT;
        set->link[i].client_account_id = 1001001 + (int64_t)i;
        set->link[i].managing_customer_id = 2002002;
        set->link[i].name = "Spring";
        if (test_is_v13())
            set->link[i].is_bill_to_client = BACM_FALSE; /* which it wants to be told */
        set->pointer[i] = &set->link[i];
    }
}

bacm_status add_links(struct fixture *fixture, bacm_link_results **out, size_t n)
{
    struct link_set set;

    link_set_init(&set);
    return bacm_links_add(out, fixture->client, set.pointer, n, &fixture->error);
}

bacm_status add_one(struct fixture *fixture)
{
    bacm_link_results *results = NULL;
    bacm_status status = add_links(fixture, &results, 1);

    check_result(fixture, status, results, 1);
    bacm_link_results_free(results);
    return status;
}

bacm_status get_user(struct fixture *fixture)
{
    bacm_user *user = NULL;
    bacm_status status = bacm_get_user(&user, fixture->client, 0, &fixture->error);

    assert_true((status == BACM_OK) == (user != NULL));
    bacm_user_free(user);
    return status;
}

static size_t count_outcome(const bacm_link_results *results, bacm_link_outcome outcome)
{
    size_t count = 0;

    for (size_t i = 0; i < bacm_link_results_count(results); i++)
        count += bacm_link_results_outcome(results, i) == outcome;
    return count;
}

void check_result(const struct fixture *fixture, bacm_status status,
                  const bacm_link_results *results, size_t n)
{
    size_t done = count_outcome(results, BACM_OUTCOME_DONE);
    size_t refused = count_outcome(results, BACM_OUTCOME_REFUSED);
    size_t unknown = count_outcome(results, BACM_OUTCOME_UNKNOWN);

    assert_status(fixture->error.status, status);
    if (!results) {
        assert_true(status != BACM_OK && status != BACM_E_PARTIAL);
        if (fixture->error.request_sent && status != BACM_E_NO_MEMORY)
            fail_msg("sent, and no result: %s", fixture->error.message);
        assert_true(fixture->error.message[0] != '\0');
        return;
    }
    assert_int_equal(bacm_link_results_count(results), n);
    assert_true(fixture->error.request_sent);
    assert_int_equal(done + refused + unknown, n);
    for (size_t i = 0; i < n; i++) {
        bool has_errors = bacm_link_results_error_count(results, i) > 0;

        if (bacm_link_results_outcome(results, i) == BACM_OUTCOME_DONE)
            assert_false(has_errors);
        for (size_t k = 0; k < bacm_link_results_error_count(results, i); k++)
            assert_non_null(bacm_link_results_error(results, i, k));
        assert_null(bacm_link_results_error(results, i, bacm_link_results_error_count(results, i)));
    }
    assert_null(bacm_link_results_error(results, n, 0));
    if (status == BACM_OK) {
        assert_int_equal(done, n);
        return;
    }
    assert_true(fixture->error.message[0] != '\0');
    if (status == BACM_E_PARTIAL)
        assert_true(refused > 0 && unknown == 0);
    else if (status == BACM_E_UNKNOWN_OUTCOME || status == BACM_E_ALIGNMENT_LOST ||
             status == BACM_E_NO_MEMORY)
        assert_true(unknown > 0);
    else
        assert_int_equal(refused, n);
}

long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
