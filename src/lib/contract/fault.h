/*
 * A fault of the service, in the words of no contract version, and what it
 * means for the call.
 */
#ifndef BACM_LIB_CONTRACT_FAULT_H
#define BACM_LIB_CONTRACT_FAULT_H

#include <bacm/links.h>

/* Errors of one position; texts borrowed from the reply. */
struct bacm_error_list {
    const bacm_service_error *errors;
    size_t count;
};

struct bacm_fault {
    struct bacm_error_list list; /* of AdApiFaultDetail or ApiFault; empty for a bare fault */
    bacm_channel channel;
    const char *fault_code;
    const char *fault_string;
    const char *tracking_id;
    const char *kind; /* "SOAP fault", for people */
};

/* A fault of which nothing is known yet. */
void bacm_fault_begin(struct bacm_fault *fault, const char *kind);

/*
 * What is known of an error, by its code and its symbol; NULL: nothing. Its class and status
 * hold; for what it means and what to do ask bacm_words_for().
 */
const bacm_service_code *bacm_known_error(const bacm_service_error *error);

/* The same, but NULL where the service gives the error another name than the table. */
const bacm_service_code *bacm_words_for(const bacm_service_error *error);

/*
 * The error of a list that decides what becomes of the call. Of a write that is one which
 * leaves open whether it was carried out, whatever stands beside it; else the first that is
 * known. NULL for an empty list.
 */
const bacm_service_error *bacm_decisive_error(const struct bacm_error_list *list, bool is_write);

/* Say in the error object what the service has said, and give the status that goes with it. */
bacm_status bacm_error_describe(const bacm_service_error *said, bacm_error *error);

/* Whether it leaves open, whatever it is asked for, if the service has acted. */
bool bacm_error_is_internal(const bacm_service_error *error);

/* Whether no error of a list has a code or a symbol that is known: it says as much as none. */
bool bacm_errors_say_nothing(const struct bacm_error_list *list);

/*
 * Whether these errors prove that nothing of a write was carried out: one of them is known as
 * a refusal, and none as a failure of the service in the middle. What nobody knows proves nothing.
 */
bool bacm_errors_prove_refusal(const struct bacm_error_list *list);

/* Whether the token has expired and nothing else is the matter. */
bool bacm_fault_is_of_token(const struct bacm_fault *fault);

/*
 * Fill the error object for a fault and return its status. A write that the
 * service may have carried out gives BACM_E_UNKNOWN_OUTCOME.
 */
bacm_status bacm_fault_describe(const struct bacm_fault *fault, bool is_write, bacm_error *error);

/* The same for an HTTP status that came without SOAP. */
bacm_status bacm_http_describe(int http_status, bool is_write, bacm_error *error);

/* The same over REST, where a status says more than over SOAP. */
bacm_status bacm_rest_http_describe(int http_status, bool is_write, bacm_error *error);

/*
 * A write has left and no reply was understood: the outcome is unknown. Keeps
 * the message and makes the status the cause.
 */
bacm_status bacm_outcome_unknown(bacm_status cause, bacm_error *error);

#endif
