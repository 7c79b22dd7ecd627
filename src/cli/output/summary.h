/*
 * What a run of `bacm add` has come to, on stderr.
 */
#ifndef BACM_CLI_OUTPUT_SUMMARY_H
#define BACM_CLI_OUTPUT_SUMMARY_H

#include <bacm/bulk.h>

/* Counts by outcome and by error code, and what to do about each code, once. */
void summary_print(const bacm_bulk_summary *summary);

/* Exit status that the outcomes give. */
int summary_exit_code(const bacm_bulk_summary *summary);

#endif
