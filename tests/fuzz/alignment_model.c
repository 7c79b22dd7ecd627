/*
 * A reply is built from choices, and what it means is known beforehand: each slot
 * must say so, whatever the reply is dressed in.
 */
#include "reply.h"

#include <stdio.h>
#include <string.h>

#define CM  "https://bingads.microsoft.com/Customer/%s" /* the version */
#define XSI "http://www.w3.org/2001/XMLSchema-instance"

enum { MAX_ERRORS = 3 };

struct slot {
    unsigned count;
    int codes[MAX_ERRORS];
};

/* How this reply is dressed. */
struct dress {
    const char *api;
    const char *exc; /* prefix of the Exception namespace, with its colon; "" when it is default */
    const char *nil; /* the attribute */
    const char *gap;
};

static struct dress choose_dress(struct fuzz_input *input, const char *api)
{
    static const char *const prefixes[] = {"a:", "", "x1:", "i2:", "_:", "exc:", "s1:", "a.b-c:"};
    static const char *const nils[] = {" i:nil=\"true\"", " i:nil='1'", " i:nil = \"true\"",
                                       "\ni:nil=\"1\" "};
    static const char *const gaps[] = {
        "", " ", "\r\n\t", "<!-- x -->", "\n<!--<a:b/>-->\n", "<?target data?>"};

    return (struct dress){api, prefixes[fuzz_pick(input, 8)], nils[fuzz_pick(input, 4)],
                          gaps[fuzz_pick(input, 6)]};
}

static void put_success(FILE *out, struct fuzz_input *input, const struct dress *d)
{
    switch (fuzz_pick(input, 7)) {
    case 0:
        fprintf(out, "<%sArrayOfOperationError%s/>", d->exc, d->nil);
        break;
    case 1:
        fprintf(out, "<%sArrayOfOperationError/>", d->exc);
        break;
    case 2:
        fprintf(out, "<%sArrayOfOperationError%s></%sArrayOfOperationError>", d->exc, d->nil,
                d->exc);
        break;
    case 3:
        fprintf(out, "<%sArrayOfOperationError>%s</%sArrayOfOperationError >", d->exc, d->gap,
                d->exc);
        break;
    case 4:
        fprintf(out, "<%sArrayOfOperationError>%s<%sOperationError%s/>%s</%sArrayOfOperationError>",
                d->exc, d->gap, d->exc, d->nil, d->gap, d->exc);
        break;
    case 5:
        fprintf(out,
                "<%sArrayOfOperationError><%sOperationError%s/><%sOperationError%s/>"
                "</%sArrayOfOperationError>",
                d->exc, d->exc, d->nil, d->exc, d->nil, d->exc);
        break;
    default:
        fprintf(out,
                "<%sArrayOfOperationError><%sOperationError%s></%sOperationError>"
                "</%sArrayOfOperationError>",
                d->exc, d->exc, d->nil, d->exc, d->exc);
        break;
    }
}

static void put_error(FILE *out, struct fuzz_input *input, const struct dress *d, int code)
{
    const char *gap = d->gap;

    fprintf(out, "<%sOperationError>%s<%sCode>%d</%sCode>%s", d->exc, gap, d->exc, code, d->exc,
            gap);
    switch (fuzz_pick(input, 4)) {
    case 0:
        fprintf(out, "<%sDetails%s/>", d->exc, d->nil);
        break;
    case 1:
        fprintf(out, "<%sDetails/>", d->exc);
        break;
    case 2:
        fprintf(out, "<%sDetails>&lt;&#65;&amp;</%sDetails>", d->exc, d->exc);
        break;
    default:
        break;
    }
    switch (fuzz_pick(input, 3)) {
    case 0:
        fprintf(out, "<%sMessage>text</%sMessage>", d->exc, d->exc);
        break;
    case 1:
        fprintf(out, "<%sMessage><![CDATA[</a:Message>]]></%sMessage>", d->exc, d->exc);
        break;
    default:
        break;
    }
    fprintf(out, "%s</%sOperationError>", gap, d->exc);
}

/* Codes, and what each says of a link: refused, perhaps carried out, or nothing. */
static const struct {
    int code;
    bool is_refusal;
    bool is_internal;
} said[] = {{1410, true, false}, {1471, true, false},   {1424, true, false},       {0, false, true},
            {-50, false, false}, {31337, false, false}, {2147483647, false, false}};

/* A known refusal, with nothing beside it that leaves the outcome open, proves it. */
static bacm_link_outcome outcome_of(const struct slot *slot)
{
    bool refused = false;

    for (unsigned k = 0; k < slot->count; k++) {
        for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
            if (said[i].code == slot->codes[k] && said[i].is_internal)
                return BACM_OUTCOME_UNKNOWN;
            refused |= said[i].code == slot->codes[k] && said[i].is_refusal;
        }
    }
    if (refused)
        return BACM_OUTCOME_REFUSED;
    return slot->count ? BACM_OUTCOME_UNKNOWN : BACM_OUTCOME_DONE;
}

/* Errors with nil ones among them, which count for nothing. */
static void put_errors(FILE *out, struct fuzz_input *input, const struct dress *d,
                       struct slot *slot)
{
    slot->count = 1 + fuzz_pick(input, MAX_ERRORS);
    fprintf(out, "<%sArrayOfOperationError>", d->exc);
    for (unsigned k = 0; k < slot->count; k++) {
        unsigned choice = fuzz_byte(input);

        if (choice & 1)
            fprintf(out, "<%sOperationError%s/>", d->exc, d->nil);
        slot->codes[k] = said[(choice >> 1) % (sizeof said / sizeof *said)].code;
        put_error(out, input, d, slot->codes[k]);
    }
    fprintf(out, "</%sArrayOfOperationError>", d->exc);
}

static void put_partial(FILE *out, struct fuzz_input *input, const struct dress *d,
                        struct slot *slots, size_t n)
{
    const size_t prefix = strlen(d->exc);

    if (prefix)
        fprintf(out, "<PartialErrors xmlns:%.*s=\"" CM "/Exception\">", (int)prefix - 1, d->exc,
                d->api);
    else
        fprintf(out, "<c:PartialErrors xmlns:c=\"" CM "\" xmlns=\"" CM "/Exception\">", d->api,
                d->api);
    for (size_t i = 0; i < n; i++) {
        fputs(d->gap, out);
        if (fuzz_byte(input) & 1)
            put_errors(out, input, d, &slots[i]);
        else
            put_success(out, input, d);
    }
    fprintf(out, "%s</%sPartialErrors>", d->gap, prefix ? "" : "c:");
}

static void put_no_operation_errors(FILE *out, struct fuzz_input *input, const struct dress *d)
{
    switch (fuzz_pick(input, 4)) {
    case 0:
        fprintf(out, "<OperationErrors%s/>", d->nil);
        break;
    case 1:
        fputs("<OperationErrors/>", out);
        break;
    case 2:
        fprintf(out, "<OperationErrors>%s</OperationErrors>", d->gap);
        break;
    default:
        break;
    }
}

static void put_envelope(FILE *out, struct fuzz_input *input, const struct dress *d,
                         struct slot *slots, size_t n)
{
    if (fuzz_byte(input) & 1)
        fputs("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n", out);
    fputs("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">", out);
    if (fuzz_byte(input) & 1)
        fprintf(out, "<s:Header><h:TrackingId xmlns:h=\"" CM "\">T</h:TrackingId></s:Header>",
                d->api);
    fprintf(out, "%s<s:Body><AddClientLinksResponse xmlns=\"" CM "\" xmlns:i=\"" XSI "\">", d->gap,
            d->api);
    put_no_operation_errors(out, input, d);
    if (fuzz_pick(input, 8) != 0)
        put_partial(out, input, d, slots, n);
    else if (fuzz_byte(input) & 1)
        fprintf(out, "<PartialErrors%s/>", d->nil);
    fprintf(out, "%s</AddClientLinksResponse>%s</s:Body></s:Envelope>", d->gap, d->gap);
}

static bool agrees(const bacm_link_results *results, size_t i, const struct slot *slot)
{
    if (bacm_link_results_outcome(results, i) != outcome_of(slot) ||
        bacm_link_results_error_count(results, i) != slot->count)
        return false;
    for (unsigned k = 0; k < slot->count; k++) {
        const bacm_service_error *error = bacm_link_results_error(results, i, k);

        if (!error->has_code || error->code != slot->codes[k])
            return false;
    }
    return true;
}

static bacm_status worse(bacm_status status, bacm_link_outcome outcome)
{
    if (outcome == BACM_OUTCOME_UNKNOWN || status == BACM_E_UNKNOWN_OUTCOME)
        return BACM_E_UNKNOWN_OUTCOME;
    return outcome == BACM_OUTCOME_REFUSED ? BACM_E_PARTIAL : status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    const unsigned first = fuzz_byte(&input);
    const size_t n = 1 + first % BACM_MAX_LINKS_PER_CALL;
    const bool is_v13 = first >= 0x80;
    const struct dress dress = choose_dress(&input, is_v13 ? "v13" : "v11");
    struct slot slots[BACM_MAX_LINKS_PER_CALL] = {{0, {0}}};
    bacm_link_results *results = NULL;
    bacm_status expected = BACM_OK;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    bacm_error error;
    bacm_status status;

    REQUIRE(out != NULL);
    put_envelope(out, &input, &dress, slots, n);
    REQUIRE(fclose(out) == 0);
    for (size_t i = 0; i < n; i++)
        expected = worse(expected, outcome_of(&slots[i]));

    reply_set_api(is_v13 ? bacm_api_v13 : bacm_api_v11);
    reply_play_xml(text);
    status = bacm_links_add(&results, reply_client(), reply_links(n), n, &error);
    reply_check_results(results, n, status, &error);
    REQUIRE(status == expected);
    for (size_t i = 0; i < n; i++)
        REQUIRE(agrees(results, i, &slots[i]));
    bacm_link_results_free(results);
    free(text);
    return 0;
}
