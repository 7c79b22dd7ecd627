#include "sim/control/control_directory.h"

#include <stdlib.h>

#define DEFAULT_LIMIT 1000
#define MAX_LIMIT     100000

int64_t control_page_number(const struct control_page *page, const char *name)
{
    const char *text = form_get(&page->query, name);
    return text ? strtoll(text, NULL, 10) : 0;
}

bool control_page_begin(struct exchange *exchange, struct control_page *page)
{
    if (!form_parse(&page->query, exchange->request->query)) {
        exchange_json(exchange, 400, json_pack("{s:s}", "error", "the query cannot be read"));
        return false;
    }
    page->after = control_page_number(page, "after");
    page->limit = control_page_number(page, "limit");
    if (page->limit < 1 || page->limit > MAX_LIMIT)
        page->limit = DEFAULT_LIMIT;
    return true;
}

void control_page_end(struct control_page *page)
{
    form_free(&page->query);
}

void control_page_answer(struct exchange *exchange, const struct control_page *page,
                         const char *name, json_t *list, int64_t last_id)
{
    bool more = (int64_t)json_array_size(list) == page->limit;
    exchange_json(exchange, 200,
                  json_pack("{s:o,s:o}", name, list, "next",
                            more ? json_integer((json_int_t)last_id) : json_null()));
}

void control_list_customers(struct exchange *exchange)
{
    struct state *state = &exchange->sim->state;
    struct control_page page;
    if (control_page_begin(exchange, &page)) {
        json_t *list = json_array();
        int64_t last = 0;
        state_begin(state);
        sqlite3_stmt *row = state_query(state,
                                        "SELECT id, number, name, agency FROM customers WHERE"
                                        " id > ?1 AND NOT deleted ORDER BY id LIMIT ?2",
                                        "ii", page.after, page.limit);
        while (state_row(state, row)) {
            last = sqlite3_column_int64(row, 0);
            json_array_append_new(list,
                                  json_pack("{s:I,s:s,s:s,s:b}", "id", (json_int_t)last, "number",
                                            state_text(row, 1), "name", state_text(row, 2),
                                            "agency", sqlite3_column_int(row, 3)));
        }
        state_end(state, true);
        control_page_answer(exchange, &page, "customers", list, last);
    }
    control_page_end(&page);
}

void control_list_accounts(struct exchange *exchange)
{
    struct state *state = &exchange->sim->state;
    struct control_page page;
    if (control_page_begin(exchange, &page)) {
        json_t *list = json_array();
        int64_t last = 0;
        state_begin(state);
        sqlite3_stmt *row =
            state_query(state,
                        "SELECT id, number, name, customer_id, prepaid, status FROM accounts WHERE"
                        " id > ?1 AND (?2 = 0 OR customer_id = ?2) ORDER BY id LIMIT ?3",
                        "iii", page.after, control_page_number(&page, "customerId"), page.limit);
        while (state_row(state, row)) {
            last = sqlite3_column_int64(row, 0);
            json_array_append_new(
                list, json_pack("{s:I,s:s,s:s,s:I,s:b,s:s}", "id", (json_int_t)last, "number",
                                state_text(row, 1), "name", state_text(row, 2), "customerId",
                                (json_int_t)sqlite3_column_int64(row, 3), "prepaid",
                                sqlite3_column_int(row, 4), "status", state_text(row, 5)));
        }
        state_end(state, true);
        control_page_answer(exchange, &page, "accounts", list, last);
    }
    control_page_end(&page);
}
