#include "sim/rules/account_call.h"

#include "sim/state/links.h"
#include "sim/xml.h"

static bool in_transition(struct call *call, int64_t account_id)
{
    return state_number(call->state, 0,
                        "SELECT 1 FROM links WHERE account_id = ?1 AND newest"
                        " AND status IN (?2, ?3)",
                        "iii", account_id, (int64_t)LINK_IN_PROGRESS,
                        (int64_t)UNLINK_IN_PROGRESS) != 0;
}

bool account_usable(struct call *call, const int64_t *account_id, struct account *out)
{
    if (!account_id || !account_by_id(call->state, call->soap, *account_id, out))
        return call_fail(call, FAULT_API, CODE_INVALID_ACCOUNT_ID);
    if (!state_number(call->state, 0,
                      "SELECT 1 FROM accounts a WHERE a.id = ?3 AND " ACCOUNT_VISIBLE, "iii",
                      call->customer.id, call->user.id, out->id))
        return call_fail(call, FAULT_API, CODE_USER_NOT_AUTHORIZED);
    if (in_transition(call, out->id))
        return call_fail(call, FAULT_API, CODE_ACCOUNT_IN_TRANSITION);
    return true;
}

void account_write_agencies(struct call *call, int64_t account_id)
{
    sqlite3_stmt *row = state_query(call->state,
                                    "SELECT c.id, c.name FROM links l JOIN customers c"
                                    " ON c.id = l.customer_id WHERE l.account_id = ?1 AND l.newest"
                                    " AND l.status = ?2 ORDER BY c.id",
                                    "ii", account_id, (int64_t)LINK_ACTIVE);
    xml_open(call->reply, "a:LinkedAgencies");
    while (state_row(call->state, row)) {
        xml_open(call->reply, "a:CustomerInfo");
        xml_element_long(call->reply, "a:Id", sqlite3_column_int64(row, 0));
        xml_element(call->reply, "a:Name", state_text(row, 1));
        xml_close(call->reply, "a:CustomerInfo");
    }
    xml_close(call->reply, "a:LinkedAgencies");
}
