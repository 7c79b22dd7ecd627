#include "cli/profile/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

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
    return fsync(fd) == 0;
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

static bool write_and_rename(const char *path, const char *text, size_t size)
{
    char temporary[PATH_MAX];
    int fd;
    bool ok;

    if (snprintf(temporary, sizeof temporary, "%s%s", path, temporary_suffix) >=
        (int)sizeof temporary) {
        errno = ENAMETOOLONG;
        return fail(path);
    }
    fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return fail(temporary);
    ok = write_all(fd, text, size);
    ok = close(fd) == 0 && ok;
    ok = ok && rename(temporary, path) == 0;
    if (!ok) {
        fail(path);
        unlink(temporary);
    }
    return ok;
}

bool private_file_write(const char *path, const char *text, size_t size)
{
    char *folder = folder_of(path);
    bool ok;

    if (folder == NULL) {
        message_error("out of memory");
        return false;
    }
    ok = make_folder(folder) && write_and_rename(path, text, size) && sync_folder(folder);
    free(folder);
    return ok;
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

bool private_file_remove(const char *path)
{
    char pattern[PATH_MAX];
    glob_t found;

    if (temporaries_of(path, pattern) && glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            unlink(found.gl_pathv[i]);
        globfree(&found);
    }
    return unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR || fail(path);
}
