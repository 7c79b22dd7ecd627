#include "lib/wire/xml_scan.h"

#include <stdlib.h>
#include <string.h>

#include <bacm/client.h>

struct bacm_xml_element {
    size_t name; /* where it begins in the names */
    bool is_body;
    bool is_error;
    bool is_nil;
    bool is_filled;
    bool has_no_text; /* holds nothing but elements */
};

enum state {
    IN_TEXT = 0,
    IN_REFERENCE,
    AT_MARKUP, /* behind < */
    IN_START_NAME,
    IN_TAG,
    IN_ATTRIBUTE_NAME,
    AT_EQUALS,
    AT_VALUE,
    IN_VALUE,
    AT_EMPTY_END, /* behind the / of an empty tag */
    IN_END_NAME,
    AT_END_CLOSE,
    AT_BANG,
    IN_COMMENT,
    IN_CDATA,
    IN_INSTRUCTION,
    AFTER_ROOT
};

bool bacm_xml_is_error_list(const char *local_name)
{
    static const char *const names[] = {"OperationErrors", "PartialErrors", "ArrayOfOperationError",
                                        "OperationError"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (*names[i] == *local_name && strcmp(names[i], local_name) == 0)
            return true;
    }
    return false;
}

void bacm_xml_scan_begin(struct bacm_xml_scan *scan, size_t max_depth, bool is_envelope)
{
    const struct bacm_xml_scan kept = *scan;

    memset(scan, 0, sizeof *scan);
    scan->open = kept.open;
    scan->capacity = kept.capacity;
    scan->names = kept.names;
    scan->names_capacity = kept.names_capacity;
    scan->max_depth = max_depth;
    scan->is_envelope = is_envelope;
}

void bacm_xml_scan_free(struct bacm_xml_scan *scan)
{
    free(scan->open);
    free(scan->names);
    memset(scan, 0, sizeof *scan);
}

bool bacm_xml_scan_is_complete(const struct bacm_xml_scan *scan)
{
    return scan->fault == BACM_XML_OK && scan->state == AFTER_ROOT;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 && !is_blank(c);
}

/* A letter, a digit, one of _ : - . or not ASCII. */
static bool is_name_byte(char c)
{
    unsigned char byte = (unsigned char)c;
    unsigned char lower = byte | 0x20;

    return (lower >= 'a' && lower <= 'z') || (byte >= '-' && byte <= ':' && byte != '/') ||
           byte == '_' || byte > 0x7F;
}

static size_t name_length(const char *bytes, size_t size)
{
    size_t length = 0;

    while (length < size && is_name_byte(bytes[length]))
        length++;
    return length;
}

static void fail(struct bacm_xml_scan *scan, enum bacm_xml_fault fault)
{
    scan->fault = fault;
}

/* --- the parts of markup -------------------------------------------------------- */

static void clear_text(struct bacm_xml_scan *scan)
{
    scan->length = 0;
    scan->text[0] = '\0';
}

/* What does not fit is nothing that matters here. */
static void add_text(struct bacm_xml_scan *scan, const char *bytes, size_t size)
{
    size_t room = sizeof scan->text - 1 - scan->length;
    size_t taken = size < room ? size : room;

    memcpy(scan->text + scan->length, bytes, taken);
    scan->length += taken;
    scan->text[scan->length] = '\0';
}

/* The next piece of a name of which the local part is wanted. */
static void add_local_name(struct bacm_xml_scan *scan, const char *bytes, size_t size)
{
    const char *colon = memrchr(bytes, ':', size);
    size_t prefix = colon ? (size_t)(colon - bytes) + 1 : 0;

    if (colon)
        clear_text(scan);
    add_text(scan, bytes + prefix, size - prefix);
}

/* Names of open elements are kept as written, for their end tags. */
static void keep_name(struct bacm_xml_scan *scan, const char *bytes, size_t size)
{
    if (scan->names_capacity - scan->names_size < size) {
        size_t capacity = (scan->names_size + size) * 2;
        char *names = realloc(scan->names, capacity);

        if (!names) {
            fail(scan, BACM_XML_NO_MEMORY);
            return;
        }
        scan->names = names;
        scan->names_capacity = capacity;
    }
    memcpy(scan->names + scan->names_size, bytes, size);
    scan->names_size += size;
}

static bool grow(struct bacm_xml_scan *scan)
{
    size_t capacity = scan->capacity ? scan->capacity * 2 : 16;
    struct bacm_xml_element *open = realloc(scan->open, capacity * sizeof *open);

    if (!open)
        return false;
    scan->open = open;
    scan->capacity = capacity;
    return true;
}

/* Envelope; Header and one Body in it; one answer in the body and nothing beside it. */
static bool has_place(const struct bacm_xml_scan *scan)
{
    if (!scan->is_envelope)
        return true;
    if (scan->depth == 0)
        return strcmp(scan->text, "Envelope") == 0;
    if (scan->depth == 1)
        return !scan->has_body &&
               (strcmp(scan->text, "Header") == 0 || strcmp(scan->text, "Body") == 0);
    return !scan->open[scan->depth - 1].is_body || !scan->open[scan->depth - 1].is_filled;
}

/* The name of a start tag has been read: open its element. */
static void open_element(struct bacm_xml_scan *scan)
{
    struct bacm_xml_element *parent;
    struct bacm_xml_element *element;

    clear_text(scan);
    add_local_name(scan, scan->names + scan->name, scan->names_size - scan->name);
    if (!has_place(scan))
        fail(scan, BACM_XML_MALFORMED);
    else if (scan->depth >= scan->max_depth)
        fail(scan, BACM_XML_TOO_DEEP);
    else if (scan->elements++ >= BACM_MAX_REPLY_ELEMENTS)
        fail(scan, BACM_XML_TOO_MANY);
    else if (scan->depth == scan->capacity && !grow(scan))
        fail(scan, BACM_XML_NO_MEMORY);
    if (scan->fault || !scan->open)
        return;
    element = &scan->open[scan->depth];
    parent = scan->depth ? element - 1 : NULL;
    *element = (struct bacm_xml_element){
        .name = scan->name,
        .is_body = scan->is_envelope && scan->depth == 1 && strcmp(scan->text, "Body") == 0,
        /* Envelope, Header and Body, the response, and what lists errors. */
        .has_no_text = (scan->is_envelope && scan->depth < 2) || (parent && parent->is_body) ||
                       bacm_xml_is_error_list(scan->text),
        .is_error = strcmp(scan->text, "OperationError") == 0,
    };
    scan->has_body |= element->is_body;
    if (parent)
        parent->is_filled = true;
    scan->depth++;
}

static void close_element(struct bacm_xml_scan *scan)
{
    const struct bacm_xml_element *element = &scan->open[--scan->depth];

    scan->names_size = element->name;
    scan->state = scan->depth ? IN_TEXT : AFTER_ROOT;
    scan->errors += element->is_error && !element->is_nil;
    /* What is nil and yet has contents says two things. */
    if (element->is_nil && element->is_filled)
        fail(scan, BACM_XML_MALFORMED);
}

static void end_value(struct bacm_xml_scan *scan)
{
    /* What stands for a character may make a word of it that the engine reads. */
    if (scan->is_nil && strchr(scan->text, '&'))
        fail(scan, BACM_XML_MALFORMED);
    if (scan->is_nil && (strcmp(scan->text, "true") == 0 || strcmp(scan->text, "1") == 0))
        scan->open[scan->depth - 1].is_nil = true;
    scan->state = IN_TAG;
}

static void end_reference(struct bacm_xml_scan *scan)
{
    static const char *const known[] = {"amp", "lt", "gt", "quot", "apos"};

    scan->state = IN_TEXT;
    if (scan->text[0] == '#') {
        bool is_hex = scan->text[1] == 'x';

        /* NUL would end the text. */
        if (!strtoul(scan->text + 1 + is_hex, NULL, is_hex ? 16 : 10))
            fail(scan, BACM_XML_MALFORMED);
        return;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(scan->text, known[i]) == 0)
            return;
    }
    fail(scan, BACM_XML_DOCTYPE);
}

/* Text that is more than white space between elements. */
static void take_text(struct bacm_xml_scan *scan)
{
    struct bacm_xml_element *element = scan->depth ? &scan->open[scan->depth - 1] : NULL;

    if (!element || element->has_no_text)
        fail(scan, BACM_XML_MALFORMED);
    else
        element->is_filled = true;
}

/*
 * --- the states ---------------------------------------------------------------------
 * Each one takes bytes, of which there is at least one, up to where its state
 * ends, and returns how many. None is taken when the first one is the next state's.
 */

/* The engine passes over the mark at the start of UTF-8 files as well. */
static bool is_byte_order_mark(const struct bacm_xml_scan *scan, char c)
{
    return !scan->depth && (c == '\xEF' || c == '\xBB' || c == '\xBF');
}

static size_t plain_text_length(const char *bytes, size_t size)
{
    size_t length = 0;

    while (length < size && bytes[length] != '<' && bytes[length] != '&' &&
           !is_control(bytes[length]))
        length++;
    return length;
}

static size_t in_text(struct bacm_xml_scan *scan, const char *bytes, size_t size)
{
    char c = *bytes;

    if (c == '<') {
        scan->state = AT_MARKUP;
        return 1;
    }
    if (is_blank(c) || is_byte_order_mark(scan, c))
        return 1;
    take_text(scan);
    if (c == '&') {
        clear_text(scan);
        scan->state = IN_REFERENCE;
        return 1;
    }
    if (is_control(c))
        fail(scan, BACM_XML_MALFORMED);
    return plain_text_length(bytes, size);
}

static size_t in_reference(struct bacm_xml_scan *scan, const char *bytes)
{
    if (*bytes == ';')
        end_reference(scan);
    else if (is_name_byte(*bytes) || *bytes == '#')
        add_text(scan, bytes, 1);
    else
        fail(scan, BACM_XML_MALFORMED);
    return 1;
}

static size_t at_markup(struct bacm_xml_scan *scan, const char *bytes)
{
    clear_text(scan);
    scan->matched = 0;
    switch (*bytes) {
    case '/':
        scan->state = IN_END_NAME;
        if (!scan->depth)
            fail(scan, BACM_XML_MALFORMED);
        return 1;
    case '!':
        scan->state = AT_BANG;
        return 1;
    case '?':
        scan->state = IN_INSTRUCTION;
        return 1;
    default:
        scan->state = IN_START_NAME;
        scan->name = scan->names_size;
        if (!is_name_byte(*bytes))
            fail(scan, BACM_XML_MALFORMED);
        return 0;
    }
}

static size_t in_start_name(struct bacm_xml_scan *scan, const char *bytes, size_t size)
{
    size_t length = name_length(bytes, size);

    keep_name(scan, bytes, length);
    if (length < size && !scan->fault) {
        scan->state = IN_TAG;
        open_element(scan);
    }
    return length;
}

static size_t in_tag(struct bacm_xml_scan *scan, const char *bytes)
{
    char c = *bytes;

    if (is_blank(c))
        return 1;
    if (c == '>') {
        scan->state = IN_TEXT;
        return 1;
    }
    if (c == '/') {
        scan->state = AT_EMPTY_END;
        return 1;
    }
    if (!is_name_byte(c))
        fail(scan, BACM_XML_MALFORMED);
    clear_text(scan);
    scan->state = IN_ATTRIBUTE_NAME;
    return 0;
}

static size_t in_attribute_name(struct bacm_xml_scan *scan, const char *bytes, size_t size)
{
    size_t length = name_length(bytes, size);

    add_local_name(scan, bytes, length);
    if (length < size)
        scan->state = AT_EQUALS;
    return length;
}

static size_t at_equals(struct bacm_xml_scan *scan, const char *bytes)
{
    if (*bytes == '=') {
        scan->is_nil = strcmp(scan->text, "nil") == 0;
        scan->state = AT_VALUE;
    } else if (!is_blank(*bytes)) {
        fail(scan, BACM_XML_MALFORMED);
    }
    return 1;
}

static size_t at_value(struct bacm_xml_scan *scan, const char *bytes)
{
    if (*bytes == '"' || *bytes == '\'') {
        scan->quote = *bytes;
        clear_text(scan);
        scan->state = IN_VALUE;
    } else if (!is_blank(*bytes)) {
        fail(scan, BACM_XML_MALFORMED);
    }
    return 1;
}

static size_t in_value(struct bacm_xml_scan *scan, const char *bytes, size_t size)
{
    size_t length = 0;

    while (length < size && bytes[length] != scan->quote && bytes[length] != '<' &&
           !is_control(bytes[length]))
        length++;
    add_text(scan, bytes, length);
    if (length == size)
        return length;
    if (bytes[length] == scan->quote)
        end_value(scan);
    else
        fail(scan, BACM_XML_MALFORMED);
    return length + 1;
}

static size_t at_empty_end(struct bacm_xml_scan *scan, const char *bytes)
{
    if (*bytes == '>')
        close_element(scan);
    else
        fail(scan, BACM_XML_MALFORMED);
    return 1;
}

/* An end tag repeats the name that was kept last. */
static size_t in_end_name(struct bacm_xml_scan *scan, const char *bytes, size_t size)
{
    size_t next = scan->open[scan->depth - 1].name + scan->matched;
    size_t left = scan->names_size - next;
    size_t length = left < size ? left : size;

    if (memcmp(bytes, scan->names + next, length) != 0)
        fail(scan, BACM_XML_MALFORMED);
    scan->matched += length;
    if (length == left)
        scan->state = AT_END_CLOSE;
    return length;
}

static size_t at_end_close(struct bacm_xml_scan *scan, const char *bytes)
{
    if (*bytes == '>')
        close_element(scan);
    else if (!is_blank(*bytes))
        fail(scan, BACM_XML_MALFORMED);
    return 1;
}

/* <!-- or <![CDATA[; anything else begins a document type. */
static size_t at_bang(struct bacm_xml_scan *scan, const char *bytes)
{
    static const char comment[] = "--";
    static const char cdata[] = "[CDATA[";
    const char *word;

    add_text(scan, bytes, 1);
    word = scan->text[0] == '-' ? comment : cdata;
    if (memcmp(scan->text, word, scan->length) != 0) {
        fail(scan, BACM_XML_DOCTYPE);
    } else if (!word[scan->length]) {
        scan->state = word == comment ? IN_COMMENT : IN_CDATA;
        if (word == cdata)
            take_text(scan);
    }
    return 1;
}

/* Until the terminator has been read, for instance "-->". */
static size_t until(struct bacm_xml_scan *scan, const char *bytes, const char *end)
{
    if (*bytes == end[scan->matched])
        scan->matched++;
    else if (*bytes != end[0])
        scan->matched = 0;
    else if (end[0] != end[1] || scan->matched != 2)
        scan->matched = 1; /* "]]]>" still ends with "]]>" */
    if (!end[scan->matched])
        scan->state = IN_TEXT;
    return 1;
}

static size_t take(struct bacm_xml_scan *scan, const char *bytes, size_t size)
{
    switch ((enum state)scan->state) {
    case IN_TEXT:
        return in_text(scan, bytes, size);
    case IN_REFERENCE:
        return in_reference(scan, bytes);
    case AT_MARKUP:
        return at_markup(scan, bytes);
    case IN_START_NAME:
        return in_start_name(scan, bytes, size);
    case IN_TAG:
        return in_tag(scan, bytes);
    case IN_ATTRIBUTE_NAME:
        return in_attribute_name(scan, bytes, size);
    case AT_EQUALS:
        return at_equals(scan, bytes);
    case AT_VALUE:
        return at_value(scan, bytes);
    case IN_VALUE:
        return in_value(scan, bytes, size);
    case AT_EMPTY_END:
        return at_empty_end(scan, bytes);
    case IN_END_NAME:
        return in_end_name(scan, bytes, size);
    case AT_END_CLOSE:
        return at_end_close(scan, bytes);
    case AT_BANG:
        return at_bang(scan, bytes);
    case IN_COMMENT:
        return until(scan, bytes, "-->");
    case IN_CDATA:
        return until(scan, bytes, "]]>");
    case IN_INSTRUCTION:
        return until(scan, bytes, "?>");
    case AFTER_ROOT:
        break;
    }
    return 0;
}

enum bacm_xml_fault bacm_xml_scan_add(struct bacm_xml_scan *scan, const char *bytes, size_t size)
{
    size_t at = 0;

    while (at < size && !scan->fault && scan->state != AFTER_ROOT)
        at += take(scan, bytes + at, size - at);
    scan->used += at;
    return scan->fault;
}
