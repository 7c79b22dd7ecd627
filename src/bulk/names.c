#include <bacm/bulk.h>

const char *bacm_bulk_outcome_name(bacm_bulk_outcome outcome)
{
    static const char *const names[] = {"added", "failed", "invalid", "not_sent", "unknown"};

    return (size_t)outcome < sizeof names / sizeof *names ? names[outcome] : "";
}

const char *bacm_bulk_confirmation_name(bacm_bulk_confirmation confirmation)
{
    static const char *const names[] = {"", "response", "search", "journal"};

    return (size_t)confirmation < sizeof names / sizeof *names ? names[confirmation] : "";
}

const char *bacm_bulk_wait_name(bacm_bulk_wait wait)
{
    static const char *const names[] = {"", "throttled by the service", "requests per minute",
                                        "trying again"};

    return (size_t)wait < sizeof names / sizeof *names ? names[wait] : "";
}

const char *bacm_journal_state_name(bacm_journal_state state)
{
    static const char *const names[BACM_JOURNAL_STATES] = {"not_sent", "sending", "unknown",
                                                           "added",    "failed",  "later"};

    return (size_t)state < BACM_JOURNAL_STATES ? names[state] : "";
}
