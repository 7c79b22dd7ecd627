/*
 * Changing the status of links: search, check, send, record.
 */
#ifndef BACM_CLI_COMMAND_UPDATE_LINKS_H
#define BACM_CLI_COMMAND_UPDATE_LINKS_H

#include "cli/command/session.h"
#include "cli/input/clients.h"

struct update_action {
    const char *name;
    bacm_side side;
    bacm_link_status wanted;
    const char *question; /* begin of the question before it, "N client accounts" follows */
};

/*
 * Bring the clients' links to the wanted status and write a record a client.
 * customer: the managing customer of the links; 0: the only one that fits.
 * Returns the exit status.
 */
int update_links(struct session *session, const struct update_action *action, int64_t customer,
                 const struct clients *clients);

#endif
