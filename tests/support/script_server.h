/*
 * A server that plays a script: it reads requests, keeps them, and answers
 * with the bytes that the test has written, good or bad. It is a process of
 * its own, so that its memory, signals and waits are not those of the test.
 */
#ifndef TESTS_SUPPORT_SCRIPT_SERVER_H
#define TESTS_SUPPORT_SCRIPT_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct test_certificate;

enum step_kind {
    STEP_READ = 0,   /* read one request whole; a client that has gone is replaced by the next */
    STEP_READ_SOME,  /* read and drop up to size bytes, in one read */
    STEP_SEND,       /* send bytes */
    STEP_DRIP,       /* send bytes one by one, ms between them */
    STEP_PAUSE,      /* do nothing for ms */
    STEP_CLOSE,      /* close in good order */
    STEP_CUT,        /* close without TLS's goodbye */
    STEP_RESET,      /* close with a TCP reset */
    STEP_ACCEPT,     /* take the next connection, TLS handshake included */
    STEP_ACCEPT_RAW, /* take the next connection, no handshake */
    STEP_GOODBYE,    /* end TLS, keep the socket */
    STEP_HALF_CLOSE, /* send no more, keep the socket */
    STEP_SERVE       /* answer requests by their SOAPAction until the end */
};

/* Reply of STEP_SERVE to an operation. */
struct answer {
    const char *operation; /* NULL ends the list */
    const char *reply;
    size_t size; /* 0: reply is text */
};

struct step {
    enum step_kind kind;
    const char *bytes;
    size_t size; /* 0: bytes is text */
    unsigned ms;
    const struct answer *answers;
};

struct script {
    const struct step *steps;
    size_t count;
    const struct test_certificate *certificate; /* NULL: plain http */
    int max_tls_version;                        /* 0: any */
    bool ipv6;
    bool small_buffers; /* of the sockets, so that a large request fills them */
};

struct script_server;

/* Everything is copied; fails the test when the server cannot be started. */
struct script_server *script_server_start(const struct script *script);
/* Ends the process and frees. NULL is allowed. */
void script_server_stop(struct script_server *server);

int script_server_port(const struct script_server *server);
unsigned script_server_connections(const struct script_server *server);
unsigned script_server_failed_handshakes(const struct script_server *server);
/* Whether every step has been played. */
bool script_server_is_done(const struct script_server *server);
/* Wait until it is, at most this long. */
bool script_server_finish(const struct script_server *server, unsigned ms);

/* Requests that were read whole; the first 256 are kept. */
unsigned script_server_requests(const struct script_server *server);

struct captured {
    const char *bytes; /* NUL-terminated, borrowed from the server */
    size_t size;
    const char *body;    /* in bytes, behind the HTTP header */
    unsigned connection; /* 1 for the first one */
};
/* Fails the test when there is no request i. */
struct captured script_server_request(const struct script_server *server, unsigned i);

#endif
