/*
 * The service of the benchmarks: one thread, epoll, fixed replies over http and
 * over TLS with and without resumption. It looks at a request no more than it
 * must, so that the clients are what is measured.
 *
 *     bench-server REPLY_FOLDER CERTIFICATE KEY LATENCY_MS
 *
 * prints a line of JSON with its ports and ends when standard input does.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "bench/http.h"
#include "bench/replies.h"
#include "bench/support.h"

enum { MAX_REQUEST = 128 * 1024, MAX_EVENTS = 64 };

enum listener_kind { PLAIN, TLS, TLS_WITHOUT_RESUMPTION, LISTENER_COUNT };

struct connection {
    int fd;
    SSL *ssl;
    size_t used;                     /* of request */
    const struct bench_reply *reply; /* being sent, or waiting for its time */
    size_t sent;
    int64_t due_ns;
    struct connection *next; /* in the queue of the waiting */
    bool waits;
    bool closed; /* freed when it leaves the queue */
    bool wants_out;
    char request[MAX_REQUEST];
};

struct server {
    int poller;
    int listeners[LISTENER_COUNT];
    SSL_CTX *contexts[LISTENER_COUNT];
    const char *folder;
    int64_t latency_ns;
    struct connection *first_waiting; /* by due time: the latency is the same for all */
    struct connection *last_waiting;
};

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* --- set-up -------------------------------------------------------------------- */

static SSL_CTX *make_context(const char *certificate, const char *key, bool resumes)
{
    static const unsigned char id[] = "bench";
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    if (!context || SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        bench_die("the certificate cannot be used");
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_session_id_context(context, id, sizeof id - 1);
    if (!resumes) {
        SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(context, 0);
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    }
    return context;
}

static void watch(const struct server *server, int operation, int fd, uint32_t events, void *what)
{
    struct epoll_event event = {.events = events, .data.ptr = what};

    if (epoll_ctl(server->poller, operation, fd, &event) != 0)
        bench_die("epoll: %s", strerror(errno));
}

static int make_listener(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, 512) != 0)
        bench_die("cannot listen: %s", strerror(errno));
    return fd;
}

static int port_of(int fd)
{
    struct sockaddr_in address = {.sin_port = 0};
    socklen_t size = sizeof address;

    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        bench_die("no port: %s", strerror(errno));
    return ntohs(address.sin_port);
}

static void start(struct server *server, char **argv)
{
    server->folder = argv[1];
    server->latency_ns = atol(argv[4]) * 1000000;
    server->poller = epoll_create1(EPOLL_CLOEXEC);
    server->contexts[TLS] = make_context(argv[2], argv[3], true);
    server->contexts[TLS_WITHOUT_RESUMPTION] = make_context(argv[2], argv[3], false);
    for (int i = 0; i < LISTENER_COUNT; i++) {
        server->listeners[i] = make_listener();
        watch(server, EPOLL_CTL_ADD, server->listeners[i], EPOLLIN, &server->listeners[i]);
    }
    watch(server, EPOLL_CTL_ADD, STDIN_FILENO, EPOLLIN, NULL);
    printf("{\"http\":%d,\"tls\":%d,\"tls_without_resumption\":%d}\n",
           port_of(server->listeners[PLAIN]), port_of(server->listeners[TLS]),
           port_of(server->listeners[TLS_WITHOUT_RESUMPTION]));
    fflush(stdout);
}

/* --- connections ----------------------------------------------------------------- */

static void accept_all(const struct server *server, enum listener_kind kind)
{
    int on = 1;
    int fd;

    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): epoll holds it until close_connection() */
    while ((fd = accept4(server->listeners[kind], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct connection *connection = malloc(sizeof *connection);

        if (!connection)
            bench_die("no memory");
        memset(connection, 0, offsetof(struct connection, request));
        connection->fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (server->contexts[kind]) {
            connection->ssl = SSL_new(server->contexts[kind]);
            if (!connection->ssl || SSL_set_fd(connection->ssl, fd) != 1)
                bench_die("no memory");
            SSL_set_accept_state(connection->ssl);
        }
        watch(server, EPOLL_CTL_ADD, fd, EPOLLIN, connection);
    }
}

static void close_connection(struct connection *connection)
{
    if (connection->ssl) {
        SSL_shutdown(connection->ssl);
        SSL_free(connection->ssl);
        connection->ssl = NULL;
    }
    close(connection->fd);
    connection->closed = true;
    if (!connection->waits)
        free(connection);
}

/* Bytes moved; 0 when the connection is to be closed; -1 to wait. */
static ssize_t transfer(const struct connection *connection, char *in, const char *out, size_t size)
{
    ssize_t plain;

    if (connection->ssl) {
        size_t done = 0;
        int result = in ? SSL_read_ex(connection->ssl, in, size, &done)
                        : SSL_write_ex(connection->ssl, out, size, &done);
        int want = SSL_get_error(connection->ssl, result);

        if (result == 1)
            return (ssize_t)done;
        return want == SSL_ERROR_WANT_READ || want == SSL_ERROR_WANT_WRITE ? -1 : 0;
    }
    plain = in ? recv(connection->fd, in, size, 0) : send(connection->fd, out, size, MSG_NOSIGNAL);
    if (plain >= 0)
        return plain;
    return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : 0;
}

/* Send what is left of the reply; false when the connection was closed. */
static bool send_reply(const struct server *server, struct connection *connection)
{
    const struct bench_reply *reply = connection->reply;
    bool blocked = false;

    while (connection->sent < reply->size && !blocked) {
        ssize_t done = transfer(connection, NULL, reply->bytes + connection->sent,
                                reply->size - connection->sent);

        if (done == 0) {
            close_connection(connection);
            return false;
        }
        if (done > 0)
            connection->sent += (size_t)done;
        blocked = done < 0;
    }
    if (blocked != connection->wants_out) {
        connection->wants_out = blocked;
        watch(server, EPOLL_CTL_MOD, connection->fd, EPOLLIN | (blocked ? EPOLLOUT : 0u),
              connection);
    }
    if (blocked)
        return true;
    connection->reply = NULL;
    if (reply->closes) {
        close_connection(connection);
        return false;
    }
    return true;
}

static void queue_reply(struct server *server, struct connection *connection)
{
    connection->due_ns = now_ns() + server->latency_ns;
    connection->next = NULL;
    connection->waits = true;
    if (server->last_waiting)
        server->last_waiting->next = connection;
    else
        server->first_waiting = connection;
    server->last_waiting = connection;
}

/* Answer a request when it is there whole; false when the connection was closed. */
static bool answer(struct server *server, struct connection *connection)
{
    size_t header_size;
    size_t size;
    char end;

    connection->request[connection->used] = '\0';
    size = bench_message_size(connection->request, &header_size);
    if (!size || size > connection->used)
        return true;
    end = connection->request[header_size - 1];
    connection->request[header_size - 1] = '\0';
    connection->reply =
        bench_find_reply(server->folder, connection->request, connection->request + header_size);
    connection->request[header_size - 1] = end;
    connection->used = 0; /* no client sends a request before it has the reply */
    connection->sent = 0;
    if (!connection->reply) {
        fprintf(stderr, "bench-server: no reply for %.80s\n", connection->request);
        close_connection(connection);
        return false;
    }
    if (!server->latency_ns)
        return send_reply(server, connection);
    queue_reply(server, connection);
    return true;
}

static void serve(struct server *server, struct connection *connection)
{
    for (;;) {
        ssize_t got;

        if (connection->reply && !connection->waits && !send_reply(server, connection))
            return;
        if (connection->used + 1 >= MAX_REQUEST) {
            close_connection(connection);
            return;
        }
        got = transfer(connection, connection->request + connection->used, NULL,
                       MAX_REQUEST - 1 - connection->used);
        if (got < 0)
            return;
        if (got == 0) {
            close_connection(connection);
            return;
        }
        connection->used += (size_t)got;
        if (!answer(server, connection))
            return;
    }
}

static void send_due(struct server *server)
{
    while (server->first_waiting && server->first_waiting->due_ns <= now_ns()) {
        struct connection *connection = server->first_waiting;

        server->first_waiting = connection->next;
        if (!server->first_waiting)
            server->last_waiting = NULL;
        connection->waits = false;
        if (connection->closed)
            free(connection);
        else
            send_reply(server, connection);
    }
}

static int wait_for_events(const struct server *server, struct epoll_event *events)
{
    struct timespec timeout = {0, 0};
    int64_t left;

    if (!server->first_waiting)
        return epoll_wait(server->poller, events, MAX_EVENTS, -1);
    left = server->first_waiting->due_ns - now_ns();
    if (left > 0) {
        timeout.tv_sec = left / 1000000000;
        timeout.tv_nsec = left % 1000000000;
    }
    return epoll_pwait2(server->poller, events, MAX_EVENTS, &timeout, NULL);
}

static void run(struct server *server)
{
    struct epoll_event events[MAX_EVENTS];

    for (;;) {
        int count = wait_for_events(server, events);

        for (int i = 0; i < count; i++) {
            int *listener = events[i].data.ptr;

            if (!listener)
                return;
            if (listener >= server->listeners && listener < server->listeners + LISTENER_COUNT)
                accept_all(server, (enum listener_kind)(listener - server->listeners));
            else
                serve(server, events[i].data.ptr);
        }
        send_due(server);
    }
}

int main(int argc, char **argv)
{
    struct server server = {0};

    if (argc != 5)
        bench_die("usage: bench-server REPLY_FOLDER CERTIFICATE KEY LATENCY_MS");
    signal(SIGPIPE, SIG_IGN);
    start(&server, argv);
    run(&server);
    return 0;
}
