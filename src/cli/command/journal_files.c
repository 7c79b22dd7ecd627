#include "cli/command/journal_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <bacm/bulk.h>

#include "cli/command/rows_of.h"
#include "cli/input/input.h"
#include "cli/output/output.h"
#include "cli/profile/library_error.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

#define SUFFIX         ".journal"
#define MAX_PATH_BYTES 4096
#define SECONDS_A_DAY  86400

static const struct output_column columns[] = {
    {"journal", "Journal", 36, false, NULL, false},
    {"list", NULL, 0, false, NULL, false},
    {"endpoint", NULL, 0, false, NULL, false},
    {"contract", "Version", 7, false, NULL, false},
    {"managingCustomerId", "Manager", 10, true, NULL, false},
    {"created", "Created", 20, false, NULL, false},
    {"added", "Added", 8, true, NULL, false},
    {"failed", "Failed", 8, true, NULL, false},
    {"open", "Open", 8, true, NULL, false},
    {"done", "Done", 5, false, NULL, false},
    {"why", "Why not", 0, false, NULL, false},
    {NULL, NULL, 0, false, NULL, false},
};

struct lister {
    const struct journal_files *wanted;
    struct output output;
    int code;
};

/* What is known of one journal. */
struct found {
    char list[MAX_PATH_BYTES]; /* the list beside it; "" when there is none */
    bacm_journal_info info;
    uint64_t open;   /* rows that a further run would deal with */
    uint64_t last;   /* index of the last row that is recorded */
    const char *why; /* it is not done; NULL: it is */
};

static bool take_last(const bacm_journal_entry *entry, void *user)
{
    *(uint64_t *)user = entry->index;
    return true;
}

static const struct version *version_named(const char *name)
{
    for (size_t i = 0; i < VERSION_COUNT; i++) {
        if (strcmp(version_table[i].name, name) == 0)
            return &version_table[i];
    }
    return NULL;
}

/* Index of the last good row; false when the list cannot be read, or is another. */
static bool read_list(const struct found *found, uint64_t *last)
{
    const struct input_options options = {.path = found->list};
    const struct version *version = version_named(found->info.contract);
    struct input *input = version != NULL ? input_open(&options, version, true) : NULL;
    char digest[SOURCE_DIGEST_BYTES] = "";
    enum input_event event = INPUT_BROKEN;
    struct problem problem;
    struct row row = {0};

    if (input == NULL)
        return false;
    do {
        event = input_next(input, &row, &problem);
        if (event == INPUT_ROW)
            *last = row.index;
    } while (event == INPUT_ROW || event == INPUT_BAD_ROW);
    if (event == INPUT_END)
        input_digest(input, digest);
    row_free(&row);
    input_close(input);
    return strcmp(digest, found->info.input_digest) == 0;
}

/* A run that was killed has not recorded the rows that it never came to: the list has them. */
static const char *why_not_done(const struct found *found)
{
    uint64_t last = 0;
    bool known;

    if (found->open > 0)
        return "some rows are open";
    if (found->list[0] == '\0')
        return "its list is not beside it";
    message_set_mute(true);
    known = read_list(found, &last);
    message_set_mute(false);
    if (!known)
        return "its list has changed";
    return found->last < last ? "rows of its list were never reached" : NULL;
}

static void find_list(const char *path, char list[MAX_PATH_BYTES])
{
    size_t length = strlen(path);
    size_t suffix = strlen(SUFFIX);

    list[0] = '\0';
    if (length <= suffix || strcmp(path + length - suffix, SUFFIX) != 0)
        return;
    snprintf(list, MAX_PATH_BYTES, "%.*s", (int)(length - suffix), path);
    if (access(list, R_OK) != 0)
        list[0] = '\0';
}

static bacm_status look_at(const char *path, bacm_journal *journal, struct found *found,
                           bacm_error *error)
{
    bacm_status status = bacm_journal_inspect(journal, &found->info, error);

    if (status == BACM_OK)
        status = bacm_journal_export(journal, take_last, &found->last, error);
    if (status != BACM_OK)
        return status;
    for (int state = 0; state < BACM_JOURNAL_STATES; state++) {
        if (state != BACM_JOURNAL_ADDED && state != BACM_JOURNAL_FAILED)
            found->open += found->info.rows[state];
    }
    find_list(path, found->list);
    found->why = why_not_done(found);
    return BACM_OK;
}

static bool put(struct lister *lister, const char *path, const struct found *found)
{
    const bacm_journal_info *info = &found->info;

    return output_record(
        &lister->output,
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:b, s:o}", "journal",
                  output_text(path), "list", output_text_or_null(found->list), "endpoint",
                  output_text(info->endpoint), "contract", output_text(info->contract),
                  "managingCustomerId", output_id(info->managing_customer_id), "created",
                  output_text(info->created), "added", (json_int_t)info->rows[BACM_JOURNAL_ADDED],
                  "failed", (json_int_t)info->rows[BACM_JOURNAL_FAILED], "open",
                  (json_int_t)found->open, "done", found->why == NULL, "why",
                  output_text(found->why)));
}

static bool is_old(const struct lister *lister, const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && difftime(time(NULL), status.st_mtime) >=
                                           (double)lister->wanted->older_than * SECONDS_A_DAY;
}

/* Remove it while nobody else can have it open. */
static void prune(struct lister *lister, const char *path)
{
    bacm_journal *journal = NULL;
    bacm_error error;

    if (!is_old(lister, path))
        return;
    if (!lister->wanted->yes) {
        message_note("%s: would be removed; give --yes", path);
        return;
    }
    if (bacm_journal_edit(&journal, path, &error) != BACM_OK) {
        message_library(&error);
        lister->code = exit_code_worse(lister->code, CLI_FAILED);
        return;
    }
    if (unlink(path) == 0) {
        message_note("%s: removed", path);
    } else {
        message_error("%s: %s", path, strerror(errno));
        lister->code = exit_code_worse(lister->code, CLI_FAILED);
    }
    bacm_journal_close(journal);
}

static void list_file(struct lister *lister, const char *path)
{
    struct found found = {.info = BACM_JOURNAL_INFO_INIT};
    bacm_journal *journal = NULL;
    bacm_error error;
    bacm_status status = bacm_journal_open(&journal, path, &error);
    bool done = false;

    if (status == BACM_OK)
        status = look_at(path, journal, &found, &error);
    if (status == BACM_OK) {
        done = found.why == NULL;
        if (!put(lister, path, &found))
            lister->code = CLI_FAILED;
    } else {
        message_error("%s:", path);
        message_library(&error);
        lister->code = exit_code_worse(lister->code, CLI_USAGE);
    }
    bacm_journal_close(journal);
    if (done && lister->wanted->prune)
        prune(lister, path);
}

static int is_name(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    size_t suffix = strlen(SUFFIX);

    return length > suffix && strcmp(entry->d_name + length - suffix, SUFFIX) == 0;
}

static void list_folder(struct lister *lister, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_name, alphasort);

    if (count < 0) {
        message_error("%s: %s", folder, strerror(errno));
        lister->code = exit_code_worse(lister->code, CLI_USAGE);
        return;
    }
    for (int i = 0; i < count; i++) {
        char path[MAX_PATH_BYTES];
        bool here = strcmp(folder, ".") == 0;

        snprintf(path, sizeof path, "%s%s%s", here ? "" : folder, here ? "" : "/",
                 entries[i]->d_name);
        /* Other programs have files of that name too. */
        if (is_journal(path))
            list_file(lister, path);
        free(entries[i]);
    }
    free(entries);
}

int journal_files(const struct cli *cli, const struct journal_files *wanted)
{
    struct lister lister = {.wanted = wanted, .code = CLI_OK};

    output_begin(&lister.output, &cli->settings, columns);
    if (wanted->count == 0)
        list_folder(&lister, ".");
    for (size_t i = 0; i < wanted->count; i++) {
        struct stat status;

        if (stat(wanted->path[i], &status) == 0 && S_ISDIR(status.st_mode))
            list_folder(&lister, wanted->path[i]);
        else
            list_file(&lister, wanted->path[i]);
    }
    output_end(&lister.output);
    return lister.code;
}
