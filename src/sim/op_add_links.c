/* AddClientLinks */
#include "datetime.h"
#include "link_call.h"
#include "links.h"
#include "operations.h"

#include "v11H.h"

#include <string.h>

/* A wanted link, with its two sides looked up. */
struct invitation {
    const struct ent__ClientLink *wanted;
    struct account account;   /* id 0: not found */
    struct customer customer; /* id 0: not found */
    int64_t start_ms;
};

static void check_shape(const struct ent__ClientLink *link, struct link_outcome *outcome)
{
    if (!link->ClientAccountId == !link->ClientAccountNumber)
        link_outcome_add(outcome, CODE_INPUT_VALIDATION,
                         "Set either ClientAccountId or ClientAccountNumber.");
    if (!link->ManagingCustomerId == !link->ManagingCustomerNumber)
        link_outcome_add(outcome, CODE_INPUT_VALIDATION,
                         "Set either ManagingCustomerId or ManagingCustomerNumber.");
    if (link->Status)
        link_outcome_add(outcome, CODE_INPUT_VALIDATION, "Status must not be set.");
    /* Counted in characters: bytes that continue a UTF-8 sequence do not count. */
    size_t characters = 0;
    for (const char *at = link->Name ? link->Name : ""; *at; at++)
        characters += (*at & 0xc0) != 0x80;
    if (characters > LINK_NAME_MAX)
        link_outcome_add(outcome, CODE_NAME_TOO_LONG, "Name may have 40 characters.");
}

static void find_sides(struct call *call, struct invitation *invitation)
{
    const struct ent__ClientLink *wanted = invitation->wanted;
    if (wanted->ClientAccountId)
        account_by_id(call->state, call->soap, *wanted->ClientAccountId, &invitation->account);
    else if (wanted->ClientAccountNumber)
        account_by_number(call->state, call->soap, wanted->ClientAccountNumber,
                          &invitation->account);
    if (wanted->ManagingCustomerId)
        customer_by_id(call->state, call->soap, *wanted->ManagingCustomerId, &invitation->customer);
    else if (wanted->ManagingCustomerNumber)
        customer_by_number(call->state, call->soap, wanted->ManagingCustomerNumber,
                           &invitation->customer);
}

static void check_sides(const struct call *call, const struct invitation *invitation,
                        struct link_outcome *outcome)
{
    if (invitation->customer.id == 0)
        link_outcome_add(outcome, CODE_ENTITY_NOT_EXISTENT, "ManagingCustomer");
    else if (invitation->customer.id != call->customer.id)
        link_outcome_add(outcome, CODE_USER_NOT_AUTHORIZED,
                         "The managing customer is not the customer of the caller.");
    if (invitation->account.id == 0)
        link_outcome_add(outcome, CODE_INVALID_ACCOUNT_ID, NULL);
    else if (invitation->account.customer_id == invitation->customer.id)
        link_outcome_add(outcome, CODE_INPUT_VALIDATION,
                         "The account already belongs to the managing customer.");
}

/* What stands against the invitation among the newest links of the account; 0 for nothing. */
static int blocking_code(struct call *call, const struct invitation *invitation)
{
    int code = 0;
    sqlite3_stmt *row = state_query(
        call->state, "SELECT customer_id, status FROM links WHERE account_id = ?1 AND newest", "i",
        invitation->account.id);
    while (state_row(call->state, row)) {
        bool own = sqlite3_column_int64(row, 0) == invitation->customer.id;
        enum link_status status = (enum link_status)sqlite3_column_int(row, 1);
        if (status == LINK_IN_PROGRESS || status == UNLINK_IN_PROGRESS)
            code = CODE_ACCOUNT_IN_TRANSITION;
        else if (own && !link_status_is_end(status) && code != CODE_ACCOUNT_IN_TRANSITION)
            code = CODE_ALREADY_INVITED;
        else if (!own && link_status_is_managed(status) && code == 0)
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
    const struct ent__ClientLink *wanted = invitation->wanted;
    char now[DATETIME_TEXT_SIZE];
    datetime_format(call->now_ms, now);
    struct link link = {
        .account_id = invitation->account.id,
        .customer_id = invitation->customer.id,
        .status = LINK_PENDING,
        .note = wanted->Note,
        .name = or_default(wanted->Name, invitation->account.name),
        .inviter_email = or_default(wanted->InviterEmail, call->user.email),
        .inviter_name = or_default(wanted->InviterName, call->customer.name),
        .inviter_phone = or_default(wanted->InviterPhone, call->user.phone),
        .bill_to_client = wanted->IsBillToClient && *wanted->IsBillToClient,
        .start_date = or_default(wanted->StartDate, now),
        .start_ms = invitation->start_ms,
        .suppress_notification = wanted->SuppressNotification && *wanted->SuppressNotification,
    };
    link_insert(call->state, &link, call->user.id, call->now_ms, &call->sim->timing);
}

static void add_link(struct call *call, const struct ent__ClientLink *wanted,
                     struct link_outcome *outcome)
{
    struct invitation invitation = {.wanted = wanted, .start_ms = call->now_ms};
    check_shape(wanted, outcome);
    link_start_date(wanted->StartDate, outcome, &invitation.start_ms);
    find_sides(call, &invitation);
    if (outcome->count == 0)
        check_sides(call, &invitation, outcome);
    if (outcome->count == 0) {
        int code = blocking_code(call, &invitation);
        if (code == 0 && invitation.account.prepaid)
            code = CODE_PREPAID;
        if (code != 0)
            link_outcome_add(outcome, code, NULL);
    }
    if (outcome->count == 0)
        invite(call, &invitation);
    int64_t account_id = invitation.account.id;
    if (account_id == 0 && wanted->ClientAccountId)
        account_id = *wanted->ClientAccountId;
    int64_t customer_id = invitation.customer.id;
    if (customer_id == 0 && wanted->ManagingCustomerId)
        customer_id = *wanted->ManagingCustomerId;
    link_log_entry(call, account_id, wanted->ClientAccountNumber, customer_id, outcome);
}

/* The service fails as a whole when the manager's own id stands in the account's place. */
static bool names_manager_as_account(const struct ent__ArrayOfClientLink *links)
{
    for (int i = 0; i < links->__sizeClientLink; i++) {
        const struct ent__ClientLink *link = &links->ClientLink[i];
        if (link->ClientAccountId && link->ManagingCustomerId &&
            *link->ClientAccountId == *link->ManagingCustomerId)
            return true;
    }
    return false;
}

bool readable_add_client_links(struct call *call, const void *request)
{
    return links_readable(call, ((const struct _cm__AddClientLinksRequest *)request)->ClientLinks);
}

bool run_add_client_links(struct call *call, const void *request)
{
    const struct ent__ArrayOfClientLink *links =
        ((const struct _cm__AddClientLinksRequest *)request)->ClientLinks;
    if (!call_require_super_admin(call))
        return false;
    if (!call->customer.agency)
        return call_fail_text(call, FAULT_API, CODE_USER_NOT_AUTHORIZED,
                              "Only an agency may invite client accounts.");
    if (!links_countable(call, links))
        return false;
    if (names_manager_as_account(links))
        return call_fail(call, FAULT_ADAPI, CODE_INTERNAL_ERROR);
    struct link_outcome outcomes[LINKS_PER_CALL] = {0};
    for (int i = 0; i < links->__sizeClientLink; i++)
        add_link(call, &links->ClientLink[i], &outcomes[i]);
    link_write_outcomes(call, outcomes, (size_t)links->__sizeClientLink);
    return true;
}
