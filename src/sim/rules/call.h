/* One call of an operation: who calls, what is asked, what is answered. */
#ifndef BACM_SIM_RULES_CALL_H
#define BACM_SIM_RULES_CALL_H

#include "serve/buffer.h"
#include "sim/api.h"
#include "sim/faults.h"
#include "sim/rules/service_error.h"
#include "sim/sim.h"
#include "sim/state/directory.h"

#define TRACKING_ID_SIZE 37

struct call {
    const struct sim_api *api;
    struct sim *sim;
    struct state *state;
    struct soap *soap; /* its arena holds all that lives as long as the call */
    const struct fault_plan *plan;
    const char *operation;
    char tracking_id[TRACKING_ID_SIZE];
    int64_t now_ms;
    struct user user;
    struct customer customer; /* the user's */
    struct buffer *reply;     /* the children of the response element */
    struct service_fault fault;
    json_t *record; /* its line in the log */
};

/* Fills user and customer from what the header gave; false after setting the fault. */
bool call_authenticate(struct call *call, const struct credentials *given);

/* False, with the fault for too many calls, when the user has used up its minute. */
bool call_within_rate(struct call *call);

/* False, with the fault of the documentation's role table, unless a Super Admin calls. */
bool call_require_super_admin(struct call *call);

/* The same, unless a Super Admin or a Standard user calls. */
bool call_require_standard(struct call *call);
bool call_is_super_admin(const struct call *call);

/* False (for "return call_fail(...)") after setting the fault. */
bool call_fail(struct call *call, enum fault_channel channel, int code);
bool call_fail_text(struct call *call, enum fault_channel channel, int code, const char *format,
                    ...) __attribute__((format(printf, 4, 5)));

/* The fault of a value that the service could not read. */
bool call_fail_unreadable(struct call *call, const char *element, const char *value,
                          const char *type);

/* Whether a text is one of base64Binary. */
bool call_is_base64(const char *text);

#endif
