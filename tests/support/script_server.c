#include "support/script_server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "support/certificates.h"
#include "support/check.h"
#include "support/version.h"

enum { KEPT_REQUESTS = 256, KEPT_BYTES = 8 << 20, MAX_REQUEST = 4 << 20, LIFE_SECONDS = 120 };

/* What the server's process tells the test. */
struct report {
    atomic_uint connections;
    atomic_uint failed_handshakes;
    atomic_uint requests;
    atomic_bool done;
    size_t used;
    struct {
        size_t offset;
        size_t size;
        unsigned connection;
    } kept[KEPT_REQUESTS];
    char bytes[KEPT_BYTES];
};

struct script_server {
    struct report *report;
    pid_t pid;
    int port;
};

/* --- in the process of the server --- */

struct server {
    const struct script *script;
    struct report *report;
    SSL_CTX *context;
    int listener;
    int fd;
    SSL *ssl;
    char *request;
};

static void pause_ms(unsigned ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

static void hang_up(struct server *server, enum step_kind how)
{
    const struct linger now = {.l_onoff = 1, .l_linger = 0};

    if (server->ssl) {
        if (how == STEP_CLOSE)
            SSL_shutdown(server->ssl);
        SSL_free(server->ssl);
    }
    if (server->fd >= 0) {
        if (how == STEP_RESET)
            setsockopt(server->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(server->fd);
    }
    server->ssl = NULL;
    server->fd = -1;
}

static bool accept_raw(struct server *server)
{
    int on = 1;

    hang_up(server, STEP_CLOSE);
    server->fd = accept(server->listener, NULL, NULL);
    if (server->fd < 0)
        return false;
    setsockopt(server->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    atomic_fetch_add(&server->report->connections, 1);
    return true;
}

/* Takes connections until one has got through its handshake. */
static bool accept_client(struct server *server)
{
    for (;;) {
        if (!accept_raw(server))
            return false;
        if (!server->context)
            return true;
        server->ssl = SSL_new(server->context);
        if (!server->ssl || SSL_set_fd(server->ssl, server->fd) != 1)
            return false;
        if (SSL_accept(server->ssl) == 1)
            return true;
        atomic_fetch_add(&server->report->failed_handshakes, 1);
    }
}

static ssize_t receive(struct server *server, char *bytes, size_t size)
{
    size_t got = 0;

    if (!server->ssl)
        return recv(server->fd, bytes, size, 0);
    return SSL_read_ex(server->ssl, bytes, size, &got) == 1 ? (ssize_t)got : 0;
}

/* A client that does not listen any more is no error of the server. */
static void transmit(struct server *server, const char *bytes, size_t size)
{
    size_t sent = 0;

    while (size) {
        size_t step = 0;

        if (server->ssl) {
            if (SSL_write_ex(server->ssl, bytes + sent, size, &step) != 1)
                return;
        } else {
            ssize_t done = send(server->fd, bytes + sent, size, MSG_NOSIGNAL);

            if (done <= 0)
                return;
            step = (size_t)done;
        }
        sent += step;
        size -= step;
    }
}

static size_t content_length(const char *header)
{
    static const char name[] = "\r\nContent-Length:";
    const char *found = strcasestr(header, name);

    return found ? strtoul(found + sizeof name - 1, NULL, 10) : 0;
}

/* One whole request; its size, or 0 when the client has gone. */
static size_t read_request(struct server *server)
{
    size_t size = 0;
    size_t wanted = 0;

    for (;;) {
        ssize_t got = receive(server, server->request + size, MAX_REQUEST - size);

        if (got <= 0)
            return 0;
        size += (size_t)got;
        server->request[size] = '\0';
        if (!wanted) {
            const char *end = strstr(server->request, "\r\n\r\n");

            if (!end)
                continue;
            wanted = (size_t)(end + 4 - server->request) + content_length(server->request);
        }
        if (size >= wanted)
            return size;
    }
}

static void keep_request(struct server *server, size_t size)
{
    struct report *report = server->report;
    unsigned i = atomic_load(&report->requests);

    if (i < KEPT_REQUESTS && report->used + size + 1 <= KEPT_BYTES) {
        report->kept[i].offset = report->used;
        report->kept[i].size = size;
        report->kept[i].connection = atomic_load(&report->connections);
        memcpy(report->bytes + report->used, server->request, size + 1);
        report->used += size + 1;
    }
    atomic_store(&report->requests, i + 1);
}

static bool take_request(struct server *server)
{
    size_t size = 0;

    while (!size) {
        if (server->fd < 0 && !accept_client(server))
            return false;
        size = read_request(server);
        if (!size)
            hang_up(server, STEP_CLOSE);
    }
    keep_request(server, size);
    return true;
}

/* NULL for no bytes; to be freed. */
static char *in_words_of_version(const char *bytes, size_t size)
{
    char *copy = bytes ? malloc(size + 1) : NULL;

    if (!copy)
        return NULL;
    memcpy(copy, bytes, size);
    test_translate(copy, size);
    return copy;
}

static void transmit_answer(struct server *server, const struct answer *answer)
{
    const size_t size = answer->size ? answer->size : strlen(answer->reply);
    char *bytes = in_words_of_version(answer->reply, size);

    if (bytes)
        transmit(server, bytes, size);
    free(bytes);
}

static void serve(struct server *server, const struct answer *answers)
{
    while (take_request(server)) {
        const struct answer *answer = answers;
        char action[128];

        for (; answer->operation; answer++) {
            snprintf(action, sizeof action, "\r\nSOAPAction: \"%s\"\r\n", answer->operation);
            if (strstr(server->request, action))
                break;
        }
        if (!answer->operation)
            hang_up(server, STEP_CLOSE);
        else
            transmit_answer(server, answer);
    }
}

static bool play_bytes(struct server *server, const struct step *step, const char *bytes,
                       size_t size)
{
    switch (step->kind) {
    case STEP_READ:
        return take_request(server);
    case STEP_READ_SOME:
        return receive(server, server->request, step->size) > 0;
    case STEP_SEND:
        transmit(server, bytes, size);
        break;
    case STEP_DRIP:
        for (size_t i = 0; i < size; i++) {
            transmit(server, bytes + i, 1);
            pause_ms(step->ms);
        }
        break;
    case STEP_PAUSE:
        pause_ms(step->ms);
        break;
    case STEP_CLOSE:
    case STEP_CUT:
    case STEP_RESET:
        hang_up(server, step->kind);
        break;
    case STEP_ACCEPT:
        return accept_client(server);
    case STEP_ACCEPT_RAW:
        return accept_raw(server);
    case STEP_GOODBYE:
        SSL_shutdown(server->ssl);
        break;
    case STEP_HALF_CLOSE:
        shutdown(server->fd, SHUT_WR);
        break;
    case STEP_SERVE:
        serve(server, step->answers);
        break;
    }
    return true;
}

static bool play(struct server *server, const struct step *step)
{
    size_t size = step->size ? step->size : step->bytes ? strlen(step->bytes) : 0;
    char *bytes = in_words_of_version(step->bytes, size);
    bool goes_on = play_bytes(server, step, bytes, size);

    free(bytes);
    return goes_on;
}

static SSL_CTX *tls_context(const struct script *script)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    /* Old versions and weak keys are what some tests need. */
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    if (script->max_tls_version)
        SSL_CTX_set_max_proto_version(context, script->max_tls_version);
    if (!test_certificate_use(script->certificate, context))
        _exit(3);
    return context;
}

static _Noreturn void run(int listener, const struct script *script, struct report *report)
{
    struct server server = {
        .script = script, .report = report, .listener = listener, .fd = -1, .request = NULL};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(LIFE_SECONDS);
    signal(SIGPIPE, SIG_IGN);
    server.request = malloc(MAX_REQUEST + 1);
    if (!server.request)
        _exit(2);
    if (script->certificate)
        server.context = tls_context(script);
    for (size_t i = 0; i < script->count; i++) {
        if (!play(&server, &script->steps[i]))
            break;
        if (i + 1 == script->count)
            atomic_store(&report->done, true);
    }
    /* What is left open stays open until the test ends this process. */
    for (;;)
        pause();
}

/* --- in the process of the test --- */

static int listen_on_loopback(bool ipv6, bool small_buffers, int *port)
{
    int small = 4096;
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr *address = ipv6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
    socklen_t size = ipv6 ? sizeof v6 : sizeof v4;
    int fd = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    if (small_buffers)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    assert_int_equal(bind(fd, address, size), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, address, &size), 0);
    *port = ntohs(ipv6 ? v6.sin6_port : v4.sin_port);
    return fd;
}

struct script_server *script_server_start(const struct script *script)
{
    struct script_server *server = calloc(1, sizeof *server);
    int listener;

    assert_non_null(server);
    server->report = mmap(NULL, sizeof *server->report, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(server->report, MAP_FAILED);
    listener = listen_on_loopback(script->ipv6, script->small_buffers, &server->port);
    server->pid = fork();
    assert_true(server->pid >= 0);
    if (server->pid == 0)
        run(listener, script, server->report);
    close(listener);
    return server;
}

void script_server_stop(struct script_server *server)
{
    if (!server)
        return;
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    munmap(server->report, sizeof *server->report);
    free(server);
}

int script_server_port(const struct script_server *server)
{
    return server->port;
}

unsigned script_server_connections(const struct script_server *server)
{
    return atomic_load(&server->report->connections);
}

unsigned script_server_failed_handshakes(const struct script_server *server)
{
    return atomic_load(&server->report->failed_handshakes);
}

bool script_server_is_done(const struct script_server *server)
{
    return atomic_load(&server->report->done);
}

bool script_server_finish(const struct script_server *server, unsigned ms)
{
    for (unsigned waited = 0; waited < ms && !script_server_is_done(server); waited++)
        pause_ms(1);
    return script_server_is_done(server);
}

unsigned script_server_requests(const struct script_server *server)
{
    return atomic_load(&server->report->requests);
}

struct captured script_server_request(const struct script_server *server, unsigned i)
{
    const struct report *report = server->report;
    struct captured captured = {NULL, 0, NULL, 0};
    const char *end;

    assert_true(i < script_server_requests(server) && i < KEPT_REQUESTS);
    captured.bytes = report->bytes + report->kept[i].offset;
    captured.size = report->kept[i].size;
    captured.connection = report->kept[i].connection;
    end = strstr(captured.bytes, "\r\n\r\n");
    assert_non_null(end);
    captured.body = end + 4;
    return captured;
}
