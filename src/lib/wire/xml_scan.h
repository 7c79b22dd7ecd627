/*
 * A strict look at the bytes of a message before the engine reads them. The
 * engine is lenient: it passes over end tags of other elements, text where
 * elements should be, what follows the envelope and the contents of nil elements,
 * and a refusal that it has passed over would count as a success. expat says what is
 * well-formed, namespaces included; what a reply must be beyond that is said here.
 */
#ifndef BACM_LIB_WIRE_XML_SCAN_H
#define BACM_LIB_WIRE_XML_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum bacm_xml_fault {
    BACM_XML_OK = 0,
    BACM_XML_MALFORMED, /* not well-formed, or contents where none may be */
    BACM_XML_DOCTYPE,   /* a document type, or an entity that only one could define */
    BACM_XML_TOO_DEEP,
    BACM_XML_TOO_MANY, /* elements: each one takes far more memory than bytes */
    BACM_XML_NO_MEMORY
};

struct bacm_xml_element;
struct XML_ParserStruct;

struct bacm_xml_scan {
    enum bacm_xml_fault fault;
    struct XML_ParserStruct *parser; /* kept from reply to reply, as the stack is */
    struct bacm_xml_element *open;
    size_t depth;
    size_t capacity;
    size_t max_depth;
    size_t bytes;
    size_t elements;
    size_t errors; /* elements OperationError that are not nil */
    bool has_body; /* of the envelope: nothing may follow it */
    bool is_envelope;
    bool is_begun;
    bool is_whole; /* the root element has been read to its end */
};

/* is_envelope: of SOAP, with one answer in its body; else any element. */
void bacm_xml_scan_begin(struct bacm_xml_scan *scan, size_t max_depth, bool is_envelope);

/* The next bytes of the message. */
enum bacm_xml_fault bacm_xml_scan_add(struct bacm_xml_scan *scan, const char *bytes, size_t size);

/* No more bytes follow: whether there was one element, read to its end, and nothing behind it. */
bool bacm_xml_scan_end(struct bacm_xml_scan *scan);

void bacm_xml_scan_free(struct bacm_xml_scan *scan);

/* Whether a local name is that of a list of errors, or of an error. */
bool bacm_xml_is_error_list(const char *local_name);

#endif
