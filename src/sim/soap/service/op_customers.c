/* Customers: reading, searching, changing, signing up. */
#include "sim/rules/change_call.h"
#include "sim/soap/service/operations.h"
#include "sim/soap/service/search_call.h"
#include "sim/soap/service/shape.h"

#include "sim/xml.h"
#include "version.h"

#include <inttypes.h>
#include <stdio.h>

#define FIRST_NEW_ID 9000000 /* far from the ids of data sets */

static bool is_own(struct call *call, const LONG64 *customer_id)
{
    return (customer_id && *customer_id == call->customer.id) ||
           call_fail(call, FAULT_API, CODE_USER_NOT_AUTHORIZED);
}

bool run_get_customer(struct call *call, const void *request)
{
    const struct _cm__GetCustomerRequest *wanted = request;
    struct customer customer = {0};
    if (!wanted->CustomerId ||
        !customer_reaches(call->state, call->customer.id, *wanted->CustomerId) ||
        !customer_by_id(call->state, call->soap, *wanted->CustomerId, &customer))
        return call_fail(call, FAULT_API, CODE_USER_NOT_AUTHORIZED);
    version_write_customer(call, "Customer xmlns:a=\"" XML_NS_ENTITIES "\"", &customer);
    return true;
}

bool run_get_customers_info(struct call *call, const void *request)
{
    const struct _cm__GetCustomersInfoRequest *wanted = request;
    int64_t top;
    if (!search_parse_top(call, wanted->TopN, &top) ||
        !search_check_filter(call, wanted->CustomerNameFilter))
        return false;
    sqlite3_stmt *row =
        state_query(call->state,
                    "SELECT id, name FROM customers WHERE id IN " CUSTOMERS_BELOW(
                        "?1") " AND NOT deleted AND (coalesce(?2, '') = ''"
                              " OR instr(lower(name), lower(?2)) = 1) ORDER BY id LIMIT ?3",
                    "iti", call->customer.id, wanted->CustomerNameFilter, top);
    xml_open(call->reply, "CustomersInfo xmlns:a=\"" XML_NS_ENTITIES "\"");
    while (state_row(call->state, row)) {
        xml_open(call->reply, "a:CustomerInfo");
        xml_element_long(call->reply, "a:Id", sqlite3_column_int64(row, 0));
        xml_element(call->reply, "a:Name", state_text(row, 1));
        xml_close(call->reply, "a:CustomerInfo");
    }
    xml_close(call->reply, "CustomersInfo");
    return true;
}

static const struct search_field customer_fields[] = {
    {"CustomerId", false}, {"CustomerNumber", false}, {"CustomerName", true}};

#define CUSTOMER_FIELDS (sizeof customer_fields / sizeof customer_fields[0])

bool readable_search_customers(struct call *call, const void *request)
{
    const struct _cm__SearchCustomersRequest *wanted = request;
    return search_readable(call, wanted->Predicates, wanted->Ordering);
}

/* One sees oneself; a page behind the first is therefore empty. */
bool run_search_customers(struct call *call, const void *request)
{
    const struct _cm__SearchCustomersRequest *wanted = request;
    const char *values[CUSTOMER_FIELDS];
    struct search_page page;
    if (!search_parse_predicates(call, wanted->Predicates, customer_fields, CUSTOMER_FIELDS,
                                 values) ||
        !search_parse_page(call, wanted->PageInfo, &page))
        return false;
    bool found = state_number(call->state, 0,
                              "SELECT 1 FROM customers WHERE id = ?1 AND (?2 IS NULL OR"
                              " CAST(id AS TEXT) IN (SELECT value FROM json_each(?2)))"
                              " AND (?3 IS NULL OR number IN (SELECT value FROM json_each(?3)))"
                              " AND (?4 IS NULL OR instr(lower(name), lower(?4)) > 0)",
                              "ittt", call->customer.id, values[0], values[1], values[2]) != 0;
    xml_open(call->reply, "Customers xmlns:a=\"" XML_NS_ENTITIES "\"");
    if (found && page.offset == 0)
        version_write_customer(call, "a:Customer", &call->customer);
    xml_close(call->reply, "Customers");
    return true;
}

bool run_update_customer(struct call *call, const void *request)
{
    const struct _cm__UpdateCustomerRequest *wanted = request;
    if (!wanted->Customer)
        return call_fail(call, FAULT_API, CODE_CUSTOMER_MISSING);
    if (!call_require_super_admin(call) || !is_own(call, wanted->Customer->Id) ||
        !change_check_timestamp(call, wanted->Customer->TimeStamp, call->customer.version))
        return false;
    state_run(call->state,
              "UPDATE customers SET name = coalesce(?2, name), version = version + 1 WHERE id = ?1",
              "it", call->customer.id, wanted->Customer->Name);
    change_write_time(call);
    return true;
}

/* For the service's own staff: nobody who comes in by the API may do it. */
bool run_delete_customer(struct call *call, const void *request)
{
    (void)request;
    return call_fail(call, FAULT_ADAPI, CODE_NOT_AUTHORIZED);
}

static int64_t add_account(struct call *call, const char *name, int64_t customer_id, char *number,
                           size_t number_size)
{
    int64_t id = FIRST_NEW_ID + counter_next(call->state, "new_id");
    snprintf(number, number_size, "X%07" PRId64, id);
    state_run(call->state,
              "INSERT INTO accounts(id, number, name, customer_id, prepaid, status)"
              " VALUES(?1, ?2, ?3, ?4, 0, 'Active')",
              "itti", id, number, name, customer_id);
    return id;
}

/* A reseller signs up a new client with its first account. */
bool run_signup_customer(struct call *call, const void *request)
{
    const struct _cm__SignupCustomerRequest *wanted = request;
    char customer_number[24];
    char account_number[24];
    if (!user_has_role(call->state, call->user.id, ROLE_AGGREGATOR))
        return call_fail(call, FAULT_ADAPI, CODE_NOT_AUTHORIZED);
    if (!wanted->Customer)
        return call_fail(call, FAULT_API, CODE_CUSTOMER_MISSING);
    if (!wanted->Customer->Name || !wanted->Account)
        return call_fail_text(call, FAULT_API, CODE_NULL_PARAMETER, "Customer.Name, Account");
    const char *account_name = version_signup_account(wanted);
    if (!account_name)
        return call_fail_text(call, FAULT_API, CODE_NULL_PARAMETER, "Account.Name");
    int64_t id = FIRST_NEW_ID + counter_next(call->state, "new_id");
    snprintf(customer_number, sizeof customer_number, "C%" PRId64, id);
    state_run(call->state, "INSERT INTO customers(id, number, name, agency) VALUES(?1, ?2, ?3, 0)",
              "itt", id, customer_number, wanted->Customer->Name);
    int64_t account_id = add_account(call, account_name, id, account_number, sizeof account_number);
    xml_element_long(call->reply, "CustomerId", id);
    xml_element(call->reply, "CustomerNumber", customer_number);
    xml_element_long(call->reply, "AccountId", account_id);
    xml_element(call->reply, "AccountNumber", account_number);
    change_write_now(call, "CreateTime");
    return true;
}

bool run_get_customer_pilot_features(struct call *call, const void *request)
{
    const struct _cm__GetCustomerPilotFeaturesRequest *wanted = request;
    if (!is_own(call, wanted->CustomerId))
        return false;
    buffer_text(call->reply, "<FeaturePilotFlags xmlns:b=\"" XML_NS_ARRAYS "\"/>");
    return true;
}
