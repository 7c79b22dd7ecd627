#include "cli/command/failed_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/record.h"
#include "cli/terminal/message.h"

static bool cannot(const char *what, const char *path)
{
    message_error("%s %s: %s", what, path, strerror(errno));
    return false;
}

/* What the file has is kept until it is written: the run may yet be refused. */
static bool open_out(struct failed_rows *failed, const struct intake *intake)
{
    int fd = open(failed->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    struct stat status;

    if (fd < 0 || fstat(fd, &status) != 0)
        return cannot("--failed-out", failed->path);
    if (input_is(intake->input, &status)) {
        message_error("--failed-out %s: this is the input; name another file", failed->path);
        close(fd);
        return false;
    }
    failed->out = fdopen(fd, "w");
    return failed->out != NULL || cannot("--failed-out", failed->path);
}

bool failed_rows_open(struct failed_rows *failed, const char *path, const struct intake *intake)
{
    int fd;

    failed->path = path;
    if (path == NULL)
        return true;
    if (!open_out(failed, intake))
        return false;
    fd = source_temporary();
    failed->reasons = fd >= 0 ? fdopen(fd, "w+") : NULL;
    if (failed->reasons != NULL)
        return true;
    failed_rows_close(failed);
    return cannot("a temporary file for", path);
}

void failed_rows_take(struct failed_rows *failed, const bacm_bulk_record *record)
{
    char *reason;
    size_t size;

    if (failed->path == NULL)
        return;
    reason = record_reason(record);
    size = reason != NULL ? strlen(reason) + 1 : 0;
    failed->count++;
    if (size == 0 || fwrite(&record->index, sizeof record->index, 1, failed->reasons) != 1 ||
        fwrite(&size, sizeof size, 1, failed->reasons) != 1 ||
        fwrite(reason, size, 1, failed->reasons) != 1)
        failed->broken = true;
    free(reason);
}

/* The next reason: new, NULL behind the last one. */
static char *next_reason(struct failed_rows *failed, uint64_t *index)
{
    size_t size;
    char *reason;

    if (fread(index, sizeof *index, 1, failed->reasons) != 1 ||
        fread(&size, sizeof size, 1, failed->reasons) != 1)
        return NULL;
    reason = malloc(size);
    if (reason != NULL && fread(reason, size, 1, failed->reasons) == 1)
        return reason;
    free(reason);
    failed->broken = true;
    return NULL;
}

/* False with a problem where the input cannot be read a further time. */
static bool put_rows(struct failed_rows *failed, struct input *input, struct problem *problem)
{
    struct row row = {0};
    bool head = false;
    uint64_t index;
    char *reason = next_reason(failed, &index);
    enum input_event event = INPUT_ROW;

    while (reason != NULL && event != INPUT_END && event != INPUT_BROKEN) {
        event = input_next(input, &row, problem);
        if (!head)
            input_put_original(input, failed->out, NULL);
        head = true;
        if ((event != INPUT_ROW && event != INPUT_BAD_ROW) || row.index != index)
            continue;
        input_put_original(input, failed->out, reason);
        free(reason);
        reason = next_reason(failed, &index);
    }
    failed->broken = failed->broken || reason != NULL;
    free(reason);
    row_free(&row);
    return event != INPUT_BROKEN;
}

bool failed_rows_write(struct failed_rows *failed, struct intake *intake)
{
    struct problem problem;
    bool ok;

    if (failed->path == NULL)
        return true;
    rewind(failed->reasons);
    ok = ftruncate(fileno(failed->out), 0) == 0 && input_rewind(intake->input, &problem);
    if (ok && !put_rows(failed, intake->input, &problem)) {
        problem_report(&problem, input_name(intake->input));
        ok = false;
    }
    if (!ok || fflush(failed->out) != 0 || ferror(failed->out) || failed->broken) {
        message_error("--failed-out %s: not every row could be written", failed->path);
        return false;
    }
    message_note("%s: %" PRIu64 " rows that were not added, each with its reason", failed->path,
                 failed->count);
    return true;
}

void failed_rows_close(struct failed_rows *failed)
{
    if (failed->out != NULL)
        fclose(failed->out);
    if (failed->reasons != NULL)
        fclose(failed->reasons);
    failed->out = failed->reasons = NULL;
}
