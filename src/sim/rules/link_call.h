/* What AddClientLinks and UpdateClientLinks have in common. */
#ifndef BACM_SIM_RULES_LINK_CALL_H
#define BACM_SIM_RULES_LINK_CALL_H

#include "sim/rules/call.h"
#include "sim/state/links.h"
#include "sim/state/sent_link.h"

#define LINKS_PER_CALL  10
#define LINK_MAX_ERRORS 4
#define LINK_NAME_MAX   40

/* The errors of one link of the request; none: it succeeded. */
struct link_outcome {
    size_t count;
    struct {
        int code;
        const char *details; /* a constant or NULL */
    } errors[LINK_MAX_ERRORS];
};

void link_outcome_add(struct link_outcome *outcome, int code, const char *details);

/* Every value can be read as its type; else sets the fault that names no index. */
bool links_readable(struct call *call, const struct sent_links *links);

/* Neither empty nor longer than a call may be. */
bool links_countable(struct call *call, const struct sent_links *links);

/* A date that the service accepts; else adds the error to the outcome. NULL is accepted. */
bool link_start_date(const char *text, struct link_outcome *outcome, int64_t *out_ms);

/* OperationErrors and PartialErrors, one entry a link. */
void link_write_outcomes(struct call *call, const struct link_outcome *outcomes, size_t count);

/* OperationErrors with one code and no PartialErrors: the whole call failed. */
void link_write_refusal(struct call *call, int code);

/* Whether a user with the caller's roles may handle links of this kind. */
bool link_role_suffices(const struct call *call, enum link_kind kind);

/* False after setting the fault when the caller may handle links of no kind. */
bool link_require_role(struct call *call);

/* The account or customer, and the managing customer, that a link names; ids are 0 when unknown. */
struct link_sides {
    struct account account; /* of a link of an account */
    struct customer client; /* of a link of a customer */
    struct customer manager;
};

void link_find_sides(struct call *call, const struct sent_link *sent, struct link_sides *out);
struct link_key link_sides_key(const struct link_sides *sides);
/* The code for a client side that does not exist. */
int link_unknown_code(enum link_kind kind);

/* The log's entry for one link; ids as far as they are known. */
json_t *link_log_entry(struct call *call, const struct link_key *key, const struct sent_link *sent,
                       const struct link_outcome *outcome);

/* AddClientLinks, UpdateClientLinks, SearchClientLinks */
bool links_add(struct call *call, const struct sent_links *links);
bool links_update(struct call *call, const struct sent_links *links);
bool links_search(struct call *call, const struct sent_search *search);

#endif
