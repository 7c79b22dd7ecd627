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

#define OPERATION_ERRORS "OperationErrors xmlns:a=\"" XML_NS_EXCEPTION "\""
#define PARTIAL_ERRORS   "PartialErrors xmlns:a=\"" XML_NS_EXCEPTION "\""
#define ENTRY            "a:ArrayOfOperationError"

static void write_error(struct buffer *out, int code, const char *details)
{
    xml_open(out, "a:OperationError");
    xml_element_long(out, "a:Code", code);
    xml_element(out, "a:Details", details);
    xml_element(out, "a:Message", service_error_message(code));
    xml_close(out, "a:OperationError");
}

static void write_success(struct buffer *out, enum nil_form form)
{
    if (form == NIL_FORM_ENTRY_EMPTY) {
        buffer_text(out, "<" ENTRY "/>");
    } else if (form == NIL_FORM_ENTRY_INNER) {
        xml_open(out, ENTRY);
        xml_nil(out, "a:OperationError");
        xml_close(out, ENTRY);
    } else {
        xml_nil(out, ENTRY);
    }
}

static void write_outcome(struct buffer *out, const struct link_outcome *outcome,
                          enum nil_form form)
{
    if (outcome->count == 0) {
        write_success(out, form);
        return;
    }
    xml_open(out, ENTRY);
    for (size_t i = 0; i < outcome->count; i++)
        write_error(out, outcome->errors[i].code, outcome->errors[i].details);
    xml_close(out, ENTRY);
}

static bool all_succeeded(const struct link_outcome *outcomes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (outcomes[i].count > 0)
            return false;
    }
    return true;
}

static void write_partial_errors(struct buffer *out, const struct link_outcome *outcomes,
                                 size_t count, const struct fault_plan *plan)
{
    bool success = all_succeeded(outcomes, count);
    size_t entries = plan->count_change < 0 && count < (size_t)-plan->count_change
                         ? 0
                         : count + (size_t)plan->count_change;
    if (success && plan->nil_form == NIL_FORM_ABSENT)
        return;
    if (success && plan->nil_form == NIL_FORM_NIL) {
        xml_nil(out, PARTIAL_ERRORS);
        return;
    }
    xml_open(out, PARTIAL_ERRORS);
    for (size_t i = 0; i < entries && !(success && plan->nil_form == NIL_FORM_EMPTY); i++) {
        if (i < count)
            write_outcome(out, &outcomes[i], plan->nil_form);
        else
            xml_nil(out, ENTRY);
    }
    xml_close(out, PARTIAL_ERRORS);
}

void link_write_outcomes(struct call *call, const struct link_outcome *outcomes, size_t count)
{
    struct buffer *out = call->reply;
    if (call->plan->nil_form == NIL_FORM_CALL_EMPTY)
        buffer_text(out, "<" OPERATION_ERRORS "/>");
    else if (call->plan->nil_form != NIL_FORM_CALL_ABSENT)
        xml_nil(out, OPERATION_ERRORS);
    write_partial_errors(out, outcomes, count, call->plan);
}

void link_write_refusal(struct call *call, int code)
{
    struct buffer *out = call->reply;
    xml_open(out, OPERATION_ERRORS);
    write_error(out, code, NULL);
    xml_close(out, OPERATION_ERRORS);
    xml_nil(out, PARTIAL_ERRORS);
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
