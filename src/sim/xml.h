/*
 * Writing of reply XML in the style of the service. The engine's serialisers
 * are not used for replies: their arrays hold structs by value, which cannot
 * say "nil at this position", and their prefixes are not the service's.
 */
#ifndef BACM_SIM_XML_H
#define BACM_SIM_XML_H

#include "serve/buffer.h"
#include <stdbool.h>
#include <stdint.h>

#define XML_NS_SOAP     "http://schemas.xmlsoap.org/soap/envelope/"
#define XML_NS_INSTANCE "http://www.w3.org/2001/XMLSchema-instance"
#define XML_NS_ADAPI    "https://adapi.microsoft.com"
#define XML_NS_ARRAYS   "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
#define XML_NS_GENERIC  "http://schemas.datacontract.org/2004/07/System.Collections.Generic"

/* Room for a tag with the declaration of a prefix. */
#define XML_TAG_SIZE 160

/* Text with the characters of markup replaced by references. */
void xml_text(struct buffer *out, const char *text);

/* <tag>text</tag>, or <tag i:nil="true"/> when text is NULL. */
void xml_element(struct buffer *out, const char *tag, const char *text);
void xml_element_long(struct buffer *out, const char *tag, int64_t value);
void xml_element_bool(struct buffer *out, const char *tag, bool value);

/* Tags may carry attributes when opened: xml_open(out, "User xmlns:a=\"...\""). */
void xml_open(struct buffer *out, const char *tag);
void xml_close(struct buffer *out, const char *tag);
void xml_nil(struct buffer *out, const char *tag);

#endif
