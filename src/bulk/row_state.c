#include "bulk/row_state.h"

enum bulk_row_state bulk_row_next(enum bulk_row_state state, enum bulk_event event)
{
    enum {
        Fresh = BULK_ROW_FRESH,
        Lost = BULK_ROW_LOST,
        Cleared = BULK_ROW_CLEARED,
        Blocked = BULK_ROW_BLOCKED,
        Claimed = BULK_ROW_CLAIMED,
        Added = BULK_ROW_ADDED,
        Failed = BULK_ROW_FAILED,
        Later = BULK_ROW_LATER,
        Unknown = BULK_ROW_UNKNOWN,
        NotSent = BULK_ROW_NOT_SENT,
        never = Lost
    };
    /* clang-format off */
    static const unsigned char next[][BULK_EVENTS] = {
        /*           a search shows                      the service says                         given
                     nothing  ours   older    unclear    done   nothing invited  no      later    up */
        [Fresh]   = {never,   never, never,   never,     Added, Lost,   Failed,  Failed, Later,   NotSent},
        [Lost]    = {Cleared, Added, Blocked, Unknown,   never, never,  never,   never,  never,   Unknown},
        [Cleared] = {never,   never, never,   never,     Added, Lost,   Claimed, Failed, Later,   Unknown},
        [Blocked] = {never,   never, never,   never,     Added, Lost,   Failed,  Failed, Later,   Unknown},
        [Claimed] = {Claimed, Added, Failed,  Unknown,   never, never,  never,   never,  never,   Unknown},
    };
    /* clang-format on */

    return bulk_state_is_decided(state) ? state : (enum bulk_row_state)next[state][event];
}

bacm_bulk_outcome bulk_state_outcome(enum bulk_row_state state)
{
    switch (state) {
    case BULK_ROW_ADDED:
        return BACM_BULK_ADDED;
    case BULK_ROW_FAILED:
    case BULK_ROW_LATER:
        return BACM_BULK_FAILED;
    case BULK_ROW_INVALID:
        return BACM_BULK_INVALID;
    case BULK_ROW_FRESH:
    case BULK_ROW_NOT_SENT:
        return BACM_BULK_NOT_SENT;
    default:
        return BACM_BULK_UNKNOWN;
    }
}

bacm_journal_state bulk_state_in_journal(enum bulk_row_state state)
{
    switch (state) {
    case BULK_ROW_ADDED:
        return BACM_JOURNAL_ADDED;
    case BULK_ROW_FAILED:
        return BACM_JOURNAL_FAILED;
    case BULK_ROW_LATER:
        return BACM_JOURNAL_LATER;
    case BULK_ROW_FRESH:
    case BULK_ROW_NOT_SENT:
    case BULK_ROW_INVALID:
        return BACM_JOURNAL_NOT_SENT;
    default:
        return BACM_JOURNAL_UNKNOWN;
    }
}
