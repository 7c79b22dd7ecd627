/*
 * What is known of a row, and what each thing that is learnt of it makes of that.
 *
 *            sent, no understood reply
 *   FRESH ------------------------------> LOST <-----------------+
 *     |                                    |                      |
 *     |            search: no link that    |    search: a link    | sent, no
 *     |            could be in the way     |    from before       | understood reply
 *     |                      +-------------+-------------+        |
 *     |                      v                           v        |
 *     |                   CLEARED                     BLOCKED ----+
 *     |                      |  \____________________________/    |
 *     |                      |           sent again               |
 *     |                      +------------------------------------+
 *     |                      | "already invited": by whom?
 *     |                      v
 *     |                   CLAIMED --+  search: nothing yet
 *     |                      |   ^--+
 *     v                      v
 *   ADDED, FAILED, LATER, UNKNOWN, NOT_SENT, INVALID: decided
 *
 * Rows are sent in FRESH, CLEARED and BLOCKED and searched for in LOST and CLAIMED: nothing
 * is sent twice without a search between. bulk_row_next() has every arrow.
 */
#ifndef BACM_BULK_ROW_STATE_H
#define BACM_BULK_ROW_STATE_H

#include <bacm/bulk.h>

enum bulk_row_state {
    BULK_ROW_FRESH = 0, /* no attempt is open */
    BULK_ROW_LOST,      /* an attempt was made of which no reply was understood */
    BULK_ROW_CLEARED,   /* the same, and a search has shown nothing of it */
    BULK_ROW_BLOCKED,   /* the same, and a search has shown a link from before the attempt */
    BULK_ROW_CLAIMED,   /* cleared and sent, and the service says that the pair is invited */
    /* decided */
    BULK_ROW_ADDED,
    BULK_ROW_FAILED,
    BULK_ROW_LATER, /* refused for a passing reason */
    BULK_ROW_UNKNOWN,
    BULK_ROW_NOT_SENT,
    BULK_ROW_INVALID,
    BULK_ROW_STATES
};

enum bulk_event {
    /* the verdict of a search */
    BULK_ABSENT = 0, /* no link that could be in the way: none, or one that had ended before */
    BULK_ADDED,      /* a link that the attempt has made */
    BULK_BEFORE,     /* a link from before the attempt for which the pair is refused */
    BULK_UNCLEAR,    /* a link of which nobody knows whether the attempt has made it */
    /* what the service says of a row that was sent */
    BULK_SAID_DONE,
    BULK_SAID_NOTHING, /* no understood reply, or one that leaves it open */
    BULK_SAID_INVITED, /* 1410 */
    BULK_SAID_NO,
    BULK_SAID_LATER,
    /* no more tries, no more time, or the run is over */
    BULK_GIVEN_UP,
    BULK_EVENTS
};

/* What an event makes of a state. One that cannot be leads to BULK_ROW_LOST: a search helps. */
enum bulk_row_state bulk_row_next(enum bulk_row_state state, enum bulk_event event);

static inline bool bulk_state_is_decided(enum bulk_row_state state)
{
    return state >= BULK_ROW_ADDED;
}

/* An attempt may have been carried out, and nobody has said so. */
static inline bool bulk_state_is_open(enum bulk_row_state state)
{
    return state > BULK_ROW_FRESH && state < BULK_ROW_ADDED;
}

/* It must be searched for before it may be sent. */
static inline bool bulk_state_wants_search(enum bulk_row_state state)
{
    return state == BULK_ROW_LOST || state == BULK_ROW_CLAIMED;
}

/* Of a state that is decided; the others are unknown while an attempt is open, else not sent. */
bacm_bulk_outcome bulk_state_outcome(enum bulk_row_state state);

/* How a state stands in the journal. */
bacm_journal_state bulk_state_in_journal(enum bulk_row_state state);

#endif
