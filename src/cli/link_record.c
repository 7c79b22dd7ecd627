#include "link_record.h"

const struct output_column link_record_columns[] = {
    {"clientAccountId", "Account id", 12, true, NULL},
    {"clientAccountNumber", "Number", 9, false, NULL},
    {"managingCustomerId", "Manager", 12, true, NULL},
    {"managingCustomerNumber", NULL, 0, false, NULL},
    {"status", "Status", 16, false, NULL},
    {"name", "Name", 26, false, NULL},
    {"note", NULL, 0, false, NULL},
    {"inviterEmail", NULL, 0, false, NULL},
    {"inviterName", NULL, 0, false, NULL},
    {"inviterPhone", NULL, 0, false, NULL},
    {"isBillToClient", NULL, 0, false, NULL},
    {"startDate", NULL, 0, false, NULL},
    {"suppressNotification", NULL, 0, false, NULL},
    {"lastModifiedDateTime", "Last modified", 0, false, NULL},
    {"lastModifiedByUserId", NULL, 0, false, NULL},
    {"timestamp", NULL, 0, false, NULL},
    {NULL, NULL, 0, false, NULL},
};

static json_t *tristate(bacm_tristate value)
{
    return value == BACM_ABSENT ? json_null() : json_boolean(value == BACM_TRUE);
}

json_t *link_record_make(const bacm_client_link *link)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "clientAccountId", output_id(link->client_account_id), "clientAccountNumber",
        output_text(link->client_account_number), "managingCustomerId",
        output_id(link->managing_customer_id), "managingCustomerNumber",
        output_text(link->managing_customer_number), "status", output_text(link->status_text),
        "name", output_text(link->name), "note", output_text(link->note), "inviterEmail",
        output_text(link->inviter_email), "inviterName", output_text(link->inviter_name),
        "inviterPhone", output_text(link->inviter_phone), "isBillToClient",
        tristate(link->is_bill_to_client), "startDate", output_text(link->start_date),
        "suppressNotification", tristate(link->suppress_notification), "lastModifiedDateTime",
        output_text(link->last_modified_date_time), "lastModifiedByUserId",
        output_id(link->last_modified_by_user_id), "timestamp", output_text(link->timestamp));
}
