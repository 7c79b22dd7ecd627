/*
 * The links of up to 10 pairs of a client and its managing customer, as searches
 * find them now. Waiting, the check for duplicates and the second look of an
 * update all ask the same question.
 */
#ifndef BACM_LIB_LINKS_LOOKUP_H
#define BACM_LIB_LINKS_LOOKUP_H

#include <bacm/links.h>

struct bacm_pair {
    int64_t client_account_id;            /* or, when 0, */
    int64_t client_customer_id;           /* this */
    int64_t managing_customer_id;         /* or, when 0, */
    const char *managing_customer_number; /* this */
};

struct bacm_link_lookup {
    const bacm_client_link *found[BACM_MAX_LINKS_PER_CALL]; /* NULL: there is none */
    struct bacm_lookup_page *pages;
};

/*
 * side: of the caller, who may search for one client at a time only when it is a client.
 * Clear with bacm_link_lookup_clear() after success and failure alike.
 */
bacm_status bacm_link_lookup(struct bacm_link_lookup *lookup, bacm_client *client,
                             const struct bacm_pair *pairs, size_t n, bacm_side side,
                             bacm_error *error);
void bacm_link_lookup_clear(struct bacm_link_lookup *lookup);

#endif
