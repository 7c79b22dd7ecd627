/*
 * What a ClientLink must be before AddClientLinks may carry it, and which
 * status may follow which. Pure: nothing but the link and the version decides.
 */
#ifndef BACM_LIB_LINKS_RULES_H
#define BACM_LIB_LINKS_RULES_H

#include <bacm/links.h>

#include "lib/contract/contract.h"

/* Checks all links of one Add call: count, NULL, each link, pairs that stand twice. */
bacm_status bacm_links_check_add(const struct bacm_contract *contract,
                                 const bacm_client_link *const *links, size_t n, bacm_error *error);

/* Checks all links of one Update call: count, NULL, both ids, the transition of each. */
bacm_status bacm_links_check_update(const struct bacm_contract *contract,
                                    const bacm_client_link *const *links, size_t n, bacm_side side,
                                    bacm_link_status wanted, bacm_error *error);

/* What the links have for clients: customers, when one of them is a CustomerLink. */
enum bacm_kind_of_client bacm_links_kind(const bacm_client_link *const *links, size_t n);

#endif
