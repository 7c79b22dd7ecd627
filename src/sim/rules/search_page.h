/* The page that a search wants. */
#ifndef BACM_SIM_RULES_SEARCH_PAGE_H
#define BACM_SIM_RULES_SEARCH_PAGE_H

#include "sim/rules/call.h"
#include "sim/state/sent_link.h"

struct search_page {
    int64_t offset;
    int64_t size;
};

/* False after setting the fault of a page that is missing, or has more than `max` items. */
bool search_page_find(struct call *call, const struct sent_page *page, int max,
                      struct search_page *out);

#endif
