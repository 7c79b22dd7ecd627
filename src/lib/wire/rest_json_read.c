/*
 * JSON text as structs of a contract: strict about the form, bounded in depth and number,
 * patient with members that are new.
 */
#include "lib/wire/rest.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/text.h"

/* Most bytes of a text in a reply. */
enum { MAX_TEXT = 1 << 20 };

/* --- text to tree ------------------------------------------------------------- */

/* Bytes of a text from behind its first quotation mark to its last. */
static size_t text_length(const char *text, size_t left)
{
    size_t length = 0;

    while (length < left && text[length] != '"')
        length += text[length] == '\\' ? 2 : 1;
    return length;
}

/* What a tree would have, counted before any memory is spent on it. */
static enum bacm_json_fault check_limits(const char *text, size_t size, size_t max_depth)
{
    size_t depth = 0;
    size_t values = 1;

    for (size_t i = 0; i < size; i++) {
        switch (text[i]) {
        case '"': {
            const size_t length = text_length(text + i + 1, size - i - 1);

            if (length > MAX_TEXT)
                return BACM_JSON_OVER_LIMIT;
            i += length + 1;
            break;
        }
        case '{':
        case '[':
            if (++depth > max_depth || ++values > BACM_MAX_REPLY_ELEMENTS)
                return BACM_JSON_OVER_LIMIT;
            break;
        case '}':
        case ']':
            if (!depth--)
                return BACM_JSON_BAD_TEXT;
            break;
        case ',':
            if (++values > BACM_MAX_REPLY_ELEMENTS)
                return BACM_JSON_OVER_LIMIT;
            break;
        default:
            break;
        }
    }
    return BACM_JSON_OK;
}

json_t *bacm_json_parse(const char *text, size_t size, size_t max_depth,
                        enum bacm_json_fault *fault)
{
    json_error_t why;
    json_t *root;

    *fault = check_limits(text, size, max_depth);
    if (*fault)
        return NULL;
    root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &why);
    if (json_is_object(root))
        return root;
    *fault = !root && json_error_code(&why) == json_error_out_of_memory ? BACM_JSON_NO_MEMORY
                                                                        : BACM_JSON_BAD_TEXT;
    json_decref(root);
    return NULL;
}

/* --- tree to struct ------------------------------------------------------------- */

static void *zeroed(struct soap *soap, size_t size)
{
    void *memory = soap_malloc(soap, size ? size : 1);

    return memory ? memset(memory, 0, size) : NULL;
}

/* Of a number, or of a text of digits: exact, or not at all. */
static enum bacm_json_fault read_integer(const json_t *json, int64_t *value)
{
    const char *text = json_string_value(json);
    const char *digits = text ? text + (*text == '-') : NULL;
    uint64_t number = 0;
    const uint64_t most = (uint64_t)INT64_MAX + (text && *text == '-');

    if (json_is_integer(json)) {
        *value = json_integer_value(json);
        return BACM_JSON_OK;
    }
    if (!digits || !*digits)
        return BACM_JSON_BAD_VALUE;
    for (; *digits; digits++) {
        const unsigned digit = (unsigned)(*digits - '0');

        if (digit > 9 || number > (most - digit) / 10)
            return BACM_JSON_BAD_VALUE;
        number = number * 10 + digit;
    }
    *value = *text == '-' ? (int64_t)(0 - number) : (int64_t)number;
    return BACM_JSON_OK;
}

static enum bacm_json_fault copy_text(struct soap *soap, const char *text, char **copy)
{
    *copy = soap_strdup(soap, text);
    return *copy ? BACM_JSON_OK : BACM_JSON_NO_MEMORY;
}

/* A number as text; a fraction with as few digits as give it back. */
static enum bacm_json_fault read_number_text(struct soap *soap, const json_t *json, char **text)
{
    char digits[32];

    if (json_is_string(json))
        return copy_text(soap, json_string_value(json), text);
    if (json_is_integer(json)) {
        bacm_text_format(digits, sizeof digits, "%lld", (long long)json_integer_value(json));
        return copy_text(soap, digits, text);
    }
    if (!json_is_real(json))
        return BACM_JSON_BAD_VALUE;
    for (int precision = 15; precision <= 17; precision++) {
        bacm_text_format(digits, sizeof digits, "%.*g", precision, json_real_value(json));
        if (strtod(digits, NULL) == json_real_value(json))
            break;
    }
    return copy_text(soap, digits, text);
}

/* "A, B" on the wire, "A B" in the struct. */
static enum bacm_json_fault read_flags(struct soap *soap, const json_t *json, char **text)
{
    char *to;

    if (!json_is_string(json))
        return BACM_JSON_BAD_VALUE;
    if (copy_text(soap, json_string_value(json), text))
        return BACM_JSON_NO_MEMORY;
    to = *text;
    for (const char *from = *text; *from; from++) {
        if (*from == ',')
            continue;
        *to++ = *from;
    }
    *to = '\0';
    return BACM_JSON_OK;
}

static enum bacm_json_fault read_object(struct bacm_json_reading *reading,
                                        const struct bacm_json_type *type, const json_t *object,
                                        char *to, bool is_outermost);
static enum bacm_json_fault read_list(struct bacm_json_reading *reading,
                                      const struct bacm_json_type *type, const json_t *array,
                                      char *list);

/* A value that is not null, to where its bytes are: of a text, the pointer to it. */
static enum bacm_json_fault read_at(struct bacm_json_reading *reading,
                                    const struct bacm_json_member *member, const json_t *json,
                                    void *at)
{
    int64_t integer;

    switch (member->kind) {
    case BACM_JSON_ENUM:
        if (json_is_integer(json)) /* kept, as a name that is not known would be */
            return read_number_text(reading->soap, json, at);
        /* fall through */
    case BACM_JSON_TEXT:
    case BACM_JSON_TIME:
    case BACM_JSON_BASE64:
        return json_is_string(json) ? copy_text(reading->soap, json_string_value(json), at)
                                    : BACM_JSON_BAD_VALUE;
    case BACM_JSON_FLAGS:
        return read_flags(reading->soap, json, at);
    case BACM_JSON_DECIMAL:
        return read_number_text(reading->soap, json, at);
    case BACM_JSON_LONG:
        return read_integer(json, at);
    case BACM_JSON_INT:
        if (read_integer(json, &integer) || integer < INT_MIN || integer > INT_MAX)
            return BACM_JSON_BAD_VALUE;
        *(int *)at = (int)integer;
        return BACM_JSON_OK;
    case BACM_JSON_BYTE:
        if (read_integer(json, &integer) || integer < 0 || integer > UCHAR_MAX)
            return BACM_JSON_BAD_VALUE;
        *(unsigned char *)at = (unsigned char)integer;
        return BACM_JSON_OK;
    case BACM_JSON_BOOL:
        *(int *)at = json_is_true(json);
        return json_is_boolean(json) ? BACM_JSON_OK : BACM_JSON_BAD_VALUE;
    case BACM_JSON_OBJECT:
        return read_object(reading, member->type, json, at, false);
    case BACM_JSON_LIST:
        return read_list(reading, member->type, json, at);
    }
    return BACM_JSON_BAD_VALUE;
}

/* Bytes of a value where it is kept by value; of a text, those of the pointer. */
static size_t value_size(const struct bacm_json_member *member)
{
    switch (member->kind) {
    case BACM_JSON_LONG:
        return sizeof(LONG64);
    case BACM_JSON_INT:
    case BACM_JSON_BOOL:
        return sizeof(int);
    case BACM_JSON_BYTE:
        return sizeof(unsigned char);
    case BACM_JSON_OBJECT:
    case BACM_JSON_LIST:
        return member->type->size;
    default:
        return sizeof(char *);
    }
}

static enum bacm_json_fault fill_list(struct bacm_json_reading *reading,
                                      const struct bacm_json_type *type, const json_t *array,
                                      char *list);

/*
 * In a list of lists a lone object stands for a list of one. Both are counted: where there
 * are objects alone, they may be one flat list.
 */
static enum bacm_json_fault read_inner_list(struct bacm_json_reading *reading,
                                            const struct bacm_json_type *type, const json_t *json,
                                            char *list)
{
    if (json_is_object(json)) {
        reading->objects_in_lists++;
        return fill_list(reading, type, json, list);
    }
    reading->lists_in_lists++;
    return json_is_null(json) ? BACM_JSON_OK : read_list(reading, type, json, list);
}

/* Of an array, or of the one object that stands for it. */
static enum bacm_json_fault fill_list(struct bacm_json_reading *reading,
                                      const struct bacm_json_type *type, const json_t *array,
                                      char *list)
{
    const struct bacm_json_member *item = &type->members[0];
    const size_t count = json_is_array(array) ? json_array_size(array) : 1;
    char *at = zeroed(reading->soap, count * value_size(item));
    enum bacm_json_fault fault = BACM_JSON_OK;

    if (!at)
        return BACM_JSON_NO_MEMORY;
    *(int *)list = (int)count;
    *(char **)(list + item->offset) = at;
    for (size_t i = 0; i < count && !fault; i++, at += value_size(item)) {
        const json_t *json = json_is_array(array) ? json_array_get(array, i) : array;

        if (item->kind == BACM_JSON_LIST)
            fault = read_inner_list(reading, item->type, json, at);
        else if (!json_is_null(json))
            fault = read_at(reading, item, json, at);
    }
    return fault;
}

static enum bacm_json_fault read_list(struct bacm_json_reading *reading,
                                      const struct bacm_json_type *type, const json_t *array,
                                      char *list)
{
    return json_is_array(array) ? fill_list(reading, type, array, list) : BACM_JSON_BAD_VALUE;
}

static const json_t *find(const json_t *object, const struct bacm_json_member *member)
{
    const json_t *found = json_object_get(object, member->name);

    return found || !member->other_name ? found : json_object_get(object, member->other_name);
}

static bool is_known(const struct bacm_json_type *type, const char *name)
{
    for (size_t i = 0; i < type->count; i++) {
        const struct bacm_json_member *member = &type->members[i];

        if (strcmp(member->name, name) == 0 ||
            (member->other_name && strcmp(member->other_name, name) == 0))
            return true;
    }
    return false;
}

/* Whether a member that is passed over may have been meant for one that is known, or for errors. */
static bool may_be_errors(const struct bacm_json_type *type, const char *name, const json_t *value)
{
    static const char ending[] = "errors";
    const size_t size = strlen(name);

    if (json_is_null(value) || (json_is_array(value) && !json_array_size(value)))
        return false;
    for (size_t i = 0; i < type->count; i++) {
        if (strcasecmp(type->members[i].name, name) == 0)
            return true;
    }
    return size >= sizeof ending - 1 && strcasecmp(name + size - (sizeof ending - 1), ending) == 0;
}

static int add_text(const char *text, size_t size, void *buffer)
{
    return bacm_buffer_add(buffer, text, size);
}

/* The text of an object's members without its braces, in engine memory; NULL: no memory. */
static const char *members_text(struct soap *soap, const json_t *object)
{
    struct bacm_buffer text = {NULL, 0, 0};
    char *copy = NULL;

    if (json_dump_callback(object, add_text, &text, JSON_COMPACT) == 0)
        copy = soap_malloc(soap, text.size - 1);
    if (copy) {
        memcpy(copy, text.bytes + 1, text.size - 2);
        copy[text.size - 2] = '\0';
    }
    bacm_buffer_clear(&text);
    return copy;
}

static enum bacm_json_fault keep_extras(struct bacm_json_reading *reading, const void *owner,
                                        json_t *others)
{
    struct bacm_extra *extra = soap_malloc(reading->soap, sizeof *extra);
    const char *members = members_text(reading->soap, others);

    if (!extra || !members)
        return BACM_JSON_NO_MEMORY;
    *extra = (struct bacm_extra){reading->extras, owner, members};
    reading->extras = extra;
    return BACM_JSON_OK;
}

/* Members that the type does not have: refused, or kept as text. */
static enum bacm_json_fault pass_over(struct bacm_json_reading *reading,
                                      const struct bacm_json_type *type, const json_t *object,
                                      const void *owner, bool is_outermost)
{
    json_t *others = json_object();
    enum bacm_json_fault fault = others ? BACM_JSON_OK : BACM_JSON_NO_MEMORY;
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)object, name, value)
    {
        if (fault || is_known(type, name))
            continue;
        if (reading->is_strict) {
            bacm_text_line(reading->name, sizeof reading->name, name);
            fault = BACM_JSON_UNKNOWN;
        } else if (is_outermost) {
            reading->has_unread_errors |= may_be_errors(type, name, value);
        } else if (json_object_set(others, name, value) != 0) {
            fault = BACM_JSON_NO_MEMORY;
        }
    }
    if (!fault && json_object_size(others))
        fault = keep_extras(reading, owner, others);
    json_decref(others);
    return fault;
}

static enum bacm_json_fault read_member(struct bacm_json_reading *reading,
                                        const struct bacm_json_member *member, const json_t *json,
                                        char *object)
{
    const bool is_text = member->kind <= BACM_JSON_DECIMAL;
    void **place = (void **)(object + member->offset);
    enum bacm_json_fault fault;

    if (json_is_null(json))
        return BACM_JSON_OK;
    if (!is_text) {
        *place = zeroed(reading->soap, value_size(member));
        if (!*place)
            return BACM_JSON_NO_MEMORY;
    }
    fault = read_at(reading, member, json, is_text ? (void *)place : *place);
    if (fault == BACM_JSON_BAD_VALUE && !reading->name[0])
        bacm_text_line(reading->name, sizeof reading->name, member->name);
    return fault;
}

static enum bacm_json_fault read_object(struct bacm_json_reading *reading,
                                        const struct bacm_json_type *type, const json_t *object,
                                        char *to, bool is_outermost)
{
    size_t found = 0;

    if (!json_is_object(object))
        return BACM_JSON_BAD_VALUE;
    if (strcmp(type->name, "OperationError") == 0)
        reading->errors++;
    for (size_t i = 0; i < type->count; i++) {
        const json_t *json = find(object, &type->members[i]);
        enum bacm_json_fault fault;

        if (!json)
            continue;
        found++;
        fault = read_member(reading, &type->members[i], json, to);
        if (fault)
            return fault;
    }
    if (is_outermost)
        reading->knows_a_member = found > 0;
    return found == json_object_size(object) ? BACM_JSON_OK
                                             : pass_over(reading, type, object, to, is_outermost);
}

enum bacm_json_fault bacm_json_read(struct bacm_json_reading *reading,
                                    const struct bacm_json_type *type, const json_t *object,
                                    void **value)
{
    *value = zeroed(reading->soap, type->size);
    return *value ? read_object(reading, type, object, *value, true) : BACM_JSON_NO_MEMORY;
}
