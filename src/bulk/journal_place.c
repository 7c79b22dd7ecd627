#include "bulk/journal_place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulk/fail.h"

/* What SQLite has beside a journal: nothing after a clean end. */
static const char *const suffixes[] = {"", "-journal", "-wal"};
enum { SUFFIXES = sizeof suffixes / sizeof suffixes[0] };

static bacm_status refuse(bacm_error *error, const char *path, const char *why, const char *hint)
{
    bulk_fail(error, BACM_E_JOURNAL, "the journal %s %s", path, why);
    bulk_hint(error, hint);
    return BACM_E_JOURNAL;
}

static bacm_status fail_by_errno(bacm_error *error, const char *path, const char *what,
                                 const char *hint)
{
    char why[160];

    if (errno == ENOMEM)
        return bulk_fail_memory(error);
    snprintf(why, sizeof why, "%s: %s", what, strerror(errno));
    return refuse(error, path, why, hint);
}

/* Three texts as one, new; NULL: no memory. */
static char *joined(const char *first, const char *second, const char *third)
{
    size_t size = strlen(first) + strlen(second) + strlen(third) + 1;
    char *text = malloc(size);

    if (text)
        snprintf(text, size, "%s%s%s", first, second, third);
    return text;
}

bacm_status bulk_journal_place(char **place, const char *path, bacm_error *error)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? joined(path, "", "") : joined(".", "", "");
    char real[PATH_MAX];
    bacm_status status = BACM_OK;

    *place = NULL;
    if (folder && slash)
        folder[slash == path ? 1 : slash - path] = '\0';
    if (folder && !realpath(folder, real))
        status = fail_by_errno(error, path, "cannot be opened", "Check that the folder exists.");
    else if (folder)
        *place = joined(real, strcmp(real, "/") == 0 ? "" : "/", slash ? slash + 1 : path);
    if (status == BACM_OK && !*place)
        status = bulk_fail_memory(error);
    free(folder);
    return status;
}

bacm_status bulk_journal_make(const char *place, bacm_error *error)
{
    int file = open(place, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (file >= 0) {
        close(file);
        return BACM_OK;
    }
    return errno == EEXIST ? BACM_OK
                           : fail_by_errno(error, place, "cannot be made",
                                           "Check that the folder exists and that you may write to "
                                           "it.");
}

static bacm_status check_file(const char *path, const struct stat *file, bacm_error *error)
{
    if (S_ISLNK(file->st_mode))
        return refuse(error, path, "is a symbolic link, which may lead anywhere",
                      "Give the path that it leads to.");
    if (!S_ISREG(file->st_mode))
        return refuse(error, path, "is not a regular file", BULK_JOURNAL_OR_NEW);
    if (file->st_uid != geteuid() && file->st_uid != 0)
        return refuse(error, path, "belongs to another user, who may have written anything to it",
                      "Give a journal of your own.");
    if (file->st_mode & (S_IRWXG | S_IRWXO))
        return refuse(error, path, "can be read or written by others",
                      "See that it is a journal that nobody else has changed, and give it mode "
                      "0600 (chmod 600).");
    return BACM_OK;
}

bacm_status bulk_journal_check(const char *place, off_t *size, bacm_error *error)
{
    bacm_status status = BACM_OK;

    for (int i = 0; i < SUFFIXES && status == BACM_OK; i++) {
        char *path = joined(place, suffixes[i], "");
        struct stat file;

        if (!path)
            return bulk_fail_memory(error);
        if (lstat(path, &file) == 0) {
            status = check_file(path, &file, error);
            if (i == 0)
                *size = file.st_size;
        } else if (i == 0 || errno != ENOENT) {
            status = fail_by_errno(error, path, "cannot be opened", BULK_ONLY_A_JOURNAL);
        }
        free(path);
    }
    return status;
}

/* --- a copy ---------------------------------------------------------------------- */

/* Copy what is left of one file to another; false with errno. */
static bool copy_bytes(int from, int to)
{
    char bytes[65536];
    ssize_t got;

    while ((got = read(from, bytes, sizeof bytes)) > 0) {
        for (ssize_t done = 0; done < got;) {
            ssize_t written = write(to, bytes + done, (size_t)(got - done));

            if (written < 0)
                return false;
            done += written;
        }
    }
    return got == 0;
}

/* False with errno; there is nothing to do where the original has no such file. */
static bool copy_file(const char *from_path, const char *to_path)
{
    int from = open(from_path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    int to, failure;
    bool copied;

    if (from < 0)
        return errno == ENOENT;
    to = open(to_path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    copied = to >= 0 && copy_bytes(from, to);
    failure = errno;
    close(from);
    if (to >= 0)
        copied = close(to) == 0 && copied;
    errno = failure;
    return copied;
}

static bacm_status copy_files(const char *copy, const char *place, bacm_error *error)
{
    bacm_status status = BACM_OK;

    for (int i = 0; i < SUFFIXES && status == BACM_OK; i++) {
        char *from = joined(place, suffixes[i], "");
        char *to = joined(copy, suffixes[i], "");

        if (!from || !to)
            status = bulk_fail_memory(error);
        else if (!copy_file(from, to))
            status = fail_by_errno(error, from, "cannot be copied for reading",
                                   "Make room for a copy, or set TMPDIR to a folder that has it.");
        free(from);
        free(to);
    }
    return status;
}

bacm_status bulk_journal_copy(char **copy, const char *place, bacm_error *error)
{
    const char *temporary = secure_getenv("TMPDIR");
    char *folder = joined(temporary && *temporary ? temporary : "/tmp", "/bacm-journal-", "XXXXXX");
    bacm_status status;

    *copy = NULL;
    if (!folder)
        return bulk_fail_memory(error);
    if (!mkdtemp(folder)) {
        status = fail_by_errno(error, folder, "cannot be copied for reading",
                               "Set TMPDIR to a folder that you may write to.");
        free(folder);
        return status;
    }
    *copy = joined(folder, "/", "copy");
    status = *copy ? copy_files(*copy, place, error) : bulk_fail_memory(error);
    if (!*copy)
        rmdir(folder);
    free(folder);
    return status;
}

void bulk_journal_drop_copy(char *copy)
{
    if (!copy)
        return;
    for (int i = 0; i < SUFFIXES; i++) {
        char *path = joined(copy, suffixes[i], "");

        if (path)
            unlink(path);
        free(path);
    }
    *strrchr(copy, '/') = '\0';
    rmdir(copy);
    free(copy);
}
