/*
 * A link as the service has it, as a record of the output.
 */
#ifndef BACM_CLI_OUTPUT_LINK_RECORD_H
#define BACM_CLI_OUTPUT_LINK_RECORD_H

#include <bacm/links.h>

#include "cli/output/output.h"

extern const struct output_column link_record_columns[];

/* New; NULL: out of memory. */
json_t *link_record_make(const bacm_client_link *link);

#endif
