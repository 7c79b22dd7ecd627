/*
 * SearchClientLinks, then UpdateClientLinks with what it returned: every field
 * goes back with the bytes that came.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fixture.h"

#define CM  "https://bingads.microsoft.com/Customer/v11"
#define XSI "http://www.w3.org/2001/XMLSchema-instance"

enum { FIELDS = 16 };

static const char *const elements[FIELDS] = {
    "ClientAccountId",
    "ClientAccountNumber",
    "ManagingCustomerId",
    "ManagingCustomerNumber",
    "Note",
    "Name",
    "InviterEmail",
    "InviterName",
    "InviterPhone",
    "IsBillToClient",
    "StartDate",
    "Status",
    "SuppressNotification",
    "LastModifiedDateTime",
    "LastModifiedByUserId",
    "Timestamp",
};

/* What v13 has beside them, each before the field of that number (FIELDS: behind the map). */
enum { EXTRAS = 5 };
static const struct {
    const char *element;
    size_t before;
} extras[EXTRAS] = {
    {"Type", 0},
    {"ClientEntityName", 2},
    {"ManagingCustomerName", 4},
    {"CustomerLinkPermission", FIELDS},
    {"ClientEntityCustomerNumber", FIELDS},
};

/* Each link of the corpus has one of these in v13. */
static const char *const extra_values[][EXTRAS] = {
    {"AccountLink", "Client &amp; Co", "Agency", NULL, "C9876543"},
    {NULL, NULL, NULL, NULL, NULL},
    {"CustomerLink", "Customer", NULL, "Standard", NULL},
    {"nil", "nil", "nil", "nil", "nil"},
    {"", "", "", "", ""},
};

/* A value as it stands in the XML; NULL: absent; "nil": nil. */
struct received {
    const char *name;
    const char *values[FIELDS];
    const char *map; /* contents of ForwardCompatibilityMap; the same forms */
    const char *map_back;
};

#define IDS(account) account, "X1234567", "2002002", "C76543"

static const struct received corpus[] = {
    {"the usual",
     {IDS("1001001"), "Note", "Name", "a@b.example", "Inviter", "+49 30 123", "true",
      "2018-05-01T00:00:00", "Active", "false", "2018-04-30T23:59:59.123", "7", "AAAAAAsmQHk="},
     NULL,
     NULL},
    {"seven digits of a fraction",
     {IDS("1001001"), NULL, NULL, NULL, NULL, NULL, "false", "2018-05-01T12:34:56.1234567",
      "Active", "true", "2018-05-01T12:34:56.0000001", "9223372036854775807", "AAAAAAsmQHk="},
     NULL,
     NULL},
    {"Z",
     {IDS("1001001"), NULL, NULL, NULL, NULL, NULL, NULL, "2018-05-01T12:34:56Z", "Active", NULL,
      "2018-05-01T12:34:56.10Z", "1", "AA=="},
     NULL,
     NULL},
    {"an offset",
     {IDS("1001001"), NULL, NULL, NULL, NULL, NULL, NULL, "2018-05-01T12:34:56.700+02:00", "Active",
      NULL, "0001-01-01T00:00:00", "1", "AAE="},
     NULL,
     NULL},
    {"dates beyond time_t",
     {IDS("1001001"), NULL, NULL, NULL, NULL, NULL, NULL, "9999-12-31T23:59:59.9999999", "Active",
      NULL, "0001-01-01T00:00:00.0000000", NULL, "AAECAw=="},
     NULL,
     NULL},
    {"a user id of 0",
     {IDS("1001001"), NULL, NULL, NULL, NULL, NULL, "false", NULL, "Active", "false",
      "0001-01-01T00:00:00", "0", NULL},
     NULL,
     NULL},
    {"nil",
     {"1001001", "nil", "2002002", "nil", "nil", "nil", "nil", "nil", "nil", NULL, "nil", "Active",
      NULL, NULL, NULL, "nil"},
     "nil",
     NULL},
    {"empty texts",
     {"1001001", "", "2002002", "", "", "", "", "", "", NULL, NULL, "Active", NULL, NULL, NULL, ""},
     "",
     ""},
    {"white space",
     {"1001001", " ", "2002002", " C1 ", "  two  spaces  ", "\ttab", "\n", "line\nfeed", " ", NULL,
      NULL, "Active", NULL, NULL, NULL, "AAAA AAAA"},
     NULL,
     NULL},
    {"carriage returns",
     {"1001001", NULL, "2002002", NULL, "a&#xD;\nb", NULL, NULL, NULL, NULL, NULL, NULL, "Active",
      NULL, NULL, NULL, NULL},
     NULL,
     NULL},
    {"other scripts",
     {IDS("1001001"),
      "Gr\xc3\xbc\xc3\x9f"
      "e &amp; &lt;K\xc3\xbcsse&gt;",
      "\xe6\xa0\xaa\xe5\xbc\x8f\xe4\xbc\x9a\xe7\xa4\xbe",
      "\xd1\x8e@\xd0\xbf\xd1\x80.\xd1\x80\xd1\x84",
      "\xf0\x9f\x8e\x89\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", "\xef\xbc\x91\xef\xbc\x92",
      NULL, NULL, "Active", NULL, NULL, NULL, NULL},
     NULL,
     NULL},
    {"long base64",
     {IDS("1001001"), NULL, NULL, NULL, NULL, NULL, NULL, NULL, "Active", NULL, NULL, NULL,
      "+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/8="},
     NULL,
     NULL},
    {"a map",
     {IDS("1001001"), NULL, NULL, NULL, NULL, NULL, NULL, NULL, "Active", NULL, NULL, NULL, NULL},
     "<k:KeyValuePairOfstringstring><k:key>a</k:key><k:value>1 &amp; 2</k:value>"
     "</k:KeyValuePairOfstringstring><k:KeyValuePairOfstringstring><k:key></k:key><k:value>"
     "</k:value></k:KeyValuePairOfstringstring><k:KeyValuePairOfstringstring><k:key>n</k:key>"
     "<k:value i:nil=\"true\"/></k:KeyValuePairOfstringstring>",
     "<gen:KeyValuePairOfstringstring><gen:key>a</gen:key><gen:value>1 &amp; 2</gen:value>"
     "</gen:KeyValuePairOfstringstring><gen:KeyValuePairOfstringstring><gen:key/>"
     "<gen:value/></gen:KeyValuePairOfstringstring><gen:KeyValuePairOfstringstring>"
     "<gen:key>n</gen:key><gen:value xsi:nil=\"true\"/></gen:KeyValuePairOfstringstring>"},
};

static bool is_nil(const char *value)
{
    return strcmp(value, "nil") == 0;
}

static void put_value_received(FILE *out, const char *element, const char *value)
{
    if (value && is_nil(value))
        fprintf(out, "<a:%s i:nil=\"true\"/>", element);
    else if (value)
        fprintf(out, "<a:%s>%s</a:%s>", element, value, element);
}

/* What was nil may be left out; all else goes back. */
static void put_value_expected(FILE *out, const char *element, const char *value)
{
    if (value && !*value)
        fprintf(out, "<ent:%s/>", element);
    else if (value && !is_nil(value))
        fprintf(out, "<ent:%s>%s</ent:%s>", element, value, element);
}

typedef void put_value(FILE *out, const char *element, const char *value);

static void put_extras(FILE *out, put_value *put, size_t before, size_t variant)
{
    const char *const *values = extra_values[variant % COUNT(extra_values)];

    for (size_t k = 0; test_is_v13() && k < EXTRAS; k++) {
        if (extras[k].before == before)
            put(out, extras[k].element, values[k]);
    }
}

static void put_received(FILE *out, const struct received *link, size_t variant)
{
    fputs("<a:ClientLink>", out);
    for (size_t i = 0; i < FIELDS; i++) {
        put_extras(out, put_value_received, i, variant);
        put_value_received(out, elements[i], link->values[i]);
    }
    if (link->map && is_nil(link->map))
        fputs("<a:ForwardCompatibilityMap i:nil=\"true\"/>", out);
    else if (link->map)
        fprintf(out,
                "<a:ForwardCompatibilityMap xmlns:k=\"http://schemas.datacontract.org/2004/07/"
                "System.Collections.Generic\">%s</a:ForwardCompatibilityMap>",
                link->map);
    put_extras(out, put_value_received, FIELDS, variant);
    fputs("</a:ClientLink>", out);
}

static void put_expected(FILE *out, const struct received *link, const char *status, size_t variant)
{
    fputs("<ent:ClientLink>", out);
    for (size_t i = 0; i < FIELDS; i++) {
        bool is_status = strcmp(elements[i], "Status") == 0;

        put_extras(out, put_value_expected, i, variant);
        put_value_expected(out, elements[i], is_status ? status : link->values[i]);
    }
    if (link->map_back)
        fprintf(out, "<ent:ForwardCompatibilityMap>%s</ent:ForwardCompatibilityMap>",
                link->map_back);
    put_extras(out, put_value_expected, FIELDS, variant);
    fputs("</ent:ClientLink>", out);
}

/* Links of the variants from the first one on. */
static const char *search_reply(struct fixture *f, const struct received *links, size_t count,
                                size_t variant)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const char *reply;

    fputs("<SearchClientLinksResponse xmlns=\"" CM "\" xmlns:i=\"" XSI
          "\"><ClientLinks xmlns:a=\"" CM "/Entities\">",
          out);
    for (size_t i = 0; i < count; i++)
        put_received(out, &links[i], variant + i);
    fputs("</ClientLinks></SearchClientLinksResponse>", out);
    fclose(out);
    reply = soap_reply(f, text);
    free(text);
    return reply;
}

static const char *updated_reply(struct fixture *f)
{
    return soap_reply(f, "<UpdateClientLinksResponse xmlns=\"" CM "\"/>");
}

static bacm_link_page *search(struct fixture *f)
{
    bacm_link_search search = BACM_LINK_SEARCH_INIT;
    bacm_link_page *page = NULL;

    search.managing_customer_id = 2002002;
    assert_status(bacm_links_search(&page, f->client, &search, 0, &f->error), BACM_OK);
    return page;
}

static void check_prefixes(const char *body)
{
    static const char *const prefixes[] = {"cm", "ent", "gen", "xsi"};

    for (size_t i = 0; i < COUNT(prefixes); i++) {
        char declared[32];
        char as_element[32];
        char as_attribute[32];

        snprintf(declared, sizeof declared, "xmlns:%s=", prefixes[i]);
        snprintf(as_element, sizeof as_element, "<%s:", prefixes[i]);
        snprintf(as_attribute, sizeof as_attribute, " %s:", prefixes[i]);
        if ((strstr(body, as_element) || strstr(body, as_attribute)) && !strstr(body, declared))
            fail_msg("%s is used and not declared: %s", prefixes[i], body);
    }
}

static void field_texts_go_back_as_they_came(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(corpus); i++) {
        char *expected = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&expected, &size);
        const bacm_client_link *link;
        bacm_link_page *page;
        bacm_link_results *results = NULL;
        bacm_status status;

        put_expected(out, &corpus[i], "UnlinkRequested", i);
        fclose(out);
        PLAY(f, READ, SEND(search_reply(f, &corpus[i], 1, i)), READ, SEND(updated_reply(f)));
        page = search(f);
        link = bacm_link_page_get(page, 0);
        assert_non_null(link);
        status = bacm_links_update(&results, f->client, &link, 1, BACM_SIDE_AGENCY,
                                   BACM_STATUS_UNLINK_REQUESTED, &f->error);
        check_result(f, status, results, 1);
        assert_status(status, BACM_OK);
        if (!strstr(script_server_request(f->server, 1).body, in_version(f, expected)))
            fail_msg("%s: expected\n%s in\n%s", corpus[i].name, expected,
                     script_server_request(f->server, 1).body);
        check_prefixes(script_server_request(f->server, 1).body);
        bacm_link_results_free(results);
        bacm_link_page_free(page);
        free(expected);
        fixture_stop(f);
    }
}

/* Ten at once, so that no field gets into another link. */
static void ten_links_go_back_in_order(void **state)
{
    struct fixture *f = *state;
    struct received links[BACM_MAX_LINKS_PER_CALL];
    const bacm_client_link *pointers[BACM_MAX_LINKS_PER_CALL];
    bacm_link_page *page;
    bacm_link_results *results = NULL;
    bacm_status status;
    char *expected = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&expected, &size);

    for (size_t i = 0; i < BACM_MAX_LINKS_PER_CALL; i++) {
        links[i] = corpus[0];
        links[i].values[0] = reply_format(f, "%d", 1001001 + (int)i);
        links[i].values[1] = reply_format(f, "X123456%zu", i);
        links[i].values[4] = i % 2 ? reply_format(f, "note %zu", i) : NULL;
        links[i].values[15] = reply_format(f, "AAAAAAsmQH%c=", 'A' + (int)i);
        put_expected(out, &links[i], "UnlinkRequested", i);
    }
    fclose(out);
    PLAY(f, READ, SEND(search_reply(f, links, BACM_MAX_LINKS_PER_CALL, 0)), READ,
         SEND(updated_reply(f)));
    page = search(f);
    for (size_t i = 0; i < BACM_MAX_LINKS_PER_CALL; i++)
        pointers[i] = bacm_link_page_get(page, i);
    status = bacm_links_update(&results, f->client, pointers, BACM_MAX_LINKS_PER_CALL,
                               BACM_SIDE_AGENCY, BACM_STATUS_UNLINK_REQUESTED, &f->error);
    check_result(f, status, results, BACM_MAX_LINKS_PER_CALL);
    assert_status(status, BACM_OK);
    assert_non_null(strstr(script_server_request(f->server, 1).body, in_version(f, expected)));
    bacm_link_results_free(results);
    bacm_link_page_free(page);
    free(expected);
}

/* The note is the one thing that an update may change beside the status. */
static void changed_note(void **state)
{
    static const char *const bad[] = {"\x01", "\xff", "\xed\xa0\x80"};
    struct fixture *f = *state;
    bacm_link_page *page;
    bacm_client_link changed;
    const bacm_client_link *pointer = &changed;
    bacm_link_results *results = NULL;

    PLAY(f, READ, SEND(search_reply(f, &corpus[0], 1, 0)), READ, SEND(updated_reply(f)));
    page = search(f);
    changed = *bacm_link_page_get(page, 0);
    for (size_t i = 0; i < COUNT(bad); i++) {
        changed.note = bad[i];
        assert_status(bacm_links_update(&results, f->client, &pointer, 1, BACM_SIDE_AGENCY,
                                        BACM_STATUS_UNLINK_REQUESTED, &f->error),
                      BACM_E_INVALID_LINK);
        assert_string_equal(f->error.field, "Note");
        assert_int_equal(f->error.link_index, 0);
        assert_null(results);
    }
    assert_int_equal(script_server_requests(f->server), 1);
    changed.note = "now this";
    assert_status(bacm_links_update(&results, f->client, &pointer, 1, BACM_SIDE_AGENCY,
                                    BACM_STATUS_UNLINK_REQUESTED, &f->error),
                  BACM_OK);
    assert_non_null(
        strstr(script_server_request(f->server, 1).body, "<ent:Note>now this</ent:Note>"));
    bacm_link_results_free(results);
    bacm_link_page_free(page);
}

/* The links of a page live as long as the page, also without the client. */
static void links_outlive_the_client(void **state)
{
    struct fixture *f = *state;
    bacm_link_page *page;

    PLAY(f, READ, SEND(search_reply(f, &corpus[0], 1, 0)));
    page = search(f);
    fixture_stop(f);
    assert_string_equal(bacm_link_page_get(page, 0)->timestamp, "AAAAAAsmQHk=");
    assert_string_equal(bacm_link_page_tracking_id(page), TEST_TRACKING_ID);
    bacm_link_page_free(page);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(field_texts_go_back_as_they_came),
        TEST(ten_links_go_back_in_order),
        TEST(changed_note),
        TEST(links_outlive_the_client),
    };

    return cmocka_run_group_tests_name("round trip", tests, NULL, NULL);
}
