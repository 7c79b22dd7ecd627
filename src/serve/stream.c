#include "serve/stream.h"

#include "serve/machine_clock.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static int time_left(int64_t deadline)
{
    int64_t left = deadline - steady_ms();
    if (left < 0)
        return 0;
    return left > INT_MAX ? INT_MAX : (int)left;
}

/* Waits until the socket is ready for `events`; false on deadline or stop. */
static bool wait_ready(const struct stream *stream, short events, int64_t deadline)
{
    struct pollfd waits[2] = {{stream->fd, events, 0}, {stream->stop_fd, POLLIN, 0}};
    for (;;) {
        int left = time_left(deadline);
        int ready = poll(waits, 2, left);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0 || waits[1].revents)
            return false;
        return true;
    }
}

/* After an incomplete TLS step: waits for what the engine wants; false when it failed. */
static bool wait_tls(const struct stream *stream, int result, int64_t deadline)
{
    switch (SSL_get_error(stream->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return wait_ready(stream, POLLIN, deadline);
    case SSL_ERROR_WANT_WRITE:
        return wait_ready(stream, POLLOUT, deadline);
    default:
        return false;
    }
}

bool stream_accept_tls(struct stream *stream, SSL_CTX *context, int64_t deadline)
{
    stream->ssl = SSL_new(context);
    if (!stream->ssl || SSL_set_fd(stream->ssl, stream->fd) != 1)
        return false;
    for (;;) {
        ERR_clear_error();
        int result = SSL_accept(stream->ssl);
        if (result == 1)
            return true;
        if (!wait_tls(stream, result, deadline))
            return false;
    }
}

static ssize_t read_tls(struct stream *stream, void *data, size_t size, int64_t deadline)
{
    for (;;) {
        size_t got = 0;
        ERR_clear_error();
        int result = SSL_read_ex(stream->ssl, data, size, &got);
        if (result == 1)
            return (ssize_t)got;
        if (SSL_get_error(stream->ssl, result) == SSL_ERROR_ZERO_RETURN)
            return 0;
        if (!wait_tls(stream, result, deadline))
            return -1;
    }
}

ssize_t stream_read(struct stream *stream, void *data, size_t size, int64_t deadline)
{
    if (stream->ssl)
        return read_tls(stream, data, size, deadline);
    for (;;) {
        ssize_t got = recv(stream->fd, data, size, 0);
        if (got >= 0)
            return got;
        if (errno == EINTR)
            continue;
        if ((errno != EAGAIN && errno != EWOULDBLOCK) || !wait_ready(stream, POLLIN, deadline))
            return -1;
    }
}

static bool write_tls(struct stream *stream, const void *data, size_t size, int64_t deadline)
{
    for (;;) {
        size_t sent = 0;
        ERR_clear_error();
        int result = SSL_write_ex(stream->ssl, data, size, &sent);
        if (result == 1)
            return true;
        if (!wait_tls(stream, result, deadline))
            return false;
    }
}

bool stream_write(struct stream *stream, const void *data, size_t size, int64_t deadline)
{
    if (size == 0)
        return true;
    if (stream->ssl)
        return write_tls(stream, data, size, deadline);
    const char *at = data;
    while (size > 0) {
        ssize_t sent = send(stream->fd, at, size, MSG_NOSIGNAL);
        if (sent > 0) {
            at += sent;
            size -= (size_t)sent;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!wait_ready(stream, POLLOUT, deadline))
                return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

bool stream_sleep(const struct stream *stream, int64_t milliseconds)
{
    int64_t deadline = steady_ms() + milliseconds;
    struct pollfd stop = {stream->stop_fd, POLLIN, 0};
    for (;;) {
        int ready = poll(&stop, 1, time_left(deadline));
        if (ready > 0)
            return false;
        if (ready == 0)
            return true;
    }
}

static void release(struct stream *stream)
{
    SSL_free(stream->ssl);
    stream->ssl = NULL;
    if (stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
}

void stream_close(struct stream *stream)
{
    if (stream->ssl && SSL_is_init_finished(stream->ssl)) {
        ERR_clear_error();
        SSL_shutdown(stream->ssl);
    }
    release(stream);
}

void stream_drain(struct stream *stream, size_t max_bytes, int64_t deadline)
{
    char ignored[4096];
    if (!stream->ssl)
        shutdown(stream->fd, SHUT_WR);
    while (max_bytes > 0) {
        ssize_t got = stream_read(stream, ignored, sizeof ignored, deadline);
        if (got <= 0)
            return;
        max_bytes -= (size_t)got < max_bytes ? (size_t)got : max_bytes;
    }
}

void stream_cut(struct stream *stream)
{
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    if (stream->fd < 0)
        return;
    setsockopt(stream->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    release(stream);
}
