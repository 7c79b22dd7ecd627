#include "cli/profile/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "cli/terminal/clock.h"
#include "cli/terminal/message.h"

/* A temporary file stands beside the file that it will become. */
static const char temporary_suffix[] = ".new-XXXXXX";
static const char temporary_pattern[] = ".new-??????";

static bool fail(const char *path)
{
    message_error("%s: %s", path, strerror(errno));
    return false;
}

static bool check_owner(int fd, const char *path)
{
    struct stat status;

    if (fstat(fd, &status) != 0)
        return fail(path);
    if (!S_ISREG(status.st_mode)) {
        message_error("%s: not a regular file", path);
        return false;
    }
    if (status.st_uid != geteuid() && status.st_uid != 0) {
        message_error("%s: belongs to another user; make a copy of your own", path);
        return false;
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        message_error("%s: others can read or write this file; run: chmod 600 '%s'", path, path);
        return false;
    }
    return true;
}

/* Fill text, which has room for limit bytes and one more. */
static bool read_all(int fd, const char *path, char *text, size_t limit, size_t *size)
{
    ssize_t got;

    *size = 0;
    while ((got = read(fd, text + *size, limit + 1 - *size)) > 0)
        *size += (size_t)got;
    if (got < 0)
        return fail(path);
    if (*size > limit) {
        message_error("%s: longer than %zu bytes; this is not the file it should be", path, limit);
        return false;
    }
    text[*size] = '\0';
    return true;
}

static bool read_open(int fd, const char *path, size_t limit, char **text, size_t *size)
{
    if (!check_owner(fd, path))
        return false;
    *text = OPENSSL_zalloc(limit + 1);
    if (*text == NULL) {
        message_error("out of memory");
        return false;
    }
    if (read_all(fd, path, *text, limit, size))
        return true;
    OPENSSL_clear_free(*text, limit + 1);
    *text = NULL;
    return false;
}

enum private_file_result private_file_read(const char *path, size_t limit, char **text,
                                           size_t *size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool ok;

    *text = NULL;
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return PRIVATE_FILE_ABSENT;
    if (fd < 0) {
        fail(path);
        return PRIVATE_FILE_WRONG;
    }
    ok = read_open(fd, path, limit, text, size);
    close(fd);
    return ok ? PRIVATE_FILE_READ : PRIVATE_FILE_WRONG;
}

void private_file_free(char *text, size_t size)
{
    OPENSSL_clear_free(text, size);
}

/* The folder of a path, as new text. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

/* Make the folder and those above it, for this user alone. */
static bool make_folder(char *folder)
{
    for (char *p = folder + 1; *p != '\0'; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(folder, S_IRWXU) != 0 && errno != EEXIST)
            return fail(folder);
        *p = '/';
    }
    return mkdir(folder, S_IRWXU) == 0 || errno == EEXIST || fail(folder);
}

static bool write_all(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, text, size);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        size -= (size_t)written;
    }
    return true;
}

/* A rename lasts when its folder is on disk. */
static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return ok || fail(folder);
}

void private_draft_drop(struct private_draft *draft)
{
    if (draft->fd >= 0)
        close(draft->fd);
    if (draft->path[0] != '\0')
        unlink(draft->path);
    *draft = (struct private_draft)PRIVATE_DRAFT_NONE;
}

/* Blocks of the disk for the draft, so that filling it cannot fail for want of them. */
static bool reserve_blocks(const struct private_draft *draft, size_t size)
{
    const int reason = posix_fallocate(draft->fd, 0, (off_t)size);

    if (reason == 0 && fsync(draft->fd) == 0)
        return true;
    if (reason != 0)
        errno = reason;
    return fail(draft->path);
}

static bool make_draft(struct private_draft *draft, const char *path, size_t size)
{
    if (snprintf(draft->path, sizeof draft->path, "%s%s", path, temporary_suffix) >=
        (int)sizeof draft->path) {
        draft->path[0] = '\0';
        errno = ENAMETOOLONG;
        return fail(path);
    }
    draft->fd = mkostemp(draft->path, O_CLOEXEC); /* mode 0600 */
    if (draft->fd < 0) {
        fail(draft->path);
        draft->path[0] = '\0';
        return false;
    }
    if (reserve_blocks(draft, size))
        return true;
    private_draft_drop(draft);
    return false;
}

bool private_draft_reserve(struct private_draft *draft, const char *path, size_t size)
{
    char *folder = folder_of(path);
    bool ok;

    *draft = (struct private_draft)PRIVATE_DRAFT_NONE;
    if (folder == NULL) {
        message_error("out of memory");
        return false;
    }
    ok = make_folder(folder) && make_draft(draft, path, size);
    free(folder);
    return ok;
}

static bool fill_draft(struct private_draft *draft, const char *path, const char *text, size_t size)
{
    bool ok = write_all(draft->fd, text, size) && ftruncate(draft->fd, (off_t)size) == 0 &&
              fsync(draft->fd) == 0;

    ok = close(draft->fd) == 0 && ok;
    draft->fd = -1;
    ok = ok && rename(draft->path, path) == 0;
    if (ok)
        draft->path[0] = '\0';
    return ok || fail(path);
}

bool private_draft_use(struct private_draft *draft, const char *path, const char *text, size_t size)
{
    char *folder = folder_of(path);
    bool ok = folder != NULL && fill_draft(draft, path, text, size) && sync_folder(folder);

    if (folder == NULL)
        message_error("out of memory");
    free(folder);
    private_draft_drop(draft);
    return ok;
}

bool private_file_write(const char *path, const char *text, size_t size)
{
    struct private_draft draft;

    return private_draft_reserve(&draft, path, size) && private_draft_use(&draft, path, text, size);
}

bool private_file_is_mine(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
           (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

/* The path with the characters that glob() takes for more escaped, and the pattern. */
static bool temporaries_of(const char *path, char pattern[PATH_MAX])
{
    size_t used = 0;

    for (; *path != '\0'; path++) {
        if (used + 2 + sizeof temporary_pattern > PATH_MAX)
            return false;
        if (strchr("*?[\\", *path) != NULL)
            pattern[used++] = '\\';
        pattern[used++] = *path;
    }
    memcpy(pattern + used, temporary_pattern, sizeof temporary_pattern);
    return true;
}

void private_file_tidy(const char *path)
{
    char pattern[PATH_MAX];
    glob_t found;

    if (temporaries_of(path, pattern) && glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            unlink(found.gl_pathv[i]);
        globfree(&found);
    }
}

bool private_file_remove(const char *path)
{
    private_file_tidy(path);
    return unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR || fail(path);
}

/* --- locks ----------------------------------------------------------------------- */

/* Opens the file of a lock, which nobody else may have made. */
static int open_lock(const char *path)
{
    char *folder = folder_of(path);
    int fd = -1;

    if (folder == NULL)
        message_error("out of memory");
    else if (make_folder(folder)) {
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR);
        if (fd < 0)
            fail(path);
    }
    free(folder);
    if (fd >= 0 && !check_owner(fd, path)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* Whether the file is still the one of that name; logout may have removed it. */
static bool is_in_place(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && status.st_nlink > 0;
}

int private_lock(const char *path, unsigned wait_ms)
{
    static const struct timespec pause = {0, 10000000};
    const int64_t deadline_ms = clock_ms() + wait_ms;

    for (;;) {
        int fd = open_lock(path);

        if (fd < 0)
            return PRIVATE_LOCK_FAILED;
        while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK && errno != EINTR) {
                fail(path);
                close(fd);
                return PRIVATE_LOCK_FAILED;
            }
            if (clock_ms() >= deadline_ms) {
                close(fd);
                return PRIVATE_LOCK_BUSY;
            }
            nanosleep(&pause, NULL);
        }
        if (is_in_place(fd))
            return fd;
        close(fd);
    }
}

void private_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}
