#include "bench/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/support.h"

void bench_parse_url(struct bench_address *address, const char *url)
{
    const char *host = strstr(url, "://");

    if (!host ||
        sscanf(host + 3, "%63[^:/]:%7[0-9]%127s", address->host, address->port, address->path) != 3)
        bench_die("%s is not an address with host, port and path", url);
}

char *bench_make_request(const struct bench_address *address, const char *body_file, size_t *size)
{
    size_t body_size;
    char *body = bench_read_file(body_file, &body_size);
    char header[512];
    int header_size = snprintf(header, sizeof header,
                               "POST %s HTTP/1.1\r\n"
                               "Host: %s:%s\r\n"
                               "Content-Type: text/xml; charset=utf-8\r\n"
                               "SOAPAction: \"AddClientLinks\"\r\n"
                               "Content-Length: %zu\r\n\r\n",
                               address->path, address->host, address->port, body_size);
    char *request = malloc((size_t)header_size + body_size);

    if (!request)
        bench_die("no memory");
    memcpy(request, header, (size_t)header_size);
    memcpy(request + header_size, body, body_size);
    *size = (size_t)header_size + body_size;
    free(body);
    return request;
}

size_t bench_message_size(const char *bytes, size_t *header_size)
{
    static const char name[] = "\r\nContent-Length:";
    const char *end = strstr(bytes, "\r\n\r\n");
    const char *length;

    if (!end)
        return 0;
    *header_size = (size_t)(end - bytes) + 4;
    length = strcasestr(bytes, name);
    if (!length || length > end)
        return *header_size;
    return *header_size + strtoul(length + sizeof name - 1, NULL, 10);
}
