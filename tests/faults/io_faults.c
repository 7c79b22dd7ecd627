/*
 * Preloaded into a program: one call on a TCP socket goes wrong. FAULT_AT is the
 * number of that call, 0 for the first, FAULT_KIND what happens:
 *
 *   short    a read or write moves one byte only
 *   eintr    the call is interrupted by a signal
 *   eagain   the socket says not now
 *   reset    the connection is gone: ECONNRESET, for this and all later calls
 *   pipe     the same as EPIPE
 *   stall    nothing comes and nothing leaves any more, on this socket
 *   fail     socket() and connect() cannot be done; close() reports an error
 *
 * FAULT_LOG names a file that gets a line with the number and name of each call. A
 * call that the kind does not fit goes well; the line then has no '!'.
 */
/* FORTIFY has inline forms of these functions. */
#undef _FORTIFY_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum kind { NONE, SHORT, EINTR_ONCE, EAGAIN_ONCE, RESET, PIPE, STALL, FAIL };
enum call { CALL_SOCKET, CALL_CONNECT, CALL_READ, CALL_WRITE, CALL_POLL, CALL_CLOSE };

static const char *const kind_names[] = {"",      "short", "eintr", "eagain",
                                         "reset", "pipe",  "stall", "fail"};
static const char *const call_names[] = {"socket", "connect", "read", "write", "poll", "close"};

static long passed;
static int broken_fd = -1; /* RESET, PIPE and STALL last */
static enum kind broken_kind;

static void *next(const char *name)
{
    void *function = dlsym(RTLD_NEXT, name);

    if (!function)
        abort();
    return function;
}

/* The address of a function of the C library, without a cast that ISO C does not have. */
#define NEXT(pointer, name)                                                                        \
    do {                                                                                           \
        void *found = next(name);                                                                  \
        memcpy(&(pointer), &found, sizeof found);                                                  \
    } while (0)

static bool is_socket(int fd)
{
    int domain = 0;
    socklen_t size = sizeof domain;

    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 &&
           (domain == AF_INET || domain == AF_INET6);
}

static enum kind wanted_kind(void)
{
    const char *name = getenv("FAULT_KIND");

    for (size_t i = 1; name && i < sizeof kind_names / sizeof kind_names[0]; i++) {
        if (strcmp(kind_names[i], name) == 0)
            return (enum kind)i;
    }
    return NONE;
}

static bool fits(enum kind kind, enum call call)
{
    switch (kind) {
    case SHORT:
        return call == CALL_READ || call == CALL_WRITE;
    case EINTR_ONCE:
        return call != CALL_SOCKET && call != CALL_CLOSE;
    case EAGAIN_ONCE:
    case RESET:
    case PIPE:
    case STALL:
        return call == CALL_READ || call == CALL_WRITE;
    case FAIL:
        return call == CALL_SOCKET || call == CALL_CONNECT || call == CALL_CLOSE;
    default:
        return false;
    }
}

static void note(enum call call, long number, bool faulty)
{
    const char *path = getenv("FAULT_LOG");
    ssize_t (*real_write)(int, const void *, size_t);
    int (*real_close)(int);
    char line[64];
    int length =
        snprintf(line, sizeof line, "%ld %s%s\n", number, call_names[call], faulty ? " !" : "");
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

    if (fd < 0)
        return;
    NEXT(real_write, "write");
    NEXT(real_close, "close");
    if (real_write(fd, line, (size_t)length) != length)
        abort();
    real_close(fd);
}

/* What is to happen to this call. */
static enum kind fault_of(int fd, enum call call)
{
    const char *at = getenv("FAULT_AT");
    enum kind kind = wanted_kind();
    long number;
    bool now;

    if (fd >= 0 && fd == broken_fd && call == CALL_CLOSE)
        broken_fd = -1;
    else if (fd >= 0 && fd == broken_fd && fits(broken_kind, call))
        return broken_kind;
    number = passed++;
    now = at && number == strtol(at, NULL, 10) && fits(kind, call);
    note(call, number, now);
    if (now && (kind == RESET || kind == PIPE || kind == STALL)) {
        broken_fd = fd;
        broken_kind = kind;
    }
    return now ? kind : NONE;
}

/* Whether the call fails, with errno; only a short one does not. */
static bool fails(enum kind kind)
{
    switch (kind) {
    case EINTR_ONCE:
        errno = EINTR;
        return true;
    case EAGAIN_ONCE:
    case STALL:
        errno = EAGAIN;
        return true;
    case RESET:
        errno = ECONNRESET;
        return true;
    case PIPE:
        errno = EPIPE;
        return true;
    case FAIL:
        errno = EIO;
        return true;
    default:
        return false;
    }
}

int socket(int domain, int type, int protocol)
{
    int (*real)(int, int, int);

    NEXT(real, "socket");
    if ((domain == AF_INET || domain == AF_INET6) && fails(fault_of(-1, CALL_SOCKET)))
        return -1;
    return real(domain, type, protocol);
}

int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t size)
{
    int (*real)(int, __CONST_SOCKADDR_ARG, socklen_t);

    NEXT(real, "connect");
    if (is_socket(fd)) {
        enum kind kind = fault_of(fd, CALL_CONNECT);

        if (kind == EINTR_ONCE)
            real(fd, address, size); /* it goes on behind the signal */
        if (fails(kind))
            return -1;
    }
    return real(fd, address, size);
}

static size_t allowed(enum kind kind, size_t size)
{
    return kind == SHORT && size > 1 ? 1 : size;
}

ssize_t read(int fd, void *bytes, size_t size)
{
    ssize_t (*real)(int, void *, size_t);
    enum kind kind = is_socket(fd) ? fault_of(fd, CALL_READ) : NONE;

    NEXT(real, "read");
    return fails(kind) ? -1 : real(fd, bytes, allowed(kind, size));
}

ssize_t recv(int fd, void *bytes, size_t size, int flags)
{
    ssize_t (*real)(int, void *, size_t, int);
    enum kind kind = is_socket(fd) ? fault_of(fd, CALL_READ) : NONE;

    NEXT(real, "recv");
    return fails(kind) ? -1 : real(fd, bytes, allowed(kind, size), flags);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    ssize_t (*real)(int, const void *, size_t);
    enum kind kind = is_socket(fd) ? fault_of(fd, CALL_WRITE) : NONE;

    NEXT(real, "write");
    return fails(kind) ? -1 : real(fd, bytes, allowed(kind, size));
}

ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
    ssize_t (*real)(int, const void *, size_t, int);
    enum kind kind = is_socket(fd) ? fault_of(fd, CALL_WRITE) : NONE;

    NEXT(real, "send");
    return fails(kind) ? -1 : real(fd, bytes, allowed(kind, size), flags);
}

/* A socket that stalls is never ready. */
static int poll_stalled(int timeout)
{
    struct timespec wait = {timeout / 1000, (long)(timeout % 1000) * 1000000};

    nanosleep(&wait, NULL);
    return 0;
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    int (*real)(struct pollfd *, nfds_t, int);

    NEXT(real, "poll");
    if (count == 1 && is_socket(fds[0].fd)) {
        if (fds[0].fd == broken_fd && broken_kind == STALL && timeout >= 0)
            return poll_stalled(timeout);
        if (fails(fault_of(fds[0].fd, CALL_POLL)))
            return -1;
    }
    return real(fds, count, timeout);
}

int close(int fd)
{
    int (*real)(int);
    enum kind kind = is_socket(fd) ? fault_of(fd, CALL_CLOSE) : NONE;
    int result;

    NEXT(real, "close");
    result = real(fd);
    return fails(kind) ? -1 : result;
}
