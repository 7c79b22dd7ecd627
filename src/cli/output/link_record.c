#include "cli/output/link_record.h"

const struct output_column link_record_columns[] = {
    {"clientAccountId", "Account id", 12, true, NULL, false},
    {"clientAccountNumber", "Number", 9, false, NULL, false},
    {"type", NULL, 0, false, NULL, true},
    {"clientCustomerId", "Customer id", 12, true, NULL, true},
    {"clientCustomerNumber", NULL, 0, false, NULL, true},
    {"clientEntityName", NULL, 0, false, NULL, true},
    {"clientEntityCustomerNumber", NULL, 0, false, NULL, true},
    {"managingCustomerId", "Manager", 12, true, NULL, false},
    {"managingCustomerNumber", NULL, 0, false, NULL, false},
    {"managingCustomerName", NULL, 0, false, NULL, true},
    {"status", "Status", 16, false, NULL, false},
    {"name", "Name", 26, false, NULL, false},
    {"note", NULL, 0, false, NULL, false},
    {"inviterEmail", NULL, 0, false, NULL, false},
    {"inviterName", NULL, 0, false, NULL, false},
    {"inviterPhone", NULL, 0, false, NULL, false},
    {"isBillToClient", NULL, 0, false, NULL, false},
    {"startDate", NULL, 0, false, NULL, false},
    {"suppressNotification", NULL, 0, false, NULL, false},
    {"lastModifiedDateTime", "Last modified", 0, false, NULL, false},
    {"lastModifiedByUserId", NULL, 0, false, NULL, false},
    {"timestamp", NULL, 0, false, NULL, false},
    {"customerLinkPermission", NULL, 0, false, NULL, true},
    {NULL, NULL, 0, false, NULL, false},
};

static json_t *tristate(bacm_tristate value)
{
    return value == BACM_ABSENT ? json_null() : json_boolean(value == BACM_TRUE);
}

json_t *link_record_make(const bacm_client_link *link)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:o, s:o, s:o, s:o, s:o, s:o}",
        "clientAccountId", output_id(link->client_account_id), "clientAccountNumber",
        output_text(link->client_account_number), "type", output_text(link->type_text),
        "clientCustomerId", output_id(link->client_customer_id), "clientCustomerNumber",
        output_text(link->client_customer_number), "clientEntityName",
        output_text(link->client_entity_name), "clientEntityCustomerNumber",
        output_text(link->client_entity_customer_number), "managingCustomerId",
        output_id(link->managing_customer_id), "managingCustomerNumber",
        output_text(link->managing_customer_number), "managingCustomerName",
        output_text(link->managing_customer_name), "status", output_text(link->status_text), "name",
        output_text(link->name), "note", output_text(link->note), "inviterEmail",
        output_text(link->inviter_email), "inviterName", output_text(link->inviter_name),
        "inviterPhone", output_text(link->inviter_phone), "isBillToClient",
        tristate(link->is_bill_to_client), "startDate", output_text(link->start_date),
        "suppressNotification", tristate(link->suppress_notification), "lastModifiedDateTime",
        output_text(link->last_modified_date_time), "lastModifiedByUserId",
        output_id(link->last_modified_by_user_id), "timestamp", output_text(link->timestamp),
        "customerLinkPermission", output_text(link->customer_link_permission));
}
