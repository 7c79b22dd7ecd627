#include "lib/wire/xml_scan.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include <bacm/client.h>

/*
 * Of expat 2.6, and of older ones that a distribution has mended: which one runs with the
 * library, no version number tells.
 */
extern XML_Bool XML_SetReparseDeferralEnabled(XML_Parser parser, XML_Bool enabled)
    __attribute__((weak, visibility("default")));

/* Between namespace and local name; no namespace has a line end in it. */
#define SEPARATOR '\n'
#define SOAP_NAME "http://schemas.xmlsoap.org/soap/envelope/\n"
#define NIL       "http://www.w3.org/2001/XMLSchema-instance\nnil"

enum { LEAST_TAG_SIZE = sizeof "<a>" - 1 };

struct bacm_xml_element {
    bool is_body;
    bool is_error;
    bool is_nil;
    bool is_filled;
    bool has_no_text; /* holds nothing but elements */
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
    scan->parser = kept.parser;
    scan->open = kept.open;
    scan->capacity = kept.capacity;
    scan->max_depth = max_depth;
    scan->is_envelope = is_envelope;
}

void bacm_xml_scan_free(struct bacm_xml_scan *scan)
{
    if (scan->parser)
        XML_ParserFree(scan->parser);
    free(scan->open);
    memset(scan, 0, sizeof *scan);
}

static void fail(struct bacm_xml_scan *scan, enum bacm_xml_fault fault)
{
    if (!scan->fault)
        scan->fault = fault;
    XML_StopParser(scan->parser, XML_FALSE);
}

/* --- what the parser tells ------------------------------------------------------ */

/* Envelope; Header and one Body in it; one answer in the body and nothing beside it. */
static bool has_place(const struct bacm_xml_scan *scan, const char *name)
{
    if (!scan->is_envelope)
        return true;
    if (scan->depth == 0)
        return strcmp(name, SOAP_NAME "Envelope") == 0;
    if (scan->depth == 1)
        return !scan->has_body &&
               (strcmp(name, SOAP_NAME "Header") == 0 || strcmp(name, SOAP_NAME "Body") == 0);
    return !scan->open[scan->depth - 1].is_body || !scan->open[scan->depth - 1].is_filled;
}

static bool says_nil(const XML_Char **attributes)
{
    for (; *attributes; attributes += 2) {
        if (strcmp(attributes[0], NIL) == 0)
            return strcmp(attributes[1], "true") == 0 || strcmp(attributes[1], "1") == 0;
    }
    return false;
}

static void XMLCALL open_element(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct bacm_xml_scan *scan = user;
    const char *separator = strrchr(name, SEPARATOR);
    const char *local = separator ? separator + 1 : name;
    struct bacm_xml_element *parent = scan->depth ? &scan->open[scan->depth - 1] : NULL;

    if (!has_place(scan, name))
        fail(scan, BACM_XML_MALFORMED);
    else if (scan->depth >= scan->max_depth)
        fail(scan, BACM_XML_TOO_DEEP);
    else if (scan->elements++ >= BACM_MAX_REPLY_ELEMENTS)
        fail(scan, BACM_XML_TOO_MANY);
    if (scan->fault || !scan->open)
        return;
    scan->open[scan->depth] = (struct bacm_xml_element){
        .is_body = scan->is_envelope && scan->depth == 1 && strcmp(local, "Body") == 0,
        /* Envelope, Header and Body, the response, and what lists errors. */
        .has_no_text = (scan->is_envelope && scan->depth < 2) || (parent && parent->is_body) ||
                       bacm_xml_is_error_list(local),
        .is_error = strcmp(local, "OperationError") == 0,
        .is_nil = says_nil(attributes),
    };
    scan->has_body |= scan->open[scan->depth].is_body;
    if (parent)
        parent->is_filled = true;
    scan->depth++;
}

static void XMLCALL close_element(void *user, const XML_Char *name)
{
    struct bacm_xml_scan *scan = user;
    const struct bacm_xml_element *element;

    (void)name;
    if (scan->fault) /* of an empty element, by its start */
        return;
    element = &scan->open[--scan->depth];
    scan->is_whole = !scan->depth;
    scan->errors += element->is_error && !element->is_nil;
    /* What is nil and yet has contents says two things. */
    if (element->is_nil && element->is_filled)
        fail(scan, BACM_XML_MALFORMED);
}

/* Text that is more than white space between elements. */
static void take_text(struct bacm_xml_scan *scan)
{
    struct bacm_xml_element *element = &scan->open[scan->depth - 1];

    if (element->has_no_text)
        fail(scan, BACM_XML_MALFORMED);
    element->is_filled = true;
}

static void XMLCALL read_text(void *user, const XML_Char *text, int size)
{
    struct bacm_xml_scan *scan = user;

    for (int i = 0; i < size && !scan->fault; i++) {
        if (!strchr(" \t\r\n", text[i])) {
            take_text(scan);
            return;
        }
    }
}

static void XMLCALL begin_cdata(void *user)
{
    struct bacm_xml_scan *scan = user;

    if (!scan->fault)
        take_text(scan);
}

static void XMLCALL refuse_doctype(void *user, const XML_Char *name, const XML_Char *system_id,
                                   const XML_Char *public_id, int has_internal_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    fail(user, BACM_XML_DOCTYPE);
}

/* --- the message ------------------------------------------------------------------ */

static bool begin_parser(struct bacm_xml_scan *scan)
{
    if (!scan->parser)
        scan->parser = XML_ParserCreateNS(NULL, SEPARATOR);
    else if (!XML_ParserReset(scan->parser, NULL))
        return false;
    if (!scan->parser)
        return false;
    XML_SetUserData(scan->parser, scan);
    XML_SetElementHandler(scan->parser, open_element, close_element);
    XML_SetCharacterDataHandler(scan->parser, read_text);
    XML_SetStartCdataSectionHandler(scan->parser, begin_cdata);
    XML_SetStartDoctypeDeclHandler(scan->parser, refuse_doctype);
    /* The end of a message is seen with its last byte: a reply of bounded size may come in small
     * pieces, and expat would put off what it cannot read whole at once. */
    if (XML_SetReparseDeferralEnabled)
        XML_SetReparseDeferralEnabled(scan->parser, XML_FALSE);
    return true;
}

/* Room for all elements that so many bytes can open, for none is made while the parser runs. */
static bool make_room(struct bacm_xml_scan *scan, size_t size)
{
    struct bacm_xml_element *open;
    size_t capacity;

    scan->bytes += size;
    capacity = scan->bytes / LEAST_TAG_SIZE + 1;
    if (capacity < 2 * scan->capacity)
        capacity = 2 * scan->capacity;
    if (capacity > scan->max_depth)
        capacity = scan->max_depth;
    if (capacity <= scan->capacity || scan->bytes / LEAST_TAG_SIZE < scan->capacity)
        return true;
    open = realloc(scan->open, capacity * sizeof *open);
    if (!open)
        return false;
    scan->open = open;
    scan->capacity = capacity;
    return true;
}

static enum bacm_xml_fault fault_of(enum XML_Error error)
{
    switch (error) {
    case XML_ERROR_NO_MEMORY:
        return BACM_XML_NO_MEMORY;
    case XML_ERROR_UNDEFINED_ENTITY:
        return BACM_XML_DOCTYPE;
    default:
        return BACM_XML_MALFORMED;
    }
}

static void parse(struct bacm_xml_scan *scan, const char *bytes, int size, bool is_last)
{
    if (XML_Parse(scan->parser, bytes, size, is_last) == XML_STATUS_OK || scan->fault)
        return;
    scan->fault = fault_of(XML_GetErrorCode(scan->parser));
}

enum bacm_xml_fault bacm_xml_scan_add(struct bacm_xml_scan *scan, const char *bytes, size_t size)
{
    if (scan->fault)
        return scan->fault;
    if ((!scan->is_begun && !begin_parser(scan)) || !make_room(scan, size)) {
        scan->fault = BACM_XML_NO_MEMORY;
        return scan->fault;
    }
    scan->is_begun = true;
    while (size && !scan->fault) {
        int piece = size > INT_MAX ? INT_MAX : (int)size;

        parse(scan, bytes, piece, false);
        bytes += piece;
        size -= (size_t)piece;
    }
    return scan->fault;
}

bool bacm_xml_scan_end(struct bacm_xml_scan *scan)
{
    if (!scan->fault && scan->is_whole)
        parse(scan, "", 0, true);
    return !scan->fault && scan->is_whole;
}
