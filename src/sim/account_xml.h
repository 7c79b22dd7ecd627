/* An account as the service shows it, and whether it may be used now. */
#ifndef SIM_ACCOUNT_XML_H
#define SIM_ACCOUNT_XML_H

#include "call.h"

/*
 * The account that a request names, which the caller may see and which is not
 * in the middle of a link transition; else sets the fault.
 */
bool account_usable(struct call *call, const int64_t *account_id, struct account *out);

/* Writes it as an AdvertiserAccount; the tag without a prefix needs xmlns:a in it. */
void account_write(struct call *call, const char *tag, const struct account *account);

#endif
