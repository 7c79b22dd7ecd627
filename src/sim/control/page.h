/* The page for people, at the root. */
#ifndef BACM_SIM_CONTROL_PAGE_H
#define BACM_SIM_CONTROL_PAGE_H

#include "sim/exchange.h"

void page_answer(struct exchange *exchange);

#endif
