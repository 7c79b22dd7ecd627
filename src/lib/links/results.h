/*
 * Results of a write: one slot a link. The only place where entries of a reply
 * become slots of links.
 */
#ifndef BACM_LIB_LINKS_RESULTS_H
#define BACM_LIB_LINKS_RESULTS_H

#include <bacm/links.h>

#include "lib/contract/write_reply.h"

/*
 * Turn a reply to a write of n links into results.
 *
 * BACM_OK, BACM_E_PARTIAL, BACM_E_REFUSED, BACM_E_ALIGNMENT_LOST,
 * BACM_E_UNKNOWN_OUTCOME (a refusal of the whole call that leaves the outcome
 * open) or BACM_E_NO_MEMORY (*out is NULL then).
 */
bacm_status bacm_links_align(bacm_link_results **out, const struct bacm_write_reply *reply,
                             size_t n, bacm_error *error);

/* n slots with the same outcome; errors are copied to each. NULL when out of memory. */
bacm_link_results *bacm_link_results_uniform(size_t n, bacm_link_outcome outcome,
                                             const struct bacm_error_list *errors,
                                             const char *tracking_id);

/* Slot i becomes what slot k of another result is, errors copied. 0 or -1 (no memory). */
int bacm_link_results_replace(bacm_link_results *results, size_t i, const bacm_link_results *from,
                              size_t k);

/* Slot i becomes done, without errors. */
void bacm_link_results_set_done(bacm_link_results *results, size_t i);

/* Status of a result as a whole: BACM_OK, BACM_E_PARTIAL or BACM_E_UNKNOWN_OUTCOME. */
bacm_status bacm_link_results_status(const bacm_link_results *results, bacm_error *error);

#endif
