/*
 * The least of HTTP that clients of fixed bytes need.
 */
#ifndef BENCH_HTTP_H
#define BENCH_HTTP_H

#include <stddef.h>

struct bench_address {
    char host[64];
    char port[8];
    char path[128];
};

/* Ends the process when url is not of the form http[s]://HOST:PORT/PATH. */
void bench_parse_url(struct bench_address *address, const char *url);

/* Header and body of a POST in one piece; free it. */
char *bench_make_request(const struct bench_address *address, const char *body_file, size_t *size);

/*
 * The size of the message at the start of bytes, which end with a NUL: header
 * and, by its Content-Length, body. 0 when the header is not there yet.
 */
size_t bench_message_size(const char *bytes, size_t *header_size);

#endif
