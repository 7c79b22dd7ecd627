#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/command/add.h"
#include "cli/input/batch.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"
#include "cli/terminal/text.h"

struct preview {
    struct session *session;
    struct batch batch;
    uint64_t calls;
    uint64_t links;
};

/* A terminal gets the message without what could govern it; else it is as it would be sent. */
static void put_envelope(char *envelope)
{
    char *clean = isatty(STDOUT_FILENO) ? text_clean(envelope, true) : NULL;

    fputs(clean != NULL ? clean : envelope, stdout);
    free(clean);
    bacm_text_free(envelope);
}

/* Write the message of the rows that have come together. */
static int put_call(struct preview *preview)
{
    struct batch *batch = &preview->batch;
    char *envelope = NULL;
    bacm_error error;

    if (batch->count == 0)
        return CLI_OK;
    if (bacm_links_add_preview(&envelope, preview->session->client, batch->links, batch->count,
                               &error) != BACM_OK)
        return session_failed(&error);
    put_envelope(envelope);
    preview->calls++;
    preview->links += batch->count;
    batch_clear(batch);
    return CLI_OK;
}

static int put_calls(struct preview *preview, struct intake *intake)
{
    struct problem problem;
    enum input_event event;
    int code = CLI_OK;

    while (code == CLI_OK) {
        event = intake_next(intake, batch_next(&preview->batch), &problem);
        if (event == INPUT_END)
            return put_call(preview);
        if (event == INPUT_ROW)
            batch_take(&preview->batch);
        else
            problem_report(&problem, input_name(intake->input));
        if (event == INPUT_BROKEN)
            return CLI_USAGE;
        if (batch_is_full(&preview->batch))
            code = put_call(preview);
    }
    return code;
}

int add_preview(struct session *session, struct intake *intake)
{
    struct preview preview = {.session = session};
    int code = put_calls(&preview, intake);

    batch_free(&preview.batch);
    if (code == CLI_OK)
        message_note("dry run: %" PRIu64 " calls with %" PRIu64 " links would be sent; nothing was",
                     preview.calls, preview.links);
    return code;
}
