/*
 * What a ClientLink must be before AddClientLinks may carry it, and which
 * status may follow which. Pure: nothing but the link decides.
 */
#ifndef BACM_LIB_LINK_RULES_H
#define BACM_LIB_LINK_RULES_H

#include <bacm/links.h>

/* Checks all links of one Add call: count, NULL, each link, pairs that stand twice. */
bacm_status bacm_links_check_add(const bacm_client_link *const *links, size_t n, bacm_error *error);

/* Checks all links of one Update call: count, NULL, both ids, the transition of each. */
bacm_status bacm_links_check_update(const bacm_client_link *const *links, size_t n, bacm_side side,
                                    bacm_link_status wanted, bacm_error *error);

#endif
