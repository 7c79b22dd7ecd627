#include "cli/profile/network.h"

#include <stdio.h>

static int give_passphrase(char *passphrase, size_t size, void *user)
{
    const char *word = settings_text(user, SETTING_KEY_PASSPHRASE);

    if (word == NULL)
        return -1;
    return snprintf(passphrase, size, "%s", word) < (int)size ? 0 : -1;
}

void network_fill(bacm_network *network, const struct settings *settings)
{
    *network = (bacm_network)BACM_NETWORK_INIT;
    network->proxy = settings_text(settings, SETTING_PROXY);
    network->proxy_user = settings_text(settings, SETTING_PROXY_USER);
    network->proxy_password = settings_text(settings, SETTING_PROXY_PASSWORD);
    network->client_certificate_file = settings_text(settings, SETTING_CLIENT_CERTIFICATE);
    network->client_key_file = settings_text(settings, SETTING_CLIENT_KEY);
    network->passphrase = give_passphrase;
    network->passphrase_user = (void *)settings;
    network->crl_file = settings_text(settings, SETTING_CRL_FILE);
}
