/* What the operations that change accounts, customers and users have in common. */
#ifndef BACM_SIM_RULES_CHANGE_CALL_H
#define BACM_SIM_RULES_CHANGE_CALL_H

#include "sim/rules/call.h"

/* The time stamp must be the one of this version; else sets the fault. */
bool change_check_timestamp(struct call *call, const char *timestamp, int64_t version);

/* The LastModifiedTime that such an operation answers. */
void change_write_time(struct call *call);

/* An element of that name holding the call's time. */
void change_write_now(struct call *call, const char *tag);

#endif
