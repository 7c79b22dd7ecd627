/*
 * A fault of the service, in the words of no contract version, and what it
 * means for the call.
 */
#ifndef BACM_LIB_FAULT_H
#define BACM_LIB_FAULT_H

#include <bacm/links.h>

#include "lib/link_results.h"

struct bacm_fault {
    struct bacm_error_list list; /* of AdApiFaultDetail or ApiFault; empty for a bare fault */
    bacm_channel channel;
    const char *fault_code;
    const char *fault_string;
    const char *tracking_id;
};

/*
 * Fill the error object for a fault and return its status. A write that the
 * service may have carried out gives BACM_E_UNKNOWN_OUTCOME.
 */
bacm_status bacm_fault_describe(const struct bacm_fault *fault, bool is_write, bacm_error *error);

/* The same for an HTTP status that came without SOAP. */
bacm_status bacm_http_describe(int http_status, bool is_write, bacm_error *error);

/*
 * A write has left and no reply was understood: the outcome is unknown. Keeps
 * the message and makes the status the cause.
 */
bacm_status bacm_outcome_unknown(bacm_status cause, bacm_error *error);

#endif
