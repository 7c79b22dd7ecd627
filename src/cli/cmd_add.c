/*
 * bacm add: invite every account of an input.
 */
#include <inttypes.h>
#include <stdio.h>

#include "add.h"
#include "commands.h"
#include "confirm.h"
#include "exit_code.h"
#include "message.h"

enum { OPTION_INPUT, OPTION_FORMAT, OPTION_DRY_RUN, OPTION_SKIP_INVALID, OPTION_YES };

static const struct option_info options[] = {
    [OPTION_INPUT] = {"input", 'i', "FILE", NULL, "file to read; - for stdin; or name it as FILE"},
    [OPTION_FORMAT] = {"format", 0, "FORMAT", "csv,ndjson",
                       "csv or ndjson; default: by the name, else by the first character"},
    [OPTION_DRY_RUN] = {"dry-run", 'n', NULL, NULL,
                        "write the messages that would be sent, secrets redacted; send nothing"},
    [OPTION_SKIP_INVALID] = {"skip-invalid", 0, NULL, NULL,
                             "leave bad rows out instead of refusing the whole input"},
    [OPTION_YES] = {"yes", 'y', NULL, NULL, "do not ask before clients get mail"},
    {0},
};

static const char *input_path(const struct cli *cli)
{
    const char *given = cli->option[OPTION_INPUT];

    if (given != NULL && cli->argument_count > 0) {
        message_error("--input %s and %s: name one input", given, cli->argument[0]);
        return NULL;
    }
    if (given == NULL && cli->argument_count > 0)
        given = cli->argument[0];
    if (given == NULL)
        message_error("no input; name a file, or - for stdin");
    return given;
}

static bool may_send(const struct cli *cli, const struct session *session,
                     const struct intake *intake)
{
    uint64_t links = intake->rows - intake->bad - intake->repeated;
    uint64_t mails = links > intake->silent ? links - intake->silent : 0;
    char question[MESSAGE_MAX_BYTES];

    if (cli->option[OPTION_YES] != NULL || links == 0)
        return true;
    snprintf(question, sizeof question,
             "Invite %" PRIu64 " client accounts at %s? %" PRIu64 " clients get mail.", links,
             session_service(session), mails);
    return confirm(question);
}

/* Rows that name no managing customer need the caller's own. */
static int find_customer(struct session *session, struct intake *intake, bool skip_invalid)
{
    int64_t customer;
    int code;

    if (!intake->needs_customer)
        return CLI_OK;
    code = session_customer(session, &customer);
    if (code != CLI_OK)
        return code;
    return intake_set_customer(intake, customer, skip_invalid) ? CLI_OK : CLI_USAGE;
}

static int send_or_show(struct cli *cli, struct session *session, struct intake *intake)
{
    bool dry_run = cli->option[OPTION_DRY_RUN] != NULL;
    int code;

    if (dry_run && intake->needs_customer &&
        settings_text(&cli->settings, SETTING_MANAGING_CUSTOMER) == NULL) {
        message_error("some rows have no ManagingCustomerId, and a dry run does not ask the "
                      "service for yours; give --managing-customer-id");
        return CLI_USAGE;
    }
    code = find_customer(session, intake, cli->option[OPTION_SKIP_INVALID] != NULL);
    if (code != CLI_OK)
        return code;
    if (!intake_rewind(intake))
        return CLI_USAGE;
    if (dry_run)
        return add_preview(session, intake);
    return may_send(cli, session, intake) ? add_send(session, intake) : CLI_PRECONDITION;
}

static int run_with_input(struct cli *cli, struct intake *intake)
{
    struct session session;
    int code;

    if (!intake_check(intake, cli->option[OPTION_SKIP_INVALID] != NULL))
        return CLI_USAGE;
    code = session_open(&session, &cli->settings);
    if (code != CLI_OK)
        return code;
    code = send_or_show(cli, &session, intake);
    session_close(&session);
    return code;
}

static int run(struct cli *cli)
{
    const char *path = input_path(cli);
    struct intake intake;
    int code = CLI_USAGE;

    if (path == NULL)
        return CLI_USAGE;
    if (intake_open(&intake, path, cli->option[OPTION_FORMAT]))
        code = run_with_input(cli, &intake);
    intake_close(&intake);
    return code;
}

const struct command command_add = {
    .name = "add",
    .synopsis = "FILE",
    .summary = "invite every client account of a CSV or NDJSON input",
    .description =
        "Sends an invitation for each row of FILE (- for stdin), in calls of at most 10, and "
        "writes one record a row to stdout. The whole input is checked first: one bad row stops "
        "everything, unless --skip-invalid is given.\n\n"
        "The first row of a CSV names the columns; an NDJSON input has one object a line. The "
        "names: ClientAccountId or ClientAccountNumber (one of them is needed), "
        "ManagingCustomerId or ManagingCustomerNumber (default: your own customer), Note, Name "
        "(at most 40 characters), InviterEmail, InviterName, InviterPhone, IsBillToClient (true "
        "or false; default: the agency pays), StartDate (YYYY-MM-DDThh:mm:ss), "
        "SuppressNotification (true or false; default: the client gets mail). An empty field is "
        "the same as none.\n\n"
        "A record has index, line, clientAccountId, clientAccountNumber, managingCustomerId, "
        "outcome (added, failed, invalid, not_sent, unknown), confirmedBy, errors and trackingId.",
    .examples = "  bacm add clients.csv\n"
                "  bacm add --dry-run --managing-customer-id 2002002 clients.csv\n"
                "  bacm add --skip-invalid --output csv clients.csv >result.csv\n"
                "  printf 'ClientAccountId,Name\\n1001001,Spring\\n' | bacm add -\n",
    .options = options,
    .max_arguments = 1,
    .run = run,
};
