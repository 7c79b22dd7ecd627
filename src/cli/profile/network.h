/*
 * Proxy, client certificate and revocation lists, from the settings.
 */
#ifndef BACM_CLI_PROFILE_NETWORK_H
#define BACM_CLI_PROFILE_NETWORK_H

#include <bacm/network.h>

#include "cli/profile/settings.h"

/* Texts and the passphrase stay the settings'; they must outlive the network. */
void network_fill(bacm_network *network, const struct settings *settings);

#endif
