/*
 * Which rows would be refused as duplicates.
 */
#include <inttypes.h>

#include "cli/command/add.h"
#include "cli/input/batch.h"
#include "cli/input/clients.h"
#include "cli/output/output.h"
#include "cli/output/record.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

static const struct output_column columns[] = {
    {"index", NULL, 0, false, NULL, false},
    {"line", "Line", 7, true, NULL, false},
    {"type", "Type", 12, false, NULL, true},
    {"clientAccountId", "Account id", 12, true, NULL, false},
    {"clientAccountNumber", "Number", 9, false, NULL, false},
    {"clientCustomerId", "Customer id", 12, true, NULL, true},
    {"clientCustomerNumber", "Number", 9, false, NULL, true},
    {"managingCustomerId", NULL, 0, false, NULL, false},
    {"checked", "Checked", 7, false, NULL, false},
    {"blockedBy", "Blocked by", 0, false, NULL, false},
    {NULL, NULL, 0, false, NULL, false},
};

struct checker {
    struct session *session;
    struct output output;
    struct batch batch; /* rows that can be searched for */
    uint64_t blocked;
    uint64_t unchecked;
};

static bool put_row(struct checker *checker, const struct row *row, bool checked,
                    bacm_link_status blocking)
{
    const bacm_client_link *link = &row->link;

    return output_record(
        &checker->output,
        json_pack("{s:I, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "index",
                  (json_int_t)row->index, "line", (json_int_t)row->line, "type", record_type(link),
                  "clientAccountId", output_id(link->client_account_id), "clientAccountNumber",
                  output_text(link->client_account_number), "clientCustomerId",
                  output_id(link->client_customer_id), "clientCustomerNumber",
                  output_text(link->client_customer_number), "managingCustomerId",
                  output_id(link->managing_customer_id), "checked", checked ? 1 : 0, "blockedBy",
                  output_text_or_null(bacm_link_status_text(blocking))));
}

/* Ask for the rows that have come together, and write them. */
static int check_batch(struct checker *checker)
{
    struct batch *batch = &checker->batch;
    bacm_link_status blocking[BACM_MAX_LINKS_PER_CALL];
    bacm_error error;

    if (batch->count == 0)
        return CLI_OK;
    if (bacm_links_find_blocking(blocking, checker->session->client, batch->links, batch->count,
                                 &error) != BACM_OK)
        return session_failed(&error);
    for (size_t i = 0; i < batch->count; i++) {
        checker->blocked += blocking[i] != BACM_LINK_STATUS_ABSENT;
        if (!put_row(checker, &batch->rows[i], true, blocking[i]))
            return CLI_FAILED;
    }
    batch_clear(batch);
    return CLI_OK;
}

/* The operation searches by ids alone, and not by short ones. */
static bool is_searchable(const bacm_client_link *link)
{
    return link->client_account_id >= CLIENTS_LEAST_ID ||
           link->client_customer_id >= CLIENTS_LEAST_ID;
}

static int put_unchecked(struct checker *checker, const struct row *row)
{
    int code = check_batch(checker);

    if (code != CLI_OK)
        return code;
    checker->unchecked++;
    return put_row(checker, row, false, BACM_LINK_STATUS_ABSENT) ? CLI_OK : CLI_FAILED;
}

static int check_rows(struct checker *checker, struct intake *intake)
{
    struct problem problem;
    int code = CLI_OK;

    while (code == CLI_OK) {
        struct row *row = batch_next(&checker->batch);
        enum input_event event = intake_next(intake, row, &problem);

        if (event == INPUT_END)
            return check_batch(checker);
        if (event == INPUT_BROKEN || event == INPUT_BAD_ROW)
            problem_report(&problem, input_name(intake->input));
        if (event == INPUT_BROKEN)
            return CLI_USAGE;
        if (event == INPUT_ROW && is_searchable(&row->link))
            batch_take(&checker->batch);
        else if (event == INPUT_ROW)
            code = put_unchecked(checker, row);
        if (code == CLI_OK && batch_is_full(&checker->batch))
            code = check_batch(checker);
    }
    return code;
}

int add_check(struct session *session, struct intake *intake)
{
    struct checker checker = {.session = session};
    int code;

    output_begin(&checker.output, session->settings, columns);
    code = check_rows(&checker, intake);
    output_end(&checker.output);
    batch_free(&checker.batch);
    if (code != CLI_OK)
        return code;
    message_note("%" PRIu64 " rows would be refused as duplicates now; no invitation was sent",
                 checker.blocked);
    if (checker.unchecked > 0)
        message_note("%" PRIu64 " rows name their client by number, or by an id below %d, and "
                     "cannot be searched for",
                     checker.unchecked, CLIENTS_LEAST_ID);
    return checker.blocked > 0 ? CLI_FAILED : CLI_OK;
}
