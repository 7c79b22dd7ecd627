/* The page that a search wants. */
#ifndef SIM_SEARCH_PAGE_H
#define SIM_SEARCH_PAGE_H

#include "call.h"
#include "sent_link.h"

struct search_page {
    int64_t offset;
    int64_t size;
};

/* False after setting the fault of a page that is missing or cannot be. */
bool search_page_find(struct call *call, const struct sent_page *page, struct search_page *out);

#endif
