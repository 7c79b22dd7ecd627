/* What AddClientLinks and UpdateClientLinks have in common. */
#ifndef SIM_LINK_CALL_H
#define SIM_LINK_CALL_H

#include "call.h"

#define LINKS_PER_CALL  10
#define LINK_MAX_ERRORS 4
#define LINK_NAME_MAX   40

struct ent__ClientLink;
struct ent__ArrayOfClientLink;

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
bool links_readable(struct call *call, const struct ent__ArrayOfClientLink *links);

/* Neither empty nor longer than a call may be. */
bool links_countable(struct call *call, const struct ent__ArrayOfClientLink *links);

/* A date that the service accepts; else adds the error to the outcome. NULL is accepted. */
bool link_start_date(const char *text, struct link_outcome *outcome, int64_t *out_ms);

/* OperationErrors and PartialErrors, one entry a link. */
void link_write_outcomes(struct call *call, const struct link_outcome *outcomes, size_t count);

/* OperationErrors with one code and no PartialErrors: the whole call failed. */
void link_write_refusal(struct call *call, int code);

/* The log's entry for one link; account and customer as far as they are known. */
json_t *link_log_entry(struct call *call, int64_t account_id, const char *account_number,
                       int64_t customer_id, const struct link_outcome *outcome);

#endif
