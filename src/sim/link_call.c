#include "link_call.h"

#include "datetime.h"
#include "link_status.h"
#include "v11H.h"
#include "xml.h"

#include <string.h>

/* What a smalldatetime of the service's database can hold. */
#define EARLIEST_DATE "1900-01-01T00:00:00"
#define LATEST_DATE   "2079-06-06T23:59:00"

void link_outcome_add(struct link_outcome *outcome, int code, const char *details)
{
    if (outcome->count == LINK_MAX_ERRORS)
        return;
    outcome->errors[outcome->count].code = code;
    outcome->errors[outcome->count].details = details;
    outcome->count++;
}

static bool readable_date(struct call *call, const char *element, const char *text)
{
    struct datetime parsed;
    if (!text || datetime_parse(text, &parsed))
        return true;
    return call_fail_unreadable(call, element, text, "dateTime");
}

static bool is_base64(const char *text)
{
    size_t length = strlen(text);
    size_t digits =
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    size_t padding = length - digits;
    return length % 4 == 0 && padding <= 2 && strspn(text + digits, "=") == padding;
}

static bool link_readable(struct call *call, const struct ent__ClientLink *link)
{
    enum link_status status;
    if (!readable_date(call, "StartDate", link->StartDate) ||
        !readable_date(call, "LastModifiedDateTime", link->LastModifiedDateTime))
        return false;
    if (link->Status && !link_status_parse(link->Status, &status))
        return call_fail_unreadable(call, "Status", link->Status, "ClientLinkStatus");
    if (link->Timestamp && !is_base64(link->Timestamp))
        return call_fail_unreadable(call, "Timestamp", link->Timestamp, "base64Binary");
    return true;
}

bool links_readable(struct call *call, const struct ent__ArrayOfClientLink *links)
{
    for (int i = 0; links && i < links->__sizeClientLink; i++) {
        if (!link_readable(call, &links->ClientLink[i]))
            return false;
    }
    return true;
}

bool links_countable(struct call *call, const struct ent__ArrayOfClientLink *links)
{
    if (!links || links->__sizeClientLink <= 0)
        return call_fail_text(call, FAULT_API, CODE_LIST_EMPTY, "ClientLinks");
    if (links->__sizeClientLink > LINKS_PER_CALL)
        return call_fail_text(call, FAULT_API, CODE_BATCH_TOO_LARGE,
                              "ClientLinks holds %d items, at most %d are allowed.",
                              links->__sizeClientLink, LINKS_PER_CALL);
    return true;
}

bool link_start_date(const char *text, struct link_outcome *outcome, int64_t *out_ms)
{
    struct datetime date;
    struct datetime earliest;
    struct datetime latest;
    if (!text)
        return true;
    datetime_parse(text, &date);
    datetime_parse(EARLIEST_DATE, &earliest);
    datetime_parse(LATEST_DATE, &latest);
    if (date.zone == DATETIME_ZONE_OFFSET) {
        link_outcome_add(outcome, CODE_INVALID_DATE, "StartDate must not have a zone offset.");
        return false;
    }
    if (date.ms < earliest.ms || date.ms > latest.ms) {
        link_outcome_add(outcome, CODE_DATE_OUT_OF_RANGE, "StartDate");
        return false;
    }
    *out_ms = date.ms;
    return true;
}

static void write_outcome(struct buffer *out, const struct link_outcome *outcome)
{
    if (outcome->count == 0) {
        xml_nil(out, "a:ArrayOfOperationError");
        return;
    }
    xml_open(out, "a:ArrayOfOperationError");
    for (size_t i = 0; i < outcome->count; i++) {
        xml_open(out, "a:OperationError");
        xml_element_long(out, "a:Code", outcome->errors[i].code);
        xml_element(out, "a:Details", outcome->errors[i].details);
        xml_element(out, "a:Message", service_error_message(outcome->errors[i].code));
        xml_close(out, "a:OperationError");
    }
    xml_close(out, "a:ArrayOfOperationError");
}

void link_write_outcomes(struct call *call, const struct link_outcome *outcomes, size_t count)
{
    struct buffer *out = call->reply;
    xml_nil(out, "OperationErrors xmlns:a=\"" XML_NS_EXCEPTION "\"");
    xml_open(out, "PartialErrors xmlns:a=\"" XML_NS_EXCEPTION "\"");
    for (size_t i = 0; i < count; i++)
        write_outcome(out, &outcomes[i]);
    xml_close(out, "PartialErrors");
}

json_t *link_log_entry(struct call *call, int64_t account_id, const char *account_number,
                       int64_t customer_id, const struct link_outcome *outcome)
{
    json_t *links = json_object_get(call->record, "links");
    if (!links) {
        links = json_array();
        json_object_set_new(call->record, "links", links);
    }
    json_t *codes = json_array();
    for (size_t i = 0; i < outcome->count; i++)
        json_array_append_new(codes, json_integer(outcome->errors[i].code));
    json_t *entry =
        json_pack("{s:I,s:s?,s:I,s:b,s:o}", "accountId", (json_int_t)account_id, "accountNumber",
                  account_number, "managingCustomerId", (json_int_t)customer_id, "accepted",
                  outcome->count == 0, "codes", codes);
    json_array_append_new(links, entry);
    return entry;
}
