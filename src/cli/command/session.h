/*
 * The library's client, made from the settings.
 */
#ifndef BACM_CLI_COMMAND_SESSION_H
#define BACM_CLI_COMMAND_SESSION_H

#include <stdio.h>

#include <bacm/bacm.h>

#include "cli/login/token_store.h"
#include "cli/profile/settings.h"
#include "cli/profile/version.h"

struct session {
    const struct settings *settings;
    const struct version *version;
    bacm_options options;
    bacm_network network;     /* of the options */
    struct token_store store; /* used by OAuth credentials */
    bacm_credentials *credentials;
    bacm_client *client;
    FILE *trace;
};

/*
 * Make credentials and client: an access token that is given wins over a user
 * name, and that over an application that signs in. Nothing is sent. Returns an exit status; when
 * it is not CLI_OK a message was given and the session needs no close.
 */
int session_open(struct session *session, const struct settings *settings);

/* The same; all traffic goes to a listener instead of to --trace. */
int session_open_listening(struct session *session, const struct settings *settings,
                           bacm_trace_callback *listener, void *user);

/* The caller's own customer: the setting, else GetUser is asked. */
int session_customer(struct session *session, int64_t *customer);

/* Report an error of the library; returns its exit status. */
int session_failed(const bacm_error *error);

/* Address of the service that is called, for people. */
const char *session_service(const struct session *session);

void session_close(struct session *session);

#endif
