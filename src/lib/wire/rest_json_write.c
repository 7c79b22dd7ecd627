/*
 * Structs of a contract as JSON text, straight into the buffer that is sent.
 */
#include "lib/wire/rest.h"

#include <string.h>

#include "lib/base/text.h"

struct writing {
    struct bacm_buffer *out;
    const struct bacm_extra *extras;
    enum bacm_json_fault fault;
    const char *name;
};

/* Room for more bytes at the end of what is written; NULL when there is none. */
static char *room(struct writing *writing, size_t size)
{
    if (writing->fault || bacm_buffer_reserve(writing->out, size) != 0) {
        if (!writing->fault)
            writing->fault = BACM_JSON_NO_MEMORY;
        return NULL;
    }
    return writing->out->bytes + writing->out->size;
}

static void put(struct writing *writing, const char *bytes, size_t size)
{
    char *to = room(writing, size);

    if (!to)
        return;
    memcpy(to, bytes, size);
    writing->out->size += size;
}

static void put_byte(struct writing *writing, char byte)
{
    put(writing, &byte, 1);
}

/* One character as it must be escaped; the bytes written. */
static size_t escape(char *to, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";
    static const char letters[] = "\bb\ff\nn\rr\tt";
    const char *letter = byte < 0x20 ? memchr(letters, byte, sizeof letters - 1) : NULL;

    to[0] = '\\';
    to[1] = byte >= 0x20 ? (char)byte : letter ? letter[1] : 'u';
    if (byte >= 0x20 || letter)
        return 2;
    to[2] = '0';
    to[3] = '0';
    to[4] = digits[byte >> 4];
    to[5] = digits[byte & 15];
    return 6;
}

/* Characters that XML does not allow are none of a fault here. */
static bool is_utf8(const char *text)
{
    size_t offset;

    for (;;) {
        const enum bacm_text_fault fault = bacm_text_check(text, &offset, NULL);

        if (fault != BACM_TEXT_NOT_XML)
            return fault == BACM_TEXT_OK;
        text += offset;
        do
            text++;
        while (((unsigned char)*text & 0xC0) == 0x80);
    }
}

static void put_text(struct writing *writing, const char *text)
{
    const size_t size = strlen(text);
    char *start = room(writing, size * 6 + 2);
    char *to = start;
    unsigned char seen = 0;

    if (!start)
        return;
    *to++ = '"';
    for (const char *p = text; *p; p++) {
        const unsigned char byte = (unsigned char)*p;

        seen |= byte;
        if (byte < 0x20 || byte == '"' || byte == '\\')
            to += escape(to, byte);
        else
            *to++ = (char)byte;
    }
    *to++ = '"';
    writing->out->size += (size_t)(to - start);
    if (seen > 0x7F && !is_utf8(text))
        writing->fault = BACM_JSON_NOT_UTF8;
}

/* Flags have a blank between, on the wire a comma too. */
static void put_flags(struct writing *writing, const char *text)
{
    put_byte(writing, '"');
    for (const char *sign = ""; *(text += strspn(text, " \t\r\n")); sign = ", ") {
        const size_t size = strcspn(text, " \t\r\n");

        put(writing, sign, strlen(sign));
        for (size_t i = 0; i < size; i++) {
            if ((unsigned char)text[i] < 0x20 || strchr("\"\\", text[i]) || text[i] & 0x80)
                writing->fault = BACM_JSON_BAD_VALUE;
        }
        put(writing, text, size);
        text += size;
    }
    put_byte(writing, '"');
}

/* A text that XML takes for a decimal is a number when JSON takes it for one. */
static void put_decimal(struct writing *writing, const char *text)
{
    const char *digits = text + (*text == '-');
    const size_t whole = strspn(digits, "0123456789");
    const char *rest = digits + whole;
    const size_t fraction = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
    const bool leads = whole > 1 && *digits == '0';

    if (fraction)
        rest += 1 + fraction;
    if (!whole || leads || *rest)
        writing->fault = BACM_JSON_BAD_VALUE;
    else
        put(writing, text, strlen(text));
}

static void put_integer(struct writing *writing, int64_t value)
{
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--at = '-';
    put(writing, at, (size_t)(digits + sizeof digits - at));
}

static void put_boolean(struct writing *writing, const int *value)
{
    if (*value)
        put(writing, "true", 4);
    else
        put(writing, "false", 5);
}

static void put_object(struct writing *writing, const struct bacm_json_type *type,
                       const char *object);
static void put_list(struct writing *writing, const struct bacm_json_type *type, const char *list);

static void put_value(struct writing *writing, const struct bacm_json_member *member,
                      const void *value)
{
    switch (member->kind) {
    case BACM_JSON_TEXT:
    case BACM_JSON_TIME:
    case BACM_JSON_BASE64:
    case BACM_JSON_ENUM:
        put_text(writing, value);
        break;
    case BACM_JSON_FLAGS:
        put_flags(writing, value);
        break;
    case BACM_JSON_DECIMAL:
        put_decimal(writing, value);
        break;
    case BACM_JSON_LONG:
        put_byte(writing, '"');
        put_integer(writing, *(const LONG64 *)value);
        put_byte(writing, '"');
        break;
    case BACM_JSON_INT:
        put_integer(writing, *(const int *)value);
        break;
    case BACM_JSON_BYTE:
        put_integer(writing, *(const unsigned char *)value);
        break;
    case BACM_JSON_BOOL:
        put_boolean(writing, value);
        break;
    case BACM_JSON_OBJECT:
        put_object(writing, member->type, value);
        break;
    case BACM_JSON_LIST:
        put_list(writing, member->type, value);
        break;
    }
    if (writing->fault && !writing->name)
        writing->name = member->name;
}

/* Bytes of an item in its list. */
static size_t item_size(const struct bacm_json_member *item)
{
    switch (item->kind) {
    case BACM_JSON_LONG:
        return sizeof(LONG64);
    case BACM_JSON_INT:
        return sizeof(int);
    case BACM_JSON_OBJECT:
    case BACM_JSON_LIST:
        return item->type->size;
    default:
        return sizeof(char *);
    }
}

/* Of an item: a text that is none, or a list that has never been. */
static bool is_null(const struct bacm_json_member *item, const char *at)
{
    if (item->kind <= BACM_JSON_DECIMAL)
        return !*(const void *const *)at;
    return item->kind == BACM_JSON_LIST &&
           !*(const void *const *)(at + item->type->members[0].offset);
}

static void put_list(struct writing *writing, const struct bacm_json_type *type, const char *list)
{
    const struct bacm_json_member *item = &type->members[0];
    const bool is_pointer = item->kind <= BACM_JSON_DECIMAL;
    const char *at = *(const char *const *)(list + item->offset);
    const int count = *(const int *)list;

    put_byte(writing, '[');
    for (int i = 0; i < count && !writing->fault; i++, at += item_size(item)) {
        if (i)
            put_byte(writing, ',');
        if (is_null(item, at))
            put(writing, "null", 4);
        else
            put_value(writing, item, is_pointer ? *(const void *const *)at : at);
    }
    put_byte(writing, ']');
}

static void put_extras(struct writing *writing, const char *object, bool is_first)
{
    for (const struct bacm_extra *extra = writing->extras; extra; extra = extra->next) {
        if (extra->owner != object)
            continue;
        if (!is_first)
            put_byte(writing, ',');
        put(writing, extra->members, strlen(extra->members));
        is_first = false;
    }
}

static void put_object(struct writing *writing, const struct bacm_json_type *type,
                       const char *object)
{
    char sign = '{';

    for (size_t i = 0; i < type->count; i++) {
        const struct bacm_json_member *member = &type->members[i];
        const void *value = *(const void *const *)(object + member->offset);
        char *to;
        size_t size;

        if (!value)
            continue;
        size = strlen(member->name);
        to = room(writing, size + 4);
        if (!to)
            return;
        *to++ = sign;
        *to++ = '"';
        memcpy(to, member->name, size);
        to[size] = '"';
        to[size + 1] = ':';
        writing->out->size += size + 4;
        put_value(writing, member, value);
        sign = ',';
    }
    if (sign == '{')
        put_byte(writing, '{');
    if (writing->extras)
        put_extras(writing, object, sign == '{');
    put_byte(writing, '}');
}

enum bacm_json_fault bacm_json_write(struct bacm_buffer *out, const struct bacm_json_type *type,
                                     const void *value, const struct bacm_extra *extras,
                                     const char **name)
{
    struct writing writing = {.out = out, .extras = extras};

    put_object(&writing, type, value);
    if (name)
        *name = writing.name ? writing.name : "";
    return writing.fault;
}
