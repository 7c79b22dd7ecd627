#include "lib/net/network.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/error.h"
#include "lib/base/secrets.h"
#include "lib/base/text.h"

static bacm_status check(const bacm_network *network, bacm_error *error)
{
    bacm_status status = BACM_OK;

    if (network->struct_size < sizeof *network)
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the network was not started from BACM_NETWORK_INIT");
    if ((network->proxy_user || network->proxy_password) && !network->proxy)
        return bacm_fail(error, BACM_E_ARGUMENT, "proxy_user and proxy_password need a proxy");
    if (network->proxy_password && !network->proxy_user)
        return bacm_fail(error, BACM_E_ARGUMENT, "proxy_password needs a proxy_user");
    if (network->client_key_file && !network->client_certificate_file)
        return bacm_fail(error, BACM_E_ARGUMENT, "client_key_file needs a client_certificate_file");
    if (network->proxy_user && strchr(network->proxy_user, ':'))
        return bacm_fail(error, BACM_E_ARGUMENT, "proxy_user has a colon, which ends a user name");
    status = bacm_secret_check(network->proxy_user, "proxy_user", error);
    if (status == BACM_OK)
        status = bacm_secret_check(network->proxy_password, "proxy_password", error);
    return status;
}

#if defined __GNUC__ && !defined __clang__
/* gcc -fanalyzer does not see the list of pointers through which the copies are freed. */
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

static bool own(const char **text)
{
    if (!*text)
        return true;
    *text = strdup(*text);
    return *text != NULL;
}

/* The texts that a route has copies of. */
enum { TEXT_COUNT = 6 };

static void list_texts(bacm_network *network, const char **texts[TEXT_COUNT])
{
    texts[0] = &network->proxy;
    texts[1] = &network->proxy_user;
    texts[2] = &network->proxy_password;
    texts[3] = &network->client_certificate_file;
    texts[4] = &network->client_key_file;
    texts[5] = &network->crl_file;
}

bacm_status bacm_route_fill(struct bacm_route *route, const bacm_network *network,
                            bacm_error *error)
{
    const char **texts[TEXT_COUNT];
    bool owned = true;
    bacm_status status;

    memset(route, 0, sizeof *route);
    if (!network)
        return BACM_OK;
    status = check(network, error);
    if (status == BACM_OK && network->proxy)
        status = bacm_endpoint_at(&route->proxy, network->proxy, "proxy", error);
    if (status != BACM_OK)
        return status;
    route->has_proxy = network->proxy != NULL;
    route->options = *network;
    list_texts(&route->options, texts);
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        if (!owned)
            *texts[i] = NULL;
        else
            owned = own(texts[i]);
    }
    return owned ? BACM_OK : bacm_fail_memory(error);
}

void bacm_route_clear(struct bacm_route *route)
{
    const char **texts[TEXT_COUNT];

    list_texts(&route->options, texts);
    for (size_t i = 0; i < TEXT_COUNT; i++)
        bacm_secret_free((char *)*texts[i]);
    memset(route, 0, sizeof *route);
}
