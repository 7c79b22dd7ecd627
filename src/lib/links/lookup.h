/*
 * The links of up to 10 pairs of a client and its managing customer, as searches
 * find them now. Waiting, the check for duplicates and the second look of an
 * update all ask the same question.
 */
#ifndef BACM_LIB_LINKS_LOOKUP_H
#define BACM_LIB_LINKS_LOOKUP_H

#include <bacm/links.h>

struct bacm_link_lookup {
    const bacm_client_link *found[BACM_MAX_LINKS_PER_CALL]; /* the newest; NULL: there is none */
    struct bacm_lookup_page *pages;
};

/*
 * pairs: of which the ids of the clients count, and of the managing customer the id or, where
 * there is none, the number. side: of the caller, who may search for one client at a time only when
 * it is a client. Clear with bacm_link_lookup_clear() after success and failure alike.
 */
bacm_status bacm_link_lookup(struct bacm_link_lookup *lookup, bacm_client *client,
                             const bacm_client_link *pairs, size_t n, bacm_side side,
                             bacm_error *error);
void bacm_link_lookup_clear(struct bacm_link_lookup *lookup);

#endif
