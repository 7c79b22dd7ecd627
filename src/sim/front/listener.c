#include "sim/front/listener.h"

#include "sim/front/connection.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG      256
#define THREAD_STACK ((size_t)512 * 1024)

/*
 * How many connections are open; the listener waits here for a free place. A
 * thread that ends leaves itself in `ended` and joins the one that it finds
 * there, so that at the end one join waits for all of them.
 */
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int open;
    bool any_ended;
    pthread_t ended;
};

struct connection_start {
    struct sim *sim;
    struct gate *gate;
    int fd;
};

static int bind_socket(const struct addrinfo *address)
{
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);
    if (fd < 0)
        return -1;
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static int bound_port(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {.v6 = {.sin6_family = AF_UNSPEC}};
    socklen_t length = sizeof address;
    if (getsockname(fd, &address.any, &length) != 0)
        return 0;
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

bool listener_open(struct listener *listener, const char *host, int port)
{
    char service[16];
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *addresses = NULL;
    snprintf(service, sizeof service, "%d", port);
    int failed = getaddrinfo(host, service, &hints, &addresses);
    if (failed) {
        fprintf(stderr, "bacm-sim: cannot listen on %s: %s\n", host, gai_strerror(failed));
        return false;
    }
    listener->fd = bind_socket(addresses);
    if (listener->fd < 0)
        fprintf(stderr, "bacm-sim: cannot listen on %s port %d: %s\n", host, port, strerror(errno));
    else
        listener->port = bound_port(listener->fd);
    freeaddrinfo(addresses);
    return listener->fd >= 0;
}

static void leave_gate(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->open--;
    pthread_cond_signal(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

/* Joins the thread that ended before; `self` takes its place unless NULL. */
static void join_ended(struct gate *gate, const pthread_t *self)
{
    pthread_mutex_lock(&gate->lock);
    bool any = gate->any_ended;
    pthread_t ended = gate->ended;
    gate->any_ended = self != NULL;
    if (self)
        gate->ended = *self;
    pthread_mutex_unlock(&gate->lock);
    if (any)
        pthread_join(ended, NULL);
}

static void *connection_thread(void *argument)
{
    struct connection_start start = *(struct connection_start *)argument;
    pthread_t self = pthread_self();
    free(argument);
    connection_serve(start.sim, start.fd);
    join_ended(start.gate, &self);
    leave_gate(start.gate);
    return NULL;
}

static bool start_connection(struct sim *sim, struct gate *gate, int fd)
{
    struct connection_start *start = malloc(sizeof *start);
    pthread_attr_t attributes;
    pthread_t thread;
    if (!start)
        return false;
    *start = (struct connection_start){sim, gate, fd};
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, THREAD_STACK);
    bool started = pthread_create(&thread, &attributes, connection_thread, start) == 0;
    pthread_attr_destroy(&attributes);
    if (!started)
        free(start);
    return started;
}

/* Waits until a connection more may be opened, and counts it. */
static void enter_gate(struct gate *gate, int limit)
{
    pthread_mutex_lock(&gate->lock);
    while (gate->open >= limit)
        pthread_cond_wait(&gate->changed, &gate->lock);
    gate->open++;
    pthread_mutex_unlock(&gate->lock);
}

static bool stdin_ended(void)
{
    char ignored[256];
    ssize_t got = read(STDIN_FILENO, ignored, sizeof ignored);
    return got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
}

static void accept_one(struct listener *listener, struct sim *sim, struct gate *gate)
{
    int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    enter_gate(gate, sim->options.max_connections);
    if (!start_connection(sim, gate, fd)) {
        leave_gate(gate);
        close(fd);
    }
}

void listener_run(struct listener *listener, struct sim *sim)
{
    struct gate gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    struct pollfd waits[] = {
        {listener->fd, POLLIN, 0},
        {sim->stop_fd, POLLIN, 0},
        {sim->options.exit_with_stdin ? STDIN_FILENO : -1, POLLIN, 0},
    };
    for (;;) {
        if (poll(waits, sizeof waits / sizeof waits[0], -1) < 0) {
            if (errno == EINTR)
                continue;
            break;
        }
        if (waits[1].revents || (waits[2].revents && stdin_ended()))
            break;
        if (waits[0].revents)
            accept_one(listener, sim, &gate);
    }
    sim_stop(sim);
    close(listener->fd);
    pthread_mutex_lock(&gate.lock);
    while (gate.open > 0)
        pthread_cond_wait(&gate.changed, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
    join_ended(&gate, NULL);
}
