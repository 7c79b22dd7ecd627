/* Client links and credentials in v11. */
#include "version.h"

#include "sim/soap/service/shape.h"

#include "sim/soap/link_xml.h"
#include "sim/xml.h"

const struct link_rules version_link_rules = {
    .agency_only = true,
    .max_page = 1000,
    .client_id = "ClientAccountId",
    .client_number = "ClientAccountNumber",
    .client_id_or_number = "Set either ClientAccountId or ClientAccountNumber.",
};

void version_read_credentials(const struct soap *soap, struct credentials *out)
{
    const struct SOAP_ENV__Header *header = soap->header;
    if (header)
        *out = (struct credentials){.developer_token = header->cm__DeveloperToken,
                                    .access_token = header->cm__AuthenticationToken,
                                    .user_name = header->cm__UserName,
                                    .password = header->cm__Password};
}

void version_read_link(const struct ent__ClientLink *sent, struct sent_link *out)
{
    if (sent->ClientAccountId)
        out->client_id = (struct sent_number){true, *sent->ClientAccountId};
    out->client_number = sent->ClientAccountNumber;
}

void version_write_link(struct buffer *out, const struct link *link, const char *status)
{
    xml_open(out, "a:ClientLink");
    xml_element_long(out, "a:ClientAccountId", link->key.account_id);
    xml_element(out, "a:ClientAccountNumber", link->client_number);
    xml_element_long(out, "a:ManagingCustomerId", link->key.customer_id);
    xml_element(out, "a:ManagingCustomerNumber", link->customer_number);
    link_write_texts(out, link);
    xml_element_bool(out, "a:IsBillToClient", link->bill_to_client);
    xml_element(out, "a:StartDate", link->start_date);
    xml_element(out, "a:Status", status);
    link_write_record(out, link);
    xml_close(out, "a:ClientLink");
}
