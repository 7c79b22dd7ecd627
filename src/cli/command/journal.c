/*
 * bacm journal: what `bacm add` has recorded.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <bacm/bulk.h>

#include "cli/command/commands.h"
#include "cli/command/journal_files.h"
#include "cli/command/session.h"
#include "cli/output/output.h"
#include "cli/output/record.h"
#include "cli/profile/library_error.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

static const struct output_column entry_columns[] = {
    {"index", NULL, 0, false, NULL, false},
    {"line", "Line", 7, true, NULL, false},
    {"clientAccountId", "Account id", 12, true, NULL, false},
    {"clientAccountNumber", "Number", 9, false, NULL, false},
    {"type", "Type", 12, false, NULL, true},
    {"clientCustomerId", "Customer id", 12, true, NULL, true},
    {"clientCustomerNumber", "Number", 9, false, NULL, true},
    {"customerLinkPermission", NULL, 0, false, NULL, true},
    {"managingCustomerId", NULL, 0, false, NULL, false},
    {"managingCustomerNumber", NULL, 0, false, NULL, false},
    {"state", "State", 8, false, NULL, false},
    {"confirmedBy", "Known by", 8, false, NULL, false},
    {"sent", "Sent", 20, false, NULL, false},
    {"errors", "Reason", 0, false, record_errors_text, false},
    {"trackingId", NULL, 0, false, NULL, false},
    {NULL, NULL, 0, false, NULL, false},
};

static const struct output_column info_columns[] = {
    {"endpoint", "Endpoint", 40, false, NULL, false},
    {"contract", "Version", 7, false, NULL, false},
    {"managingCustomerId", "Manager", 10, true, NULL, false},
    {"created", "Created", 20, false, NULL, false},
    {"inputDigest", NULL, 0, false, NULL, false},
    {"added", "Added", 8, true, NULL, false},
    {"failed", "Failed", 8, true, NULL, false},
    {"later", "Later", 6, true, NULL, false},
    {"sending", "Sending", 7, true, NULL, false},
    {"unknown", "Unknown", 7, true, NULL, false},
    {"notSent", "Not sent", 8, true, NULL, false},
    {NULL, NULL, 0, false, NULL, false},
};

static json_t *entry_record(const bacm_journal_entry *entry)
{
    return json_pack("{s:I, s:I, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o}",
                     "index", (json_int_t)entry->index, "line", (json_int_t)entry->tag,
                     "clientAccountId", output_id(entry->client_account_id), "clientAccountNumber",
                     output_text_or_null(entry->client_account_number), "type",
                     bacm_link_type_text(entry->type), "clientCustomerId",
                     output_id(entry->client_customer_id), "clientCustomerNumber",
                     output_text_or_null(entry->client_customer_number), "customerLinkPermission",
                     output_text_or_null(entry->customer_link_permission), "managingCustomerId",
                     output_id(entry->managing_customer_id), "managingCustomerNumber",
                     output_text_or_null(entry->managing_customer_number), "state",
                     bacm_journal_state_name(entry->state), "confirmedBy",
                     output_text_or_null(bacm_bulk_confirmation_name(entry->confirmed_by)), "sent",
                     output_text_or_null(entry->sent), "errors",
                     record_errors(entry->errors, entry->error_count), "trackingId",
                     output_text_or_null(entry->tracking_id));
}

static bool put_entry(const bacm_journal_entry *entry, void *user)
{
    return output_record(user, entry_record(entry));
}

static json_int_t rows(const bacm_journal_info *info, bacm_journal_state state)
{
    return (json_int_t)info->rows[state];
}

static json_t *info_record(const bacm_journal_info *info)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I}", "endpoint",
        output_text(info->endpoint), "contract", output_text(info->contract), "managingCustomerId",
        output_id(info->managing_customer_id), "created", output_text(info->created), "inputDigest",
        output_text(info->input_digest), "added", rows(info, BACM_JOURNAL_ADDED), "failed",
        rows(info, BACM_JOURNAL_FAILED), "later", rows(info, BACM_JOURNAL_LATER), "sending",
        rows(info, BACM_JOURNAL_SENDING), "unknown", rows(info, BACM_JOURNAL_UNKNOWN), "notSent",
        rows(info, BACM_JOURNAL_NOT_SENT));
}

static bacm_status export_rows(bacm_journal *journal, struct output *output, bacm_error *error)
{
    bacm_status status = bacm_journal_export(journal, put_entry, output, error);

    output_end(output);
    /* output_close() tells of a broken output. */
    return status == BACM_E_CANCELED ? BACM_OK : status;
}

/* The rows have what the journal's version has, whichever the settings choose. */
static bacm_status put_journal(struct cli *cli, bacm_journal *journal, bool rows_too,
                               bacm_error *error)
{
    bacm_journal_info info = BACM_JOURNAL_INFO_INIT;
    struct output output;
    bacm_status status = bacm_journal_inspect(journal, &info, error);

    if (status != BACM_OK)
        return status;
    output_begin(&output, &cli->settings, rows_too ? entry_columns : info_columns);
    output.customer_links = strcmp(info.contract, "v11") != 0;
    if (rows_too)
        return export_rows(journal, &output, error);
    output_record(&output, info_record(&info));
    return BACM_OK;
}

static int run_journal(struct cli *cli, bool rows_too)
{
    bacm_journal *journal = NULL;
    bacm_error error;
    bacm_status status = bacm_journal_open(&journal, cli->argument[1], &error);

    if (status == BACM_OK)
        status = put_journal(cli, journal, rows_too, &error);
    bacm_journal_close(journal);
    if (status == BACM_OK)
        return CLI_OK;
    message_library(&error);
    return CLI_USAGE;
}

enum { OPTION_YES, OPTION_OLDER_THAN };

static const struct option_info option_table[] = {
    [OPTION_YES] = {"yes", 'y', NULL, NULL,
                    "prune: remove the journals; without it they are only named"},
    [OPTION_OLDER_THAN] = {"older-than", 0, "DAYS", NULL,
                           "prune: only journals that nothing was written to for so many days"},
    {0},
};

static int run_files(struct cli *cli, bool prune)
{
    struct journal_files wanted = {
        .path = cli->argument + 1,
        .count = cli->argument_count - 1,
        .prune = prune,
        .yes = cli->option[OPTION_YES] != NULL,
    };

    if (!command_number(cli, OPTION_OLDER_THAN, 0, 36500, 0, &wanted.older_than))
        return CLI_USAGE;
    return journal_files(cli, &wanted);
}

static int run(struct cli *cli)
{
    const char *action = cli->argument_count > 0 ? cli->argument[0] : "";

    if (strcmp(action, "list") == 0 || strcmp(action, "prune") == 0)
        return run_files(cli, action[0] == 'p');
    if (cli->argument_count == 2 && strcmp(cli->argument[0], "show") == 0)
        return run_journal(cli, false);
    if (cli->argument_count == 2 && strcmp(cli->argument[0], "export") == 0)
        return run_journal(cli, true);
    message_error("give show or export and the file, or list or prune; see bacm journal --help");
    return CLI_USAGE;
}

const struct command command_journal = {
    .name = "journal",
    .synopsis = "show|export FILE, list|prune [FOLDER|FILE]...",
    .summary = "show what bacm add has recorded",
    .description =
        "show tells what a journal belongs to and how many rows are in which state; export writes "
        "a record a row. The states: added, failed (not sent again), later (refused for a passing "
        "reason), sending and unknown (the next run asks the service), not_sent.\n\n"
        "list finds the journals of folders, by default of this one, and tells what they are of, "
        "and "
        "whether they are done: every row of the list beside it is decided. prune names those that "
        "are done, and removes them with --yes. What a journal knows is lost with it: who runs the "
        "same list again invites anew whoever has not a link that waits or is active.",
    .examples = "  bacm journal show clients.csv.journal\n"
                "  bacm journal export clients.csv.journal --output csv\n"
                "  bacm journal list /srv/campaigns\n"
                "  bacm journal prune --older-than 90 --yes /srv/campaigns\n",
    .options = option_table,
    .max_arguments = SIZE_MAX,
    .run = run,
};
