/* UpdateClientLinks */
#include "datetime.h"
#include "link_call.h"
#include "links.h"
#include "operations.h"

#include "v11H.h"

#include <string.h>

/* A link to be updated, as the caller sent it and as it is stored. */
struct change {
    const struct ent__ClientLink *sent;
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

static bool same_number(const LONG64 *sent, int64_t stored)
{
    return sent && *sent == stored;
}

/* A boolean that is left out has its default, false. */
static bool same_bool(const enum xsd__boolean *sent, bool stored)
{
    return (sent && *sent) == stored;
}

static bool same_map(const struct change *change)
{
    const struct gen__ArrayOfKeyValuePairOfstringstring *sent =
        change->sent->ForwardCompatibilityMap;
    json_t *stored = change->stored.map ? json_loads(change->stored.map, 0, NULL) : NULL;
    bool same = sent ? (size_t)sent->__sizeKeyValuePairOfstringstring == json_object_size(stored)
                     : !change->strict || !stored;
    for (int i = 0; same && sent && i < sent->__sizeKeyValuePairOfstringstring; i++) {
        const struct gen__KeyValuePairOfstringstring *pair = &sent->KeyValuePairOfstringstring[i];
        const char *value = json_string_value(json_object_get(stored, pair->key ? pair->key : ""));
        same = same_text(change, pair->value, value);
    }
    json_decref(stored);
    return same;
}

/* The first read-only element that differs from what is stored, NULL when none does. */
static const char *changed_element(const struct change *change)
{
    const struct ent__ClientLink *sent = change->sent;
    const struct link *stored = &change->stored;
    const struct {
        const char *name;
        bool same;
    } elements[] = {
        {"ClientAccountId", same_number(sent->ClientAccountId, stored->account_id)},
        {"ClientAccountNumber",
         same_text(change, sent->ClientAccountNumber, stored->account_number)},
        {"ManagingCustomerId", same_number(sent->ManagingCustomerId, stored->customer_id)},
        {"ManagingCustomerNumber",
         same_text(change, sent->ManagingCustomerNumber, stored->customer_number)},
        {"Name", same_text(change, sent->Name, stored->name)},
        {"InviterEmail", same_text(change, sent->InviterEmail, stored->inviter_email)},
        {"InviterName", same_text(change, sent->InviterName, stored->inviter_name)},
        {"InviterPhone", same_text(change, sent->InviterPhone, stored->inviter_phone)},
        {"IsBillToClient", same_bool(sent->IsBillToClient, stored->bill_to_client)},
        {"StartDate", same_date(change, sent->StartDate, stored->start_date)},
        {"SuppressNotification",
         same_bool(sent->SuppressNotification, stored->suppress_notification)},
        {"LastModifiedDateTime",
         (!change->strict && !sent->LastModifiedDateTime) ||
             same_date(change, sent->LastModifiedDateTime, stored->modified)},
        {"LastModifiedByUserId", (!change->strict && !sent->LastModifiedByUserId) ||
                                     same_number(sent->LastModifiedByUserId, stored->modified_by)},
        {"ForwardCompatibilityMap", same_map(change)},
    };
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        if (!elements[i].same)
            return elements[i].name;
    }
    return NULL;
}

/* Finds the link and the caller's side of it; adds the error when that fails. */
static bool find_link(struct call *call, struct change *change, struct link_outcome *outcome)
{
    const struct ent__ClientLink *sent = change->sent;
    struct account account = {0};
    struct customer customer = {0};
    if (sent->ClientAccountId)
        account_by_id(call->state, call->soap, *sent->ClientAccountId, &account);
    else if (sent->ClientAccountNumber)
        account_by_number(call->state, call->soap, sent->ClientAccountNumber, &account);
    if (sent->ManagingCustomerId)
        customer_by_id(call->state, call->soap, *sent->ManagingCustomerId, &customer);
    else if (sent->ManagingCustomerNumber)
        customer_by_number(call->state, call->soap, sent->ManagingCustomerNumber, &customer);
    change->stored.account_id = account.id;
    change->stored.customer_id = customer.id;
    if (account.id == 0) {
        link_outcome_add(outcome, CODE_INVALID_ACCOUNT_ID, NULL);
        return false;
    }
    change->by_agency = customer.id == call->customer.id;
    if (!change->by_agency && account.customer_id != call->customer.id) {
        link_outcome_add(outcome, CODE_USER_NOT_AUTHORIZED,
                         "The caller is neither the agency nor the client of this link.");
        return false;
    }
    if (!link_find(call->state, call->soap, account.id, customer.id, &change->stored)) {
        link_outcome_add(outcome, CODE_ENTITY_NOT_EXISTENT, "There is no link of this pair.");
        return false;
    }
    return true;
}

static void check_unchanged(const struct change *change, struct link_outcome *outcome)
{
    if (!same_text(change, change->sent->Timestamp, change->stored.timestamp)) {
        link_outcome_add(outcome, CODE_TIMESTAMP_NOT_MATCH, "Timestamp");
        return;
    }
    const char *changed = changed_element(change);
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
    if (!change->sent->Status || !link_status_parse(change->sent->Status, &asked)) {
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
            if (asked == LINK_ACCEPTED &&
                link_managed_by_other(call->state, change->stored.account_id,
                                      change->stored.customer_id)) {
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

static void update_link(struct call *call, const struct ent__ClientLink *sent,
                        struct link_outcome *outcome)
{
    struct change change = {.sent = sent, .strict = call->sim->options.strict_echo};
    const struct transition *transition = NULL;
    bool found = find_link(call, &change, outcome);
    if (found)
        check_unchanged(&change, outcome);
    if (outcome->count == 0)
        transition = find_transition(call, &change, outcome);
    if (transition)
        link_change(call->state, change.stored.id, transition->to, sent->Note,
                    change.stored.start_ms, change.stored.held, call->user.id, call->now_ms,
                    &call->sim->timing);
    json_t *entry = link_log_entry(call, change.stored.account_id, change.stored.account_number,
                                   change.stored.customer_id, outcome);
    if (found)
        json_object_set_new(entry, "from", json_string(link_status_name(change.stored.status)));
    json_object_set_new(entry, "asked", sent->Status ? json_string(sent->Status) : json_null());
    if (transition)
        json_object_set_new(entry, "to", json_string(link_status_name(transition->to)));
}

bool readable_update_client_links(struct call *call, const void *request)
{
    return links_readable(call,
                          ((const struct _cm__UpdateClientLinksRequest *)request)->ClientLinks);
}

bool run_update_client_links(struct call *call, const void *request)
{
    const struct ent__ArrayOfClientLink *links =
        ((const struct _cm__UpdateClientLinksRequest *)request)->ClientLinks;
    if (!call_require_super_admin(call) || !links_countable(call, links))
        return false;
    struct link_outcome outcomes[LINKS_PER_CALL] = {0};
    for (int i = 0; i < links->__sizeClientLink; i++)
        update_link(call, &links->ClientLink[i], &outcomes[i]);
    link_write_outcomes(call, outcomes, (size_t)links->__sizeClientLink);
    return true;
}
