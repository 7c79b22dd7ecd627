#include "lib/net/endpoint.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/error.h"

static bool is_loopback_name(const char *host)
{
    struct in_addr v4;

    if (strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0)
        return true;
    return inet_pton(AF_INET, host, &v4) == 1 && (ntohl(v4.s_addr) >> 24) == 127;
}

static bool is_ip_address(const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

static bool is_host_name(const char *host)
{
    if (!*host || *host == '-' || *host == '.')
        return false;
    for (const char *p = host; *p; p++) {
        if (!isascii((unsigned char)*p) || (!isalnum((unsigned char)*p) && !strchr("-._", *p)))
            return false;
    }
    return true;
}

static bool copy_part(char *to, size_t size, const char *from, size_t length)
{
    if (length >= size)
        return false;
    memcpy(to, from, length);
    to[length] = '\0';
    return true;
}

/* Take HOST[:PORT] apart; *rest is what follows. false when it is none. */
static bool parse_authority(const char *text, size_t length, char *host, size_t host_size,
                            char *port, size_t port_size)
{
    const char *end = text + length;
    const char *host_start = text;
    const char *host_end;
    const char *colon;

    if (length && *text == '[') {
        host_start = text + 1;
        host_end = memchr(text, ']', length);
        if (!host_end)
            return false;
        colon = host_end + 1;
    } else {
        host_end = memchr(text, ':', length);
        if (!host_end)
            host_end = end;
        colon = host_end;
    }
    if (!copy_part(host, host_size, host_start, (size_t)(host_end - host_start)))
        return false;
    if (colon < end) {
        long number;

        if (*colon != ':' || !copy_part(port, port_size, colon + 1, (size_t)(end - colon - 1)))
            return false;
        for (const char *p = port; *p; p++) {
            if (!isdigit((unsigned char)*p))
                return false;
        }
        number = strtol(port, NULL, 10);
        if (number < 1 || number > 65535)
            return false;
    }
    if (*text == '[')
        return strchr(host, ':') && is_ip_address(host);
    return is_host_name(host);
}

bacm_status bacm_endpoint_parse(struct bacm_endpoint *endpoint, const char *url, bacm_error *error)
{
    const char *authority;
    size_t length;

    memset(endpoint, 0, sizeof *endpoint);
    if (strnlen(url, sizeof endpoint->url) == sizeof endpoint->url)
        return bacm_fail(error, BACM_E_ARGUMENT, "the endpoint URL is longer than %zu bytes",
                         sizeof endpoint->url - 1);
    for (const unsigned char *p = (const unsigned char *)url; *p; p++) {
        if (*p <= 0x20 || *p >= 0x7F || *p == '\\' || *p == '#')
            return bacm_fail(error, BACM_E_ARGUMENT,
                             "the endpoint URL has a character that is not allowed in it");
    }
    if (strncmp(url, "https://", 8) == 0) {
        endpoint->tls = true;
        authority = url + 8;
    } else if (strncmp(url, "http://", 7) == 0) {
        authority = url + 7;
    } else {
        return bacm_fail(error, BACM_E_ARGUMENT, "the endpoint must be an https:// URL");
    }
    length = strcspn(authority, "/?");
    if (memchr(authority, '@', length))
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the endpoint URL must not hold a user name or password");
    snprintf(endpoint->port, sizeof endpoint->port, "%s", endpoint->tls ? "443" : "80");
    if (!parse_authority(authority, length, endpoint->host, sizeof endpoint->host, endpoint->port,
                         sizeof endpoint->port))
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the endpoint URL has no valid host and port after ://");
    endpoint->is_address = is_ip_address(endpoint->host);
    if (!endpoint->tls && !is_loopback_name(endpoint->host))
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "plain http is only allowed to this machine (localhost); use https");
    memcpy(endpoint->url, url, strlen(url) + 1);
    return BACM_OK;
}

bacm_status bacm_endpoint_at(struct bacm_endpoint *endpoint, const char *host_and_port,
                             const char *option, bacm_error *error)
{
    char host[sizeof endpoint->host] = "";
    char port[sizeof endpoint->port] = "";

    if (!parse_authority(host_and_port, strlen(host_and_port), host, sizeof host, port,
                         sizeof port) ||
        !*port)
        return bacm_fail(error, BACM_E_ARGUMENT, "%s must have the form HOST:PORT", option);
    memcpy(endpoint->host, host, sizeof host);
    memcpy(endpoint->port, port, sizeof port);
    return BACM_OK;
}

bacm_status bacm_endpoint_redirect(struct bacm_endpoint *endpoint, const char *host_and_port,
                                   bacm_error *error)
{
    bacm_status status = bacm_endpoint_at(endpoint, host_and_port, "connect_to", error);

    if (status == BACM_OK && !endpoint->tls && !is_loopback_name(endpoint->host))
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "connect_to must name this machine when the endpoint is plain http");
    return status;
}
