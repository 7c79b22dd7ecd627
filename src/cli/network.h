/*
 * Proxy, client certificate and revocation lists, from the settings.
 */
#ifndef BACM_CLI_NETWORK_H
#define BACM_CLI_NETWORK_H

#include <bacm/network.h>

#include "settings.h"

/* Texts and the passphrase stay the settings'; they must outlive the network. */
void network_fill(bacm_network *network, const struct settings *settings);

#endif
