#include "sim/rules/link_call.h"

#include "sim/state/datetime.h"
#include "sim/xml.h"

#include <stdio.h>
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

static bool link_readable(struct call *call, const struct sent_link *link)
{
    enum link_status status;
    if (!readable_date(call, "StartDate", link->start_date) ||
        !readable_date(call, "LastModifiedDateTime", link->modified))
        return false;
    if (link->status && !link_status_parse(link->status, &status))
        return call_fail_unreadable(call, "Status", link->status, "ClientLinkStatus");
    if (link->timestamp && !call_is_base64(link->timestamp))
        return call_fail_unreadable(call, "Timestamp", link->timestamp, "base64Binary");
    return true;
}

bool links_readable(struct call *call, const struct sent_links *links)
{
    for (size_t i = 0; i < links->count; i++) {
        if (!link_readable(call, &links->links[i]))
            return false;
    }
    return true;
}

bool links_countable(struct call *call, const struct sent_links *links)
{
    if (links->count == 0)
        return call_fail_text(call, FAULT_API, CODE_LIST_EMPTY, "ClientLinks");
    if (links->count > LINKS_PER_CALL)
        return call_fail_text(call, FAULT_API, CODE_BATCH_TOO_LARGE,
                              "ClientLinks holds %zu items, at most %d are allowed.", links->count,
                              LINKS_PER_CALL);
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

#define ENTRY "a:ArrayOfOperationError"

/* OperationErrors or PartialErrors, with the prefix of what is in it. */
static const char *errors_tag(const struct call *call, const char *name, char tag[XML_TAG_SIZE])
{
    snprintf(tag, XML_TAG_SIZE, "%s xmlns:a=\"%s\"", name, call->api->exception_ns);
    return tag;
}

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

static void write_partial_errors(struct call *call, const struct link_outcome *outcomes,
                                 size_t count)
{
    struct buffer *out = call->reply;
    const struct fault_plan *plan = call->plan;
    char tag[XML_TAG_SIZE];
    errors_tag(call, "PartialErrors", tag);
    bool success = all_succeeded(outcomes, count);
    size_t entries = plan->count_change < 0 && count < (size_t)-plan->count_change
                         ? 0
                         : count + (size_t)plan->count_change;
    if (success && plan->nil_form == NIL_FORM_ABSENT)
        return;
    if (success && plan->nil_form == NIL_FORM_NIL) {
        xml_nil(out, tag);
        return;
    }
    xml_open(out, tag);
    for (size_t i = 0; i < entries && !(success && plan->nil_form == NIL_FORM_EMPTY); i++) {
        if (i < count)
            write_outcome(out, &outcomes[i], plan->nil_form);
        else
            xml_nil(out, ENTRY);
    }
    xml_close(out, tag);
}

void link_write_outcomes(struct call *call, const struct link_outcome *outcomes, size_t count)
{
    char tag[XML_TAG_SIZE];
    errors_tag(call, "OperationErrors", tag);
    if (call->plan->nil_form == NIL_FORM_CALL_EMPTY)
        buffer_printf(call->reply, "<%s/>", tag);
    else if (call->plan->nil_form != NIL_FORM_CALL_ABSENT)
        xml_nil(call->reply, tag);
    write_partial_errors(call, outcomes, count);
}

void link_write_refusal(struct call *call, int code)
{
    struct buffer *out = call->reply;
    char tag[XML_TAG_SIZE];
    xml_open(out, errors_tag(call, "OperationErrors", tag));
    write_error(out, code, NULL);
    xml_close(out, tag);
    xml_nil(out, errors_tag(call, "PartialErrors", tag));
}

bool link_role_suffices(const struct call *call, enum link_kind kind)
{
    return user_has_role(call->state, call->user.id, ROLE_SUPER_ADMIN) ||
           (kind == LINK_OF_ACCOUNT && call->api->links->standard_may &&
            user_has_role(call->state, call->user.id, ROLE_STANDARD));
}

bool link_require_role(struct call *call)
{
    return link_role_suffices(call, LINK_OF_ACCOUNT) ||
           call_fail(call, FAULT_ADAPI, CODE_NOT_AUTHORIZED);
}

static void find_customer(struct call *call, const struct sent_number *id, const char *number,
                          struct customer *out)
{
    if (id->given)
        customer_by_id(call->state, call->soap, id->value, out);
    else if (number)
        customer_by_number(call->state, call->soap, number, out);
}

void link_find_sides(struct call *call, const struct sent_link *sent, struct link_sides *out)
{
    *out = (struct link_sides){0};
    find_customer(call, &sent->manager_id, sent->manager_number, &out->manager);
    if (sent->kind == LINK_OF_CUSTOMER)
        find_customer(call, &sent->client_id, sent->client_number, &out->client);
    else if (sent->client_id.given)
        account_by_id(call->state, call->soap, sent->client_id.value, &out->account);
    else if (sent->client_number)
        account_by_number(call->state, call->soap, sent->client_number, &out->account);
}

struct link_key link_sides_key(const struct link_sides *sides)
{
    return (struct link_key){sides->account.id, sides->client.id, sides->manager.id};
}

int link_unknown_code(enum link_kind kind)
{
    return kind == LINK_OF_CUSTOMER ? CODE_ENTITY_NOT_EXISTENT : CODE_INVALID_ACCOUNT_ID;
}

json_t *link_log_entry(struct call *call, const struct link_key *key, const struct sent_link *sent,
                       const struct link_outcome *outcome)
{
    json_t *links = json_object_get(call->record, "links");
    if (!links) {
        links = json_array();
        json_object_set_new(call->record, "links", links);
    }
    json_t *codes = json_array();
    for (size_t i = 0; i < outcome->count; i++)
        json_array_append_new(codes, json_integer(outcome->errors[i].code));
    bool whole = sent->kind == LINK_OF_CUSTOMER;
    int64_t client = whole ? key->client_customer_id : key->account_id;
    int64_t manager = key->customer_id;
    if (client == 0 && sent->client_id.given)
        client = sent->client_id.value;
    if (manager == 0 && sent->manager_id.given)
        manager = sent->manager_id.value;
    json_t *entry = json_pack("{s:I,s:s?,s:I,s:b,s:o}", whole ? "clientCustomerId" : "accountId",
                              (json_int_t)client, whole ? "clientCustomerNumber" : "accountNumber",
                              sent->client_number, "managingCustomerId", (json_int_t)manager,
                              "accepted", outcome->count == 0, "codes", codes);
    json_array_append_new(links, entry);
    return entry;
}
