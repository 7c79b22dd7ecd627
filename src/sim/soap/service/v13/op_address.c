/* ValidateAddress */
#include "operation_list.h"
#include "version.h"

#include "sim/soap/service/shape.h"

#include "sim/xml.h"

static bool is_set(const char *text)
{
    return text && text[0];
}

static void write_address(struct buffer *out, const char *tag, const struct ent__Address *address)
{
    xml_open(out, tag);
    xml_element(out, "a:City", address->City);
    xml_element(out, "a:CountryCode", address->CountryCode);
    if (address->Id)
        xml_element_long(out, "a:Id", *address->Id);
    else
        xml_nil(out, "a:Id");
    xml_element(out, "a:Line1", address->Line1);
    xml_element(out, "a:Line2", address->Line2);
    xml_element(out, "a:Line3", address->Line3);
    xml_element(out, "a:Line4", address->Line4);
    xml_element(out, "a:PostalCode", address->PostalCode);
    xml_element(out, "a:StateOrProvince", address->StateOrProvince);
    xml_nil(out, "a:TimeStamp");
    xml_element(out, "a:BusinessName", address->BusinessName);
    xml_close(out, tag);
}

/* An address counts as valid that has what a letter needs; nothing is suggested. */
bool run_validate_address(struct call *call, const void *request)
{
    const struct ent__Address *address =
        ((const struct _cm__ValidateAddressRequest *)request)->Address;
    if (!address)
        return call_fail_text(call, FAULT_API, CODE_NULL_PARAMETER, "Address");
    bool valid = is_set(address->Line1) && is_set(address->City) && is_set(address->CountryCode);
    write_address(call->reply, "OriginalAddress xmlns:a=\"" XML_NS_ENTITIES "\"", address);
    xml_element(call->reply, "Status",
                valid ? "AddressValidWithoutSuggestions" : "AddressInvalidWithoutSuggestions");
    xml_nil(call->reply, "SuggestedAddresses");
    return true;
}
