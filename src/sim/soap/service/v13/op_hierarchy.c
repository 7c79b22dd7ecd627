/* What v13 tells of linked accounts and customers. */
#include "operation_list.h"
#include "version.h"

#include "sim/soap/service/shape.h"

#include "sim/rules/account_call.h"
#include "sim/xml.h"

/* Those of the customer itself and, unless only these are wanted, those linked one by one. */
static void write_accounts(struct call *call, int64_t customer_id, bool own_only)
{
    struct buffer *out = call->reply;
    sqlite3_stmt *row = state_query(
        call->state,
        "SELECT a.id, a.name, a.number, a.status FROM accounts a WHERE " ACCOUNT_VISIBLE
        " AND (a.customer_id = ?3 OR (NOT ?4 AND a.id IN (SELECT account_id FROM links WHERE"
        " customer_id = ?3 AND newest AND status IN " MANAGED_STATUSES "))) ORDER BY a.id",
        "iiii", call->customer.id, call->user.id, customer_id, (int64_t)own_only);
    xml_open(out, "AccountsInfo xmlns:a=\"" XML_NS_ENTITIES "\"");
    while (state_row(call->state, row)) {
        xml_open(out, "a:AccountInfo");
        xml_element_long(out, "a:Id", sqlite3_column_int64(row, 0));
        xml_element(out, "a:Name", state_text(row, 1));
        xml_element(out, "a:Number", state_text(row, 2));
        xml_element(out, "a:AccountLifeCycleStatus", state_text(row, 3));
        xml_nil(out, "a:PauseReason");
        xml_close(out, "a:AccountInfo");
    }
    xml_close(out, "AccountsInfo");
}

/* Those that are linked as a whole, or one of whose accounts is. */
static void write_customers(struct call *call, int64_t customer_id)
{
    struct buffer *out = call->reply;
    sqlite3_stmt *row = state_query(
        call->state,
        "SELECT DISTINCT k.id, k.name FROM links l LEFT JOIN accounts a ON a.id = l.account_id"
        " JOIN customers k ON k.id = coalesce(a.customer_id, l.client_customer_id)"
        " WHERE l.customer_id = ?1 AND l.newest AND l.status IN " MANAGED_STATUSES " ORDER BY k.id",
        "i", customer_id);
    xml_open(out, "CustomersInfo xmlns:a=\"" XML_NS_ENTITIES "\"");
    while (state_row(call->state, row)) {
        xml_open(out, "a:CustomerInfo");
        xml_element_long(out, "a:Id", sqlite3_column_int64(row, 0));
        xml_element(out, "a:Name", state_text(row, 1));
        xml_close(out, "a:CustomerInfo");
    }
    xml_close(out, "CustomersInfo");
}

bool run_get_linked_accounts_and_customers_info(struct call *call, const void *request)
{
    const struct _cm__GetLinkedAccountsAndCustomersInfoRequest *wanted = request;
    bool own_only = wanted->OnlyParentAccounts && *wanted->OnlyParentAccounts;
    const int64_t customer_id = wanted->CustomerId ? *wanted->CustomerId : call->customer.id;
    if (!customer_reaches(call->state, call->customer.id, customer_id))
        return call_fail(call, FAULT_API, CODE_USER_NOT_AUTHORIZED);
    write_accounts(call, customer_id, own_only);
    if (own_only)
        buffer_text(call->reply, "<CustomersInfo xmlns:a=\"" XML_NS_ENTITIES "\"/>");
    else
        write_customers(call, customer_id);
    return true;
}

bool run_get_account_pilot_features(struct call *call, const void *request)
{
    const struct _cm__GetAccountPilotFeaturesRequest *wanted = request;
    struct account account;
    if (!account_usable(call, wanted->AccountId, &account))
        return false;
    buffer_text(call->reply, "<FeaturePilotFlags xmlns:b=\"" XML_NS_ARRAYS "\"/>");
    return true;
}
