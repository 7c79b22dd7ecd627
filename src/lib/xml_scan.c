#include "lib/xml_scan.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct bacm_xml_element {
    uint32_t hash;
    bool is_body;
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
        if (strcmp(names[i], local_name) == 0)
            return true;
    }
    return false;
}

void bacm_xml_scan_begin(struct bacm_xml_scan *scan, size_t max_depth, bool is_envelope)
{
    struct bacm_xml_element *open = scan->open;
    size_t capacity = scan->capacity;

    memset(scan, 0, sizeof *scan);
    scan->open = open;
    scan->capacity = capacity;
    scan->max_depth = max_depth;
    scan->is_envelope = is_envelope;
}

void bacm_xml_scan_free(struct bacm_xml_scan *scan)
{
    free(scan->open);
    scan->open = NULL;
    scan->capacity = 0;
}

bool bacm_xml_scan_is_complete(const struct bacm_xml_scan *scan)
{
    return scan->fault == BACM_XML_OK && scan->state == AFTER_ROOT;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == ':' || c == '-' || c == '.' ||
           (unsigned char)c > 0x7F;
}

static int fail(struct bacm_xml_scan *scan, enum bacm_xml_fault fault)
{
    scan->fault = fault;
    return IN_TEXT;
}

/* --- the parts of markup -------------------------------------------------------- */

static void clear_text(struct bacm_xml_scan *scan)
{
    scan->length = 0;
    scan->text[0] = '\0';
}

/* What does not fit is nothing that matters here. */
static void add_text(struct bacm_xml_scan *scan, char c)
{
    if (scan->length + 1 < sizeof scan->text) {
        scan->text[scan->length++] = c;
        scan->text[scan->length] = '\0';
    }
}

static void begin_name(struct bacm_xml_scan *scan)
{
    scan->hash = 2166136261u; /* FNV-1a */
    clear_text(scan);
}

static void add_name(struct bacm_xml_scan *scan, char c)
{
    scan->hash = (scan->hash ^ (unsigned char)c) * 16777619u;
    if (c == ':')
        clear_text(scan);
    else
        add_text(scan, c);
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

/* Envelope; Header and Body in it; one answer in the body and nothing beside it. */
static bool has_place(const struct bacm_xml_scan *scan)
{
    if (!scan->is_envelope)
        return true;
    if (scan->depth == 0)
        return strcmp(scan->text, "Envelope") == 0;
    if (scan->depth == 1)
        return strcmp(scan->text, "Header") == 0 || strcmp(scan->text, "Body") == 0;
    return !scan->open[scan->depth - 1].is_body || !scan->open[scan->depth - 1].is_filled;
}

/* The name of a start tag is read: open its element. */
static void open_element(struct bacm_xml_scan *scan)
{
    struct bacm_xml_element *parent;
    struct bacm_xml_element *element;

    if (!has_place(scan))
        scan->fault = BACM_XML_MALFORMED;
    else if (scan->depth >= scan->max_depth)
        scan->fault = BACM_XML_TOO_DEEP;
    else if (scan->depth == scan->capacity && !grow(scan))
        scan->fault = BACM_XML_NO_MEMORY;
    if (scan->fault)
        return;
    element = &scan->open[scan->depth];
    parent = scan->depth ? element - 1 : NULL;
    *element = (struct bacm_xml_element){
        .hash = scan->hash,
        .is_body = scan->is_envelope && scan->depth == 1 && strcmp(scan->text, "Body") == 0,
        /* Envelope, Header and Body, the response, and what lists errors. */
        .has_no_text = (scan->is_envelope && scan->depth < 2) || (parent && parent->is_body) ||
                       bacm_xml_is_error_list(scan->text),
    };
    if (parent)
        parent->is_filled = true;
    scan->depth++;
}

static int close_element(struct bacm_xml_scan *scan)
{
    const struct bacm_xml_element *element = &scan->open[--scan->depth];

    /* What is nil and yet has contents says two things. */
    if (element->is_nil && element->is_filled)
        return fail(scan, BACM_XML_MALFORMED);
    return scan->depth ? IN_TEXT : AFTER_ROOT;
}

static int end_value(struct bacm_xml_scan *scan)
{
    if (scan->is_nil && (strcmp(scan->text, "true") == 0 || strcmp(scan->text, "1") == 0))
        scan->open[scan->depth - 1].is_nil = true;
    return IN_TAG;
}

static int end_reference(struct bacm_xml_scan *scan)
{
    static const char *const known[] = {"amp", "lt", "gt", "quot", "apos"};

    if (scan->text[0] == '#') {
        bool is_hex = scan->text[1] == 'x';

        /* NUL would end the text. */
        return strtoul(scan->text + 1 + is_hex, NULL, is_hex ? 16 : 10)
                   ? IN_TEXT
                   : fail(scan, BACM_XML_MALFORMED);
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(scan->text, known[i]) == 0)
            return IN_TEXT;
    }
    return fail(scan, BACM_XML_DOCTYPE);
}

/* Text that is more than white space between elements. */
static void take_text(struct bacm_xml_scan *scan)
{
    struct bacm_xml_element *element = scan->depth ? &scan->open[scan->depth - 1] : NULL;

    if (!element || element->has_no_text)
        scan->fault = BACM_XML_MALFORMED;
    else
        element->is_filled = true;
}

/* --- one byte in each state -------------------------------------------------------- */

/* The engine passes over the mark at the start of UTF-8 files as well. */
static bool is_byte_order_mark(const struct bacm_xml_scan *scan, char c)
{
    return !scan->depth && (c == '\xEF' || c == '\xBB' || c == '\xBF');
}

static int step_text(struct bacm_xml_scan *scan, char c)
{
    if (c == '<')
        return AT_MARKUP;
    if (is_blank(c) || is_byte_order_mark(scan, c))
        return IN_TEXT;
    if ((unsigned char)c < 0x20)
        return fail(scan, BACM_XML_MALFORMED);
    take_text(scan);
    clear_text(scan);
    return c == '&' ? IN_REFERENCE : IN_TEXT;
}

static int step_reference(struct bacm_xml_scan *scan, char c)
{
    if (c == ';')
        return end_reference(scan);
    if (!is_name_byte(c) && c != '#')
        return fail(scan, BACM_XML_MALFORMED);
    add_text(scan, c);
    return IN_REFERENCE;
}

static int step_markup(struct bacm_xml_scan *scan, char c)
{
    begin_name(scan);
    scan->matched = 0;
    if (c == '/')
        return scan->depth ? IN_END_NAME : fail(scan, BACM_XML_MALFORMED);
    if (c == '!')
        return AT_BANG;
    if (c == '?')
        return IN_INSTRUCTION;
    if (!is_name_byte(c))
        return fail(scan, BACM_XML_MALFORMED);
    add_name(scan, c);
    return IN_START_NAME;
}

static int step_tag(struct bacm_xml_scan *scan, char c)
{
    if (is_blank(c))
        return IN_TAG;
    if (c == '>')
        return IN_TEXT;
    if (c == '/')
        return AT_EMPTY_END;
    if (!is_name_byte(c))
        return fail(scan, BACM_XML_MALFORMED);
    begin_name(scan);
    add_name(scan, c);
    return IN_ATTRIBUTE_NAME;
}

static int step_start_name(struct bacm_xml_scan *scan, char c)
{
    if (is_name_byte(c)) {
        add_name(scan, c);
        return IN_START_NAME;
    }
    open_element(scan);
    return scan->fault ? IN_TEXT : step_tag(scan, c);
}

static int step_equals(struct bacm_xml_scan *scan, char c)
{
    if (c == '=') {
        scan->is_nil = strcmp(scan->text, "nil") == 0;
        return AT_VALUE;
    }
    return is_blank(c) ? AT_EQUALS : fail(scan, BACM_XML_MALFORMED);
}

static int step_attribute_name(struct bacm_xml_scan *scan, char c)
{
    if (!is_name_byte(c))
        return step_equals(scan, c);
    add_name(scan, c);
    return IN_ATTRIBUTE_NAME;
}

static int step_before_value(struct bacm_xml_scan *scan, char c)
{
    if (is_blank(c))
        return AT_VALUE;
    if (c != '"' && c != '\'')
        return fail(scan, BACM_XML_MALFORMED);
    scan->quote = c;
    clear_text(scan);
    return IN_VALUE;
}

static int step_value(struct bacm_xml_scan *scan, char c)
{
    if (c == scan->quote)
        return end_value(scan);
    if (c == '<' || ((unsigned char)c < 0x20 && !is_blank(c)))
        return fail(scan, BACM_XML_MALFORMED);
    add_text(scan, c);
    return IN_VALUE;
}

static int step_end_close(struct bacm_xml_scan *scan, char c)
{
    if (is_blank(c))
        return AT_END_CLOSE;
    if (c != '>' || scan->open[scan->depth - 1].hash != scan->hash)
        return fail(scan, BACM_XML_MALFORMED);
    return close_element(scan);
}

static int step_end_name(struct bacm_xml_scan *scan, char c)
{
    if (!is_name_byte(c))
        return step_end_close(scan, c);
    add_name(scan, c);
    return IN_END_NAME;
}

/* <!-- or <![CDATA[; anything else begins a document type. */
static int step_bang(struct bacm_xml_scan *scan, char c)
{
    static const char comment[] = "--";
    static const char cdata[] = "[CDATA[";
    const char *word;

    add_text(scan, c);
    word = scan->text[0] == '-' ? comment : cdata;
    if (memcmp(scan->text, word, scan->length) != 0)
        return fail(scan, BACM_XML_DOCTYPE);
    if (word[scan->length])
        return AT_BANG;
    scan->matched = 0;
    if (word == comment)
        return IN_COMMENT;
    take_text(scan);
    return IN_CDATA;
}

/* Until the terminator has been read, for instance "-->". */
static int step_until(struct bacm_xml_scan *scan, char c, const char *end, int here)
{
    if (c == end[scan->matched])
        scan->matched++;
    else if (c != end[0])
        scan->matched = 0;
    else if (end[0] != end[1] || scan->matched != 2)
        scan->matched = 1; /* "]]]>" still ends with "]]>" */
    if (end[scan->matched])
        return here;
    return IN_TEXT;
}

static int step(struct bacm_xml_scan *scan, char c)
{
    switch ((enum state)scan->state) {
    case IN_TEXT:
        return step_text(scan, c);
    case IN_REFERENCE:
        return step_reference(scan, c);
    case AT_MARKUP:
        return step_markup(scan, c);
    case IN_START_NAME:
        return step_start_name(scan, c);
    case IN_TAG:
        return step_tag(scan, c);
    case IN_ATTRIBUTE_NAME:
        return step_attribute_name(scan, c);
    case AT_EQUALS:
        return step_equals(scan, c);
    case AT_VALUE:
        return step_before_value(scan, c);
    case IN_VALUE:
        return step_value(scan, c);
    case AT_EMPTY_END:
        return c == '>' ? close_element(scan) : fail(scan, BACM_XML_MALFORMED);
    case IN_END_NAME:
        return step_end_name(scan, c);
    case AT_END_CLOSE:
        return step_end_close(scan, c);
    case AT_BANG:
        return step_bang(scan, c);
    case IN_COMMENT:
        return step_until(scan, c, "-->", IN_COMMENT);
    case IN_CDATA:
        return step_until(scan, c, "]]>", IN_CDATA);
    case IN_INSTRUCTION:
        return step_until(scan, c, "?>", IN_INSTRUCTION);
    case AFTER_ROOT:
        break;
    }
    return AFTER_ROOT;
}

enum bacm_xml_fault bacm_xml_scan_add(struct bacm_xml_scan *scan, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size && !scan->fault && scan->state != AFTER_ROOT; i++) {
        scan->state = step(scan, bytes[i]);
        scan->used++;
    }
    return scan->fault;
}
