/*
 * Bytes over TCP or TLS. Every wait has a deadline (steady_ms) and ends at once
 * when the simulator stops, so no peer can hold a thread for ever.
 */
#ifndef BACM_SERVE_STREAM_H
#define BACM_SERVE_STREAM_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct stream {
    int fd;      /* non-blocking */
    int stop_fd; /* becomes readable when the simulator stops */
    SSL *ssl;    /* NULL: plain TCP */
};

bool stream_accept_tls(struct stream *stream, SSL_CTX *context, int64_t deadline);

/* Bytes read, 0 at the end of input, -1 on error, deadline or stop. */
ssize_t stream_read(struct stream *stream, void *data, size_t size, int64_t deadline);
bool stream_write(struct stream *stream, const void *data, size_t size, int64_t deadline);

/* False when the time is not yet over but the simulator stops. */
bool stream_sleep(const struct stream *stream, int64_t milliseconds);

/*
 * Reads and forgets what the peer still sends. A socket that is closed with
 * unread input is reset, and the peer may then lose the answer that it got.
 */
void stream_drain(struct stream *stream, size_t max_bytes, int64_t deadline);

/* Ends politely (close_notify) or as if the line were cut (connection reset). */
void stream_close(struct stream *stream);
void stream_cut(struct stream *stream);

#endif
