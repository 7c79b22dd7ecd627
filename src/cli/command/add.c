/*
 * bacm add: invite every account of an input.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bacm/bulk.h>

#include "cli/command/add.h"
#include "cli/command/commands.h"
#include "cli/command/input_options.h"
#include "cli/command/mended.h"
#include "cli/input/clients.h"
#include "cli/terminal/confirm.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

enum {
    OPTION_INPUT,
    INPUT_OPTION_IDS,
    OPTION_DRY_RUN,
    OPTION_CHECK_DUPLICATES,
    OPTION_SKIP_INVALID,
    OPTION_YES,
    OPTION_FAILED_OUT,
    OPTION_AGAIN,
    OPTION_RETRY_FAILED,
    OPTION_JOURNAL,
    OPTION_NO_JOURNAL,
    OPTION_CONCURRENCY,
    OPTION_REQUESTS_PER_MINUTE,
    OPTION_TRIES,
    OPTION_BACKOFF,
    OPTION_BACKOFF_CAP,
    OPTION_THROTTLE_WAIT,
    OPTION_DEADLINE
};

/* A journal beside its input has the name of that with this behind it. */
#define JOURNAL_SUFFIX ".journal"

#define MAX_PATH_BYTES 4096

static const struct option_info option_table[] = {
    [OPTION_INPUT] = {"input", 'i', "FILE", NULL, "file to read; - for stdin; or name it as FILE"},
    INPUT_OPTION_TABLE,
    [OPTION_DRY_RUN] = {"dry-run", 'n', NULL, NULL,
                        "write the messages that would be sent, secrets redacted; send nothing"},
    [OPTION_CHECK_DUPLICATES] = {"check-duplicates", 0, NULL, NULL,
                                 "only ask which rows the service would refuse because of a link "
                                 "that exists; send no invitation"},
    [OPTION_SKIP_INVALID] = {"skip-invalid", 0, NULL, NULL,
                             "leave bad rows out instead of refusing the whole input"},
    [OPTION_YES] = {"yes", 'y', NULL, NULL,
                    "do not ask before clients get mail; bacm asks when "
                    "standard error is a terminal, and sends at once elsewhere"},
    [OPTION_FAILED_OUT] = {"failed-out", 0, "FILE", NULL,
                           "write the rows that are refused or invalid to FILE, as they stand in "
                           "the input, with the reason in a column behind them: mend them there, "
                           "and give FILE to bacm add"},
    [OPTION_AGAIN] = {"again", 0, "LIST", NULL,
                      "invite anew exactly the rows whose link is in one of these statuses now: "
                      "expired, declined, canceled, failed, Inactive"},
    [OPTION_RETRY_FAILED] = {"retry-failed", 0, NULL, NULL,
                             "send exactly the rows of the journal whose refusal may have passed "
                             "and whose pair has no link in the way now"},
    [OPTION_JOURNAL] = {"journal", 'j', "FILE", NULL,
                        "where to record what was sent, so that a second run goes on from there; "
                        "default: FILE" JOURNAL_SUFFIX ", none for stdin and pipes"},
    [OPTION_NO_JOURNAL] = {"no-journal", 0, NULL, NULL, "keep no journal"},
    [OPTION_CONCURRENCY] = {"concurrency", 'c', "N", NULL, "connections, 1 to 64; default: 4"},
    [OPTION_REQUESTS_PER_MINUTE] = {"requests-per-minute", 0, "N", NULL,
                                    "cap on calls; default: none"},
    [OPTION_TRIES] = {"tries", 0, "N", NULL,
                      "how often a call is tried in this run; default: 3, with a search between"},
    [OPTION_BACKOFF] = {"backoff", 0, "SECONDS", NULL,
                        "most time before the second try, doubled for each further one; "
                        "default: 1"},
    [OPTION_BACKOFF_CAP] = {"backoff-cap", 0, "SECONDS", NULL,
                            "most time before any try; default: 30"},
    [OPTION_THROTTLE_WAIT] = {"throttle-wait", 0, "SECONDS", NULL,
                              "pause when the service says: too many calls; less than --deadline; "
                              "default: 60"},
    [OPTION_DEADLINE] = {"deadline", 0, "SECONDS", NULL,
                         "most time for a call with its tries and searches; default: 600"},
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
                     const struct intake *intake, const struct selection *selection)
{
    uint64_t links = intake->rows - intake->bad - intake->repeated.rows;
    uint64_t customers = intake->customers - intake->repeated.customers;
    uint64_t silent = intake->silent;
    uint64_t mails;
    char question[MESSAGE_MAX_BYTES];
    char clients[CLIENTS_TEXT_BYTES];

    if (cli->option[OPTION_YES] != NULL || links == 0)
        return true;
    if (selection != NULL)
        links = selection_count(selection, &silent, &customers);
    mails = links > silent ? links - silent : 0;
    clients_text(clients, links - customers, customers);
    snprintf(question, sizeof question, "Invite %s at %s? %" PRIu64 " clients get mail.", clients,
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

static bool read_options(const struct cli *cli, struct add_options *options)
{
    return command_number(cli, OPTION_CONCURRENCY, 1, BACM_BULK_MAX_CONCURRENCY, 4,
                          &options->concurrency) &&
           command_number(cli, OPTION_REQUESTS_PER_MINUTE, 1, 1000000, 0,
                          &options->requests_per_minute) &&
           command_number(cli, OPTION_TRIES, 1, 100, 3, &options->tries) &&
           command_number(cli, OPTION_BACKOFF, 1, 3600, 1, &options->backoff_s) &&
           command_number(cli, OPTION_BACKOFF_CAP, 1, 3600, 30, &options->backoff_cap_s) &&
           command_number(cli, OPTION_THROTTLE_WAIT, 1, 3600, 60, &options->throttle_wait_s) &&
           command_number(cli, OPTION_DEADLINE, 1, SETTING_MAX_SECONDS, 600, &options->deadline_s);
}

/* A pipe cannot be given again to a second run, and has no place for a journal beside it. */
static bool is_file(const char *input)
{
    struct stat status;

    return strcmp(input, "-") != 0 && stat(input, &status) == 0 && S_ISREG(status.st_mode);
}

/* The journal's path; "" for none. */
static bool journal_path(const struct cli *cli, const char *input, char path[MAX_PATH_BYTES])
{
    const char *given = cli->option[OPTION_JOURNAL];
    int length = 0;

    path[0] = '\0';
    if (given != NULL && cli->option[OPTION_NO_JOURNAL] != NULL) {
        message_error("--journal and --no-journal: give one of the two");
        return false;
    }
    if (given != NULL)
        length = snprintf(path, MAX_PATH_BYTES, "%s", given);
    else if (cli->option[OPTION_NO_JOURNAL] == NULL && is_file(input))
        length = snprintf(path, MAX_PATH_BYTES, "%s" JOURNAL_SUFFIX, input);
    if (length < MAX_PATH_BYTES)
        return true;
    message_error("the path of the journal is too long; give a shorter one with --journal");
    return false;
}

static int send(struct cli *cli, struct session *session, struct intake *intake,
                const struct add_options *options, struct mended *mended)
{
    char *command;
    int code;

    if (!may_send(cli, session, intake, options->selection))
        return CLI_PRECONDITION;
    if (mended != NULL && !mended_apply(mended, options->journal))
        return CLI_PRECONDITION;
    if (options->selection != NULL &&
        !selection_open_rows(options->selection, intake, options->journal))
        return CLI_PRECONDITION;
    command = command_line(cli);
    if (command == NULL) {
        message_error("out of memory");
        return CLI_FAILED;
    }
    code = add_send(session, intake, options, command);
    free(command);
    return code;
}

/* Send all rows, from a list that may have been mended since its journal was made. */
static int send_all(struct cli *cli, struct session *session, struct intake *intake,
                    const struct add_options *options)
{
    struct mended *mended = NULL;
    int code = mended_find(&mended, intake, options->journal);

    if (code == CLI_OK)
        code = intake_rewind(intake) ? send(cli, session, intake, options, mended) : CLI_USAGE;
    mended_free(mended);
    return code;
}

/* Send the rows that --again or --retry-failed choose, if there are any. */
static int send_chosen(struct cli *cli, struct session *session, struct intake *intake,
                       const struct add_options *options)
{
    struct add_options chosen = *options;
    struct statuses statuses;
    uint64_t silent;
    uint64_t customers;
    uint64_t count;
    int code;

    if (cli->option[OPTION_RETRY_FAILED] != NULL)
        code = selection_retry(&chosen.selection, session, intake, options->journal);
    else if (selection_statuses(&statuses, cli->option[OPTION_AGAIN]))
        code = selection_again(&chosen.selection, session, intake, &statuses);
    else
        return CLI_USAGE;
    if (code != CLI_OK)
        return code;
    count = selection_count(chosen.selection, &silent, &customers);
    message_note("%" PRIu64 " of %" PRIu64 " rows are to be invited anew, as a search of now shows",
                 count, intake->rows);
    if (count > 0)
        code = intake_rewind(intake) ? send(cli, session, intake, &chosen, NULL) : CLI_USAGE;
    selection_free(chosen.selection);
    return code;
}

/* Options that exclude each other, or need another. */
static bool check_choice(const struct cli *cli, const char *journal)
{
    bool chosen = cli->option[OPTION_AGAIN] != NULL || cli->option[OPTION_RETRY_FAILED] != NULL;
    struct statuses statuses;

    if (cli->option[OPTION_AGAIN] != NULL && cli->option[OPTION_RETRY_FAILED] != NULL)
        message_error("--again and --retry-failed: give one of the two");
    else if (chosen &&
             (cli->option[OPTION_DRY_RUN] != NULL || cli->option[OPTION_CHECK_DUPLICATES] != NULL))
        message_error("--again and --retry-failed send invitations: leave --dry-run and "
                      "--check-duplicates out");
    else if (cli->option[OPTION_RETRY_FAILED] != NULL && journal == NULL)
        message_error("--retry-failed needs the journal of the run before");
    else
        return cli->option[OPTION_AGAIN] == NULL ||
               selection_statuses(&statuses, cli->option[OPTION_AGAIN]);
    return false;
}

/* A dry run sends nothing, so it cannot ask for the caller's own customer. */
static int check_dry_run(const struct cli *cli, const struct intake *intake)
{
    if (intake->needs_customer &&
        settings_text(&cli->settings, SETTING_MANAGING_CUSTOMER) == NULL) {
        message_error("some rows have no ManagingCustomerId, and a dry run does not ask the "
                      "service for yours; give --managing-customer-id");
        return CLI_USAGE;
    }
    return CLI_OK;
}

static int send_or_show(struct cli *cli, struct session *session, struct intake *intake,
                        const struct add_options *options)
{
    bool dry_run = cli->option[OPTION_DRY_RUN] != NULL;
    int code = dry_run ? check_dry_run(cli, intake) : CLI_OK;

    if (code == CLI_OK)
        code = find_customer(session, intake, cli->option[OPTION_SKIP_INVALID] != NULL);
    if (code != CLI_OK)
        return code;
    if (!intake_rewind(intake))
        return CLI_USAGE;
    if (dry_run)
        return add_preview(session, intake);
    if (cli->option[OPTION_CHECK_DUPLICATES] != NULL)
        return add_check(session, intake);
    if (cli->option[OPTION_AGAIN] != NULL || cli->option[OPTION_RETRY_FAILED] != NULL)
        return send_chosen(cli, session, intake, options);
    return send_all(cli, session, intake, options);
}

static int run_with_input(struct cli *cli, struct intake *intake, const struct add_options *options)
{
    struct session session;
    int code;

    if (!intake_check(intake, cli->option[OPTION_SKIP_INVALID] != NULL))
        return CLI_USAGE;
    code = session_open(&session, &cli->settings);
    if (code != CLI_OK)
        return code;
    code = send_or_show(cli, &session, intake, options);
    session_close(&session);
    return code;
}

static int run(struct cli *cli)
{
    const char *path = input_path(cli);
    char journal[MAX_PATH_BYTES];
    struct input_options input;
    struct add_options options;
    struct intake intake;
    int code = CLI_USAGE;

    if (cli->option[OPTION_DRY_RUN] != NULL && cli->option[OPTION_CHECK_DUPLICATES] != NULL) {
        message_error("--dry-run asks nobody, --check-duplicates asks the service: give one");
        return CLI_USAGE;
    }
    if (path == NULL || !input_options_read(cli, OPTION_FORMAT, path, &input) ||
        !read_options(cli, &options) || !journal_path(cli, path, journal))
        return CLI_USAGE;
    options.journal = journal[0] != '\0' ? journal : NULL;
    options.selection = NULL;
    options.failed_out = cli->option[OPTION_FAILED_OUT];
    input.keep_original = options.failed_out != NULL;
    if (!check_choice(cli, options.journal))
        return CLI_USAGE;
    if (intake_open(&intake, &input, version_of(&cli->settings)))
        code = run_with_input(cli, &intake, &options);
    intake_close(&intake);
    return code;
}

const struct command command_add = {
    .name = "add",
    .synopsis = "FILE",
    .summary = "invite every client of a CSV or JSON input",
    .description =
        "Sends an invitation for each row of FILE (- for stdin), in calls of at most 10, and "
        "writes one record a row to stdout. The whole input is checked first: one bad row stops "
        "everything, unless --skip-invalid is given.\n\n"
        "What was sent is recorded in a journal. When a run ends early, by a signal, a crash or a "
        "service that is down, the same command goes on where it ended: no row is sent twice, and "
        "the service is asked what became of rows whose reply was lost. A list that was mended "
        "since "
        "goes on with its journal too: rows are known by their pairs, and it is told how many are "
        "the same, changed, new and gone before the question.\n\n"
        "A record has index, line, clientAccountId, clientAccountNumber, managingCustomerId, "
        "outcome (added, failed, invalid, not_sent, unknown), confirmedBy, errors and "
        "trackingId.\n\n"
        "The first row of a CSV names the columns; the separator may be a comma, a semicolon, a "
        "tab or what a line sep=X names. JSON has one object a line, or an array of objects. "
        "Names are matched without regard to case, blanks and underscores; Account ID, Account "
        "number, Account name and Customer ID, as the pages of Microsoft Advertising call them, "
        "are known, and so are the columns of what bacm itself writes. Empty rows and columns "
        "without name are passed over, fields that are missing at the end of a row are empty, and "
        "invisible characters around a field are cut off. Of two columns of one field the one "
        "that is spelled exactly counts; the ids and numbers in both must be the same. What had "
        "to be guessed is told; --strict refuses it.\n\n"
        "Names "
        "of all versions: ManagingCustomerId or ManagingCustomerNumber (default: your own "
        "customer), Note, Name (at most 40 characters), InviterEmail, InviterName, InviterPhone, "
        "StartDate (YYYY-MM-DDThh:mm:ss), SuppressNotification (true or false, in any case, yes or "
        "no, 1 or 0; default: the "
        "client gets mail). An empty field is the same as none.",
    .in_version =
        {"Further names: ClientAccountId or ClientAccountNumber (one of them is needed; "
         "ClientEntityId and ClientEntityNumber, as v13 calls them, mean the same) and "
         "IsBillToClient (true or false; default: the agency pays).",
         "Further names: Type (AccountLink, the default, or CustomerLink for a customer with all "
         "its accounts), ClientEntityId or ClientEntityNumber (one of them is needed; of an "
         "account or a customer, as the type says. For accounts ClientAccountId and "
         "ClientAccountNumber mean the same), IsBillToClient (true: the client pays; false: the "
         "agency does; needed for each AccountLink, not allowed for a CustomerLink), "
         "CustomerLinkPermission (Administrative or Standard, for a CustomerLink) and "
         "ClientEntityCustomerNumber (of the customer that owns the account). The service has "
         "announced, without a day, that it will want two identities of each client: of an account "
         "its id and ClientEntityCustomerNumber, of a customer its id and ClientEntityNumber. "
         "Both may be given now. A record has "
         "type, clientCustomerId and clientCustomerNumber as well."},
    .examples = "  bacm add clients.csv\n"
                "  bacm add --dry-run --managing-customer-id 2002002 clients.csv\n"
                "  bacm add --check-duplicates clients.csv\n"
                "  bacm add --skip-invalid --output csv clients.csv >result.csv\n"
                "  bacm add --failed-out mend.csv clients.csv\n"
                "  bacm add --again expired,declined clients.csv\n"
                "  bacm search --status LinkExpired --output csv | bacm add -\n",
    .example_in_version = {"  printf 'ClientAccountId,Name\\n1001001,Spring\\n' | bacm add -\n",
                           "  printf 'ClientEntityId,IsBillToClient\\n1001001,false\\n' |\n"
                           "      bacm add --api v13-rest -\n"
                           "  printf 'Type,ClientEntityId\\nCustomerLink,3001001\\n' |\n"
                           "      bacm add --api v13-rest -\n"},
    .options = option_table,
    .max_arguments = 1,
    .run = run,
};
