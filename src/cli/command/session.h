/*
 * The library's client, made from the settings.
 */
#ifndef BACM_CLI_COMMAND_SESSION_H
#define BACM_CLI_COMMAND_SESSION_H

#include <stdio.h>

#include <bacm/bacm.h>

#include "cli/login/token_cache.h"
#include "cli/profile/settings.h"
#include "cli/profile/version.h"

struct session {
    const struct settings *settings;
    const struct version *version;
    bacm_options options;
    bacm_network network;     /* of the options */
    struct token_store store; /* used by OAuth credentials */
    bool keeps_user;          /* who the caller is, for the next command */
    struct known_user known;  /* customer_id 0: the service has to be asked */
    bacm_credentials *credentials;
    bacm_client *client;
    FILE *trace;
};

/*
 * Make credentials and client: an access token that is given wins over a user
 * name, and that over an application that signs in. Nothing is sent. Returns an exit status; when
 * it is not CLI_OK a message was given and the session needs no close.
 */
int session_open(struct session *session, struct settings *settings);

/* The same, with nothing that was kept; all traffic goes to a listener instead of to --trace. */
int session_open_listening(struct session *session, struct settings *settings,
                           bacm_trace_callback *listener, void *user);

/* The caller's own customer: the setting, else GetUser is asked unless it was lately. */
int session_customer(struct session *session, int64_t *customer);

/* Keep for the next commands what GetUser has said of the caller. */
void session_keep_user(struct session *session, const bacm_user *user);

/* Report an error of the library; returns its exit status. */
int session_failed(const bacm_error *error);

/* Address of the service that is called, for people. */
const char *session_service(const struct session *session);

void session_close(struct session *session);

#endif
