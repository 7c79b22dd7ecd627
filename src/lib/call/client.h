/*
 * The client's inside: one call from credentials to a classified reply.
 */
#ifndef BACM_LIB_CALL_CLIENT_H
#define BACM_LIB_CALL_CLIENT_H

#include <bacm/client.h>

#include "lib/contract/contract.h"
#include "lib/wire/transport.h"

enum { BACM_TRACKING_ID_SIZE = 64 };

struct bacm_client {
    bacm_options options;    /* checked; its texts belong to the client, network is NULL */
    struct bacm_route route; /* what stood in options.network */
    const struct bacm_contract *contract;
    bacm_credentials *credentials;
    struct bacm_transport *transport;
    struct bacm_secrets secrets; /* of the call in progress */
    char tracking_id[BACM_TRACKING_ID_SIZE];
    unsigned retry_after_s; /* of the last reply */
    /* GetUser has said so, and no refusal since; of each kind of links. */
    bool may_manage[BACM_KINDS_OF_CLIENT];
};

/*
 * One call of an operation. exchange holds operation and request; its results
 * live until bacm_client_end(). A token that has expired is renewed once and
 * the call repeated: the service has then processed nothing. error must not be
 * NULL.
 *
 * Faults and failures become statuses; a write that has left without an
 * understood reply is BACM_E_UNKNOWN_OUTCOME.
 */
bacm_status bacm_client_exchange(bacm_client *client, struct bacm_exchange *exchange,
                                 bacm_error *error);

/* Ends a call on every path: frees all memory of the engine, and the secrets. */
void bacm_client_end(bacm_client *client);

/* Role and sandbox rules of the client-link operations, for links of one kind of client. */
bacm_status bacm_client_require_links(bacm_client *client, enum bacm_kind_of_client kind,
                                      bacm_error *error);

/* bacm_get_user() without its end: the secrets of the call are still there. */
bacm_status bacm_client_ask_user(bacm_user **out, bacm_client *client, int64_t user_id,
                                 bacm_error *error);

/* What the caller may do, by what GetUser has said of it. */
void bacm_client_learn_role(bacm_client *client, const bacm_user *user);

/* Have the role read again before the next call that needs it. */
void bacm_client_forget_role(bacm_client *client);

/* Replace the call's secrets in texts of its reply, which live in the engine's memory. */
void bacm_client_redact(const bacm_client *client, const struct bacm_error_list *list);

#endif
