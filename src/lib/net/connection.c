#include "lib/net/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>

#include "lib/base/error.h"
#include "lib/net/proxy.h"
#include "lib/net/socket_method.h"
#include "lib/net/tls.h"

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* 1 when the socket is ready, 0 at the limit, -1 with errno after an error. */
static int wait_until(int fd, short events, int64_t limit_ms)
{
    for (;;) {
        struct pollfd poller = {.fd = fd, .events = events, .revents = 0};
        int64_t left = limit_ms - bacm_monotonic_ms();
        int ready;

        if (left <= 0)
            return 0;
        ready = poll(&poller, 1, left > INT_MAX ? INT_MAX : (int)left);
        if (ready > 0)
            return 1;
        if (ready < 0 && errno != EINTR)
            return -1;
    }
}

/* --- TLS ------------------------------------------------------------------ */

bacm_status bacm_connection_init(struct bacm_connection *connection, const char *ca_file,
                                 const struct bacm_route *route, bacm_error *error)
{
    memset(connection, 0, sizeof *connection);
    connection->fd = -1;
    connection->route = route;
    connection->socket_method = bacm_socket_method();
    if (!connection->socket_method)
        return bacm_fail_memory(error);
    return bacm_tls_context_new(&connection->context, ca_file, &route->options, error);
}

void bacm_connection_free(struct bacm_connection *connection)
{
    bacm_connection_close(connection);
    bacm_resolver_clear(&connection->resolver);
    SSL_SESSION_free(connection->session);
    SSL_CTX_free(connection->context);
    BIO_meth_free(connection->socket_method);
    connection->session = NULL;
    connection->context = NULL;
    connection->socket_method = NULL;
}

static bool attach_socket(struct bacm_connection *connection)
{
    BIO *bio = BIO_new(connection->socket_method);

    if (!bio)
        return false;
    BIO_set_data(bio, connection);
    BIO_set_init(bio, 1);
    SSL_set_bio(connection->ssl, bio, bio);
    SSL_set_read_ahead(connection->ssl, 1); /* a record in one piece, not its head and the rest */
    return true;
}

static bacm_status start_tls(struct bacm_connection *connection, const struct bacm_endpoint *name,
                             int64_t limit_ms, bacm_error *error)
{
    ERR_clear_error();
    connection->ssl = SSL_new(connection->context);
    if (!connection->ssl || !attach_socket(connection) ||
        !bacm_tls_expect_name(connection->ssl, name))
        return bacm_fail_memory(error);
    if (connection->session)
        SSL_set_session(connection->ssl, connection->session);
    for (;;) {
        int result;
        int want;
        int ready;

        errno = 0;
        ERR_clear_error();
        result = SSL_connect(connection->ssl);
        if (result == 1)
            return BACM_OK;
        want = SSL_get_error(connection->ssl, result);
        if (want != SSL_ERROR_WANT_READ && want != SSL_ERROR_WANT_WRITE)
            return bacm_tls_failure(connection->ssl, name, error);
        ready =
            wait_until(connection->fd, want == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, limit_ms);
        if (ready < 0)
            return bacm_tls_failure(connection->ssl, name, error);
        if (ready == 0)
            return bacm_fail(error, BACM_E_TLS, "the TLS handshake with %s took too long",
                             name->host);
    }
}

/* --- TCP ------------------------------------------------------------------ */

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;

        memcpy(&v4, address, sizeof v4);
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;

        memcpy(&v6, address, sizeof v6);
        return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
    }
    return false;
}

/* A connected, non-blocking socket; or -1 with errno, ETIMEDOUT at the limit. */
static int connect_address(const struct addrinfo *address, int64_t limit_ms)
{
    int on = 1;
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                    address->ai_protocol);
    int failure = 0;

    if (fd < 0)
        return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
        socklen_t size = sizeof failure;
        int ready = errno == EINPROGRESS || errno == EINTR ? wait_until(fd, POLLOUT, limit_ms) : -1;

        if (ready == 0)
            failure = ETIMEDOUT;
        else if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) != 0)
            failure = errno;
    }
    if (failure) {
        close(fd);
        errno = failure;
        return -1;
    }
    return fd;
}

/* The name said loopback; the addresses must say so too. */
static const struct addrinfo *next_to_try(const struct addrinfo *address, bool only_loopback)
{
    while (address && only_loopback && !is_loopback(address->ai_addr))
        address = address->ai_next;
    return address;
}

static int count_to_try(const struct addrinfo *addresses, bool only_loopback)
{
    int count = 0;

    for (const struct addrinfo *p = next_to_try(addresses, only_loopback); p;
         p = next_to_try(p->ai_next, only_loopback))
        count++;
    return count;
}

/* When to give an address up: one that does not answer leaves the others their time. */
static int64_t end_of_share(int64_t limit_ms, int others)
{
    const int64_t now_ms = bacm_monotonic_ms();

    return now_ms < limit_ms ? now_ms + (limit_ms - now_ms) / (others + 1) : limit_ms;
}

/* One address after the other: a connected socket, or -1 with errno of the last one. */
static int connect_any(const struct addrinfo *addresses, bool only_loopback, int64_t limit_ms)
{
    int fd = -1;

    errno = ECONNREFUSED;
    for (const struct addrinfo *p = next_to_try(addresses, only_loopback); p && fd < 0;
         p = next_to_try(p->ai_next, only_loopback))
        fd = connect_address(p, end_of_share(limit_ms, count_to_try(p->ai_next, only_loopback)));
    return fd;
}

static bacm_status find_host(struct bacm_connection *connection, const struct bacm_endpoint *target,
                             bool is_proxy, int64_t limit_ms, struct bacm_resolved *resolved,
                             bacm_error *error)
{
    const char *what = is_proxy ? "proxy " : "";

    switch (bacm_resolve(&connection->resolver, target->host, target->port, limit_ms, resolved)) {
    case BACM_RESOLVE_FOUND:
        return BACM_OK;
    case BACM_RESOLVE_NO_MEMORY:
        return bacm_fail_memory(error);
    case BACM_RESOLVE_FAILED:
        bacm_fail(error, BACM_E_RESOLVE, "the %shost %s was not found: %s", what, target->host,
                  resolved->reason);
        bacm_error_hint(error, "Check the %s and the network of this machine.",
                        is_proxy ? "proxy" : "endpoint");
        return BACM_E_RESOLVE;
    case BACM_RESOLVE_TOO_LATE:
        bacm_fail(error, BACM_E_RESOLVE,
                  "the %shost %s was not found: no name server answered in the time allowed", what,
                  target->host);
        break;
    }
    bacm_error_hint(error, "Check the name servers of this machine (/etc/resolv.conf).");
    return BACM_E_RESOLVE;
}

static bacm_status open_socket(struct bacm_connection *connection,
                               const struct bacm_endpoint *target, bool is_proxy, int64_t limit_ms,
                               bacm_error *error)
{
    struct bacm_resolved resolved;
    int reason;
    bacm_status status = find_host(connection, target, is_proxy, limit_ms, &resolved, error);

    if (status != BACM_OK)
        return status;
    connection->fd = connect_any(resolved.addresses, !target->tls && !is_proxy, limit_ms);
    reason = errno;
    freeaddrinfo(resolved.addresses);
    if (connection->fd >= 0)
        return BACM_OK;
    bacm_fail(error, BACM_E_CONNECT, "no connection to %s%s port %s: %s", is_proxy ? "proxy " : "",
              target->host, target->port, strerror(reason));
    bacm_error_hint(error, is_proxy ? "Check the proxy."
                                    : "Check the endpoint; is the service (or bacm-sim) running "
                                      "there?");
    return BACM_E_CONNECT;
}

static bacm_status open_tunnel(struct bacm_connection *connection,
                               const struct bacm_endpoint *target, int64_t limit_ms,
                               bacm_error *error)
{
    const int64_t deadline_ms = connection->deadline_ms;
    bacm_status status = open_socket(connection, &connection->route->proxy, true, limit_ms, error);

    if (status != BACM_OK)
        return status;
    connection->deadline_ms = limit_ms;
    status = bacm_proxy_connect(connection, target, error);
    connection->deadline_ms = deadline_ms;
    return status;
}

bacm_status bacm_connection_open(struct bacm_connection *connection,
                                 const struct bacm_endpoint *target,
                                 const struct bacm_endpoint *name, unsigned timeout_ms,
                                 bacm_error *error)
{
    int64_t limit_ms = earlier(bacm_monotonic_ms() + timeout_ms, connection->deadline_ms);
    bacm_status status;

    bacm_connection_close(connection);
    status = target->tls && connection->route->has_proxy
                 ? open_tunnel(connection, target, limit_ms, error)
                 : open_socket(connection, target, false, limit_ms, error);
    if (status == BACM_OK && target->tls)
        status = start_tls(connection, name, limit_ms, error);
    if (status != BACM_OK)
        bacm_connection_close(connection);
    connection->used_ms = bacm_monotonic_ms();
    return status;
}

void bacm_connection_close(struct bacm_connection *connection)
{
    if (connection->ssl) {
        if (SSL_is_init_finished(connection->ssl)) {
            SSL_SESSION_free(connection->session);
            connection->session = SSL_get1_session(connection->ssl);
            SSL_shutdown(connection->ssl); /* says goodbye, does not wait for an answer */
        }
        SSL_free(connection->ssl);
        connection->ssl = NULL;
        ERR_clear_error();
    }
    if (connection->fd >= 0)
        close(connection->fd);
    connection->fd = -1;
}

int64_t bacm_connection_idle_ms(const struct bacm_connection *connection)
{
    return bacm_monotonic_ms() - connection->used_ms;
}

/* Takes in what TLS itself sends between replies, such as tickets, but not without end. */
static bool is_idle_tls(struct bacm_connection *connection)
{
    enum { MAX_RECORDS = 16 };
    bool idle = false;

    for (int i = 0; i < MAX_RECORDS && !idle; i++) {
        char byte;
        int result;

        connection->would_block = false;
        ERR_clear_error();
        result = SSL_peek(connection->ssl, &byte, 1);
        if (result > 0 || SSL_get_error(connection->ssl, result) != SSL_ERROR_WANT_READ)
            break;
        idle = connection->would_block;
    }
    ERR_clear_error();
    return idle;
}

bool bacm_connection_is_idle(struct bacm_connection *connection)
{
    char byte;
    ssize_t got;

    if (connection->fd < 0)
        return false;
    if (connection->ssl)
        return is_idle_tls(connection);
    got = recv(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

/* --- reading and writing --------------------------------------------------- */

/*
 * One attempt; > 0 bytes, 0 end of stream, -1 failed, -2 wait for *events, or, when there are
 * none, try again at once: TLS had a record of its own.
 */
static ssize_t transfer(struct bacm_connection *connection, char *in, const char *out, size_t size,
                        short *events)
{
    size_t done = 0;
    ssize_t plain;

    if (connection->ssl) {
        int result;

        ERR_clear_error();
        errno = 0;
        connection->would_block = false;
        result = in ? SSL_read_ex(connection->ssl, in, size, &done)
                    : SSL_write_ex(connection->ssl, out, size, &done);
        if (result == 1)
            return (ssize_t)done;
        switch (SSL_get_error(connection->ssl, result)) {
        case SSL_ERROR_WANT_READ:
            *events = connection->would_block ? POLLIN : 0;
            return -2;
        case SSL_ERROR_WANT_WRITE:
            *events = POLLOUT;
            return -2;
        case SSL_ERROR_ZERO_RETURN:
            return in ? 0 : -1;
        default:
            return -1;
        }
    }
    plain = in ? recv(connection->fd, in, size, 0) : send(connection->fd, out, size, MSG_NOSIGNAL);
    if (plain >= 0 || (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK))
        return plain;
    *events = in ? POLLIN : POLLOUT;
    return -2;
}

static void describe_break(struct bacm_connection *connection, bool reading, bacm_error *error)
{
    const char *reason = errno ? strerror(errno) : NULL;

    if (connection->ssl && bacm_tls_wants_certificate(error))
        return; /* TLS 1.3 says so only after the handshake */
    if (connection->ssl && !reason && ERR_peek_last_error())
        reason = bacm_tls_reason();
    bacm_fail(error, BACM_E_NETWORK, "the connection broke while %s: %s",
              reading ? "reading the reply" : "sending the request",
              reason ? reason : "the other side closed it");
    ERR_clear_error();
}

/* What has just been asked for is not there yet: to look for it is in vain. */
static bool must_wait(const struct bacm_connection *connection)
{
    return connection->reply_is_due && !(connection->ssl && SSL_has_pending(connection->ssl));
}

static ssize_t transfer_in_time(struct bacm_connection *connection, char *in, const char *out,
                                size_t size, bacm_error *error)
{
    unsigned timeout_ms = in ? connection->receive_timeout_ms : connection->send_timeout_ms;
    int64_t limit_ms = earlier(bacm_monotonic_ms() + timeout_ms, connection->deadline_ms);
    bool waits = in && must_wait(connection);

    connection->reply_is_due = !in;
    if (connection->fd < 0) {
        bacm_fail(error, BACM_E_NETWORK, "the connection is closed");
        return -1;
    }
    for (;;) {
        short events = 0;
        ssize_t done = -1;
        int ready;

        if (!waits && bacm_monotonic_ms() < limit_ms)
            done = transfer(connection, in, out, size, &events);
        else
            events = POLLIN;
        waits = false;
        if (done >= 0) {
            connection->used_ms = bacm_monotonic_ms();
            return done;
        }
        if (done == -2 && !events)
            continue;
        ready = events ? wait_until(connection->fd, events, limit_ms) : -1;
        if (ready < 0) {
            describe_break(connection, in != NULL, error);
            return -1;
        }
        if (ready == 0) {
            bacm_fail(error, BACM_E_TIMEOUT, "no %s within the time allowed",
                      in ? "reply" : "progress in sending the request");
            return -1;
        }
    }
}

ssize_t bacm_connection_read(struct bacm_connection *connection, char *bytes, size_t size,
                             bacm_error *error)
{
    return transfer_in_time(connection, bytes, NULL, size, error);
}

ssize_t bacm_connection_write(struct bacm_connection *connection, const char *bytes, size_t size,
                              bacm_error *error)
{
    return transfer_in_time(connection, NULL, bytes, size, error);
}
