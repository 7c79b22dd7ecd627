/*
 * A small program around bacm_bulk_run() for tests that need a process to kill.
 *
 *   bulk_driver [--OPTION VALUE]... < ROWS > RECORDS
 *
 * A row is "ACCOUNT MANAGER", each an id or a number (X1001001, C2002002), or
 * "customer:CUSTOMER MANAGER"; a row
 * "generate N" stands for the accounts 5000001 to 5000000 + N. Records are
 * NDJSON, one a row; the summary goes to stderr. Tokens come from
 * BACM_DEVELOPER_TOKEN and BACM_ACCESS_TOKEN. The version is that of --api. Exit status: 0 the end
 * was reached, else the status of bacm_bulk_run(); 125 bad usage.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <bacm/bacm.h>
#include <bacm/bulk.h>

struct input {
    char line[256];
    char names[4][64];
    uint64_t number;
    int64_t generate;
    int64_t generated;
    int64_t manager;
    bacm_tristate bill;
};

static bacm_bulk *running;

static void on_signal(int number)
{
    (void)number;
    bacm_bulk_cancel(running); /* NOLINT(bugprone-signal-handler,cert-sig30-c): made for it */
}

/* --- rows in --------------------------------------------------------------- */

static const char customer_prefix[] = "customer:";

/* v13 wants to know who pays for an account, and does not take it for a customer. */
static void set_client(bacm_client_link *link, const char *text, bacm_tristate bill)
{
    const size_t length = sizeof customer_prefix - 1;

    if (strncmp(text, customer_prefix, length) == 0) {
        link->type = BACM_CUSTOMER_LINK;
        if (text[length] >= '0' && text[length] <= '9')
            link->client_customer_id = strtoll(text + length, NULL, 10);
        else
            link->client_customer_number = text + length;
        return;
    }
    link->is_bill_to_client = bill;
    if (text[0] >= '0' && text[0] <= '9')
        link->client_account_id = strtoll(text, NULL, 10);
    else
        link->client_account_number = text;
}

static void set_manager(bacm_client_link *link, const char *text)
{
    if (text[0] >= '0' && text[0] <= '9')
        link->managing_customer_id = strtoll(text, NULL, 10);
    else
        link->managing_customer_number = text;
}

static bacm_bulk_source_result generate(struct input *input, bacm_bulk_row *row)
{
    row->link.client_account_id = 5000001 + input->generated++;
    row->link.managing_customer_id = input->manager;
    row->link.name = "generated";
    row->link.is_bill_to_client = input->bill;
    row->tag = ++input->number;
    return BACM_BULK_ROW;
}

static bacm_bulk_source_result next_row(bacm_bulk_row *row, bacm_error *error, void *user)
{
    struct input *input = user;

    if (input->generated < input->generate)
        return generate(input, row);
    if (!fgets(input->line, sizeof input->line, stdin))
        return BACM_BULK_END;
    row->tag = ++input->number;
    if (strncmp(input->line, "generate ", 9) == 0) {
        char *rest;

        input->generate = strtoll(input->line + 9, &rest, 10);
        input->manager = strtoll(rest, NULL, 10);
        return input->generate ? generate(input, row) : BACM_BULK_END;
    }
    if (sscanf(input->line, "%63s %63s", input->names[0], input->names[1]) != 2) {
        snprintf(error->message, sizeof error->message, "two columns are needed");
        return BACM_BULK_ROW_INVALID;
    }
    set_client(&row->link, input->names[0], input->bill);
    set_manager(&row->link, input->names[1]);
    row->link.name = "bulk test";
    return BACM_BULK_ROW;
}

/* --- records out ------------------------------------------------------------- */

static json_t *errors_of(const bacm_bulk_record *record)
{
    json_t *list = json_array();

    for (size_t k = 0; k < record->error_count; k++) {
        const bacm_service_error *error = &record->errors[k];

        json_array_append_new(
            list, json_pack("{s:s, s:o, s:s}", "channel", bacm_channel_name(error->channel), "code",
                            error->has_code ? json_integer(error->code) : json_null(), "message",
                            error->message));
    }
    return list;
}

static bool write_record(const bacm_bulk_record *record, void *user)
{
    json_t *json = json_pack("{s:I, s:I, s:I, s:I, s:s, s:s, s:s, s:o, s:s}", "index",
                             (json_int_t)record->index, "tag", (json_int_t)record->tag, "account",
                             (json_int_t)record->link->client_account_id, "customer",
                             (json_int_t)record->link->client_customer_id, "outcome",
                             bacm_bulk_outcome_name(record->outcome), "confirmedBy",
                             bacm_bulk_confirmation_name(record->confirmed_by), "reason",
                             bacm_status_name(record->reason), "errors", errors_of(record),
                             "trackingId", record->tracking_id);
    bool kept = json && json_dumpf(json, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF;

    (void)user;
    json_decref(json);
    return kept && fflush(stdout) == 0;
}

static bool write_nothing(const bacm_bulk_record *record, void *user)
{
    (void)record;
    (void)user;
    return true;
}

static void write_summary(const bacm_bulk_summary *s, bacm_status status, const bacm_error *error)
{
    fprintf(stderr,
            "{\"status\":\"%s\",\"rows\":%" PRIu64 ",\"added\":%" PRIu64 ",\"failed\":%" PRIu64
            ",\"invalid\":%" PRIu64 ",\"notSent\":%" PRIu64 ",\"unknown\":%" PRIu64
            ",\"bySearch\":%" PRIu64 ",\"byJournal\":%" PRIu64 ",\"calls\":%" PRIu64
            ",\"searches\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"throttled\":%" PRIu64
            ",\"milliseconds\":%" PRIu64 "}\n",
            bacm_status_name(status), s->rows, s->added, s->failed, s->invalid, s->not_sent,
            s->unknown, s->by_search, s->by_journal, s->calls, s->searches, s->lost, s->throttled,
            s->elapsed_ms);
    if (status != BACM_OK)
        fprintf(stderr, "%s\n%s\n", error->message, error->hint);
}

static void write_progress(const bacm_bulk_progress *progress, void *user)
{
    (void)user;
    fprintf(stderr,
            "progress rows %" PRIu64 " of %" PRIu64 " in flight %u wait \"%s\" %" PRIu64 " ms%s\n",
            progress->so_far->rows, progress->rows_read, progress->calls_in_flight,
            bacm_bulk_wait_name(progress->wait), progress->wait_ms,
            progress->stopping ? " stopping" : "");
}

/* The lanes share it and nothing guards it: the library calls it from one at a time. */
static void write_log(bacm_log_level level, const char *text, void *user)
{
    bool *is_inside = user;

    if (*is_inside)
        fprintf(stderr, "two lanes log at once\n");
    *is_inside = true;
    fprintf(stderr, "log %d %s\n", (int)level, text);
    *is_inside = false;
}

/* --- options ------------------------------------------------------------------ */

static bool set_number(unsigned *value, const char *text)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);

    *value = (unsigned)number;
    return *text && !*end && number <= 1000000000;
}

static bool set_option(bacm_bulk_options *bulk, bacm_options *client, bacm_bulk_sink **sink,
                       const char *name, const char *value)
{
    const struct {
        const char *name;
        unsigned *value;
    } numbers[] = {
        {"--concurrency", &bulk->concurrency},
        {"--tries", &bulk->tries},
        {"--backoff-ms", &bulk->backoff_ms},
        {"--throttle-wait-ms", &bulk->throttle_wait_ms},
        {"--requests-per-minute", &bulk->requests_per_minute},
        {"--deadline-ms", &bulk->deadline_ms},
        {"--give-up-after", &bulk->give_up_after},
        {"--clock-tolerance-ms", &bulk->clock_tolerance_ms},
        {"--call-timeout-ms", &client->call_timeout_ms},
    };
    static bool is_logging;
    unsigned rows;

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(name, numbers[i].name) == 0)
            return set_number(numbers[i].value, value);
    }
    if (strcmp(name, "--api") == 0)
        client->api = strcmp(value, "v13-rest") == 0 ? bacm_api_v13_rest
                      : strcmp(value, "v13") == 0    ? bacm_api_v13
                                                     : bacm_api_v11;
    else if (strcmp(name, "--endpoint") == 0)
        client->endpoint = value;
    else if (strcmp(name, "--ca-file") == 0)
        client->ca_file = value;
    else if (strcmp(name, "--journal") == 0)
        bulk->journal_path = value;
    else if (strcmp(name, "--digest") == 0)
        bulk->input_digest = value;
    else if (strcmp(name, "--customer") == 0)
        bulk->managing_customer_id = strtoll(value, NULL, 10);
    else if (strcmp(name, "--records") == 0)
        *sink = strcmp(value, "none") == 0 ? write_nothing : write_record;
    else if (strcmp(name, "--progress") == 0)
        bulk->progress = write_progress;
    else if (strcmp(name, "--log-level") == 0) {
        client->log = write_log;
        client->log_user = &is_logging;
        client->log_level = (bacm_log_level)atoi(value);
    } else if (strcmp(name, "--window-rows") == 0 && set_number(&rows, value))
        bulk->window_rows = rows;
    else
        return false;
    return true;
}

static int fail(bacm_status status, const bacm_error *error)
{
    char line[2048];

    bacm_error_format(error, line, sizeof line);
    fprintf(stderr, "%s\n", line);
    return (int)status;
}

int main(int count, char **arguments)
{
    bacm_bulk_options bulk = BACM_BULK_OPTIONS_INIT;
    bacm_options client = BACM_OPTIONS_INIT;
    bacm_bulk_summary summary = BACM_BULK_SUMMARY_INIT;
    bacm_bulk_sink *sink = write_record;
    static struct input input;
    bacm_credentials *credentials = NULL;
    bacm_error error;
    bacm_status status;

    for (int i = 1; i < count; i += 2) {
        if (i + 1 == count || !set_option(&bulk, &client, &sink, arguments[i], arguments[i + 1])) {
            fprintf(stderr, "bad option %s\n", arguments[i]);
            return 125;
        }
    }
    input.bill = client.api != bacm_api_v11 ? BACM_FALSE : BACM_ABSENT;
    signal(SIGXFSZ, SIG_IGN);
    status = bacm_credentials_new_access_token(&credentials, getenv("BACM_DEVELOPER_TOKEN"),
                                               getenv("BACM_ACCESS_TOKEN"), &error);
    if (status == BACM_OK)
        status = bacm_bulk_new(&running, &bulk, &client, credentials, &error);
    bacm_credentials_release(credentials);
    if (status != BACM_OK)
        return fail(status, &error);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    status = bacm_bulk_run(&summary, running, next_row, &input, sink, NULL, &error);
    write_summary(&summary, status, &error);
    bacm_bulk_free(running);
    return (int)status;
}
