#include "account_xml.h"

#include "v11H.h"
#include "xml.h"

static bool in_transition(struct call *call, int64_t account_id)
{
    return state_number(call->state, 0,
                        "SELECT 1 FROM links WHERE account_id = ?1 AND newest"
                        " AND status IN (?2, ?3)",
                        "iii", account_id, (int64_t)LINK_IN_PROGRESS,
                        (int64_t)UNLINK_IN_PROGRESS) != 0;
}

bool account_usable(struct call *call, const int64_t *account_id, struct account *out)
{
    if (!account_id || !account_by_id(call->state, call->soap, *account_id, out))
        return call_fail(call, FAULT_API, CODE_INVALID_ACCOUNT_ID);
    if (!state_number(call->state, 0,
                      "SELECT 1 FROM accounts a WHERE a.id = ?3 AND " ACCOUNT_VISIBLE, "iii",
                      call->customer.id, call->user.id, out->id))
        return call_fail(call, FAULT_API, CODE_USER_NOT_AUTHORIZED);
    if (in_transition(call, out->id))
        return call_fail(call, FAULT_API, CODE_ACCOUNT_IN_TRANSITION);
    return true;
}

static void write_linked_agencies(struct call *call, int64_t account_id)
{
    sqlite3_stmt *row = state_query(call->state,
                                    "SELECT c.id, c.name FROM links l JOIN customers c"
                                    " ON c.id = l.customer_id WHERE l.account_id = ?1 AND l.newest"
                                    " AND l.status = ?2 ORDER BY c.id",
                                    "ii", account_id, (int64_t)LINK_ACTIVE);
    xml_open(call->reply, "a:LinkedAgencies");
    while (state_row(call->state, row)) {
        xml_open(call->reply, "a:CustomerInfo");
        xml_element_long(call->reply, "a:Id", sqlite3_column_int64(row, 0));
        xml_element(call->reply, "a:Name", state_text(row, 1));
        xml_close(call->reply, "a:CustomerInfo");
    }
    xml_close(call->reply, "a:LinkedAgencies");
}

/* The payment method is always nil: the service does not tell prepaid accounts by it. */
void account_write(struct call *call, const char *tag, const struct account *account)
{
    struct buffer *out = call->reply;
    char version[VERSION_TEXT_SIZE];
    version_text(account->version, version);
    buffer_printf(out, "<%s i:type=\"a:AdvertiserAccount\">", tag);
    xml_element(out, "a:AccountType", "Advertiser");
    xml_element_long(out, "a:BillToCustomerId", account->customer_id);
    xml_element(out, "a:CountryCode", "US");
    xml_element(out, "a:CurrencyType", "USDollar");
    xml_element(out, "a:AccountFinancialStatus", "ClearFinancialStatus");
    xml_element_long(out, "a:Id", account->id);
    xml_element(out, "a:Language", "English");
    xml_nil(out, "a:ForwardCompatibilityMap xmlns:b=\"" XML_NS_GENERIC "\"");
    xml_nil(out, "a:LastModifiedByUserId");
    xml_nil(out, "a:LastModifiedTime");
    xml_element(out, "a:Name", account->name);
    xml_element(out, "a:Number", account->number);
    xml_element_long(out, "a:ParentCustomerId", account->customer_id);
    xml_nil(out, "a:PaymentMethodId");
    xml_nil(out, "a:PaymentMethodType");
    xml_nil(out, "a:PrimaryUserId");
    xml_element(out, "a:AccountLifeCycleStatus", account->status);
    xml_element(out, "a:TimeStamp", version);
    xml_element(out, "a:TimeZone", "PacificTimeUSCanadaTijuana");
    xml_nil(out, "a:PauseReason");
    write_linked_agencies(call, account->id);
    xml_nil(out, "a:SalesHouseCustomerId");
    xml_nil(out, "a:TaxInformation xmlns:b=\"" XML_NS_GENERIC "\"");
    xml_nil(out, "a:BackUpPaymentInstrumentId");
    xml_nil(out, "a:BillingThresholdAmount");
    xml_nil(out, "a:BusinessAddress");
    xml_close(out, tag);
}
