/* Client links and credentials in v13. */
#include "version.h"

#include "sim/soap/service/shape.h"

#include "sim/soap/link_xml.h"
#include "sim/xml.h"

const struct link_rules version_link_rules = {
    .standard_may = true,
    .customer_links = true,
    .max_page = 1000,
    .client_id = "ClientEntityId",
    .client_number = "ClientEntityNumber",
    .client_id_or_number = "Set either ClientEntityId or ClientEntityNumber.",
};

/* The contract still has elements for user name and password, but nobody comes in by them. */
void version_read_credentials(const struct soap *soap, struct credentials *out)
{
    const struct SOAP_ENV__Header *header = soap->header;
    if (header)
        *out = (struct credentials){.developer_token = header->cm__DeveloperToken,
                                    .access_token = header->cm__AuthenticationToken};
}

void version_read_link(const struct ent__ClientLink *sent, struct sent_link *out)
{
    out->type = sent->Type;
    link_kind_parse(sent->Type, &out->kind);
    if (sent->ClientEntityId)
        out->client_id = (struct sent_number){true, *sent->ClientEntityId};
    out->client_number = sent->ClientEntityNumber;
    out->client_name = sent->ClientEntityName;
    out->manager_name = sent->ManagingCustomerName;
    out->permission = sent->CustomerLinkPermission;
    out->client_customer_number = sent->ClientEntityCustomerNumber;
}

void version_write_link(struct buffer *out, const struct link *link, const char *status)
{
    const bool whole = link_kind_of(&link->key) == LINK_OF_CUSTOMER;
    xml_open(out, "a:ClientLink");
    xml_element(out, "a:Type", link_kind_name(link_kind_of(&link->key)));
    xml_element_long(out, "a:ClientEntityId",
                     whole ? link->key.client_customer_id : link->key.account_id);
    xml_element(out, "a:ClientEntityNumber", link->client_number);
    xml_element(out, "a:ClientEntityName", link->client_name);
    xml_element_long(out, "a:ManagingCustomerId", link->key.customer_id);
    xml_element(out, "a:ManagingCustomerNumber", link->customer_number);
    xml_element(out, "a:ManagingCustomerName", link->customer_name);
    link_write_texts(out, link);
    if (whole) /* who pays is said for each account, not for a customer */
        xml_nil(out, "a:IsBillToClient");
    else
        xml_element_bool(out, "a:IsBillToClient", link->bill_to_client);
    xml_element(out, "a:StartDate", link->start_date);
    xml_element(out, "a:Status", status);
    link_write_record(out, link);
    xml_element(out, "a:CustomerLinkPermission", link->permission);
    if (link->owner_number) /* the contract leaves it out rather than to say nil */
        xml_element(out, "a:ClientEntityCustomerNumber", link->owner_number);
    xml_close(out, "a:ClientLink");
}
