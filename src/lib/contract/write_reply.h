/*
 * The reply to a write, as the mapping of a version hands it to the wrapper.
 */
#ifndef BACM_LIB_CONTRACT_WRITE_REPLY_H
#define BACM_LIB_CONTRACT_WRITE_REPLY_H

#include <bacm/links.h>

#include "lib/contract/fault.h"

/* What a reply says, in the words of no contract version. */
struct bacm_write_reply {
    struct bacm_error_list operation_errors; /* the whole call */
    const struct bacm_error_list *partial;   /* position i speaks of link i */
    size_t partial_count;
    bool is_flat;           /* the entries may be errors of one list, each its own entry here */
    bool has_unread;        /* the reply had elements that the contract does not know */
    bool has_unread_errors; /* some of them are named like error lists or entries */
    const char *tracking_id;
};

#endif
