/*
 * The statuses of a ClientLink: names, kinds and who may ask for which.
 */
#include <string.h>

#include <bacm/links.h>

#include "lib/base/error.h"

static const char *const names[] = {"", "unknown",
#define NAME(name, text) text,
                                    BACM_LINK_STATUS_LIST(NAME)
#undef NAME
};

const char *bacm_link_status_text(bacm_link_status status)
{
    size_t i = (size_t)status;

    return i < sizeof names / sizeof names[0] ? names[i] : names[BACM_LINK_STATUS_UNKNOWN];
}

bacm_link_status bacm_link_status_parse(const char *text)
{
    if (!text || !*text)
        return BACM_LINK_STATUS_ABSENT;
    for (int i = BACM_LINK_STATUS_UNKNOWN + 1; i < BACM_LINK_STATUS_END_; i++) {
        if (strcmp(names[i], text) == 0)
            return (bacm_link_status)i;
    }
    return BACM_LINK_STATUS_UNKNOWN;
}

bacm_status_kind bacm_link_status_kind(bacm_link_status status)
{
    switch (status) {
    case BACM_STATUS_LINK_PENDING:
        return BACM_KIND_WAITING;
    case BACM_STATUS_LINK_ACCEPTED:
    case BACM_STATUS_LINK_IN_PROGRESS:
    case BACM_STATUS_UNLINK_REQUESTED:
    case BACM_STATUS_UNLINK_PENDING:
    case BACM_STATUS_UNLINK_IN_PROGRESS:
    case BACM_STATUS_UNLINK_FAILED:
        return BACM_KIND_ASYNCHRONOUS;
    case BACM_STATUS_ACTIVE:
        return BACM_KIND_STABLE;
    case BACM_STATUS_LINK_CANCELED:
    case BACM_STATUS_LINK_EXPIRED:
    case BACM_STATUS_LINK_DECLINED:
    case BACM_STATUS_LINK_FAILED:
    case BACM_STATUS_INACTIVE:
        return BACM_KIND_END;
    case BACM_LINK_STATUS_ABSENT:
    case BACM_LINK_STATUS_UNKNOWN:
    case BACM_STATUS_UNLINK_CANCELED:
    case BACM_LINK_STATUS_END_:
        break;
    }
    return BACM_KIND_UNKNOWN;
}

bool bacm_link_status_blocks_invitation(bacm_link_status status)
{
    /* UnlinkRequested and UnlinkFailed are in neither published list; a status
     * that is not known is taken to block as well. */
    return status != BACM_LINK_STATUS_ABSENT && bacm_link_status_kind(status) != BACM_KIND_END;
}

static const struct {
    bacm_side side;
    bacm_link_status from;
    bacm_link_status to;
} transitions[] = {
    {BACM_SIDE_AGENCY, BACM_STATUS_LINK_PENDING, BACM_STATUS_LINK_CANCELED},
    {BACM_SIDE_AGENCY, BACM_STATUS_ACTIVE, BACM_STATUS_UNLINK_REQUESTED},
    {BACM_SIDE_CLIENT, BACM_STATUS_LINK_PENDING, BACM_STATUS_LINK_ACCEPTED},
    {BACM_SIDE_CLIENT, BACM_STATUS_LINK_PENDING, BACM_STATUS_LINK_DECLINED},
};

bacm_status bacm_link_transition_check(bacm_side side, bacm_link_status from, bacm_link_status to,
                                       bacm_error *error)
{
    const char *who = side == BACM_SIDE_AGENCY ? "the agency" : "the client";
    bool may_ask = false;

    bacm_error_clear(error);
    for (size_t i = 0; i < sizeof transitions / sizeof transitions[0]; i++) {
        if (transitions[i].side != side || transitions[i].to != to)
            continue;
        may_ask = true;
        if (transitions[i].from == from)
            return BACM_OK;
    }
    if (!may_ask)
        return bacm_fail(error, BACM_E_TRANSITION, "%s cannot ask for the status %s", who,
                         bacm_link_status_text(to));
    bacm_fail(error, BACM_E_TRANSITION, "%s cannot bring a link from %s to %s", who,
              from == BACM_LINK_STATUS_ABSENT ? "no status" : bacm_link_status_text(from),
              bacm_link_status_text(to));
    if (bacm_link_status_kind(from) == BACM_KIND_END)
        bacm_error_hint(error, "The link has ended; only a new invitation leads on.");
    else if (bacm_link_status_kind(from) == BACM_KIND_ASYNCHRONOUS)
        bacm_error_hint(error, "The service is at work on the link; wait until it has moved on.");
    return BACM_E_TRANSITION;
}
