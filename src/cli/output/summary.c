#include "cli/output/summary.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

static void put_count(uint64_t count, const char *what)
{
    if (count > 0)
        message_note("  %10" PRIu64 "  %s", count, what);
}

static void put_code(const bacm_bulk_code_count *count)
{
    const bacm_service_code *known = bacm_service_code_find(count->channel, count->code);
    char line[MESSAGE_MAX_BYTES];
    int length = snprintf(line, sizeof line, "  %10" PRIu64 "  error %d", count->rows, count->code);

    if (known != NULL)
        snprintf(line + length, sizeof line - (size_t)length, "%s%s: %s. %s",
                 known->symbol[0] ? " " : "", known->symbol, known->meaning, known->advice);
    message_note("%s", line);
}

void summary_print(const bacm_bulk_summary *summary)
{
    message_note("%" PRIu64 " rows in %.1f s, %" PRIu64 " calls:", summary->rows,
                 (double)summary->elapsed_ms / 1000.0, summary->calls + summary->searches);
    put_count(summary->added, "added");
    put_count(summary->failed, "failed: refused by the service");
    put_count(summary->invalid, "invalid: refused here, not sent");
    put_count(summary->not_sent, "not sent");
    put_count(summary->unknown, "unknown: may have been invited, search before you send again");
    if (summary->by_search > 0 || summary->by_journal > 0)
        message_note("  of these %" PRIu64 " known by search and %" PRIu64 " from the journal",
                     summary->by_search, summary->by_journal);
    for (size_t i = 0; i < summary->code_count; i++)
        put_code(&summary->codes[i]);
    put_count(summary->other_code_rows, "other errors");
}

int summary_exit_code(const bacm_bulk_summary *summary)
{
    if (summary->unknown > 0)
        return CLI_UNKNOWN;
    return summary->failed > 0 || summary->invalid > 0 || summary->not_sent > 0 ? CLI_FAILED
                                                                                : CLI_OK;
}
