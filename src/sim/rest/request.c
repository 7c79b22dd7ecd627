#include "sim/rest/request.h"

#include "sim/rest/table.h"
#include "sim/state/datetime.h"
#include "sim/state/text.h"
#include "sim/xml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_PATH    160
#define MAX_ELEMENT 80

/* The way through a request: what is written, and where in it the walk is. */
struct walk {
    struct call *call;
    struct buffer *out;
    char path[MAX_PATH]; /* as System.Text.Json names it: $.ClientLinks[0].Name */
};

static bool write_value(struct walk *walk, const char *element, const char *kind,
                        const json_t *value);

static bool fail_at(struct call *call, int position, const char *path)
{
    return call_fail_text(call, FAULT_API, CODE_NULL_REQUEST,
                          "Invalid JSON at line 0 position %d. Path: %.*s", position, MAX_PATH,
                          path);
}

static bool fail(struct walk *walk)
{
    return fail_at(walk->call, 0, walk->path);
}

/* Goes a step down the path; returns where to cut it again. */
__attribute__((format(printf, 2, 3))) static size_t enter(struct walk *walk, const char *format,
                                                          ...)
{
    size_t length = strlen(walk->path);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(walk->path + length, sizeof walk->path - length, format, arguments);
    va_end(arguments);
    return length;
}

static bool fits(const char *text, int64_t min, int64_t max)
{
    size_t sign = text[0] == '-';
    char *end;
    if (!text[sign] || strspn(text + sign, "0123456789") != strlen(text + sign))
        return false;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    return errno == 0 && number >= min && number <= max;
}

/* Numbers of 64 bits are strings of digits, those of 32 bits are numbers; each is read as both. */
static bool write_number(struct walk *walk, const char *element, const char *kind,
                         const json_t *value)
{
    const bool wide = rest_kind_is(kind, "int64-string");
    char text[32];
    if (json_is_integer(value))
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_string(value))
        snprintf(text, sizeof text, "%s", json_string_value(value));
    else
        return fail(walk);
    if (!fits(text, wide ? INT64_MIN : INT32_MIN, wide ? INT64_MAX : INT32_MAX))
        return fail(walk);
    xml_element(walk->out, element, text);
    return true;
}

/* A date with an offset is an instant: it is kept in UTC. */
static bool write_date(struct walk *walk, const char *element, const char *text)
{
    struct datetime date;
    char utc[DATETIME_TEXT_SIZE];
    if (!datetime_parse(text, &date))
        return fail(walk);
    if (date.zone == DATETIME_ZONE_OFFSET) {
        datetime_format(date.ms, utc);
        text = utc;
    }
    xml_element(walk->out, element, text);
    return true;
}

/* "A, B" in JSON is "A B" in XML. */
static bool write_flags(struct walk *walk, const char *element, const char *kind, const char *text)
{
    char names[MAX_PATH];
    char *rest = names;
    const char *blank = "";
    snprintf(names, sizeof names, "%s", text);
    buffer_printf(walk->out, "<%s>", element);
    for (char *name; (name = strtok_r(rest, ", ", &rest)); blank = " ") {
        if (!rest_table_has_name(kind, name))
            return fail(walk);
        if (strcmp(name, "None") != 0)
            buffer_printf(walk->out, "%s%s", blank, name);
    }
    xml_close(walk->out, element);
    return true;
}

static bool write_text(struct walk *walk, const char *element, const char *kind, const char *text)
{
    if (!text || !text_can_be_sent(text, strlen(text)))
        return fail(walk);
    if (rest_kind_is(kind, "datetime-string"))
        return write_date(walk, element, text);
    if (rest_kind_is(kind, "flags:"))
        return write_flags(walk, element, kind, text);
    if (rest_kind_is(kind, "enum:") && !rest_table_has_name(kind, text))
        return fail(walk);
    if (rest_kind_is(kind, "base64-string") && !call_is_base64(text))
        return fail(walk);
    xml_element(walk->out, element, text);
    return true;
}

/* The prefix of a type's own elements, by the schema that it belongs to. */
static const char *prefix_of(const char *kind)
{
    return strstr(kind, "object:KeyValuePair") ? "g" : "a";
}

static bool write_members(struct walk *walk, const char *prefix, const json_t *members,
                          const json_t *object)
{
    size_t index;
    json_t *member;
    json_array_foreach(members, index, member)
    {
        char element[MAX_ELEMENT];
        const char *name = rest_table_text(member, "name");
        const char *other = rest_table_text(member, "otherSpelling");
        const json_t *value = json_object_get(object, name);
        if (!value && other)
            value = json_object_get(object, other);
        if (!value)
            continue;
        size_t back = enter(walk, ".%s", name);
        snprintf(element, sizeof element, "%s%s%s", prefix, prefix[0] ? ":" : "",
                 other ? other : name);
        if (json_is_null(value) && !json_is_true(json_object_get(member, "nullable")))
            return fail(walk);
        if (!write_value(walk, element, rest_table_text(member, "json"), value))
            return false;
        walk->path[back] = '\0';
    }
    return true;
}

static bool write_items(struct walk *walk, const char *item, const json_t *array)
{
    char element[MAX_ELEMENT];
    size_t index;
    json_t *value;
    if (rest_kind_is(item, "object:"))
        snprintf(element, sizeof element, "%s:%.*s", prefix_of(item),
                 (int)strcspn(strchr(item, ':') + 1, ">"), strchr(item, ':') + 1);
    else
        snprintf(element, sizeof element, "b:%s",
                 rest_kind_is(item, "int64-string") ? "long"
                 : rest_kind_is(item, "number")     ? "int"
                                                    : "string");
    json_array_foreach(array, index, value)
    {
        size_t back = enter(walk, "[%zu]", index);
        if (!write_value(walk, element, item, value))
            return false;
        walk->path[back] = '\0';
    }
    return true;
}

static bool write_value(struct walk *walk, const char *element, const char *kind,
                        const json_t *value)
{
    const char *item = rest_kind_item(kind);
    const json_t *type = rest_table_type(kind);
    if (json_is_null(value)) {
        xml_nil(walk->out, element);
        return true;
    }
    if (rest_kind_is(kind, "boolean")) {
        xml_element_bool(walk->out, element, json_is_true(value));
        return json_is_boolean(value) || fail(walk);
    }
    if (rest_kind_is(kind, "number") || rest_kind_is(kind, "int64-string"))
        return write_number(walk, element, kind, value);
    if (!item && !type)
        return write_text(walk, element, kind, json_string_value(value));
    if (item ? !json_is_array(value) : !json_is_object(value))
        return fail(walk);
    xml_open(walk->out, element);
    if (item ? !write_items(walk, item, value) : !write_members(walk, prefix_of(kind), type, value))
        return false;
    xml_close(walk->out, element);
    return true;
}

/* NULL when the header is absent, or is for another way to sign in. */
static const char *bearer(const struct http_request *request)
{
    static const char scheme[] = "Bearer ";
    const char *value = http_header(request, "Authorization");
    if (!value || strncasecmp(value, scheme, sizeof scheme - 1) != 0)
        return NULL;
    return value + sizeof scheme - 1;
}

static void write_token(struct buffer *out, const char *element, const char *token)
{
    if (token)
        xml_element(out, element, token);
}

static bool write_envelope(struct walk *walk, const struct exchange *exchange,
                           const json_t *operation, const json_t *body)
{
    const struct sim_api *api = exchange->api;
    const char *name = rest_table_text(operation, "operation");
    buffer_printf(walk->out, "<s:Envelope xmlns:s=\"" XML_NS_SOAP "\"><s:Header xmlns=\"%s\">",
                  api->customer_ns);
    write_token(walk->out, "AuthenticationToken", bearer(exchange->request));
    write_token(walk->out, "DeveloperToken", http_header(exchange->request, "DeveloperToken"));
    buffer_printf(
        walk->out,
        "</s:Header><s:Body><%sRequest xmlns=\"%s\" xmlns:a=\"%s\" xmlns:b=\"" XML_NS_ARRAYS
        "\" xmlns:g=\"" XML_NS_GENERIC "\" xmlns:i=\"" XML_NS_INSTANCE "\">",
        name, api->customer_ns, api->entities_ns);
    if (!write_members(walk, "", rest_table_members(operation, "request"), body))
        return false;
    buffer_printf(walk->out, "</%sRequest></s:Body></s:Envelope>", name);
    return true;
}

bool rest_request_envelope(struct call *call, const struct exchange *exchange,
                           const json_t *operation, struct buffer *out)
{
    const struct buffer *text = &exchange->request->body;
    struct walk walk = {.call = call, .out = out, .path = "$"};
    json_error_t error;
    json_t *body = json_loadb(buffer_string(text), text->length, JSON_REJECT_DUPLICATES, &error);
    bool written =
        body ? json_is_object(body) ? write_envelope(&walk, exchange, operation, body) : fail(&walk)
             : fail_at(call, error.position, "$");
    json_decref(body);
    return written;
}
