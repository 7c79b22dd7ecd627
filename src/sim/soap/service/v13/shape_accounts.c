/* Accounts and customers in v13. */
#include "version.h"

#include "sim/soap/service/shape.h"

#include "sim/rules/account_call.h"
#include "sim/xml.h"

const char version_account_item[] = "a:AdvertiserAccount";

/* The payment method is always nil: the service does not tell prepaid accounts by it. */
void version_write_account(struct call *call, const char *tag, const struct account *account)
{
    struct buffer *out = call->reply;
    char version[VERSION_TEXT_SIZE];
    version_text(account->version, version);
    xml_open(out, tag);
    xml_element_long(out, "a:BillToCustomerId", account->customer_id);
    xml_element(out, "a:CurrencyCode", "USD");
    xml_element(out, "a:AccountFinancialStatus", "ClearFinancialStatus");
    xml_element_long(out, "a:Id", account->id);
    xml_element(out, "a:Language", "English");
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
    xml_nil(out, "a:ForwardCompatibilityMap");
    account_write_agencies(call, account->id);
    xml_nil(out, "a:SalesHouseCustomerId");
    xml_nil(out, "a:TaxInformation");
    xml_nil(out, "a:BackUpPaymentInstrumentId");
    xml_nil(out, "a:BillingThresholdAmount");
    xml_nil(out, "a:BusinessAddress");
    xml_element(out, "a:AutoTagType", "Inactive");
    xml_nil(out, "a:SoldToPaymentInstrumentId");
    xml_nil(out, "a:TaxCertificate");
    xml_element(out, "a:AccountMode", "Expert");
    xml_close(out, tag);
}

struct sent_account version_update_account(const struct _cm__UpdateAccountRequest *request)
{
    const struct ent__AdvertiserAccount *account = request->Account;
    return (struct sent_account){account->Id, account->Name, account->TimeStamp};
}

const char *version_signup_account(const struct _cm__SignupCustomerRequest *request)
{
    return request->Account->Name;
}

void version_write_customer(struct call *call, const char *tag, const struct customer *customer)
{
    struct buffer *out = call->reply;
    char version[VERSION_TEXT_SIZE];
    version_text(customer->version, version);
    xml_open(out, tag);
    xml_element(out, "a:CustomerFinancialStatus", "ClearFinancialStatus");
    xml_element_long(out, "a:Id", customer->id);
    xml_element(out, "a:Industry", "Other");
    xml_nil(out, "a:LastModifiedByUserId");
    xml_nil(out, "a:LastModifiedTime");
    xml_element(out, "a:MarketCountry", "US");
    xml_nil(out, "a:ForwardCompatibilityMap xmlns:b=\"" XML_NS_GENERIC "\"");
    xml_element(out, "a:MarketLanguage", "English");
    xml_element(out, "a:Name", customer->name);
    xml_element(out, "a:ServiceLevel", "SelfServe");
    xml_element(out, "a:CustomerLifeCycleStatus", "Active");
    xml_element(out, "a:TimeStamp", version);
    xml_element(out, "a:Number", customer->number);
    xml_nil(out, "a:CustomerAddress");
    xml_close(out, tag);
}

void version_write_account_mode(struct buffer *out)
{
    xml_element(out, "a:AccountMode", "Expert");
}
