/* Whether an account may be used now, and the parts of it that all versions show alike. */
#ifndef BACM_SIM_RULES_ACCOUNT_CALL_H
#define BACM_SIM_RULES_ACCOUNT_CALL_H

#include "sim/rules/call.h"

/*
 * The account that a request names, which the caller may see and which is not
 * in the middle of a link transition; else sets the fault.
 */
bool account_usable(struct call *call, const int64_t *account_id, struct account *out);

/* The agencies that manage it. */
void account_write_agencies(struct call *call, int64_t account_id);

#endif
