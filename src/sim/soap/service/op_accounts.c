/* Reading of accounts: GetAccount, GetAccountsInfo, FindAccounts, SearchAccounts, ... */
#include "sim/rules/account_call.h"
#include "sim/soap/service/operations.h"
#include "sim/soap/service/search_call.h"
#include "sim/soap/service/shape.h"

#include "sim/xml.h"
#include "version.h"

#include <stdio.h>

/* The filter of the find operations: it stands in the name or begins the number. */
#define FILTER_MATCHES(PARAMETER)                                                                  \
    "(coalesce(" PARAMETER ", '') = '' OR instr(lower(a.name), lower(" PARAMETER ")) = 1"          \
    " OR instr(lower(a.number), lower(" PARAMETER ")) = 1)"

/* The customer that is asked about is the caller's own, also when it is absent, or one below it. */
static bool find_customer(struct call *call, const LONG64 *customer_id, int64_t *out)
{
    *out = customer_id ? *customer_id : call->customer.id;
    return customer_reaches(call->state, call->customer.id, *out) ||
           call_fail(call, FAULT_API, CODE_USER_NOT_AUTHORIZED);
}

static void write_infos(struct call *call, sqlite3_stmt *row)
{
    xml_open(call->reply, "AccountsInfo xmlns:a=\"" XML_NS_ENTITIES "\"");
    while (state_row(call->state, row)) {
        xml_open(call->reply, "a:AccountInfo");
        xml_element_long(call->reply, "a:Id", sqlite3_column_int64(row, 0));
        xml_element(call->reply, "a:Name", state_text(row, 1));
        xml_element(call->reply, "a:Number", state_text(row, 2));
        xml_element(call->reply, "a:AccountLifeCycleStatus", state_text(row, 3));
        xml_nil(call->reply, "a:PauseReason");
        xml_close(call->reply, "a:AccountInfo");
    }
    xml_close(call->reply, "AccountsInfo");
}

bool run_get_accounts_info(struct call *call, const void *request)
{
    const struct _cm__GetAccountsInfoRequest *wanted = request;
    bool own_only = wanted->OnlyParentAccounts && *wanted->OnlyParentAccounts;
    int64_t customer_id;
    if (!find_customer(call, wanted->CustomerId, &customer_id))
        return false;
    write_infos(call, state_query(call->state,
                                  "SELECT a.id, a.name, a.number, a.status FROM accounts a"
                                  " WHERE " ACCOUNT_VISIBLE " AND (NOT ?3 OR a.customer_id = ?1)"
                                  " ORDER BY a.id",
                                  "iii", customer_id, call->user.id, (int64_t)own_only));
    return true;
}

bool run_find_accounts(struct call *call, const void *request)
{
    const struct _cm__FindAccountsRequest *wanted = request;
    int64_t customer_id;
    int64_t top;
    if (!find_customer(call, wanted->CustomerId, &customer_id) ||
        !search_parse_top(call, wanted->TopN, &top) ||
        !search_check_filter(call, wanted->AccountFilter))
        return false;
    write_infos(call, state_query(call->state,
                                  "SELECT a.id, a.name, a.number, a.status FROM accounts a"
                                  " WHERE " ACCOUNT_VISIBLE
                                  " AND " FILTER_MATCHES("?3") " ORDER BY a.id LIMIT ?4",
                                  "iiti", customer_id, call->user.id, wanted->AccountFilter, top));
    return true;
}

bool run_find_accounts_or_customers_info(struct call *call, const void *request)
{
    const struct _cm__FindAccountsOrCustomersInfoRequest *wanted = request;
    struct buffer *out = call->reply;
    int64_t top;
    if (!search_parse_top(call, wanted->TopN, &top) || !search_check_filter(call, wanted->Filter))
        return false;
    sqlite3_stmt *row = state_query(
        call->state,
        "SELECT c.id, c.name, a.id, a.name, a.number, a.status FROM accounts a JOIN customers c"
        " ON c.id = a.customer_id WHERE " ACCOUNT_VISIBLE " AND (" FILTER_MATCHES(
            "?3") " OR instr(lower(c.name), lower(?3)) = 1) ORDER BY a.id LIMIT ?4",
        "iiti", call->customer.id, call->user.id, wanted->Filter, top);
    xml_open(out, "AccountInfoWithCustomerData xmlns:a=\"" XML_NS_ENTITIES "\"");
    while (state_row(call->state, row)) {
        xml_open(out, "a:AccountInfoWithCustomerData");
        xml_element_long(out, "a:CustomerId", sqlite3_column_int64(row, 0));
        xml_element(out, "a:CustomerName", state_text(row, 1));
        xml_element_long(out, "a:AccountId", sqlite3_column_int64(row, 2));
        xml_element(out, "a:AccountName", state_text(row, 3));
        xml_element(out, "a:AccountNumber", state_text(row, 4));
        xml_element(out, "a:AccountLifeCycleStatus", state_text(row, 5));
        xml_nil(out, "a:PauseReason");
        version_write_account_mode(out);
        xml_close(out, "a:AccountInfoWithCustomerData");
    }
    xml_close(out, "AccountInfoWithCustomerData");
    return true;
}

bool run_get_account(struct call *call, const void *request)
{
    const struct _cm__GetAccountRequest *wanted = request;
    struct account account;
    if (!account_usable(call, wanted->AccountId, &account))
        return false;
    version_write_account(call, "Account xmlns:a=\"" XML_NS_ENTITIES "\"", &account);
    return true;
}

static const struct search_field account_fields[] = {
    {"AccountId", false},  {"AccountNumber", false}, {"AccountLifeCycleStatus", false},
    {"CustomerId", false}, {"AccountName", true},    {"UserId", false},
};

#define ACCOUNT_FIELDS (sizeof account_fields / sizeof account_fields[0])

bool readable_search_accounts(struct call *call, const void *request)
{
    const struct _cm__SearchAccountsRequest *wanted = request;
    return search_readable(call, wanted->Predicates, wanted->Ordering);
}

#define IN_VALUES(COLUMN, PARAMETER)                                                               \
    " AND (" PARAMETER " IS NULL OR CAST(" COLUMN " AS TEXT) IN (SELECT value FROM"                \
    " json_each(" PARAMETER ")))"

bool run_search_accounts(struct call *call, const void *request)
{
    const struct _cm__SearchAccountsRequest *wanted = request;
    const char *values[ACCOUNT_FIELDS];
    struct search_page page;
    char sql[2048];
    if (!search_parse_predicates(call, wanted->Predicates, account_fields, ACCOUNT_FIELDS,
                                 values) ||
        !search_parse_page(call, wanted->PageInfo, &page))
        return false;
    snprintf(sql, sizeof sql,
             "SELECT a.id, a.number, a.name, a.customer_id, a.prepaid, a.status, a.version"
             " FROM accounts a WHERE " ACCOUNT_VISIBLE IN_VALUES("a.id", "?3")
                 IN_VALUES("a.number", "?4") IN_VALUES("a.status", "?5") IN_VALUES(
                     "a.customer_id", "?6") " AND (?7 IS NULL OR instr(lower(a.name),"
                                            " lower(?7)) > 0)" IN_VALUES(
                                                "?2", "?8") " ORDER BY a.%s LIMIT ?9 OFFSET ?10",
             search_order_sql(wanted->Ordering));
    sqlite3_stmt *row =
        state_query(call->state, sql, "iittttttii", call->customer.id, call->user.id, values[0],
                    values[1], values[2], values[3], values[4], values[5], page.size, page.offset);
    xml_open(call->reply, "Accounts xmlns:a=\"" XML_NS_ENTITIES "\"");
    while (state_row(call->state, row)) {
        struct account account;
        account_read(row, &account);
        version_write_account(call, version_account_item, &account);
    }
    xml_close(call->reply, "Accounts");
    return true;
}
