/*
 * Result i belongs to link i, in every form that a reply can take, or the call
 * fails. The case files of tests/data/alignment hold single replies, written by
 * hand in the style of the service; the rest is made here.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <netinet/in.h>

#include "support/fixture.h"

#define CM  "https://bingads.microsoft.com/Customer/v11"
#define XSI "http://www.w3.org/2001/XMLSchema-instance"

/* --- case files --- */

static const char *line_value(char *text, const char *key)
{
    char *found = strstr(text, key);

    if (!found)
        fail_msg("the case has no line %s", key);
    return found + strlen(key);
}

/* "done", "unknown", "refused:1410+1471", "refused:-" (no code) */
static void check_slot(const bacm_link_results *results, size_t i, const char *expected)
{
    static const char *const names[] = {"not_sent", "done", "refused", "unknown"};
    char actual[256];
    size_t used =
        (size_t)snprintf(actual, sizeof actual, "%s", names[bacm_link_results_outcome(results, i)]);

    for (size_t k = 0; k < bacm_link_results_error_count(results, i); k++) {
        const bacm_service_error *error = bacm_link_results_error(results, i, k);
        const char *separator = k ? "+" : ":";

        used += (size_t)(error->has_code
                             ? snprintf(actual + used, sizeof actual - used, "%s%d", separator,
                                        error->code)
                             : snprintf(actual + used, sizeof actual - used, "%s-", separator));
    }
    if (strcmp(actual, expected) != 0)
        fail_msg("link %zu is %s, not %s", i, actual, expected);
}

static void check_slots(const bacm_link_results *results, const char *expected)
{
    char *list = strndup(expected, strcspn(expected, "\n"));
    char *rest = NULL;
    size_t i = 0;

    assert_non_null(list);
    for (char *slot = strtok_r(list, " ", &rest); slot; slot = strtok_r(NULL, " ", &rest))
        check_slot(results, i++, slot);
    assert_int_equal(bacm_link_results_count(results), i);
    free(list);
}

static void case_file(void **state)
{
    struct fixture *f = *state;
    char *text = strdup(data_text(f, f->parameter));
    char *body = strstr(text, "---\n");
    size_t n = strtoul(line_value(text, "\nlinks: "), NULL, 10);
    const char *status_line = line_value(text, "\nstatus: ");
    char *wanted = strndup(status_line, strcspn(status_line, "\n"));
    bacm_link_results *results = NULL;
    bacm_status status;

    assert_non_null(body);
    body += 4;
    PLAY(f, READ,
         SEND(strstr(body, "Envelope>") ? http_reply(f, 200, NULL, body) : soap_reply(f, body)));
    status = add_links(f, &results, n);
    assert_string_equal(bacm_status_name(status), wanted);
    check_result(f, status, results, n);
    check_slots(results, line_value(text, "\nslots: "));
    bacm_link_results_free(results);
    free(wanted);
    free(text);
}

/* --- every combination of positions, for every way to write success --- */

struct style {
    const char *name;
    const char *success;  /* entry of a link that was added */
    const char *prefix;   /* of the Exception namespace */
    const char *position; /* between entries */
};

static const struct style styles[] = {
    {"nil", "<a:ArrayOfOperationError i:nil=\"true\"/>", "a", ""},
    {"nil as 1", "<a:ArrayOfOperationError i:nil=\"1\"></a:ArrayOfOperationError>", "a", "\r\n  "},
    {"empty tag", "<x1:ArrayOfOperationError/>", "x1", ""},
    {"empty pair", "<a:ArrayOfOperationError></a:ArrayOfOperationError>", "a", "\n"},
    {"nil errors",
     "<a:ArrayOfOperationError><a:OperationError i:nil=\"true\"/></a:ArrayOfOperationError>", "a",
     "<!-- next -->"},
    {"nil errors as pairs",
     "<ent:ArrayOfOperationError><ent:OperationError i:nil=\"1\"></ent:OperationError>"
     "</ent:ArrayOfOperationError>",
     "ent", " "},
};

/* Known refusals: no other error proves that a link was not added. */
static int code_of(size_t link, size_t error)
{
    static const int codes[] = {474,  532,  1410, 1424, 1471, 1472, 2108, 2180,
                                2192, 3024, 3030, 3079, 3080, 3083, 3087};

    return codes[(link * 4 + error) % COUNT(codes)];
}

static void put_entry(FILE *out, const struct style *style, size_t link, size_t errors)
{
    const char *p = style->prefix;

    fputs(style->position, out);
    if (!errors) {
        fputs(style->success, out);
        return;
    }
    fprintf(out, "<%s:ArrayOfOperationError>", p);
    for (size_t k = 0; k < errors; k++)
        fprintf(out,
                "<%s:OperationError><%s:Code>%d</%s:Code><%s:Details>d%zu</%s:Details>"
                "<%s:Message>link %zu</%s:Message></%s:OperationError>",
                p, p, code_of(link, k), p, p, k, p, p, link, p, p);
    fprintf(out, "</%s:ArrayOfOperationError>", p);
}

/* Links of mask have an error each; every third of those has three. */
static size_t errors_at(unsigned mask, size_t link)
{
    if (!(mask & (1u << link)))
        return 0;
    return (mask + link) % 3 == 0 ? 3 : 1;
}

static const char *mixed_body(struct fixture *f, const struct style *style, size_t n, unsigned mask)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const char *body;

    fprintf(out,
            "<AddClientLinksResponse xmlns=\"" CM "\" xmlns:i=\"" XSI "\">"
            "<OperationErrors i:nil=\"true\"/><PartialErrors xmlns:%s=\"" CM "/Exception\">",
            style->prefix);
    for (size_t i = 0; i < n; i++)
        put_entry(out, style, i, errors_at(mask, i));
    fputs("</PartialErrors></AddClientLinksResponse>", out);
    fclose(out);
    body = reply_format(f, "%s", text);
    free(text);
    return body;
}

static void check_mixed(struct fixture *f, size_t n, unsigned mask)
{
    bacm_link_results *results = NULL;
    bacm_status status = add_links(f, &results, n);

    check_result(f, status, results, n);
    assert_status(status, mask ? BACM_E_PARTIAL : BACM_OK);
    for (size_t i = 0; i < n; i++) {
        size_t errors = errors_at(mask, i);
        char message[32];

        assert_int_equal(bacm_link_results_error_count(results, i), errors);
        assert_int_equal(bacm_link_results_outcome(results, i),
                         errors ? BACM_OUTCOME_REFUSED : BACM_OUTCOME_DONE);
        snprintf(message, sizeof message, "link %zu", i);
        for (size_t k = 0; k < errors; k++) {
            const bacm_service_error *error = bacm_link_results_error(results, i, k);

            assert_true(error->has_code);
            assert_int_equal(error->code, code_of(i, k));
            assert_int_equal(error->channel, BACM_CHANNEL_PARTIAL);
            assert_string_equal(error->message, message);
            assert_string_equal(error->symbol, "");
        }
    }
    bacm_link_results_free(results);
}

static void every_combination(void **state)
{
    static const size_t counts[] = {1, 2, 10};
    struct fixture *f = *state;
    const struct style *style = f->parameter;
    struct step steps[2 * 1024];

    for (size_t c = 0; c < COUNT(counts); c++) {
        unsigned masks = 1u << counts[c];

        memset(steps, 0, sizeof steps);
        for (unsigned mask = 0; mask < masks; mask++) {
            const char *body = mixed_body(f, style, counts[c], mask);

            steps[2 * mask + 1] = (struct step){.kind = STEP_SEND, .bytes = soap_reply(f, body)};
        }
        fixture_start(f, steps, (size_t)masks * 2);
        for (unsigned mask = 0; mask < masks; mask++)
            check_mixed(f, counts[c], mask);
        assert_int_equal(script_server_connections(f->server), 1);
        fixture_stop(f);
    }
}

/* --- broken deliveries --- */

enum { CUT_LINKS = 3, CUT_MASK = 2 };

static const char *chunked_reply(struct fixture *f, const char *body)
{
    size_t half = strlen(body) / 2;

    return reply_format(f,
                        "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n%zx\r\n%.*s\r\n%zx\r\n%s\r\n0\r\n\r\n",
                        half, (int)half, body, strlen(body + half), body + half);
}

static const char *unsized_reply(struct fixture *f, const char *body)
{
    return reply_format(f, "HTTP/1.0 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n\r\n%s",
                        body);
}

static const char *mixed_reply(struct fixture *f, const char *kind)
{
    const char *body = soap_envelope(f, mixed_body(f, &styles[0], CUT_LINKS, CUT_MASK));

    if (strcmp(kind, "chunked") == 0)
        return chunked_reply(f, body);
    if (strcmp(kind, "unsized") == 0)
        return unsized_reply(f, body);
    return http_reply(f, 200, NULL, body);
}

static void cut_at_each_byte(void **state)
{
    struct fixture *f = *state;
    const char *reply = mixed_reply(f, f->parameter);
    /* Once the envelope is whole, the end of the last chunk says nothing more. */
    size_t size = (size_t)(strstr(reply, "</s:Envelope>") - reply) + strlen("</s:Envelope>");
    struct step *steps = calloc(3 * size + 2, sizeof *steps);
    size_t n = 0;

    assert_non_null(steps);
    for (size_t cut = 0; cut < size; cut++) {
        steps[n++] = (struct step)READ;
        if (cut)
            steps[n++] = (struct step){.kind = STEP_SEND, .bytes = reply, .size = cut};
        steps[n++] = (struct step)CLOSE;
    }
    steps[n++] = (struct step)READ;
    steps[n++] = (struct step)SEND(reply);
    steps[n++] = (struct step)CLOSE;
    fixture_start(f, steps, n);
    for (size_t cut = 0; cut < size; cut++) {
        bacm_link_results *results = NULL;
        bacm_status status = add_links(f, &results, CUT_LINKS);

        check_result(f, status, results, CUT_LINKS);
        if (status != BACM_E_UNKNOWN_OUTCOME)
            fail_msg("cut behind byte %zu of %zu: %s", cut, size, bacm_status_name(status));
        assert_status(f->error.cause, BACM_E_NETWORK);
        bacm_link_results_free(results);
    }
    check_mixed(f, CUT_LINKS, CUT_MASK);
    free(steps);
}

static void byte_by_byte(void **state)
{
    struct fixture *f = *state;
    const char *reply = mixed_reply(f, f->parameter);

    PLAY(f, READ, {.kind = STEP_DRIP, .bytes = reply, .ms = 0}, CLOSE);
    check_mixed(f, CUT_LINKS, CUT_MASK);
}

/* Each byte of the envelope spoiled in turn: whatever it then says, the invariants hold. */
static void spoilt_at_each_byte(void **state)
{
    static const char spoilers[] = "<X\x01";
    struct fixture *f = *state;
    const char *body = soap_envelope(f, mixed_body(f, &styles[4], CUT_LINKS, CUT_MASK));
    size_t size = strlen(body);
    struct step *steps = calloc(2 * size, sizeof *steps);

    assert_non_null(steps);
    for (const char *spoiler = spoilers; *spoiler; spoiler++) {
        for (size_t i = 0; i < size; i++) {
            const char *spoilt = reply_format(f, "%.*s%c%s", (int)i, body, *spoiler, body + i + 1);

            steps[2 * i] = (struct step)READ;
            steps[2 * i + 1] = (struct step)SEND(http_reply(f, 200, NULL, spoilt));
        }
        fixture_start(f, steps, 2 * size);
        for (size_t i = 0; i < size; i++) {
            bacm_link_results *results = NULL;
            bacm_status status = add_links(f, &results, CUT_LINKS);

            check_result(f, status, results, CUT_LINKS);
            /* The refusal of link 1 may become unreadable, but never a success. */
            if (bacm_link_results_outcome(results, 1) == BACM_OUTCOME_DONE)
                fail_msg("byte %zu spoilt with '%c': the refusal has become a success", i,
                         *spoiler);
            bacm_link_results_free(results);
        }
        fixture_stop(f);
    }
    free(steps);
}

/* --- all of it --- */

static int is_case(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot && strcmp(dot, ".case") == 0;
}

enum { MAX_TESTS = 256 };
static struct CMUnitTest tests[MAX_TESTS];
static size_t test_count;

static void add_test(const char *name, CMUnitTestFunction function, const void *parameter)
{
    tests[test_count++] = (struct CMUnitTest){strdup(name), function, fixture_setup,
                                              fixture_teardown, (void *)parameter};
}

static void add_case_files(void)
{
    struct dirent **found = NULL;
    int count = scandir(TEST_DATA "/alignment", &found, is_case, alphasort);

    for (int i = 0; i < count && test_count < MAX_TESTS; i++) {
        char path[512];

        snprintf(path, sizeof path, "alignment/%s", found[i]->d_name);
        add_test(found[i]->d_name, case_file, strdup(path));
        free(found[i]);
    }
    free(found);
}

int main(void)
{
    static const char *const kinds[] = {"sized", "chunked", "unsized"};
    int failed;

    add_case_files();
    for (size_t i = 0; i < COUNT(styles); i++) {
        char name[64];

        snprintf(name, sizeof name, "every combination, success as %s", styles[i].name);
        add_test(name, every_combination, &styles[i]);
    }
    for (size_t i = 0; i < COUNT(kinds); i++) {
        char name[64];

        snprintf(name, sizeof name, "%s reply cut at each byte", kinds[i]);
        add_test(name, cut_at_each_byte, kinds[i]);
        snprintf(name, sizeof name, "%s reply byte by byte", kinds[i]);
        add_test(name, byte_by_byte, kinds[i]);
    }
    add_test("reply spoilt at each byte", spoilt_at_each_byte, NULL);
    failed = _cmocka_run_group_tests("alignment", tests, test_count, NULL, NULL);
    return failed;
}
