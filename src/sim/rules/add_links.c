/* AddClientLinks */
#include "sim/rules/link_call.h"
#include "sim/state/datetime.h"

#include <string.h>
#include <strings.h>

/* A wanted link, with its sides looked up. */
struct invitation {
    const struct sent_link *wanted;
    struct link_sides sides;
    int64_t start_ms;
    const char *permission;
};

static void check_name(const struct sent_link *link, struct link_outcome *outcome)
{
    /* Counted in characters: bytes that continue a UTF-8 sequence do not count. */
    size_t characters = 0;
    for (const char *at = link->name ? link->name : ""; *at; at++)
        characters += (*at & 0xc0) != 0x80;
    if (characters > LINK_NAME_MAX)
        link_outcome_add(outcome, CODE_NAME_TOO_LONG, "Name may have 40 characters.");
}

static bool is_set(const char *text)
{
    return text && text[0];
}

/* The rule that is announced for an unknown day: a client is named by two identities. */
static void check_identities(const struct sent_link *link, struct link_outcome *outcome)
{
    const bool whole = link->kind == LINK_OF_CUSTOMER;
    if (!link->client_id.given)
        link_outcome_add(outcome, CODE_INPUT_VALIDATION, "ClientLinkFieldInvalid: ClientEntityId");
    else if (!is_set(whole ? link->client_number : link->client_customer_number))
        link_outcome_add(outcome, CODE_INPUT_VALIDATION,
                         whole ? "ClientLinkFieldInvalid: ClientEntityNumber"
                               : "ClientLinkFieldInvalid: ClientEntityCustomerNumber");
}

/* Id or number; of a customer, where it can be linked as a whole, both may be given. */
static void check_shape(const struct call *call, const struct sent_link *link,
                        struct link_outcome *outcome)
{
    const bool pair = link->kind == LINK_OF_CUSTOMER && link->client_id.given;
    if (call->plan->two_identities && call->api->links->customer_links)
        check_identities(link, outcome);
    else if (!pair && link->client_id.given == (link->client_number != NULL))
        link_outcome_add(outcome, CODE_INPUT_VALIDATION, call->api->links->client_id_or_number);
    if (link->manager_id.given == (link->manager_number != NULL))
        link_outcome_add(outcome, CODE_INPUT_VALIDATION,
                         "Set either ManagingCustomerId or ManagingCustomerNumber.");
    if (link->status)
        link_outcome_add(outcome, CODE_INPUT_VALIDATION, "Status must not be set.");
    check_name(link, outcome);
}

/* What only versions with links of customers have: the kind, and what goes with it. */
static void check_kind(const struct call *call, struct invitation *invitation,
                       struct link_outcome *outcome)
{
    const struct sent_link *link = invitation->wanted;
    enum link_kind kind;
    const bool whole = link->kind == LINK_OF_CUSTOMER;
    if (!call->api->links->customer_links)
        return;
    if (!link_kind_parse(link->type, &kind))
        link_outcome_add(outcome, CODE_INPUT_VALIDATION, "Type");
    if (!whole && !link->bill_to_client.given)
        link_outcome_add(outcome, CODE_NULL_PARAMETER, "IsBillToClient");
    if (whole)
        invitation->permission = is_set(link->permission) ? link->permission : "Standard";
    if (whole ? strcmp(invitation->permission, "Standard") != 0 &&
                    strcmp(invitation->permission, "Administrative") != 0
              : is_set(link->permission))
        link_outcome_add(outcome, CODE_INPUT_VALIDATION, "CustomerLinkPermission");
    if (!link_role_suffices(call, link->kind))
        link_outcome_add(outcome, CODE_USER_NOT_AUTHORIZED,
                         "Only a Super Admin may link whole customers.");
}

/* A second identity of the client is not needed, but it must not be another client's. */
static bool client_differs(const struct invitation *invitation)
{
    const char *number = invitation->wanted->client_number;
    return invitation->sides.client.id != 0 && is_set(number) &&
           strcasecmp(number, invitation->sides.client.number) != 0;
}

static bool owner_differs(struct call *call, const struct invitation *invitation)
{
    struct customer owner = {0};
    const char *number = invitation->wanted->client_customer_number;
    return invitation->sides.account.id != 0 && is_set(number) &&
           !(customer_by_number(call->state, call->soap, number, &owner) &&
             owner.id == invitation->sides.account.customer_id);
}

static bool is_too_deep(struct call *call, const struct link_sides *sides)
{
    return customer_levels_above(call->state, sides->manager.id) + 1 +
               customer_levels_below(call->state, sides->client.id) >
           HIERARCHY_LEVELS;
}

static void check_sides(struct call *call, const struct invitation *invitation,
                        struct link_outcome *outcome)
{
    const struct link_sides *sides = &invitation->sides;
    const bool whole = invitation->wanted->kind == LINK_OF_CUSTOMER;
    const int64_t client = whole ? sides->client.id : sides->account.id;
    const int64_t owner = whole ? sides->client.id : sides->account.customer_id;
    if (sides->manager.id == 0)
        link_outcome_add(outcome, CODE_ENTITY_NOT_EXISTENT, "ManagingCustomer");
    else if (sides->manager.id != call->customer.id)
        link_outcome_add(outcome, CODE_USER_NOT_AUTHORIZED,
                         "The managing customer is not the customer of the caller.");
    if (client == 0)
        link_outcome_add(outcome, link_unknown_code(invitation->wanted->kind),
                         whole ? call->api->links->client_id : NULL);
    else if (owner == sides->manager.id)
        link_outcome_add(outcome, CODE_INPUT_VALIDATION,
                         whole ? "A customer cannot manage itself."
                               : "The account already belongs to the managing customer.");
    else if (whole && is_too_deep(call, sides))
        link_outcome_add(outcome, CODE_INPUT_VALIDATION,
                         "Customers can be linked over five levels.");
    else if (client_differs(invitation))
        link_outcome_add(outcome, CODE_INPUT_VALIDATION, "LinkPairMismatch: ClientEntityNumber");
    else if (owner_differs(call, invitation))
        link_outcome_add(outcome, CODE_INPUT_VALIDATION,
                         "LinkPairMismatch: ClientEntityCustomerNumber");
}

/*
 * What stands against the invitation among the newest links of the client; 0 for
 * nothing. An account has but one agency, a customer may have several above it.
 */
static int blocking_code(struct call *call, const struct invitation *invitation)
{
    const struct link_key key = link_sides_key(&invitation->sides);
    const bool whole = link_kind_of(&key) == LINK_OF_CUSTOMER;
    int code = 0;
    sqlite3_stmt *row = state_query(call->state,
                                    "SELECT customer_id, status FROM links WHERE account_id = ?1"
                                    " AND client_customer_id = ?2 AND newest",
                                    "ii", key.account_id, key.client_customer_id);
    while (state_row(call->state, row)) {
        bool own = sqlite3_column_int64(row, 0) == key.customer_id;
        enum link_status status = (enum link_status)sqlite3_column_int(row, 1);
        if ((own || !whole) && (status == LINK_IN_PROGRESS || status == UNLINK_IN_PROGRESS))
            code = CODE_ACCOUNT_IN_TRANSITION;
        else if (own && !link_status_is_end(status) && code != CODE_ACCOUNT_IN_TRANSITION)
            code = CODE_ALREADY_INVITED;
        else if (!own && !whole && link_status_is_managed(status) && code == 0)
            code = CODE_OTHER_AGENCY;
    }
    return code;
}

static const char *or_default(const char *value, const char *fallback)
{
    return value ? value : fallback;
}

static void invite(struct call *call, const struct invitation *invitation)
{
    const struct sent_link *wanted = invitation->wanted;
    const struct link_sides *sides = &invitation->sides;
    char now[DATETIME_TEXT_SIZE];
    datetime_format(call->now_ms, now);
    struct link link = {
        .key = link_sides_key(sides),
        .status = LINK_PENDING,
        .permission = invitation->permission,
        .note = wanted->note,
        .name =
            or_default(wanted->name, sides->account.id ? sides->account.name : sides->client.name),
        .inviter_email = or_default(wanted->inviter_email, call->user.email),
        .inviter_name = or_default(wanted->inviter_name, call->customer.name),
        .inviter_phone = or_default(wanted->inviter_phone, call->user.phone),
        .bill_to_client = wanted->kind == LINK_OF_ACCOUNT && wanted->bill_to_client.value,
        .start_date = or_default(wanted->start_date, now),
        .start_ms = invitation->start_ms,
        .suppress_notification = wanted->suppress_notification.value,
    };
    link_insert(call->state, &link, call->user.id, call->now_ms, &call->sim->timing);
}

static void add_link(struct call *call, const struct sent_link *wanted,
                     struct link_outcome *outcome)
{
    struct invitation invitation = {.wanted = wanted, .start_ms = call->now_ms};
    check_shape(call, wanted, outcome);
    check_kind(call, &invitation, outcome);
    link_start_date(wanted->start_date, outcome, &invitation.start_ms);
    link_find_sides(call, wanted, &invitation.sides);
    if (outcome->count == 0)
        check_sides(call, &invitation, outcome);
    if (outcome->count == 0) {
        int code = blocking_code(call, &invitation);
        if (code == 0 && invitation.sides.account.prepaid)
            code = CODE_PREPAID;
        if (code != 0)
            link_outcome_add(outcome, code, NULL);
    }
    if (outcome->count == 0)
        invite(call, &invitation);
    const struct link_key key = link_sides_key(&invitation.sides);
    link_log_entry(call, &key, wanted, outcome);
}

/* The service fails as a whole when the manager's own id stands in the account's place. */
static bool names_manager_as_account(const struct sent_links *links)
{
    for (size_t i = 0; i < links->count; i++) {
        const struct sent_link *link = &links->links[i];
        if (link->kind == LINK_OF_ACCOUNT && link->client_id.given && link->manager_id.given &&
            link->client_id.value == link->manager_id.value)
            return true;
    }
    return false;
}

bool links_add(struct call *call, const struct sent_links *links)
{
    if (!link_require_role(call))
        return false;
    if (call->api->links->agency_only && !call->customer.agency)
        return call_fail_text(call, FAULT_API, CODE_USER_NOT_AUTHORIZED,
                              "Only an agency may invite client accounts.");
    if (!links_countable(call, links))
        return false;
    if (names_manager_as_account(links))
        return call_fail(call, FAULT_ADAPI, CODE_INTERNAL_ERROR);
    struct link_outcome outcomes[LINKS_PER_CALL] = {0};
    for (size_t i = 0; i < links->count; i++)
        add_link(call, &links->links[i], &outcomes[i]);
    link_write_outcomes(call, outcomes, links->count);
    return true;
}
