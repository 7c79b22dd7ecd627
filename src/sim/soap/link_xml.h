/* The parts of a client link that all versions write alike. */
#ifndef BACM_SIM_SOAP_LINK_XML_H
#define BACM_SIM_SOAP_LINK_XML_H

#include "serve/buffer.h"
#include "sim/state/links.h"

/* A JSON object text as the array of keys and values that the service has for it. */
void link_write_map(struct buffer *out, const char *map_json);

/* Note to InviterPhone; SuppressNotification to ForwardCompatibilityMap. */
void link_write_texts(struct buffer *out, const struct link *link);
void link_write_record(struct buffer *out, const struct link *link);

#endif
