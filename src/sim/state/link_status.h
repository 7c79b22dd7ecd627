/* The states of a client link and how the service moves them by itself. */
#ifndef BACM_SIM_STATE_LINK_STATUS_H
#define BACM_SIM_STATE_LINK_STATUS_H

#include <stdbool.h>
#include <stdint.h>

/* The contract's order and numbers. */
enum link_status {
    LINK_PENDING,
    LINK_CANCELED,
    LINK_EXPIRED,
    LINK_ACCEPTED,
    LINK_DECLINED,
    LINK_IN_PROGRESS,
    LINK_ACTIVE,
    LINK_FAILED,
    UNLINK_REQUESTED,
    UNLINK_PENDING,
    UNLINK_CANCELED,
    UNLINK_IN_PROGRESS,
    LINK_INACTIVE,
    UNLINK_FAILED,
    LINK_STATUS_COUNT
};

const char *link_status_name(enum link_status status);
bool link_status_parse(const char *name, enum link_status *out);

/* An end state: the pair may be invited again, the link cannot be updated. */
bool link_status_is_end(enum link_status status);

/* A state in which the account is tied to the agency. */
bool link_status_is_managed(enum link_status status);

struct link_timing {
    int64_t transition_ms; /* a billing transition: LinkInProgress, UnlinkInProgress */
};

/* When the service moves on a link that came into `status` at `since_ms`; -1: never. */
int64_t link_status_due(enum link_status status, int64_t since_ms, int64_t start_ms,
                        const struct link_timing *timing);

/* Where it moves then. */
enum link_status link_status_next(enum link_status status, bool will_fail);

#endif
