#include "cli/output/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/terminal/clock.h"
#include "cli/terminal/message.h"

/* Time between two lines where they are not rewritten. */
#define LINE_INTERVAL_MS 30000

#define MAX_LINE 256

void progress_begin(struct progress *progress, uint64_t rows)
{
    *progress = (struct progress){.rows = rows, .terminal = isatty(STDERR_FILENO) == 1};
    progress->shared = progress->terminal && isatty(STDOUT_FILENO) == 1;
    progress->begun_ms = progress->said_ms = (uint64_t)clock_ms();
}

static void put_duration(char *text, size_t size, uint64_t seconds)
{
    if (seconds < 120)
        snprintf(text, size, "%" PRIu64 " s", seconds);
    else if (seconds < 7200)
        snprintf(text, size, "%" PRIu64 " min", seconds / 60);
    else
        snprintf(text, size, "%" PRIu64 " h %" PRIu64 " min", seconds / 3600, seconds / 60 % 60);
}

/* Time left, as the rows so far let expect; "" before there is anything to go by. */
static void put_left(char *text, size_t size, const struct progress *progress, uint64_t done)
{
    uint64_t elapsed = (uint64_t)clock_ms() - progress->begun_ms;
    char duration[48];

    text[0] = '\0';
    if (done == 0 || elapsed < 2000 || done >= progress->rows)
        return;
    put_duration(duration, sizeof duration, elapsed * (progress->rows - done) / done / 1000);
    snprintf(text, size, ", %s left", duration);
}

static void make_line(char line[MAX_LINE], const struct progress *progress,
                      const bacm_bulk_progress *state)
{
    const bacm_bulk_summary *so_far = state->so_far;
    uint64_t elapsed = (uint64_t)clock_ms() - progress->begun_ms;
    char left[64];
    char wait[96] = "";

    put_left(left, sizeof left, progress, so_far->rows);
    if (state->stopping)
        snprintf(wait, sizeof wait, "; stopping");
    else if (state->wait != BACM_BULK_WAIT_NOTHING)
        snprintf(wait, sizeof wait, "; %s: waits %" PRIu64 " s", bacm_bulk_wait_name(state->wait),
                 (state->wait_ms + 999) / 1000);
    snprintf(line, MAX_LINE,
             "%" PRIu64 " of %" PRIu64 " rows, %" PRIu64 " a second: %" PRIu64 " added, %" PRIu64
             " failed, %" PRIu64 " unknown%s%s",
             so_far->rows, progress->rows, elapsed > 0 ? so_far->rows * 1000 / elapsed : 0,
             so_far->added, so_far->failed, so_far->unknown, left, wait);
}

/* Elsewhere than on a terminal: now and then, and when a wait begins. */
static bool is_due(struct progress *progress, const bacm_bulk_progress *state)
{
    uint64_t now = (uint64_t)clock_ms();
    bool wait_begins = state->wait != progress->said_wait && state->wait == BACM_BULK_WAIT_THROTTLE;

    progress->said_wait = state->wait;
    if (!wait_begins && now - progress->said_ms < LINE_INTERVAL_MS)
        return false;
    progress->said_ms = now;
    return true;
}

void progress_show(const bacm_bulk_progress *state, void *user)
{
    struct progress *progress = user;
    char line[MAX_LINE];

    if (message_is_quiet())
        return;
    make_line(line, progress, state);
    if (progress->terminal) {
        fprintf(stderr, "\r\033[K%s", line);
        fflush(stderr);
        progress->line_open = true;
    } else if (is_due(progress, state)) {
        message_note("%s", line);
    }
}

void progress_clear(struct progress *progress)
{
    if (!progress->line_open)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->line_open = false;
}

void progress_before_result(struct progress *progress)
{
    if (progress->shared)
        progress_clear(progress);
}
