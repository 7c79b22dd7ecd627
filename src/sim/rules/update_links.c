/* UpdateClientLinks */
#include "sim/rules/link_call.h"
#include "sim/state/datetime.h"

#include <string.h>

/* A link to be updated, as the caller sent it and as it is stored. */
struct change {
    const struct sent_link *sent;
    struct link stored;
    bool by_agency;
    bool strict; /* texts must come back byte for byte, not only with the same value */
};

struct transition {
    enum link_status from;
    enum link_status asked;
    enum link_status to;
    bool by_agency;
};

static const struct transition transitions[] = {
    {LINK_PENDING, LINK_CANCELED, LINK_CANCELED, true},
    {LINK_PENDING, LINK_ACCEPTED, LINK_ACCEPTED, false},
    {LINK_PENDING, LINK_DECLINED, LINK_DECLINED, false},
    {LINK_ACTIVE, UNLINK_REQUESTED, UNLINK_PENDING, true},
};

static bool same_text(const struct change *change, const char *sent, const char *stored)
{
    if (!change->strict) { /* some clients cannot tell nil from empty */
        sent = sent && sent[0] ? sent : NULL;
        stored = stored && stored[0] ? stored : NULL;
    }
    if (!sent || !stored)
        return sent == stored;
    return strcmp(sent, stored) == 0;
}

static bool same_date(const struct change *change, const char *sent, const char *stored)
{
    struct datetime sent_date;
    struct datetime stored_date;
    if (same_text(change, sent, stored))
        return true;
    return !change->strict && sent && stored && datetime_parse(sent, &sent_date) &&
           datetime_parse(stored, &stored_date) && sent_date.ms == stored_date.ms &&
           sent_date.ticks == stored_date.ticks;
}

static bool same_number(const struct sent_number *sent, int64_t stored)
{
    return sent->given && sent->value == stored;
}

/* A boolean that is left out has its default, false. */
static bool same_bool(const struct sent_bool *sent, bool stored)
{
    return (sent->given && sent->value) == stored;
}

static bool same_map(const struct change *change)
{
    const struct sent_map *sent = &change->sent->map;
    json_t *stored = change->stored.map ? json_loads(change->stored.map, 0, NULL) : NULL;
    bool same = sent->given ? sent->count == json_object_size(stored) : !change->strict || !stored;
    for (size_t i = 0; same && i < sent->count; i++) {
        const struct sent_pair *pair = &sent->pairs[i];
        const char *value = json_string_value(json_object_get(stored, pair->key ? pair->key : ""));
        same = same_text(change, pair->value, value);
    }
    json_decref(stored);
    return same;
}

/* Names of customers and accounts may be left out, a wrong one is a change. */
static bool same_if_sent(const struct change *change, const char *sent, const char *stored)
{
    return (!change->strict && !sent) || same_text(change, sent, stored);
}

static bool same_type(const struct change *change)
{
    enum link_kind kind;
    return link_kind_parse(change->sent->type, &kind) && kind == link_kind_of(&change->stored.key);
}

struct element {
    const char *name;
    bool same;
};

static const char *first_changed(const struct element *elements, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!elements[i].same)
            return elements[i].name;
    }
    return NULL;
}

/* The elements that only versions with links of customers have. */
static const char *changed_kind(const struct change *change)
{
    const struct sent_link *sent = change->sent;
    const struct link *stored = &change->stored;
    const struct element elements[] = {
        {"Type", same_type(change)},
        {"ClientEntityName", same_if_sent(change, sent->client_name, stored->client_name)},
        {"ManagingCustomerName", same_if_sent(change, sent->manager_name, stored->customer_name)},
        {"CustomerLinkPermission", same_if_sent(change, sent->permission, stored->permission)},
        {"ClientEntityCustomerNumber",
         same_if_sent(change, sent->client_customer_number, stored->owner_number)},
    };
    return first_changed(elements, sizeof elements / sizeof elements[0]);
}

/* The first read-only element that differs from what is stored, NULL when none does. */
static const char *changed_element(const struct change *change, const struct link_rules *rules)
{
    const struct sent_link *sent = change->sent;
    const struct link *stored = &change->stored;
    const int64_t client = stored->key.account_id + stored->key.client_customer_id;
    const struct element elements[] = {
        {rules->client_id, same_number(&sent->client_id, client)},
        {rules->client_number, same_text(change, sent->client_number, stored->client_number)},
        {"ManagingCustomerId", same_number(&sent->manager_id, stored->key.customer_id)},
        {"ManagingCustomerNumber",
         same_text(change, sent->manager_number, stored->customer_number)},
        {"Name", same_text(change, sent->name, stored->name)},
        {"InviterEmail", same_text(change, sent->inviter_email, stored->inviter_email)},
        {"InviterName", same_text(change, sent->inviter_name, stored->inviter_name)},
        {"InviterPhone", same_text(change, sent->inviter_phone, stored->inviter_phone)},
        {"IsBillToClient", same_bool(&sent->bill_to_client, stored->bill_to_client)},
        {"StartDate", same_date(change, sent->start_date, stored->start_date)},
        {"SuppressNotification",
         same_bool(&sent->suppress_notification, stored->suppress_notification)},
        {"LastModifiedDateTime", (!change->strict && !sent->modified) ||
                                     same_date(change, sent->modified, stored->modified)},
        {"LastModifiedByUserId", (!change->strict && !sent->modified_by.given) ||
                                     same_number(&sent->modified_by, stored->modified_by)},
        {"ForwardCompatibilityMap", same_map(change)},
    };
    const char *changed = first_changed(elements, sizeof elements / sizeof elements[0]);
    return changed || !rules->customer_links ? changed : changed_kind(change);
}

/* Finds the link and the caller's side of it; adds the error when that fails. */
static bool find_link(struct call *call, struct change *change, struct link_outcome *outcome)
{
    struct link_sides sides;
    link_find_sides(call, change->sent, &sides);
    const struct link_key key = link_sides_key(&sides);
    const int64_t owner =
        key.client_customer_id ? key.client_customer_id : sides.account.customer_id;
    change->stored.key = key;
    if (key.account_id == 0 && key.client_customer_id == 0) {
        link_outcome_add(outcome, link_unknown_code(change->sent->kind), NULL);
        return false;
    }
    change->by_agency = key.customer_id == call->customer.id;
    if (!change->by_agency && owner != call->customer.id) {
        link_outcome_add(outcome, CODE_USER_NOT_AUTHORIZED,
                         "The caller is neither the agency nor the client of this link.");
        return false;
    }
    if (!link_role_suffices(call, change->sent->kind)) {
        link_outcome_add(outcome, CODE_USER_NOT_AUTHORIZED,
                         "Only a Super Admin may change links of whole customers.");
        return false;
    }
    if (!link_find(call->state, call->soap, &key, &change->stored)) {
        link_outcome_add(outcome, CODE_ENTITY_NOT_EXISTENT, "There is no link of this pair.");
        return false;
    }
    return true;
}

static void check_unchanged(const struct change *change, const struct link_rules *rules,
                            struct link_outcome *outcome)
{
    if (!same_text(change, change->sent->timestamp, change->stored.timestamp)) {
        link_outcome_add(outcome, CODE_TIMESTAMP_NOT_MATCH, "Timestamp");
        return;
    }
    const char *changed = changed_element(change, rules);
    if (changed)
        link_outcome_add(outcome, CODE_READ_ONLY_CHANGED, changed);
}

/* The transition that is asked for; NULL after adding why it is refused. */
static const struct transition *find_transition(struct call *call, const struct change *change,
                                                struct link_outcome *outcome)
{
    enum link_status from = change->stored.status;
    enum link_status asked;
    bool other_side = false;
    if (!change->sent->status || !link_status_parse(change->sent->status, &asked)) {
        link_outcome_add(outcome, CODE_NULL_PARAMETER, "Status");
        return NULL;
    }
    if (from == LINK_IN_PROGRESS || from == UNLINK_IN_PROGRESS) {
        link_outcome_add(outcome, CODE_ACCOUNT_IN_TRANSITION, NULL);
        return NULL;
    }
    for (size_t i = 0; i < sizeof transitions / sizeof transitions[0]; i++) {
        const struct transition *transition = &transitions[i];
        if (transition->asked != asked)
            continue;
        other_side |= transition->by_agency != change->by_agency;
        if (transition->from == from && transition->by_agency == change->by_agency) {
            if (asked == LINK_ACCEPTED && link_managed_by_other(call->state, &change->stored.key)) {
                link_outcome_add(outcome, CODE_OTHER_AGENCY, NULL);
                return NULL;
            }
            return transition;
        }
    }
    if (other_side)
        link_outcome_add(outcome, CODE_USER_NOT_AUTHORIZED,
                         "Only the other side of the link may ask for this status.");
    else
        link_outcome_add(outcome, CODE_INPUT_VALIDATION,
                         "The link cannot go from its present status to this one.");
    return NULL;
}

static void update_link(struct call *call, const struct sent_link *sent,
                        struct link_outcome *outcome)
{
    struct change change = {.sent = sent, .strict = call->sim->options.strict_echo};
    const struct transition *transition = NULL;
    bool found = find_link(call, &change, outcome);
    if (found)
        check_unchanged(&change, call->api->links, outcome);
    if (outcome->count == 0)
        transition = find_transition(call, &change, outcome);
    if (transition)
        link_change(call->state, change.stored.id, transition->to, sent->note,
                    change.stored.start_ms, change.stored.held, call->user.id, call->now_ms,
                    &call->sim->timing);
    json_t *entry = link_log_entry(call, &change.stored.key, sent, outcome);
    if (found)
        json_object_set_new(entry, "from", json_string(link_status_name(change.stored.status)));
    json_object_set_new(entry, "asked", sent->status ? json_string(sent->status) : json_null());
    if (transition)
        json_object_set_new(entry, "to", json_string(link_status_name(transition->to)));
}

bool links_update(struct call *call, const struct sent_links *links)
{
    if (!link_require_role(call) || !links_countable(call, links))
        return false;
    struct link_outcome outcomes[LINKS_PER_CALL] = {0};
    for (size_t i = 0; i < links->count; i++)
        update_link(call, &links->links[i], &outcomes[i]);
    link_write_outcomes(call, outcomes, links->count);
    return true;
}
