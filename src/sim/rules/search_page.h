/* The page that a search wants. */
#ifndef BACM_SIM_RULES_SEARCH_PAGE_H
#define BACM_SIM_RULES_SEARCH_PAGE_H

#include "sim/rules/call.h"
#include "sim/state/sent_link.h"

struct search_page {
    int64_t offset;
    int64_t size;
};

/* False after setting the fault of a page that is missing or cannot be. */
bool search_page_find(struct call *call, const struct sent_page *page, struct search_page *out);

#endif
