#include "sim/rules/search_page.h"

#define MAX_PAGE_SIZE 1000

bool search_page_find(struct call *call, const struct sent_page *page, struct search_page *out)
{
    if (!page->index.given || !page->size.given || page->index.value < 0 || page->size.value < 1 ||
        page->size.value > MAX_PAGE_SIZE)
        return call_fail_text(call, FAULT_API, CODE_PAGE_INFO,
                              "Index must be 0 or more and Size from 1 to %d.", MAX_PAGE_SIZE);
    out->size = page->size.value;
    out->offset = out->size * page->index.value;
    return true;
}
