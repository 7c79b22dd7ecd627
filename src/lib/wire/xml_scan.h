/*
 * A strict look at the bytes of a message before the engine reads them. The
 * engine is lenient: it passes over end tags of other elements, text where
 * elements should be and the contents of nil elements, and a refusal that it
 * has passed over would count as a success.
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

enum { BACM_XML_NAME_SIZE = 32 };

struct bacm_xml_element;

struct bacm_xml_scan {
    enum bacm_xml_fault fault;
    int state;                     /* without meaning after a fault */
    struct bacm_xml_element *open; /* a stack, kept from reply to reply */
    size_t depth;
    size_t capacity;
    size_t max_depth;
    size_t elements;
    size_t errors; /* elements OperationError that are not nil */
    bool has_body; /* of the envelope: nothing may follow it */
    bool is_envelope;
    size_t used; /* bytes up to the end of the root element */
    char *names; /* of the open elements, as written, one behind the other */
    size_t names_size;
    size_t names_capacity;
    size_t name;    /* where the one being read begins */
    size_t matched; /* bytes of an end tag or of a terminator */
    char quote;
    bool is_nil;
    size_t length;
    char text[BACM_XML_NAME_SIZE]; /* local name, value or reference being read, cut */
};

/* is_envelope: of SOAP, with one answer in its body; else any element. */
void bacm_xml_scan_begin(struct bacm_xml_scan *scan, size_t max_depth, bool is_envelope);

/* The next bytes; what follows the root element is not looked at. */
enum bacm_xml_fault bacm_xml_scan_add(struct bacm_xml_scan *scan, const char *bytes, size_t size);

/* Whether the root element has been read to its end. */
bool bacm_xml_scan_is_complete(const struct bacm_xml_scan *scan);

void bacm_xml_scan_free(struct bacm_xml_scan *scan);

/* Whether a local name is that of a list of errors, or of an error. */
bool bacm_xml_is_error_list(const char *local_name);

#endif
