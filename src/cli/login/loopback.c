#include "cli/login/loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "cli/profile/settings.h"
#include "cli/terminal/clock.h"
#include "cli/terminal/message.h"

enum { IPV4 = 0, IPV6 = 1 };

/* Free ports that are looked at when the URI names none. */
enum { MOST_TRIES = 16 };

struct place {
    bool ipv4;
    bool ipv6;
    char host[16]; /* as the URI writes it */
    uint16_t port; /* 0: any */
    const char *path;
};

/* --- the URI ------------------------------------------------------------------- */

static bool parse_port(const char *text, size_t length, uint16_t *port)
{
    char copy[6];
    int64_t number;

    if (length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (!parse_number(copy, 1, UINT16_MAX, &number))
        return false;
    *port = (uint16_t)number;
    return true;
}

static bool parse(const char *uri, struct place *place)
{
    static const struct {
        const char *host;
        bool ipv4;
        bool ipv6;
    } hosts[] = {{"localhost", true, true}, {"127.0.0.1", true, false}, {"[::1]", false, true}};
    static const char scheme[] = "http://";
    const char *authority = uri + sizeof scheme - 1;
    size_t length;

    if (strncmp(uri, scheme, sizeof scheme - 1) != 0 || strlen(uri) >= LOOPBACK_MAX_URI - 8)
        return false;
    length = strcspn(authority, "/?#");
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        const size_t size = strlen(hosts[i].host);

        if (length < size || strncmp(authority, hosts[i].host, size) != 0)
            continue;
        place->ipv4 = hosts[i].ipv4;
        place->ipv6 = hosts[i].ipv6;
        place->port = 0;
        snprintf(place->host, sizeof place->host, "%s", hosts[i].host);
        place->path = authority + length;
        if (strpbrk(place->path, "?#") != NULL)
            return false;
        return length == size ||
               (authority[size] == ':' &&
                parse_port(authority + size + 1, length - size - 1, &place->port));
    }
    return false;
}

bool loopback_is(const char *uri)
{
    struct place place;

    return parse(uri, &place);
}

/* --- listening ----------------------------------------------------------------- */

static int open_listener(int family, uint16_t port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    const int on = 1;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int failed;

    if (fd < 0)
        return -1;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v6.sin6_addr = in6addr_loopback;
    if (family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
        failed = bind(fd, (const struct sockaddr *)&v6, sizeof v6);
    } else {
        failed = bind(fd, (const struct sockaddr *)&v4, sizeof v4);
    }
    if (failed == 0 && listen(fd, LOOPBACK_MAX_CONNECTIONS) == 0)
        return fd;
    failed = errno;
    close(fd);
    errno = failed;
    return -1;
}

static uint16_t port_of(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {.any = {.sa_family = AF_UNSPEC}};
    socklen_t size = sizeof address;

    if (getsockname(fd, &address.any, &size) != 0)
        return 0;
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

static void close_listeners(struct loopback *loopback)
{
    for (int i = 0; i < 2; i++) {
        if (loopback->listener[i] >= 0)
            close(loopback->listener[i]);
        loopback->listener[i] = -1;
    }
}

/* Whether the machine lacks the address family, rather than the port being taken. */
static bool is_lacking(int reason)
{
    return reason == EAFNOSUPPORT || reason == EADDRNOTAVAIL || reason == EPROTONOSUPPORT;
}

/*
 * One port for all families that the host has: who has it in one of them gets what the
 * browser brings there. A machine need not have both families. 0, or the reason.
 */
static int open_families(struct loopback *loopback, const struct place *place, uint16_t *port)
{
    static const int families[] = {[IPV4] = AF_INET, [IPV6] = AF_INET6};
    const bool wanted[] = {[IPV4] = place->ipv4, [IPV6] = place->ipv6};
    int reason = EADDRNOTAVAIL;

    *port = place->port;
    for (int i = IPV4; i <= IPV6; i++) {
        if (!wanted[i])
            continue;
        loopback->listener[i] = open_listener(families[i], *port);
        if (loopback->listener[i] >= 0) {
            *port = port_of(loopback->listener[i]);
            continue;
        }
        reason = errno;
        if (!is_lacking(reason)) {
            close_listeners(loopback);
            return reason;
        }
    }
    return loopback->listener[IPV4] >= 0 || loopback->listener[IPV6] >= 0 ? 0 : reason;
}

static bool open_listeners(struct loopback *loopback, struct place *place)
{
    uint16_t port = 0;
    int reason = EADDRINUSE;

    /* A port that was free in one family can be taken in the other: then another one. */
    for (int tries = 0; tries < MOST_TRIES && reason == EADDRINUSE; tries++) {
        reason = open_families(loopback, place, &port);
        if (place->port != 0)
            break;
    }
    if (reason == 0) {
        place->port = port;
        return true;
    }
    message_error("redirect-uri: cannot listen on %s port %u: %s; close what listens there, or "
                  "use --paste",
                  place->host, place->port, strerror(reason));
    return false;
}

bool loopback_open(struct loopback *loopback, const char *uri)
{
    struct place place;

    memset(loopback, 0, sizeof *loopback);
    loopback->listener[IPV4] = -1;
    loopback->listener[IPV6] = -1;
    loopback->answering = -1;
    for (int i = 0; i < LOOPBACK_MAX_CONNECTIONS; i++)
        loopback->connection[i].fd = -1;
    if (!parse(uri, &place)) {
        message_error("redirect-uri: %s is not an http URI of this machine", uri);
        return false;
    }
    if (!open_listeners(loopback, &place))
        return false;
    snprintf(loopback->path, sizeof loopback->path, "%s", *place.path ? place.path : "/");
    snprintf(loopback->uri, sizeof loopback->uri, "http://%s:%u%s", place.host, place.port,
             place.path);
    return true;
}

/* --- requests ------------------------------------------------------------------ */

static void drop(struct loopback_connection *connection)
{
    if (connection->fd >= 0)
        close(connection->fd);
    connection->fd = -1;
    OPENSSL_cleanse(connection->request, connection->size);
    connection->size = 0;
}

static void answer(struct loopback_connection *connection, const char *status, const char *sentence)
{
    char page[1024];
    char reply[1536];
    int length = snprintf(page, sizeof page,
                          "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\">"
                          "<title>bacm</title><p>%s</p></html>\n",
                          sentence);

    length = snprintf(reply, sizeof reply,
                      "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\n"
                      "Content-Length: %d\r\nCache-Control: no-store\r\n"
                      "Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n%s",
                      status, length, page);
    if (length > 0)
        send(connection->fd, reply, (size_t)length, MSG_NOSIGNAL); /* fits the socket's buffer */
    shutdown(connection->fd, SHUT_WR);
    drop(connection);
}

void loopback_answer(struct loopback *loopback, bool good, const char *sentence)
{
    if (loopback->answering < 0)
        return;
    answer(&loopback->connection[loopback->answering], good ? "200 OK" : "400 Bad Request",
           sentence);
    loopback->answering = -1;
}

/* "/path?query" of a request for the redirect URI, cut out in place; NULL for any other. */
static char *target_of(const struct loopback *loopback, char *request)
{
    const size_t length = strlen(loopback->path);
    char *target = request + strlen("GET ");

    if (strncmp(request, "GET ", strlen("GET ")) != 0)
        return NULL;
    target[strcspn(target, " \r\n")] = '\0';
    if (strncmp(target, loopback->path, length) != 0 || target[length] != '?')
        return NULL;
    return target;
}

/* Room for a new connection; the oldest makes way when there is none. */
static struct loopback_connection *find_room(struct loopback *loopback)
{
    for (int i = 0; i < LOOPBACK_MAX_CONNECTIONS; i++) {
        if (loopback->connection[i].fd < 0)
            return &loopback->connection[i];
    }
    drop(&loopback->connection[0]);
    memmove(loopback->connection, loopback->connection + 1,
            sizeof loopback->connection - sizeof *loopback->connection);
    loopback->connection[LOOPBACK_MAX_CONNECTIONS - 1].fd = -1;
    loopback->connection[LOOPBACK_MAX_CONNECTIONS - 1].size = 0;
    return &loopback->connection[LOOPBACK_MAX_CONNECTIONS - 1];
}

static void accept_from(struct loopback *loopback, int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (fd >= 0)
        find_room(loopback)->fd = fd;
}

/* Read what is there; the target when the request stands and is the wanted one. */
static char *read_from(struct loopback *loopback, struct loopback_connection *connection)
{
    const size_t room = sizeof connection->request - 1 - connection->size;
    ssize_t got = recv(connection->fd, connection->request + connection->size, room, 0);
    char *target;

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return NULL;
    if (got > 0)
        connection->size += (unsigned)got;
    connection->request[connection->size] = '\0';
    if (strstr(connection->request, "\r\n\r\n") == NULL) {
        if (got <= 0 || (size_t)got == room)
            drop(connection);
        return NULL;
    }
    target = target_of(loopback, connection->request);
    if (target == NULL)
        answer(connection, "404 Not Found", "There is nothing here.");
    return target;
}

/* One round: new connections, then requests. */
static const char *serve(struct loopback *loopback, int timeout_ms)
{
    struct pollfd poller[2 + LOOPBACK_MAX_CONNECTIONS];

    for (int i = 0; i < 2; i++)
        poller[i] = (struct pollfd){.fd = loopback->listener[i], .events = POLLIN};
    for (int i = 0; i < LOOPBACK_MAX_CONNECTIONS; i++)
        poller[2 + i] = (struct pollfd){.fd = loopback->connection[i].fd, .events = POLLIN};
    if (poll(poller, sizeof poller / sizeof *poller, timeout_ms) <= 0)
        return NULL;
    for (int i = 0; i < LOOPBACK_MAX_CONNECTIONS; i++) {
        char *target;

        if (poller[2 + i].revents == 0)
            continue;
        target = read_from(loopback, &loopback->connection[i]);
        if (target != NULL) {
            loopback->answering = i;
            return target;
        }
    }
    for (int i = 0; i < 2; i++) {
        if (poller[i].revents != 0)
            accept_from(loopback, loopback->listener[i]);
    }
    return NULL;
}

const char *loopback_wait(struct loopback *loopback, int64_t deadline_ms)
{
    const char *target = NULL;
    int64_t left = deadline_ms - clock_ms();

    while (target == NULL && left > 0) {
        target = serve(loopback, left < INT_MAX ? (int)left : INT_MAX);
        left = deadline_ms - clock_ms();
    }
    return target;
}

void loopback_close(struct loopback *loopback)
{
    close_listeners(loopback);
    for (int i = 0; i < LOOPBACK_MAX_CONNECTIONS; i++)
        drop(&loopback->connection[i]);
}
