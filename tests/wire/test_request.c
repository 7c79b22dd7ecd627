/*
 * What the library sends, looked at from outside: HTTP header, order of
 * elements, namespaces, absent values, texts byte by byte; and all of it
 * against the schemas of the contract, with xmllint.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bacm/operation.h>

#include "support/fixture.h"

#define CM   "https://bingads.microsoft.com/Customer/v11"
#define ROOT TEST_DATA "/../.."

static char folder[] = "/tmp/bacm-test-schemas-XXXXXX";

/* --- helpers --- */

static struct captured only_request(struct fixture *f)
{
    assert_int_equal(script_server_requests(f->server), 1);
    return script_server_request(f->server, 0);
}

/* The words stand in this order, each behind the one before. */
static void assert_order(const char *text, const char *const *words, size_t count)
{
    const char *at = text;

    for (size_t i = 0; i < count; i++) {
        at = strstr(at, words[i]);
        if (!at) {
            fail_msg("%s is not there, or not behind %s:\n%s", words[i], i ? words[i - 1] : "",
                     text);
            return;
        }
        at += strlen(words[i]);
    }
}

static void assert_absent(const char *text, const char *word)
{
    if (strstr(text, word))
        fail_msg("%s is there:\n%s", word, text);
}

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;

    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        count++;
    return count;
}

/* The WSDL declares no Action; everything else must be as it says. */
static char *without_action(const char *body)
{
    char *text = strdup(body);
    char *start = strstr(text, "<cm:Action");
    char *end = strstr(text, "</cm:Action>");

    if (start) {
        end += strlen("</cm:Action>");
        memmove(start, end, strlen(end) + 1);
    }
    return text;
}

static bool is_valid(const char *envelope)
{
    char path[128];
    char command[512];
    FILE *file;
    int status;

    snprintf(path, sizeof path, "%s/request.xml", folder);
    snprintf(command, sizeof command, "xmllint --noout --schema %s/envelope.xsd %s >%s/words 2>&1",
             folder, path, folder);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(envelope, file);
    assert_int_equal(fclose(file), 0);
    status = system(command);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 127);
    return WEXITSTATUS(status) == 0;
}

static void assert_valid(const char *body)
{
    char *envelope = without_action(body);

    if (!is_valid(envelope)) {
        char command[256];

        snprintf(command, sizeof command, "cat %s/words", folder);
        assert_int_equal(system(command), 0);
        fail_msg("not what the contract says: %s", envelope);
    }
    free(envelope);
}

/* --- the HTTP header --- */

static void http_header(void **state)
{
    struct fixture *f = *state;
    struct captured request;
    const char *host;
    char length[64];

    f->options.user_agent_suffix = "agency/4.2";
    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
    request = only_request(f);
    assert_int_equal(
        strncmp(request.bytes, "POST /Api/CustomerManagementService.svc HTTP/1.1\r\n", 50), 0);
    host = reply_format(f, "\r\nHost: 127.0.0.1:%d\r\n", script_server_port(f->server));
    assert_non_null(strstr(request.bytes, host));
    assert_non_null(strstr(request.bytes, "\r\nContent-Type: text/xml; charset=utf-8\r\n"));
    assert_non_null(strstr(request.bytes, "\r\nSOAPAction: \"AddClientLinks\"\r\n"));
    assert_non_null(strstr(request.bytes, "\r\nUser-Agent: bacm/" BACM_VERSION " agency/4.2\r\n"));
    snprintf(length, sizeof length, "\r\nContent-Length: %zu\r\n", strlen(request.body));
    assert_non_null(strstr(request.bytes, length));
    assert_int_equal(count_of(request.bytes, "Host:"), 1);
    assert_null(strcasestr(request.bytes, "Accept-Encoding"));
    assert_null(strcasestr(request.bytes, "Content-Encoding"));
    assert_null(strcasestr(request.bytes, "Transfer-Encoding"));
    assert_null(strcasestr(request.bytes, "Expect:"));
    assert_null(strcasestr(request.bytes, "Authorization:"));
    assert_null(strcasestr(request.bytes, "Cookie"));
}

/* --- the envelope --- */

static void soap_header(void **state)
{
    static const char *const order[] = {
        "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\"",
        "<SOAP-ENV:Header>",
        "<cm:Action mustUnderstand=\"1\">AddClientLinks</cm:Action>",
        "<cm:AuthenticationToken>",
        "</cm:AuthenticationToken>",
        "<cm:DeveloperToken>" TEST_DEVELOPER_TOKEN "</cm:DeveloperToken>",
        "</SOAP-ENV:Header>",
        "<SOAP-ENV:Body>",
    };
    struct fixture *f = *state;
    struct captured request;

    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
    request = only_request(f);
    assert_order(request.body, order, COUNT(order));
    assert_non_null(strstr(request.body, in_version(f, "xmlns:cm=\"" CM "\"")));
    assert_non_null(strstr(request.body, in_version(f, "xmlns:ent=\"" CM "/Entities\"")));
    assert_absent(request.body, "ApplicationToken");
    assert_absent(request.body, "UserName");
    assert_absent(request.body, "Password");
    assert_absent(request.body, "SOAP-ENV:mustUnderstand");
    assert_absent(request.body, "SOAP-ENC");
    assert_absent(request.body, "encodingStyle");
    assert_absent(request.body, "xsi");
    assert_absent(request.body, "XMLSchema");
    assert_absent(request.body, " id=");
    assert_absent(request.body, "href");
}

static void action_may_be_left_out(void **state)
{
    struct fixture *f = *state;

    f->options.no_action_header = true;
    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
    assert_absent(only_request(f).body, "Action>");
    assert_valid(only_request(f).body);
}

static void full_link(bacm_client_link *link)
{
    link->client_account_id = INT64_MAX;
    link->managing_customer_id = 2002002;
    link->note = "Note";
    link->name = "Name";
    link->inviter_email = "a@b.example";
    link->inviter_name = "Inviter";
    link->inviter_phone = "+49 30 1";
    link->is_bill_to_client = BACM_TRUE;
    link->start_date = "2018-05-01T12:00:00";
    link->suppress_notification = BACM_FALSE;
}

static bacm_status add_link(struct fixture *f, const bacm_client_link *link)
{
    bacm_link_results *results = NULL;
    bacm_status status = bacm_links_add(&results, f->client, &link, 1, &f->error);

    bacm_link_results_free(results);
    return status;
}

static void order_of_a_link(void **state)
{
    static const char whole[] =
        "<cm:AddClientLinksRequest><cm:ClientLinks><ent:ClientLink>"
        "<ent:ClientAccountId>9223372036854775807</ent:ClientAccountId>"
        "<ent:ManagingCustomerId>2002002</ent:ManagingCustomerId><ent:Note>Note</ent:Note>"
        "<ent:Name>Name</ent:Name><ent:InviterEmail>a@b.example</ent:InviterEmail>"
        "<ent:InviterName>Inviter</ent:InviterName><ent:InviterPhone>+49 30 1</ent:InviterPhone>"
        "<ent:IsBillToClient>true</ent:IsBillToClient><ent:StartDate>2018-05-01T12:00:00"
        "</ent:StartDate><ent:SuppressNotification>false</ent:SuppressNotification>"
        "</ent:ClientLink></cm:ClientLinks></cm:AddClientLinksRequest></SOAP-ENV:Body>";
    static const char numbers[] =
        "<ent:ClientLink><ent:ClientAccountNumber>X1234567</ent:ClientAccountNumber>"
        "<ent:ManagingCustomerNumber>C76543</ent:ManagingCustomerNumber>"
        "<ent:IsBillToClient>false</ent:IsBillToClient></ent:ClientLink>";
    struct fixture *f = *state;
    bacm_client_link link = BACM_CLIENT_LINK_INIT;
    bacm_client_link by_number = BACM_CLIENT_LINK_INIT;

    full_link(&link);
    by_number.client_account_number = "X1234567";
    by_number.managing_customer_number = "C76543";
    by_number.is_bill_to_client = BACM_FALSE;
    PLAY(f, READ, SEND(added_reply(f)), READ, SEND(added_reply(f)));
    assert_status(add_link(f, &link), BACM_OK);
    assert_non_null(strstr(script_server_request(f->server, 0).body, in_version(f, whole)));
    assert_valid(script_server_request(f->server, 0).body);
    assert_status(add_link(f, &by_number), BACM_OK);
    assert_non_null(strstr(script_server_request(f->server, 1).body, in_version(f, numbers)));
    assert_valid(script_server_request(f->server, 1).body);
}

static void ten_links_in_order(void **state)
{
    struct fixture *f = *state;
    bacm_link_results *results = NULL;
    const char *at;

    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(add_links(f, &results, 10), BACM_OK);
    bacm_link_results_free(results);
    at = only_request(f).body;
    assert_int_equal(count_of(at, "<ent:ClientLink>"), 10);
    for (int i = 0; i < 10; i++) {
        at = strstr(at, reply_format(f, ">%d<", 1001001 + i));
        assert_non_null(at);
    }
    assert_valid(only_request(f).body);
}

/* --- texts --- */

static char *unescaped(const char *text)
{
    static const char *const names[] = {"&amp;",  "&lt;",  "&gt;", "&quot;",
                                        "&apos;", "&#39;", "&#34;"};
    static const char characters[] = "&<>\"''\"";
    char *out = malloc(strlen(text) + 1);
    char *to = out;

    assert_non_null(out);
    while (*text) {
        size_t i = 0;

        while (i < COUNT(names) && strncmp(text, names[i], strlen(names[i])) != 0)
            i++;
        if (i < COUNT(names)) {
            *to++ = characters[i];
            text += strlen(names[i]);
        } else {
            *to++ = *text++;
        }
    }
    *to = '\0';
    return out;
}

static void names_arrive_byte_by_byte(void **state)
{
    static const char *const names[] = {
        "Tom & Jerry <\"the 'cat' > & the mouse\">",
        ("M\xc3\xbcller & S\xc3\xb6hne Stra\xc3\x9f"
         "e \xc3\x84\xc3\x96\xc3\x9c"),
        "\xe4\xbc\x9a\xe7\xa4\xbe \xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88 \xed\x9a\x8c\xec\x82\xac",
        "\xf0\x9f\x8e\x89 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb \xf4\x8f\xbf\xbd",
        "]]> &amp; &#65; <!-- -->",
        " leading, trailing and  double ",
        "tab\there",
        "\xc2\xa0\xe2\x80\xa8\xe2\x80\xae\xef\xbf\xbd",
    };
    struct fixture *f = *state;
    const struct answer answers[] = {{"AddClientLinks", added_reply(f), 0}, {NULL, NULL, 0}};

    PLAY(f, SERVE(answers));
    for (unsigned i = 0; i < COUNT(names); i++) {
        bacm_client_link link = BACM_CLIENT_LINK_INIT;
        char *plain;

        link.client_account_id = 1001001;
        link.managing_customer_id = 2002002;
        link.name = names[i];
        link.is_bill_to_client = BACM_TRUE;
        assert_status(add_link(f, &link), BACM_OK);
        plain = unescaped(strstr(script_server_request(f->server, i).body, "<ent:Name>"));
        if (strncmp(plain + strlen("<ent:Name>"), names[i], strlen(names[i])) != 0 ||
            strncmp(plain + strlen("<ent:Name>") + strlen(names[i]), "</ent:Name>", 11) != 0)
            fail_msg("\"%s\" was sent as %s", names[i], plain);
        free(plain);
        assert_valid(script_server_request(f->server, i).body);
    }
}

static void line_ends_arrive(void **state)
{
    struct fixture *f = *state;
    bacm_client_link link = BACM_CLIENT_LINK_INIT;

    link.client_account_id = 1001001;
    link.managing_customer_id = 2002002;
    link.note = "one\ntwo\r\nthree";
    link.is_bill_to_client = BACM_TRUE;
    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(add_link(f, &link), BACM_OK);
    /* A bare CR would become LF at the reader. */
    assert_non_null(strstr(only_request(f).body, "one\ntwo&#xD;\nthree"));
}

/* --- local refusals send nothing --- */

static void local_refusals_send_nothing(void **state)
{
    struct fixture *f = *state;
    struct link_set set;
    bacm_link_results *results = NULL;
    const bacm_client_link *with_null[3];

    PLAY(f, READ, SEND(added_reply(f)));
    link_set_init(&set);
    assert_status(bacm_links_add(&results, f->client, set.pointer, 0, &f->error), BACM_E_NO_LINKS);
    assert_status(bacm_links_add(&results, f->client, set.pointer, 11, &f->error),
                  BACM_E_TOO_MANY_LINKS);
    with_null[0] = set.pointer[0];
    with_null[1] = NULL;
    with_null[2] = set.pointer[2];
    assert_status(bacm_links_add(&results, f->client, with_null, 3, &f->error), BACM_E_ARGUMENT);
    assert_int_equal(f->error.link_index, 1);
    assert_status(bacm_links_add(&results, f->client, NULL, 3, &f->error), BACM_E_ARGUMENT);
    assert_status(bacm_links_add(NULL, f->client, set.pointer, 3, &f->error), BACM_E_ARGUMENT);
    assert_status(bacm_links_add(&results, NULL, set.pointer, 3, &f->error), BACM_E_ARGUMENT);
    set.link[2].name = "\xc3(";
    assert_status(bacm_links_add(&results, f->client, set.pointer, 3, &f->error),
                  BACM_E_INVALID_LINK);
    assert_int_equal(f->error.link_index, 2);
    assert_string_equal(f->error.field, "Name");
    assert_null(results);
    assert_int_equal(script_server_connections(f->server), 0);
}

/* --- the other operations --- */

static void searches(void **state)
{
    static const int64_t accounts[] = {1001001, 1001002, 1001003};
    struct fixture *f = *state;
    const char *found = soap_reply(f, "<SearchClientLinksResponse xmlns=\"" CM "\"><ClientLinks/>"
                                      "</SearchClientLinksResponse>");
    const struct answer answers[] = {{"SearchClientLinks", found, 0}, {NULL, NULL, 0}};
    const struct {
        bacm_link_search search;
        unsigned page;
        const char *sent;
    } cases[] = {
        {{sizeof(bacm_link_search), accounts, 1, 0, false, BACM_ORDER_NONE, false, 1000, NULL, 0,
          0},
         0,
         "<cm:SearchClientLinksRequest><cm:Predicates><ent:Predicate><ent:Field>ClientAccountId"
         "</ent:Field><ent:Operator>Equals</ent:Operator><ent:Value>1001001</ent:Value>"
         "</ent:Predicate></cm:Predicates><cm:PageInfo><ent:Index>0</ent:Index><ent:Size>1000"
         "</ent:Size></cm:PageInfo></cm:SearchClientLinksRequest>"},
        {{sizeof(bacm_link_search), accounts, 3, 2002002, false, BACM_ORDER_BY_NAME, true, 17, NULL,
          0, 0},
         4,
         "<cm:Predicates><ent:Predicate><ent:Field>ClientAccountId</ent:Field><ent:Operator>In"
         "</ent:Operator><ent:Value>1001001,1001002,1001003</ent:Value></ent:Predicate>"
         "<ent:Predicate><ent:Field>ManagingCustomerId</ent:Field><ent:Operator>Equals"
         "</ent:Operator><ent:Value>2002002</ent:Value></ent:Predicate></cm:Predicates>"
         "<cm:Ordering><ent:OrderBy><ent:Field>Name</ent:Field><ent:Order>Descending</ent:Order>"
         "</ent:OrderBy></cm:Ordering><cm:PageInfo><ent:Index>4</ent:Index><ent:Size>17</ent:Size>"
         "</cm:PageInfo>"},
        {{sizeof(bacm_link_search), NULL, 0, 2002002, false, BACM_ORDER_BY_ACCOUNT_ID, false, 1,
          NULL, 0, 0},
         0,
         "<ent:Field>Id</ent:Field><ent:Order>Ascending</ent:Order>"},
        {{sizeof(bacm_link_search), NULL, 0, 2002002, false, BACM_ORDER_BY_MANAGING_NUMBER, false,
          1, NULL, 0, 0},
         0,
         "<ent:Field>Number</ent:Field><ent:Order>Ascending</ent:Order>"},
    };

    PLAY(f, SERVE(answers));
    for (unsigned i = 0; i < COUNT(cases); i++) {
        bacm_link_page *page = NULL;
        struct captured request;

        assert_status(
            bacm_links_search(&page, f->client, &cases[i].search, cases[i].page, &f->error),
            BACM_OK);
        assert_true(bacm_link_page_is_last(page));
        bacm_link_page_free(page);
        request = script_server_request(f->server, i);
        /* v13 has smaller pages. */
        if (i == 0 && test_is_v13())
            assert_non_null(strstr(request.body, "<ent:Size>100</ent:Size>"));
        else if (!strstr(request.body, cases[i].sent))
            fail_msg("%s is not in %s", cases[i].sent, request.body);
        assert_non_null(strstr(request.bytes, "\r\nSOAPAction: \"SearchClientLinks\"\r\n"));
        assert_absent(request.body, "xsi");
        assert_valid(request.body);
    }
}

static void users(void **state)
{
    struct fixture *f = *state;
    const char *user = soap_reply(f, "<GetUserResponse xmlns=\"" CM "\"><User/></GetUserResponse>");
    bacm_user *out = NULL;

    PLAY(f, READ, SEND(user), READ, SEND(user));
    assert_status(get_user(f), BACM_OK);
    assert_non_null(strstr(script_server_request(f->server, 0).body,
                           "<cm:GetUserRequest></cm:GetUserRequest>"));
    assert_non_null(strstr(script_server_request(f->server, 0).bytes, "SOAPAction: \"GetUser\""));
    assert_valid(script_server_request(f->server, 0).body);
    assert_status(bacm_get_user(&out, f->client, 77, &f->error), BACM_OK);
    bacm_user_free(out);
    assert_non_null(strstr(script_server_request(f->server, 1).body, "<cm:UserId>77</cm:UserId>"));
    assert_valid(script_server_request(f->server, 1).body);
}

/* --- all operations, as XML --- */

static const char *value_of(const char *hint, size_t length)
{
    static const char *const values[][2] = {
        {"int", "7"},
        {"long", "1234567890123"},
        {"string", "text & <>"},
        {"dateTime", "2018-05-01T12:00:00.1234567"},
        {"boolean", "true"},
        {"base64Binary", "AAECAwQFBgc="},
        {"decimal", "12.50"},
        {"double", "1.5"},
        {"unsignedByte", "3"},
    };
    static char choice[128];
    const char *bar = memmem(hint, length, " | ", 3);

    for (size_t i = 0; i < COUNT(values); i++) {
        if (strlen(values[i][0]) == length && memcmp(values[i][0], hint, length) == 0)
            return strcmp(values[i][1], "text & <>") == 0 ? "text &amp; &lt;&gt;" : values[i][1];
    }
    snprintf(choice, sizeof choice, "%.*s", (int)(bar ? bar - hint : (long)length), hint);
    return choice;
}

/* <x><!-- type --></x> becomes <x>value</x>. */
static const char *filled(struct fixture *f, const char *template)
{
    static const char open[] = "><!-- ";
    static const char shut[] = " --></";
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const char *request;

    assert_non_null(out);
    for (;;) {
        const char *start = strstr(template, open);
        const char *hint = start ? start + sizeof open - 1 : NULL;
        const char *end = start ? strstr(hint, shut) : NULL;

        if (!end)
            break;
        if (memchr(hint, '\n', (size_t)(end - hint))) {
            fwrite(template, 1, (size_t)(hint - template), out);
            template = hint;
            continue;
        }
        fwrite(template, 1, (size_t)(start + 1 - template), out);
        fputs(value_of(hint, (size_t)(end - hint)), out);
        template = end + sizeof shut - 3;
    }
    fputs(template, out);
    fclose(out);
    request = reply_format(f, "%s", text);
    free(text);
    return request;
}

static void every_operation(void **state)
{
    struct fixture *f = *state;
    size_t count;

    f->options.max_reply_depth = 64;
    PLAY(f, READ);
    count = bacm_operation_count(f->client);
    assert_int_equal(count, test_is_v13() ? 39 : 33);
    for (size_t i = 0; i < count; i++) {
        struct step steps[2] = {READ, SEND(NULL)};
        const char *name = bacm_operation_name(f->client, i);
        const char *request = filled(f, bacm_operation_template(f->client, name));
        char *response = NULL;
        struct captured sent;
        const char *action = reply_format(f, "\r\nSOAPAction: \"%s\"\r\n", name);

        steps[1].bytes = soap_reply(f, reply_format(f, "<%sResponse xmlns=\"" CM "\"/>", name));
        fixture_stop(f);
        fixture_start(f, steps, 2);
        if (bacm_operation_call_xml(&response, f->client, name, request, strlen(request),
                                    &f->error) != BACM_OK)
            fail_msg("%s: %s\n%s", name, f->error.message, request);
        assert_non_null(strstr(response, "Response"));
        bacm_text_free(response);
        sent = only_request(f);
        assert_non_null(strstr(sent.bytes, action));
        if (!strstr(sent.body, "text &amp; &lt;"))
            assert_null(strstr(request, "text &amp; &lt;"));
        assert_absent(sent.body, "SOAP-ENC");
        assert_valid(sent.body);
        /* Nothing was lost on the way: as many values as in the request. */
        assert_int_equal(count_of(strstr(sent.body, "Body>"), "</") - 2, count_of(request, "</"));
    }
}

static void operations_refuse_what_they_do_not_know(void **state)
{
    static const char *const bad[] = {
        "",
        "text",
        "<GetUserRequest/>",
        "<GetUserRequest xmlns=\"urn:x\"/>",
        "<AddClientLinksRequest xmlns=\"" CM "\"/>",
        "<GetUserRequest xmlns=\"" CM "\"><UserID>1</UserID></GetUserRequest>",
        "<GetUserRequest xmlns=\"" CM "\"><UserId>one</UserId></GetUserRequest>",
        "<GetUserRequest xmlns=\"" CM "\"><UserId>1</UserId>",
        "<GetUserRequest xmlns=\"" CM "\"><UserId>1</UserID></GetUserRequest>",
        "<GetUserRequest xmlns=\"" CM "\"/><GetUserRequest xmlns=\"" CM "\"/>",
        "<GetUserRequest xmlns=\"" CM "\"/>text",
        "<!DOCTYPE x [<!ENTITY a \"1\">]><GetUserRequest xmlns=\"" CM
        "\"><UserId>&a;</UserId></GetUserRequest>",
    };
    struct fixture *f = *state;
    char *out = NULL;

    PLAY(f, READ);
    for (size_t i = 0; i < COUNT(bad); i++) {
        bacm_status status =
            bacm_operation_call_xml(&out, f->client, "GetUser", in_version(f, bad[i]),
                                    strlen(in_version(f, bad[i])), &f->error);

        if (status != BACM_E_ARGUMENT)
            fail_msg("%s gives %s", bad[i], bacm_status_name(status));
        assert_null(out);
    }
    assert_status(bacm_operation_call_xml(&out, f->client, "getuser", "<x/>", 4, &f->error),
                  BACM_E_ARGUMENT);
    assert_int_equal(script_server_connections(f->server), 0);
}

/* --- the judge itself --- */

static void schemas_tell_wrong_from_right(void **state)
{
#define ENVELOPE(body)                                                                             \
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header>"                 \
    "<DeveloperToken xmlns=\"" CM                                                                  \
    "\">x</DeveloperToken></s:Header><s:Body><AddClientLinksRequest "                              \
    "xmlns=\"" CM "\"><ClientLinks xmlns:e=\"" CM "/Entities\"><e:ClientLink>" body                \
    "</e:ClientLink></ClientLinks></AddClientLinksRequest></s:Body></s:Envelope>"
    static const char good[] =
        ENVELOPE("<e:ClientAccountId>1</e:ClientAccountId><e:Note>n</e:Note><e:Name>x</e:Name>");
    static const char *const bad[] = {
        ENVELOPE("<e:Name>x</e:Name><e:Note>n</e:Note>"),
        ENVELOPE("<Name>x</Name>"),
        ENVELOPE("<e:ClientAccountId></e:ClientAccountId>"),
        ENVELOPE("<e:IsBillToClient>yes</e:IsBillToClient>"),
        ENVELOPE("<e:Colour>red</e:Colour>"),
    };

    struct fixture *f = *state;

    assert_true(is_valid(in_version(f, good)));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(is_valid(in_version(f, bad[i])));
}

static int split_schemas(void **state)
{
    char command[1024];

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof command,
             "'%s/scripts/split-schemas' '%s/wsdl/%s/CustomerManagementService.wsdl' %s", ROOT,
             ROOT, test_version(), folder);
    return system(command) == 0 ? 0 : -1;
}

static int remove_schemas(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 ? 0 : -1;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(http_header),
        TEST(soap_header),
        TEST(action_may_be_left_out),
        TEST(order_of_a_link),
        TEST(ten_links_in_order),
        TEST(names_arrive_byte_by_byte),
        TEST(line_ends_arrive),
        TEST(local_refusals_send_nothing),
        TEST(searches),
        TEST(users),
        TEST(every_operation),
        TEST(operations_refuse_what_they_do_not_know),
        TEST(schemas_tell_wrong_from_right),
    };

    return cmocka_run_group_tests_name("request", tests, split_schemas, remove_schemas);
}
