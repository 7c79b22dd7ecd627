/*
 * What became of a row of `bacm add`, as a record of the output.
 */
#ifndef BACM_CLI_OUTPUT_RECORD_H
#define BACM_CLI_OUTPUT_RECORD_H

#include <jansson.h>

#include <bacm/bulk.h>

#include "cli/output/output.h"

extern const struct output_column record_columns[];

/* New; NULL: out of memory. The tag of the record is the line. */
json_t *record_make(const bacm_bulk_record *record);

/* Why a row was not added, in one line. New; NULL: out of memory. */
char *record_reason(const bacm_bulk_record *record);

/* Type of a link that is to be made, as the contract calls it. */
const char *record_type(const bacm_client_link *link);

/* Errors of a link as an array of objects, also for other commands. */
json_t *record_errors(const bacm_service_error *errors, size_t count);

/* Such an array as one line for a table. New; NULL: out of memory. */
char *record_errors_text(const json_t *errors);

#endif
