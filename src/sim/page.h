/* The page for people, at the root. */
#ifndef SIM_PAGE_H
#define SIM_PAGE_H

#include "exchange.h"

void page_answer(struct exchange *exchange);

#endif
