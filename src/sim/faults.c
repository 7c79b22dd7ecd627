#include "sim/faults.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WAIT_MS (24LL * 3600 * 1000)

/* Which of the calls that a rule sees it hits. */
struct selector {
    char operation[48]; /* "": every one */
    char api[16];       /* version and wire of the service, "": all of them and OAuth */
    int64_t first;      /* first..last by number, from 1 */
    int64_t last;
    int64_t every;
    double probability;
    uint64_t seed;
    int64_t times; /* at most so often */
};

enum value_type {
    VALUE_FLAG,
    VALUE_MILLISECONDS,
    VALUE_STATUS,
    VALUE_NUMBER,
    VALUE_TEXT,
    VALUE_COUNT,
    VALUE_NIL_FORM,
    VALUE_JSON_FORM,
    VALUE_PAGE_CAP,
    VALUE_RETRY_AFTER,
    VALUE_TRUNCATE,
    VALUE_FORCED
};

/* What a rule can do: the field of the plan that it sets, and from what. */
static const struct kind {
    const char *name;
    enum value_type type;
    size_t field;
} kinds[] = {
    {"refuse", VALUE_FLAG, offsetof(struct fault_plan, refuse)},
    {"drop-before", VALUE_FLAG, offsetof(struct fault_plan, drop_before)},
    {"drop-after", VALUE_FLAG, offsetof(struct fault_plan, drop_after)},
    {"stall", VALUE_MILLISECONDS, offsetof(struct fault_plan, stall_ms)},
    {"delay", VALUE_MILLISECONDS, offsetof(struct fault_plan, delay_ms)},
    {"drip", VALUE_MILLISECONDS, offsetof(struct fault_plan, drip_ms)},
    {"fault", VALUE_FORCED, offsetof(struct fault_plan, forced)},
    {"fault-after", VALUE_FORCED, offsetof(struct fault_plan, forced_after)},
    {"http", VALUE_STATUS, offsetof(struct fault_plan, http_status)},
    {"status", VALUE_STATUS, offsetof(struct fault_plan, status)},
    {"garbage", VALUE_FLAG, offsetof(struct fault_plan, garbage)},
    {"empty", VALUE_FLAG, offsetof(struct fault_plan, empty)},
    {"truncate", VALUE_TRUNCATE, offsetof(struct fault_plan, truncate_at)},
    {"count", VALUE_COUNT, offsetof(struct fault_plan, count_change)},
    {"nil", VALUE_NIL_FORM, offsetof(struct fault_plan, nil_form)},
    {"json", VALUE_JSON_FORM, offsetof(struct fault_plan, json_form)},
    {"page-cap", VALUE_PAGE_CAP, offsetof(struct fault_plan, page_cap)},
    {"two-identities", VALUE_FLAG, offsetof(struct fault_plan, two_identities)},
    {"retry-after", VALUE_RETRY_AFTER, offsetof(struct fault_plan, retry_after)},
    {"gzip", VALUE_FLAG, offsetof(struct fault_plan, gzip)},
    {"chunked", VALUE_FLAG, offsetof(struct fault_plan, chunked)},
    {"huge", VALUE_NUMBER, offsetof(struct fault_plan, huge_bytes)},
    {"deep", VALUE_NUMBER, offsetof(struct fault_plan, deep_levels)},
    {"type", VALUE_TEXT, offsetof(struct fault_plan, content_type)},
    {"link-status", VALUE_TEXT, offsetof(struct fault_plan, link_status)},
    {"oauth-error", VALUE_TEXT, offsetof(struct fault_plan, oauth_error)},
    {"no-refresh-token", VALUE_FLAG, offsetof(struct fault_plan, no_refresh_token)},
    {"expires-text", VALUE_FLAG, offsetof(struct fault_plan, expires_as_text)},
};

struct fault_rule {
    char spec[FAULT_SPEC_SIZE];
    const struct kind *kind;
    char value[FAULT_SPEC_SIZE]; /* of the kind, "" when it has none */
    struct selector selector;
    int64_t seen;
    int64_t hit;
};

static bool parse_number(const char *text, int64_t min, int64_t max, int64_t *out)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < min || value > max)
        return false;
    *out = value;
    return true;
}

/* adapi:CODE, api:CODE, operation:CODE or bare */
static bool set_forced(struct forced_fault *out, const char *value)
{
    static const struct {
        const char *prefix;
        enum forced_channel channel;
    } channels[] = {
        {"adapi:", FORCED_ADAPI}, {"api:", FORCED_API}, {"operation:", FORCED_OPERATION}};
    if (strcmp(value, "bare") == 0) {
        out->channel = FORCED_BARE;
        return true;
    }
    for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++) {
        size_t length = strlen(channels[i].prefix);
        int64_t code;
        if (strncmp(value, channels[i].prefix, length) != 0)
            continue;
        if (!parse_number(value + length, 0, INT32_MAX, &code))
            return false;
        out->channel = channels[i].channel;
        out->code = (int)code;
        return true;
    }
    return false;
}

/* The names of the values that an enumeration of the plan may be set to, in its order from 1. */
static const char *const nil_forms[] = {"absent",      "nil",         "empty",      "entry-empty",
                                        "entry-inner", "call-absent", "call-empty", NULL};
static const char *const json_forms[] = {
    "ids-number",  "ids-overflow", "unknown-members", "duplicate", "lower-case", "lower-pairs",
    "slot-object", "slot-flat",    "nulls-absent",    "array",     "mark",       "trailing",
    "type-first",  "no-type",      "tracking-moved",  NULL};
static const char *const page_caps[] = {"refuse", "cut", "none", NULL};

/* The position of a name among others, from 1; 0: it is not there. */
static int position_of(const char *const *names, const char *name)
{
    for (int i = 0; names[i]; i++) {
        if (strcmp(names[i], name) == 0)
            return i + 1;
    }
    return 0;
}

static bool set_retry_after(char out[FAULT_SPEC_SIZE], const char *value)
{
    static const char date[] = "date:";
    int64_t seconds;
    snprintf(out, FAULT_SPEC_SIZE, "%s", value);
    return parse_number(strncmp(value, date, sizeof date - 1) == 0 ? value + sizeof date - 1
                                                                   : value,
                        0, INT32_MAX, &seconds);
}

/* Sets what a kind sets in a plan; false when the value does not fit the kind. */
static bool apply(struct fault_plan *plan, const struct kind *kind, const char *value)
{
    void *field = (char *)plan + kind->field;
    int64_t number;
    switch (kind->type) {
    case VALUE_FLAG:
        *(bool *)field = true;
        return value[0] == '\0';
    case VALUE_MILLISECONDS:
        return parse_number(value, 1, MAX_WAIT_MS, field);
    case VALUE_NUMBER:
        return parse_number(value, 1, 1LL << 32, field);
    case VALUE_TRUNCATE:
        plan->truncated = true;
        return parse_number(value, INT32_MIN, INT32_MAX, field);
    case VALUE_STATUS:
    case VALUE_COUNT:
        if (kind->type == VALUE_STATUS ? !parse_number(value, 200, 599, &number)
                                       : !parse_number(value, -10, 10, &number))
            return false;
        *(int *)field = (int)number;
        return true;
    case VALUE_TEXT:
        snprintf(field, FAULT_SPEC_SIZE, "%s", value);
        return value[0] != '\0';
    case VALUE_NIL_FORM:
        plan->nil_form = (enum nil_form)position_of(nil_forms, value);
        return plan->nil_form != NIL_FORM_SERVICE;
    case VALUE_JSON_FORM:
        plan->json_form = (enum json_form)position_of(json_forms, value);
        return plan->json_form != JSON_FORM_SERVICE;
    case VALUE_PAGE_CAP:
        plan->page_cap = (enum page_cap)position_of(page_caps, value);
        return plan->page_cap != PAGE_CAP_SERVICE;
    case VALUE_RETRY_AFTER:
        return set_retry_after(field, value);
    case VALUE_FORCED:
        return set_forced(field, value);
    }
    return false;
}

static const struct kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    }
    return NULL;
}

static bool parse_kind(struct fault_rule *rule, const char *name, const char *value)
{
    struct fault_plan trial = {0};
    rule->kind = find_kind(name);
    snprintf(rule->value, sizeof rule->value, "%s", value);
    return rule->kind && apply(&trial, rule->kind, value);
}

/* N, or N-M */
static bool parse_range(struct selector *selector, const char *value)
{
    char first[24];
    const char *dash = strchr(value, '-');
    if (!dash) {
        if (!parse_number(value, 1, INT64_MAX, &selector->first))
            return false;
        selector->last = selector->first;
        return true;
    }
    snprintf(first, sizeof first, "%.*s", (int)(dash - value), value);
    return parse_number(first, 1, INT64_MAX, &selector->first) &&
           parse_number(dash + 1, selector->first, INT64_MAX, &selector->last);
}

static const char *const apis[] = {"v11", "v13", "v13-rest", NULL};

static bool parse_key(struct selector *selector, const char *key, const char *value)
{
    int64_t seed;
    if (strcmp(key, "op") == 0) {
        snprintf(selector->operation, sizeof selector->operation, "%s", value);
        return value[0] != '\0';
    }
    if (strcmp(key, "api") == 0) {
        snprintf(selector->api, sizeof selector->api, "%s", value);
        return position_of(apis, value) != 0;
    }
    if (strcmp(key, "call") == 0)
        return parse_range(selector, value);
    if (strcmp(key, "every") == 0)
        return parse_number(value, 1, INT64_MAX, &selector->every);
    if (strcmp(key, "times") == 0)
        return parse_number(value, 1, INT64_MAX, &selector->times);
    if (strcmp(key, "seed") == 0) {
        if (!parse_number(value, 0, INT64_MAX, &seed))
            return false;
        selector->seed = (uint64_t)seed;
        return true;
    }
    if (strcmp(key, "p") == 0) {
        char *end;
        selector->probability = strtod(value, &end);
        return end != value && *end == '\0' && selector->probability > 0 &&
               selector->probability <= 1;
    }
    return false;
}

/* One KEY or KEY=VALUE of a spec; the first one is the kind. */
static bool parse_item(struct fault_rule *rule, char *item, bool first)
{
    char *value = strchr(item, '=');
    if (value)
        *value++ = '\0';
    return first ? parse_kind(rule, item, value ? value : "")
                 : value && parse_key(&rule->selector, item, value);
}

static bool parse_spec(struct fault_rule *rule, const char *spec, char reason[FAULT_REASON_SIZE])
{
    char copy[FAULT_SPEC_SIZE];
    char *rest = copy;
    if (strlen(spec) >= sizeof copy) {
        snprintf(reason, FAULT_REASON_SIZE, "a fault has at most %d characters",
                 FAULT_SPEC_SIZE - 1);
        return false;
    }
    snprintf(copy, sizeof copy, "%s", spec);
    snprintf(rule->spec, sizeof rule->spec, "%s", spec);
    rule->selector = (struct selector){
        .first = 1, .last = INT64_MAX, .every = 1, .probability = 1, .times = INT64_MAX};
    bool first = true;
    for (char *item = strsep(&rest, ","); item; item = strsep(&rest, ","), first = false) {
        char shown[FAULT_SPEC_SIZE];
        snprintf(shown, sizeof shown, "%s", item);
        if (!parse_item(rule, item, first)) {
            snprintf(reason, FAULT_REASON_SIZE, "\"%s\" is not understood; see --help", shown);
            return false;
        }
    }
    return true;
}

void faults_init(struct faults *faults)
{
    *faults = (struct faults){.count = 0};
    pthread_mutex_init(&faults->lock, NULL);
}

void faults_clear(struct faults *faults)
{
    pthread_mutex_lock(&faults->lock);
    for (int i = 0; i < faults->count; i++)
        free(faults->rules[i]);
    faults->count = 0;
    pthread_mutex_unlock(&faults->lock);
}

bool faults_add(struct faults *faults, const char *spec, char reason[FAULT_REASON_SIZE])
{
    struct fault_rule *rule = calloc(1, sizeof *rule);
    bool added = rule && parse_spec(rule, spec, reason);
    if (!rule)
        snprintf(reason, FAULT_REASON_SIZE, "out of memory");
    pthread_mutex_lock(&faults->lock);
    if (added && faults->count == FAULTS_MAX) {
        snprintf(reason, FAULT_REASON_SIZE, "there can be %d faults at a time", FAULTS_MAX);
        added = false;
    }
    if (added)
        faults->rules[faults->count++] = rule;
    pthread_mutex_unlock(&faults->lock);
    if (!added)
        free(rule);
    return added;
}

/* A number from 0 to 1 that depends on seed and position alone (splitmix64). */
static double random_at(uint64_t seed, int64_t position)
{
    uint64_t z = seed + (uint64_t)position * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return (double)(z >> 11) / 9007199254740992.0;
}

/* Counts a call and says whether the rule hits it. */
static bool select_call(struct fault_rule *rule)
{
    const struct selector *selector = &rule->selector;
    rule->seen++;
    if (rule->seen < selector->first || rule->seen > selector->last ||
        rule->seen % selector->every != 0 || rule->hit >= selector->times)
        return false;
    if (selector->probability < 1 && random_at(selector->seed, rule->seen) >= selector->probability)
        return false;
    rule->hit++;
    return true;
}

/* A refusal hits connections, before there is a call. */
static bool is_refusal(const struct fault_rule *rule)
{
    return rule->kind->field == offsetof(struct fault_plan, refuse);
}

/* Whether a rule is for such calls at all. */
static bool selects(const struct selector *selector, const char *api, const char *operation)
{
    return (!selector->operation[0] || strcmp(selector->operation, operation) == 0) &&
           (!selector->api[0] || (api && strcmp(selector->api, api) == 0));
}

void faults_plan(struct faults *faults, const char *api, const char *operation,
                 struct fault_plan *plan, json_t **out_specs)
{
    *plan = (struct fault_plan){0};
    *out_specs = NULL;
    pthread_mutex_lock(&faults->lock);
    for (int i = 0; i < faults->count; i++) {
        struct fault_rule *rule = faults->rules[i];
        if (is_refusal(rule) || !selects(&rule->selector, api, operation) || !select_call(rule))
            continue;
        apply(plan, rule->kind, rule->value);
        if (!*out_specs)
            *out_specs = json_array();
        json_array_append_new(*out_specs, json_string(rule->spec));
    }
    pthread_mutex_unlock(&faults->lock);
}

bool faults_refuse(struct faults *faults)
{
    bool refuse = false;
    pthread_mutex_lock(&faults->lock);
    for (int i = 0; i < faults->count; i++) {
        if (is_refusal(faults->rules[i]) && select_call(faults->rules[i]))
            refuse = true;
    }
    pthread_mutex_unlock(&faults->lock);
    return refuse;
}

json_t *faults_list(struct faults *faults)
{
    json_t *list = json_array();
    pthread_mutex_lock(&faults->lock);
    for (int i = 0; i < faults->count; i++)
        json_array_append_new(list, json_pack("{s:s,s:I,s:I}", "spec", faults->rules[i]->spec,
                                              "seen", (json_int_t)faults->rules[i]->seen, "hit",
                                              (json_int_t)faults->rules[i]->hit));
    pthread_mutex_unlock(&faults->lock);
    return list;
}
