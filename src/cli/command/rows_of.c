#include "cli/command/rows_of.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/input/input.h"
#include "cli/profile/library_error.h"

bool is_journal(const char *path)
{
    static const char mark[] = "SQLite format 3";
    char begin[sizeof mark] = "";
    int fd = strcmp(path, "-") != 0 ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    ssize_t got = fd >= 0 ? pread(fd, begin, sizeof begin, 0) : -1;

    if (fd >= 0)
        close(fd);
    return got == (ssize_t)sizeof begin && memcmp(begin, mark, sizeof mark) == 0;
}

struct export
{
    rows_of_callback *callback;
    void *user;
};

static bool put_entry(const bacm_journal_entry *entry, void *user)
{
    const struct export *export = user;
    bacm_client_link link = BACM_CLIENT_LINK_INIT;
    const struct row_of row = {entry->index, (unsigned long)entry->tag, &link, entry};

    link.type = entry->type;
    link.client_account_id = entry->client_account_id;
    link.client_account_number = entry->client_account_number;
    link.client_customer_id = entry->client_customer_id;
    link.client_customer_number = entry->client_customer_number;
    link.managing_customer_id = entry->managing_customer_id;
    link.managing_customer_number = entry->managing_customer_number;
    return export->callback(&row, export->user);
}

static bool rows_of_journal(const char *path, bacm_journal *open, struct export *export)
{
    bacm_journal *own = NULL;
    bacm_error error;
    bacm_status status = open != NULL ? BACM_OK : bacm_journal_open(&own, path, &error);

    if (status == BACM_OK)
        status = bacm_journal_export(open != NULL ? open : own, put_entry, export, &error);
    bacm_journal_close(own);
    if (status != BACM_OK && status != BACM_E_CANCELED)
        message_library(&error);
    return status == BACM_OK;
}

static bool rows_of_list(struct input *input, const struct export *export)
{
    struct row row = {0};
    struct problem problem;
    enum input_event event;
    bool good = true;
    bool go_on = true;

    while (go_on && (event = input_next(input, &row, &problem)) != INPUT_END) {
        const struct row_of each = {row.index, row.line, &row.link, NULL};

        if (event == INPUT_ROW) {
            go_on = export->callback(&each, export->user);
            continue;
        }
        problem_report(&problem, input_name(input));
        good = false;
        go_on = event == INPUT_BAD_ROW;
    }
    row_free(&row);
    return good && go_on;
}

bool rows_of(const struct input_options *options, const struct version *version,
             bacm_journal *journal, rows_of_callback *callback, void *user)
{
    struct export export = {callback, user};
    struct input *input;
    bool ok;

    if (is_journal(options->path))
        return rows_of_journal(options->path, journal, &export);
    input = input_open(options, version, false);
    if (input == NULL)
        return false;
    ok = rows_of_list(input, &export);
    if (ok)
        input_tell(input);
    input_close(input);
    return ok;
}
