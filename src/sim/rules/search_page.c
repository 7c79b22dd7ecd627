#include "sim/rules/search_page.h"

bool search_page_find(struct call *call, const struct sent_page *page, int max,
                      struct search_page *out)
{
    if (!page->index.given || !page->size.given || page->index.value < 0 || page->size.value < 1 ||
        page->size.value > max)
        return call_fail_text(call, FAULT_API, CODE_PAGE_INFO,
                              "Index must be 0 or more and Size from 1 to %d.", max);
    out->size = page->size.value;
    out->offset = out->size * page->index.value;
    return true;
}
