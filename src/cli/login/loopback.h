/*
 * The redirect URI of a native application on this machine: a listener that
 * the browser is sent to with the answer of the consent page.
 */
#ifndef BACM_CLI_LOGIN_LOOPBACK_H
#define BACM_CLI_LOGIN_LOOPBACK_H

#include <stdbool.h>
#include <stdint.h>

#define LOOPBACK_MAX_CONNECTIONS 8
#define LOOPBACK_MAX_REQUEST     8192
#define LOOPBACK_MAX_URI         512

struct loopback_connection {
    int fd; /* -1: free */
    unsigned size;
    char request[LOOPBACK_MAX_REQUEST];
};

struct loopback {
    int listener[2]; /* IPv4 and IPv6; -1: none */
    char path[LOOPBACK_MAX_URI];
    char uri[LOOPBACK_MAX_URI]; /* with the port that is listened on */
    struct loopback_connection connection[LOOPBACK_MAX_CONNECTIONS];
    int answering; /* index of the connection whose request was handed out; -1: none */
};

/* Whether the URI is one that this machine can listen on: http to loopback. */
bool loopback_is(const char *uri);

/*
 * Listen on the URI's port, or on any free one when it names none. False after
 * a message.
 */
bool loopback_open(struct loopback *loopback, const char *uri);

/*
 * Wait for a request of the redirect URI that has a query; others are answered
 * with 404. Returns its target, borrowed until the next call, or NULL at the
 * deadline, which is on clock_ms().
 */
const char *loopback_wait(struct loopback *loopback, int64_t deadline_ms);

/* Answer the request that loopback_wait() gave, with one sentence for the user. */
void loopback_answer(struct loopback *loopback, bool good, const char *sentence);

/* Cleanse and close. */
void loopback_close(struct loopback *loopback);

#endif
