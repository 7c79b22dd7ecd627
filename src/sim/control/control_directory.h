/* The control requests that list customers and accounts. */
#ifndef BACM_SIM_CONTROL_CONTROL_DIRECTORY_H
#define BACM_SIM_CONTROL_CONTROL_DIRECTORY_H

#include "serve/form.h"
#include "sim/exchange.h"

/* Both take ?after and ?limit; accounts also ?customerId. */
void control_list_customers(struct exchange *exchange);
void control_list_accounts(struct exchange *exchange);

/* The parts of a listing's query that all listings have. */
struct control_page {
    struct form query;
    int64_t after;
    int64_t limit;
};

/* False after answering 400; control_page_end() is needed either way. */
bool control_page_begin(struct exchange *exchange, struct control_page *page);
void control_page_end(struct control_page *page);
int64_t control_page_number(const struct control_page *page, const char *name);

/* Answers {name: list, "next": the last id, or null when this is the end}; takes the list. */
void control_page_answer(struct exchange *exchange, const struct control_page *page,
                         const char *name, json_t *list, int64_t last_id);

#endif
