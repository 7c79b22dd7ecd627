/*
 * Where links stand: what one search of a managing customer has found, in a temporary
 * database, so that a list of any length can be held against it.
 */
#ifndef BACM_CLI_INPUT_STANDING_H
#define BACM_CLI_INPUT_STANDING_H

#include <stdbool.h>
#include <stdint.h>

#include <bacm/client.h>
#include <bacm/links.h>

#include "cli/profile/version.h"

/* Days after which an invitation that nobody has answered expires. */
#define STANDING_DAYS 30

struct standing;

/* What was found of a pair. */
struct stand {
    bacm_link_status status; /* absent: there is no link */
    const char *status_text; /* as received; "" for none. Borrowed until the next look */
    const char *modified;    /* LastModifiedDateTime; "" when it is not known */
    int days_left;           /* of a LinkPending, until it expires; -1: not known */
};

/* NULL after a message, as all functions here give one. */
struct standing *standing_open(void);

/*
 * Find all links of a managing customer, once: a second search of the same one does
 * nothing. False with the library's error.
 */
bool standing_search(struct standing *standing, bacm_client *client, const struct version *version,
                     int64_t manager, bacm_error *error);

/*
 * Where the pair of a link stands; own_customer stands in for a managing customer that it
 * does not name by id. False after a message.
 */
bool standing_look(struct standing *standing, const bacm_client_link *link, int64_t own_customer,
                   struct stand *stand);

void standing_close(struct standing *standing);

#endif
