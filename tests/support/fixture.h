/*
 * What most tests on the wire need: a client, a scripted server, replies.
 */
#ifndef TESTS_SUPPORT_FIXTURE_H
#define TESTS_SUPPORT_FIXTURE_H

#include <bacm/bacm.h>

#include "support/check.h"
#include "support/script_server.h"
#include "support/version.h"

#define TEST_DEVELOPER_TOKEN "DEV0123456789TOKEN"
#define TEST_ACCESS_TOKEN    "EwBwA8l6BAAURSN/FHlDW5xN74t6GzbtsBBeBUYAAY&<'\">Zq=="
#define TEST_TRACKING_ID     "6e1fbb43-1c4e-4ed1-a4c2-0b5bd1c7a70e"

/*
 * No limit of the fixture's options ends a wait sooner: what did not last so long was ended
 * by the limit that a test has set. Long enough for a slow machine.
 */
#define FIXTURE_LONG_MS 30000

struct reply_pool;

struct fixture {
    /* set by fixture_setup(), may be changed before fixture_start() */
    bacm_options options;
    const char *developer_token;
    const char *access_token;
    struct script script;
    const char *host; /* in the endpoint; NULL: 127.0.0.1, or localhost with TLS */

    const void *parameter; /* what cmocka gave as initial state */
    struct script_server *server;
    bacm_credentials *credentials;
    bacm_client *client;
    bacm_error error;
    char *trace; /* all that the trace callback got, or NULL */
    size_t trace_size;
    struct reply_pool *pool;
};

/* Setup and teardown of cmocka; *state is a struct fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Start the server and make the client. The role check is off. */
void fixture_start(struct fixture *fixture, const struct step *steps, size_t count);
/* The same, with the steps as arguments. */
#define PLAY(fixture, ...)                                                                         \
    fixture_start(fixture, (const struct step[]){__VA_ARGS__},                                     \
                  sizeof((const struct step[]){__VA_ARGS__}) / sizeof(struct step))

/* A CA that has issued nothing: reading the system's takes longer than most tests. */
const char *fixture_ca_file(void);

/* Ends client and server, so that another fixture_start() may follow. */
void fixture_stop(struct fixture *fixture);

/* Collect the trace in fixture->trace; before fixture_start(). */
void fixture_trace(struct fixture *fixture);

#define READ                                                                                       \
    {                                                                                              \
        .kind = STEP_READ                                                                          \
    }
#define SEND(text)                                                                                 \
    {                                                                                              \
        .kind = STEP_SEND, .bytes = (text)                                                         \
    }
#define PAUSE(wait)                                                                                \
    {                                                                                              \
        .kind = STEP_PAUSE, .ms = (wait)                                                           \
    }
#define CLOSE                                                                                      \
    {                                                                                              \
        .kind = STEP_CLOSE                                                                         \
    }
#define CUT                                                                                        \
    {                                                                                              \
        .kind = STEP_CUT                                                                           \
    }
#define RESET                                                                                      \
    {                                                                                              \
        .kind = STEP_RESET                                                                         \
    }
#define SERVE(table)                                                                               \
    {                                                                                              \
        .kind = STEP_SERVE, .answers = (table)                                                     \
    }

/* Replies live until the teardown. */
const char *reply_format(struct fixture *fixture, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* HTTP with Content-Length; type NULL: text/xml; charset=utf-8. */
const char *http_reply(struct fixture *fixture, int status, const char *type, const char *body);
/* An envelope in the service's style, with a TrackingId in its header. */
const char *soap_envelope(struct fixture *fixture, const char *body);
/* Both: a SOAP reply with status 200. */
const char *soap_reply(struct fixture *fixture, const char *body);

/* What SearchClientLinks is answered: links to accounts. */
struct found_link {
    long account;
    long manager;
    const char *status;
    const char *timestamp; /* NULL: absent */
};
const char *found_reply(struct fixture *fixture, const struct found_link *links, size_t count);
/* The same with LastModifiedDateTime; NULL: absent. */
const char *found_when_reply(struct fixture *fixture, const struct found_link *links,
                             const char *const *modified, size_t count);
#define FOUND(fixture, ...)                                                                        \
    found_reply(fixture, (const struct found_link[]){__VA_ARGS__},                                 \
                sizeof((const struct found_link[]){__VA_ARGS__}) / sizeof(struct found_link))

/* What a test expects of a request, in the words of the version; lives until the teardown. */
const char *in_version(struct fixture *fixture, const char *text);
/* A fault with the given detail element. */
const char *fault_reply(struct fixture *fixture, int status, const char *detail);
/* Contents of a file of tests/data. */
const char *data_text(struct fixture *fixture, const char *name);
/* GetUserResponse of a user with this life-cycle status and two roles. */
const char *user_reply(struct fixture *fixture, const char *life_cycle, int role, int other_role);
/* AddClientLinksResponse, all successful in the common form. */
const char *added_reply(struct fixture *fixture);

/* n valid links with the account ids 1001001, 1001002, ... */
enum { MAX_TEST_LINKS = 12 };
struct link_set {
    bacm_client_link link[MAX_TEST_LINKS];
    const bacm_client_link *pointer[MAX_TEST_LINKS];
};
void link_set_init(struct link_set *set);

/* AddClientLinks with n of them; the result must be freed. */
bacm_status add_links(struct fixture *fixture, bacm_link_results **out, size_t n);
/* The same for one link, without the result. */
bacm_status add_one(struct fixture *fixture);
/* GetUser without the result. */
bacm_status get_user(struct fixture *fixture);

/*
 * What holds for every write, whatever the reply was: as many slots as links,
 * or no result and an error; a status that agrees with the slots.
 */
void check_result(const struct fixture *fixture, bacm_status status,
                  const bacm_link_results *results, size_t n);

long long now_ms(void);

#endif
