/*
 * The page of bacm report. It carries its style, and forbids the browser to load anything.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "cli/command/report.h"
#include "cli/output/html.h"

/* Rows that the page shows of those that were added, and of the others. */
#define MAX_ROWS 10000

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"referrer\" content=\"no-referrer\">\n"
    "<style>\n"
    ":root { color-scheme: light dark; }\n"
    "body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; "
    "padding: 0 1rem; }\n"
    "table { border-collapse: collapse; margin: 0 0 2rem; }\n"
    "caption { text-align: left; font-weight: bold; padding: .5rem 0; }\n"
    "th, td { border-bottom: 1px solid #8888; padding: .25rem .75rem; text-align: left; "
    "vertical-align: top; }\n"
    "td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }\n"
    ".failed, .unknown, .sending { font-weight: bold; }\n"
    ".table { overflow-x: auto; }\n"
    "@media print { body { margin: 0; max-width: none; } }\n"
    "</style>\n";

static void put_now(FILE *file)
{
    time_t now = time(NULL);
    char text[32] = "";
    struct tm utc;

    if (gmtime_r(&now, &utc) != NULL)
        strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &utc);
    fputs(text, file);
}

static void put_top(const struct report *report, FILE *file)
{
    fputs(head, file);
    fputs("<title>Invitations of ", file);
    html_text(file, report->path);
    fputs("</title>\n</head>\n<body>\n<h1>Invitations of ", file);
    html_text(file, report->path);
    fputs("</h1>\n<p>Begun ", file);
    html_text(file, report->info.created);
    fputs(", reported ", file);
    put_now(file);
    fprintf(file, ". Managing customer %" PRId64 ", contract ", report->info.managing_customer_id);
    html_text(file, report->info.contract);
    fputs(", service ", file);
    html_text(file, report->info.endpoint);
    fputs(".</p>\n", file);
}

static void put_counts(const struct report *report, FILE *file)
{
    char reason[512];

    fprintf(file,
            "<div class=\"table\"><table id=\"counts\">\n<caption>%" PRIu64
            " rows, by what became of them</caption>\n<thead><tr><th scope=\"col\">State</th>"
            "<th scope=\"col\" class=\"n\">Rows</th><th scope=\"col\" class=\"n\">Code</th>"
            "<th scope=\"col\">Reason, and what to do</th></tr></thead>\n<tbody>\n",
            report->rows);
    for (size_t i = 0; i < report->count; i++) {
        const struct report_count *count = &report->counts[i];

        report_reason(count, reason, sizeof reason);
        fprintf(file, "<tr><th scope=\"row\" class=\"%s\">%s</th><td class=\"n\">%" PRIu64 "</td>",
                bacm_journal_state_name(count->state), bacm_journal_state_name(count->state),
                count->rows);
        if (count->has_code)
            fprintf(file, "<td class=\"n\">%d</td><td>", count->code);
        else
            fputs("<td></td><td>", file);
        html_text(file, reason);
        fputs("</td></tr>\n", file);
    }
    fputs("</tbody>\n</table></div>\n", file);
}

/* The page under way: what its callbacks need. */
struct page {
    FILE *file;
    bool customers; /* the contract has links of customers */
    bool added;     /* the rows of this table are those that were added, else the others */
    uint64_t put;
    uint64_t left_out;
    char at[32]; /* of the look under way */
    bool looked;
};

static bool put_look(const bacm_journal_look_count *count, void *user)
{
    struct page *page = user;
    bool is_new = strcmp(page->at, count->at) != 0;

    if (!page->looked)
        fputs("<div class=\"table\"><table id=\"timeline\">\n<caption>Timeline: what each look has "
              "found</caption>\n<thead><tr><th scope=\"col\">When (UTC)</th><th scope=\"col\">"
              "Rows by status</th></tr></thead>\n<tbody>\n",
              page->file);
    if (is_new && page->looked)
        fputs("</td></tr>\n", page->file);
    page->looked = true;
    if (is_new) {
        fputs("<tr><th scope=\"row\">", page->file);
        html_text(page->file, count->at);
        fputs("</th><td>", page->file);
        snprintf(page->at, sizeof page->at, "%s", count->at);
    } else {
        fputs(", ", page->file);
    }
    fprintf(page->file, "%" PRIu64 " ", count->rows);
    html_text(page->file, strcmp(count->status, "-") == 0 ? "without link" : count->status);
    return !ferror(page->file);
}

static void put_client(struct page *page, const bacm_journal_entry *entry)
{
    int64_t id = entry->client_account_id + entry->client_customer_id;
    const char *number = entry->client_account_number[0] != '\0' ? entry->client_account_number
                                                                 : entry->client_customer_number;

    if (page->customers)
        fprintf(page->file, "<td>%s</td>",
                entry->type == BACM_CUSTOMER_LINK ? "customer" : "account");
    fputs("<td class=\"n\">", page->file);
    if (id != 0)
        fprintf(page->file, "%" PRId64, id);
    else
        html_text(page->file, number);
    fputs("</td>", page->file);
}

static bool put_row(const bacm_journal_entry *entry, void *user)
{
    struct page *page = user;
    const char *state = bacm_journal_state_name(entry->state);

    if ((entry->state == BACM_JOURNAL_ADDED) != page->added)
        return true;
    if (page->put == MAX_ROWS) {
        page->left_out++;
        return true;
    }
    page->put++;
    fprintf(page->file, "<tr><td class=\"n\">%" PRIu64 "</td>", entry->tag);
    put_client(page, entry);
    fprintf(page->file, "<td class=\"%s\">%s</td><td>", state, state);
    if (strcmp(entry->last_status, "-") != 0)
        html_text(page->file, entry->last_status);
    fputs("</td><td>", page->file);
    for (size_t i = 0; i < entry->error_count; i++) {
        const bacm_service_error *error = &entry->errors[i];

        if (i > 0)
            fputs("<br>", page->file);
        if (error->has_code)
            fprintf(page->file, "%d ", error->code);
        html_text(page->file, error->message);
    }
    fputs("</td></tr>\n", page->file);
    return !ferror(page->file);
}

static bacm_status put_rows(struct report *report, struct page *page, bool added, bacm_error *error)
{
    bacm_status status;

    page->added = added;
    page->put = page->left_out = 0;
    fprintf(page->file,
            "<div class=\"table\"><table id=\"%s\">\n<caption>%s</caption>\n<thead><tr>"
            "<th scope=\"col\" class=\"n\">Line</th>%s<th scope=\"col\" class=\"n\">Client</th>"
            "<th scope=\"col\">State</th><th scope=\"col\">Link at the last look</th>"
            "<th scope=\"col\">Reason</th></tr></thead>\n<tbody>\n",
            added ? "added" : "others", added ? "Rows that were added" : "Rows that were not added",
            page->customers ? "<th scope=\"col\">Kind</th>" : "");
    status = bacm_journal_export(report->journal, put_row, page, error);
    fputs("</tbody>\n</table></div>\n", page->file);
    if (page->left_out > 0)
        fprintf(page->file,
                "<p>%" PRIu64 " further rows are left out here; <code>bacm journal export</code> "
                "has all.</p>\n",
                page->left_out);
    return status;
}

bool report_html(struct report *report, FILE *file, bacm_error *error)
{
    struct page page = {.file = file, .customers = strcmp(report->info.contract, "v11") != 0};
    bacm_status status;

    put_top(report, file);
    put_counts(report, file);
    status = bacm_journal_history(report->journal, put_look, &page, error);
    if (page.looked)
        fputs("</td></tr>\n</tbody>\n</table></div>\n", file);
    if (status == BACM_OK)
        status = put_rows(report, &page, false, error);
    if (status == BACM_OK)
        status = put_rows(report, &page, true, error);
    fputs("</body>\n</html>\n", file);
    if (status == BACM_OK || status == BACM_E_CANCELED)
        error->status = BACM_OK;
    return status == BACM_OK && fflush(file) == 0 && !ferror(file);
}
