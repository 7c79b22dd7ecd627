/* HTTP/1.1, the server's side: bounded requests in, whole responses out. */
#ifndef BACM_SERVE_HTTP_H
#define BACM_SERVE_HTTP_H

#include "serve/buffer.h"
#include "serve/stream.h"

#include <stdint.h>

#define HTTP_MAX_HEAD    16384
#define HTTP_MAX_HEADERS 64

struct http_limits {
    size_t max_body;
    int64_t idle_ms;    /* between two requests of a connection */
    int64_t request_ms; /* from its first byte to its last */
    int64_t send_ms;
};

struct http_header {
    const char *name;
    const char *value;
};

struct http_reader {
    struct stream *stream;
    size_t start; /* unread bytes are data[start..end) */
    size_t end;
    char data[HTTP_MAX_HEAD];
};

struct http_request {
    char head[HTTP_MAX_HEAD + 1]; /* what the pointers below point into */
    const char *method;
    const char *path;
    const char *query; /* "" when there is none */
    struct http_header headers[HTTP_MAX_HEADERS];
    size_t header_count;
    struct buffer body;
    bool keep_alive;
};

struct http_response {
    int status;
    const char *content_type; /* a constant; NULL: no Content-Type line */
    struct buffer headers;    /* further lines, each with its CRLF */
    struct buffer body;
};

enum http_read_result {
    HTTP_READ_OK,
    HTTP_READ_CLOSED, /* nothing to answer: end of input, time-out, stop */
    HTTP_READ_BAD     /* answer with *status and close */
};

enum http_read_result http_read_request(struct http_reader *reader, struct http_request *request,
                                        const struct http_limits *limits, int *status);

/* The value of a header, NULL when it is absent. */
const char *http_header(const struct http_request *request, const char *name);

#define HTTP_CHUNKED SIZE_MAX

/* Status line and headers as they go before a body of `length` bytes, or a chunked one. */
void http_response_head(struct buffer *out, const struct http_response *response, size_t length,
                        bool keep_alive);
const char *http_reason(int status);

void http_response_clear(struct http_response *response);
void http_response_free(struct http_response *response);

#endif
