/*
 * The floor: fixed bytes over a bare socket, plain or TLS. The reply is read to
 * its end and not looked at.
 */
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "bench/http.h"
#include "bench/meter.h"
#include "bench/support.h"

enum { MAX_REPLY = 1 << 20 };

static const struct bench_job *job;
static struct bench_address address;
static char *request;
static size_t request_size;
static char reply[MAX_REPLY];
static SSL_CTX *context;
static SSL_SESSION *session;
static SSL *ssl;
static int fd = -1;

static int keep_session(SSL *of, SSL_SESSION *fresh)
{
    (void)of;
    SSL_SESSION_free(session);
    session = fresh;
    return 1;
}

void bench_open(const struct bench_job *given)
{
    job = given;
    bench_parse_url(&address, job->url);
    request = bench_make_request(&address, job->request_file, &request_size);
    if (!job->ca_file)
        return;
    context = SSL_CTX_new(TLS_client_method());
    if (!context || SSL_CTX_load_verify_file(context, job->ca_file) != 1)
        bench_die("no TLS context");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, keep_session);
}

static void open_connection(void)
{
    const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int on = 1;

    if (getaddrinfo(address.host, address.port, &hints, &found) != 0)
        bench_die("no host %s", address.host);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) != 0)
        bench_die("no connection to %s:%s", address.host, address.port);
    freeaddrinfo(found);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!context)
        return;
    ssl = SSL_new(context);
    if (!ssl || SSL_set_fd(ssl, fd) != 1 || SSL_set1_host(ssl, address.host) != 1 ||
        SSL_set_tlsext_host_name(ssl, address.host) != 1)
        bench_die("no TLS");
    if (session)
        SSL_set_session(ssl, session);
    if (SSL_connect(ssl) != 1)
        bench_die("no TLS connection");
}

static void close_connection(void)
{
    if (ssl) {
        SSL_shutdown(ssl);
        SSL_free(ssl);
        ssl = NULL;
    }
    close(fd);
    fd = -1;
}

static size_t receive(char *bytes, size_t size)
{
    ssize_t got = ssl ? SSL_read(ssl, bytes, (int)size) : recv(fd, bytes, size, 0);

    if (got <= 0)
        bench_die("the reply broke off");
    return (size_t)got;
}

static void receive_reply(void)
{
    size_t used = 0;
    size_t header_size;
    size_t wanted = 0;

    while (!wanted || used < wanted) {
        if (used + 1 >= sizeof reply)
            bench_die("the reply is too large");
        used += receive(reply + used, sizeof reply - 1 - used);
        reply[used] = '\0';
        if (!wanted)
            wanted = bench_message_size(reply, &header_size);
    }
    if (strncmp(reply, "HTTP/1.1 200", 12) != 0)
        bench_die("the reply is not HTTP 200");
}

long bench_call(void)
{
    ssize_t sent;

    if (fd < 0)
        open_connection();
    sent = ssl ? SSL_write(ssl, request, (int)request_size)
               : send(fd, request, request_size, MSG_NOSIGNAL);
    if (sent != (ssize_t)request_size)
        bench_die("the request was not sent");
    receive_reply();
    if (!job->keep_alive)
        close_connection();
    return job->links;
}

void bench_close(void)
{
    if (fd >= 0)
        close_connection();
    SSL_SESSION_free(session);
    SSL_CTX_free(context);
    free(request);
}
