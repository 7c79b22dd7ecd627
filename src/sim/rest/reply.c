#include "sim/rest/reply.h"

#include "sim/rest/table.h"

#include <ctype.h>
#include <string.h>

/* The elements of a reply as the operations wrote them, and the JSON that they become. */
struct walk {
    const char *at;
    struct buffer *out;
    enum json_form form;
};

/* A start tag: the name without its prefix. */
struct element {
    const char *name;
    size_t length;
    bool nil;
    bool empty; /* it has no end tag */
};

static void write_value(struct walk *walk, const struct element *element, const char *kind);

static bool next_element(struct walk *walk, struct element *out)
{
    if (walk->at[0] != '<' || walk->at[1] == '/')
        return false;
    const char *tag = walk->at + 1;
    const char *end = tag + strcspn(tag, ">");
    size_t length = strcspn(tag, " />");
    const char *colon = memchr(tag, ':', length);
    out->name = colon ? colon + 1 : tag;
    out->length = (size_t)(tag + length - out->name);
    out->empty = end[-1] == '/';
    out->nil = out->empty && end - tag > 13 && strncmp(end - 13, "i:nil=\"true\"", 12) == 0;
    walk->at = end + (*end == '>');
    return true;
}

static void skip_end_tag(struct walk *walk)
{
    walk->at += strcspn(walk->at, ">");
    walk->at += *walk->at == '>'; /* a reply for which memory failed is cut */
}

/* Past an element that has no place in the reply. */
static void skip_element(struct walk *walk, const struct element *element)
{
    struct element child;
    if (element->empty)
        return;
    while (walk->at += strcspn(walk->at, "<"), next_element(walk, &child))
        skip_element(walk, &child);
    skip_end_tag(walk);
}

static bool is_named(const struct element *element, const char *name)
{
    return strncmp(element->name, name, element->length) == 0 && !name[element->length];
}

static void write_character(struct buffer *out, char character)
{
    if (character == '"' || character == '\\')
        buffer_printf(out, "\\%c", character);
    else if ((unsigned char)character < ' ')
        buffer_printf(out, "\\u%04x", character);
    else
        buffer_append(out, &character, 1);
}

static void write_json_text(struct buffer *out, const char *text)
{
    buffer_text(out, "\"");
    for (; *text; text++)
        write_character(out, *text);
    buffer_text(out, "\"");
}

/* The character that a reference stands for; these are all that xml_text() writes. */
static char read_reference(const char **at)
{
    static const struct {
        const char *name;
        char character;
    } references[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#xD;", '\r'}};
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        size_t length = strlen(references[i].name);
        if (strncmp(*at, references[i].name, length) == 0) {
            *at += length;
            return references[i].character;
        }
    }
    return *(*at)++;
}

/* The text up to the end tag, which is passed too. */
static void copy_text(struct walk *walk, bool empty)
{
    if (empty)
        return;
    while (*walk->at && *walk->at != '<')
        write_character(walk->out, read_reference(&walk->at));
    skip_end_tag(walk);
}

static void write_scalar(struct walk *walk, const struct element *element, const char *kind)
{
    const bool wide = rest_kind_is(kind, "int64-string");
    const bool bare = rest_kind_is(kind, "number") || rest_kind_is(kind, "boolean") ||
                      (wide && walk->form == JSON_FORM_IDS_NUMBER);
    if (!bare)
        buffer_text(walk->out, "\"");
    if (wide && walk->form == JSON_FORM_IDS_OVERFLOW)
        buffer_text(walk->out, "9223372036854775807");
    copy_text(walk, element->empty);
    if (!bare)
        buffer_text(walk->out, "\"");
}

static void write_name(struct walk *walk, const char *name)
{
    char first = name[0];
    if (walk->form == JSON_FORM_LOWER_CASE)
        first = (char)tolower((unsigned char)first);
    buffer_printf(walk->out, "\"%c%s\":", first, name + 1);
}

static void write_unknown_member(struct walk *walk, bool *first)
{
    if (walk->form != JSON_FORM_UNKNOWN_MEMBERS)
        return;
    buffer_text(walk->out, "\"NotInTheContract\":{\"Id\":[1,null,\"x\",{}]}");
    *first = false;
}

/* The first member of an object once more. */
static void repeat_member(struct walk *walk, size_t start, size_t end)
{
    struct buffer copy = {0};
    if (walk->form != JSON_FORM_DUPLICATE || end <= start || walk->out->failed)
        return;
    buffer_append(&copy, walk->out->data + start, end - start);
    buffer_text(walk->out, ",");
    buffer_append(walk->out, buffer_string(&copy), copy.length);
    walk->out->failed |= copy.failed;
    buffer_free(&copy);
}

/* What the service leaves out rather than to say null. */
static bool is_left_out(const struct walk *walk, const char *name)
{
    static const char *const names[] = {"ClientEntityCustomerNumber", "AuthenticationToken",
                                        "TaxCertificate", "AccountMode"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return walk->form == JSON_FORM_NULLS_ABSENT;
}

static const json_t *find_member(const json_t *members, const struct element *element)
{
    size_t index;
    json_t *member;
    json_array_foreach(members, index, member)
    {
        const char *other = rest_table_text(member, "otherSpelling");
        if (is_named(element, rest_table_text(member, "name")) ||
            (other && is_named(element, other)))
            return member;
    }
    return NULL;
}

static void write_object(struct walk *walk, const json_t *members)
{
    struct element element;
    bool first = true;
    size_t start = walk->out->length + 1;
    size_t end = start;
    buffer_text(walk->out, "{");
    write_unknown_member(walk, &first);
    while (next_element(walk, &element)) {
        const json_t *member = find_member(members, &element);
        const char *name = member ? rest_table_text(member, "name") : NULL;
        if (!member || (element.nil && is_left_out(walk, name))) {
            skip_element(walk, &element);
            continue;
        }
        if (!first)
            buffer_text(walk->out, ",");
        if (rest_table_text(member, "otherSpelling") && walk->form == JSON_FORM_LOWER_PAIRS)
            name = rest_table_text(member, "otherSpelling");
        write_name(walk, name);
        write_value(walk, &element, rest_table_text(member, "json"));
        if (first)
            end = walk->out->length;
        first = false;
    }
    repeat_member(walk, start, end);
    buffer_text(walk->out, "}");
}

static void write_array(struct walk *walk, const struct element *list, const char *item)
{
    struct element element;
    bool first = true;
    buffer_text(walk->out, "[");
    while (!list->empty && next_element(walk, &element)) {
        if (!first)
            buffer_text(walk->out, ",");
        first = false;
        write_value(walk, &element, item);
    }
    buffer_text(walk->out, "]");
}

/* The errors of one slot without the brackets around them: the first, or all of them. */
static void write_open_slot(struct walk *walk, const char *item)
{
    struct element error;
    bool first = true;
    while (next_element(walk, &error)) {
        if (!first && walk->form == JSON_FORM_SLOT_OBJECT) {
            skip_element(walk, &error);
            continue;
        }
        if (!first)
            buffer_text(walk->out, ",");
        first = false;
        write_value(walk, &error, item);
    }
    skip_end_tag(walk);
}

/* Lists within a list, where the form is one that has fewer brackets. */
static void write_open_slots(struct walk *walk, const struct element *list, const char *item)
{
    struct element slot;
    bool first = true;
    buffer_text(walk->out, "[");
    while (!list->empty && next_element(walk, &slot)) {
        if (slot.empty && walk->form == JSON_FORM_SLOT_FLAT)
            continue;
        if (!first)
            buffer_text(walk->out, ",");
        first = false;
        if (slot.empty)
            write_value(walk, &slot, item);
        else
            write_open_slot(walk, rest_kind_item(item));
    }
    buffer_text(walk->out, "]");
}

static bool has_open_slots(const struct walk *walk, const char *item)
{
    return rest_kind_item(item) &&
           (walk->form == JSON_FORM_SLOT_OBJECT || walk->form == JSON_FORM_SLOT_FLAT);
}

static void write_value(struct walk *walk, const struct element *element, const char *kind)
{
    const char *item = rest_kind_item(kind);
    const json_t *type = rest_table_type(kind);
    if (element->nil)
        buffer_text(walk->out, "null");
    else if (item && has_open_slots(walk, item))
        write_open_slots(walk, element, item);
    else if (item)
        write_array(walk, element, item);
    else if (type && element->empty)
        buffer_text(walk->out, "{}");
    else if (type)
        write_object(walk, type);
    else
        write_scalar(walk, element, kind);
    if (!element->empty && (item || type))
        skip_end_tag(walk);
}

static enum json_form form_of(const struct call *call)
{
    return call->plan->json_form;
}

void rest_reply_write(struct buffer *out, const struct call *call, const json_t *operation)
{
    struct walk walk = {buffer_string(call->reply), out, form_of(call)};
    if (walk.form == JSON_FORM_MARK)
        buffer_text(out, "\xef\xbb\xbf");
    if (walk.form == JSON_FORM_ARRAY)
        buffer_text(out, "[");
    write_object(&walk, rest_table_members(operation, "response"));
    if (walk.form == JSON_FORM_ARRAY)
        buffer_text(out, "]");
    if (walk.form == JSON_FORM_TRAILING)
        buffer_text(out, "{}");
    out->failed |= call->reply->failed;
}

bool rest_tracking_in_header(const struct call *call)
{
    return (call->fault.channel == FAULT_NONE) != (form_of(call) == JSON_FORM_TRACKING_MOVED);
}

static void write_text_or_null(struct buffer *out, const char *name, const char *text)
{
    buffer_printf(out, "\"%s\":", name);
    if (text)
        write_json_text(out, text);
    else
        buffer_text(out, "null");
}

static void write_errors(struct buffer *out, const struct service_fault *fault)
{
    const bool adapi = fault->channel == FAULT_ADAPI;
    const char *details = fault->text[0] ? fault->text : NULL;
    buffer_printf(out, "\"%s\":[{\"Code\":%d,", adapi ? "Errors" : "OperationErrors", fault->code);
    write_text_or_null(out, adapi ? "Detail" : "Details", details);
    if (adapi) {
        buffer_text(out, ",");
        write_text_or_null(out, "ErrorCode", service_error_symbol(fault->code));
    }
    buffer_text(out, ",");
    write_text_or_null(out, "Message", service_error_message(fault->code));
    buffer_text(out, "}]");
}

/* Which status goes with which code is documented nowhere, but for 109 with 401. */
static int status_of(int code)
{
    switch (code) {
    case CODE_INVALID_CREDENTIALS:
    case CODE_MISSING_HEADERS:
    case CODE_TOKEN_EXPIRED:
        return 401;
    case CODE_NOT_AUTHORIZED:
    case CODE_USER_NOT_AUTHORIZED:
        return 403;
    case CODE_CALL_RATE_EXCEEDED:
        return 429;
    case CODE_INTERNAL_ERROR:
        return 500;
    default:
        return 400;
    }
}

/* The members in the order in which users have seen them: the type comes last. */
int rest_fault_write(struct buffer *out, const struct call *call)
{
    const struct service_fault *fault = &call->fault;
    const char *type = fault->channel == FAULT_ADAPI ? "AdApiFaultDetail" : "ApiFault";
    if (fault->channel == FAULT_BARE) {
        buffer_text(out, "{\"Message\":");
        write_json_text(out, fault->text);
        buffer_text(out, "}");
        return strcmp(fault->bare_code, "DeserializationFailed") == 0 ? 400 : 500;
    }
    buffer_text(out, "{");
    if (form_of(call) == JSON_FORM_TYPE_FIRST)
        buffer_printf(out, "\"Type\":\"%s\",", type);
    write_errors(out, fault);
    if (!rest_tracking_in_header(call)) {
        buffer_text(out, ",");
        write_text_or_null(out, "TrackingId", call->tracking_id);
    }
    if (form_of(call) != JSON_FORM_TYPE_FIRST && form_of(call) != JSON_FORM_NO_TYPE)
        buffer_printf(out, ",\"Type\":\"%s\"", type);
    buffer_text(out, "}");
    return status_of(fault->code);
}
