#include "sim/state/link_status.h"

#include <stddef.h>
#include <string.h>

#define SECOND_MS 1000LL
#define DAY_MS    (24LL * 60 * 60 * SECOND_MS)

static const char *const names[LINK_STATUS_COUNT] = {
    "LinkPending",    "LinkCanceled",     "LinkExpired", "LinkAccepted",    "LinkDeclined",
    "LinkInProgress", "Active",           "LinkFailed",  "UnlinkRequested", "UnlinkPending",
    "UnlinkCanceled", "UnlinkInProgress", "Inactive",    "UnlinkFailed",
};

const char *link_status_name(enum link_status status)
{
    return names[status];
}

bool link_status_parse(const char *name, enum link_status *out)
{
    for (int i = 0; i < LINK_STATUS_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum link_status)i;
            return true;
        }
    }
    return false;
}

bool link_status_is_end(enum link_status status)
{
    switch (status) {
    case LINK_CANCELED:
    case LINK_EXPIRED:
    case LINK_DECLINED:
    case LINK_FAILED:
    case LINK_INACTIVE:
        return true;
    default:
        return false;
    }
}

bool link_status_is_managed(enum link_status status)
{
    return !link_status_is_end(status) && status != LINK_PENDING;
}

int64_t link_status_due(enum link_status status, int64_t since_ms, int64_t start_ms,
                        const struct link_timing *timing)
{
    int64_t from_start = since_ms > start_ms ? since_ms : start_ms;
    switch (status) {
    case LINK_PENDING:
        return since_ms + 30 * DAY_MS;
    case LINK_ACCEPTED:
    case UNLINK_PENDING:
    case UNLINK_FAILED:
        return since_ms + SECOND_MS;
    case LINK_IN_PROGRESS:
    case UNLINK_IN_PROGRESS:
        return from_start + timing->transition_ms;
    default:
        return -1;
    }
}

enum link_status link_status_next(enum link_status status, bool will_fail)
{
    switch (status) {
    case LINK_PENDING:
        return LINK_EXPIRED;
    case LINK_ACCEPTED:
        return LINK_IN_PROGRESS;
    case LINK_IN_PROGRESS:
        return will_fail ? LINK_FAILED : LINK_ACTIVE;
    case UNLINK_PENDING:
        return UNLINK_IN_PROGRESS;
    case UNLINK_IN_PROGRESS:
        return will_fail ? UNLINK_FAILED : LINK_INACTIVE;
    case UNLINK_FAILED:
        return LINK_ACTIVE;
    default:
        return status;
    }
}
