/*
 * Linked into bacm with --wrap: it dies at the n-th point where a crash could
 * fall between two steps on files, n being TEST_KILL_AT. There is a point
 * before and after each call, and one in the middle of a write. TEST_CALLS names
 * a file that gets the name of each call instead.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int __real_mkdir(const char *path, mode_t mode);
int __real_mkostemp(char *path, int flags);
int __real_open(const char *path, int flags, ...);
int __real_rename(const char *from, const char *to);
int __real_fsync(int fd);
int __real_close(int fd);
ssize_t __real_write(int fd, const void *bytes, size_t size);

int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_mkostemp(char *path, int flags);
int __wrap_open(const char *path, int flags, ...);
int __wrap_rename(const char *from, const char *to);
int __wrap_fsync(int fd);
int __wrap_close(int fd);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);

static bool is_point(void)
{
    static long passed;
    const char *wanted = getenv("TEST_KILL_AT");

    return wanted && passed++ == strtol(wanted, NULL, 10);
}

static void point(void)
{
    if (is_point())
        kill(getpid(), SIGKILL);
}

static void note(const char *call)
{
    const char *path = getenv("TEST_CALLS");
    int fd = path ? __real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    char line[32];
    int length = snprintf(line, sizeof line, "%s\n", call);

    if (fd >= 0 && __real_write(fd, line, (size_t)length) != length)
        abort();
    if (fd >= 0)
        __real_close(fd);
}

#define AT_POINTS(call, name)                                                                      \
    do {                                                                                           \
        note(name);                                                                                \
        point();                                                                                   \
        result = (call);                                                                           \
        point();                                                                                   \
    } while (0)

int __wrap_mkdir(const char *path, mode_t mode)
{
    int result;

    AT_POINTS(__real_mkdir(path, mode), "mkdir");
    return result;
}

int __wrap_mkostemp(char *path, int flags)
{
    int result;

    AT_POINTS(__real_mkostemp(path, flags), "mkostemp");
    return result;
}

int __wrap_open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    int result;

    if (flags & O_CREAT) {
        va_list arguments;

        va_start(arguments, flags);
        mode = (mode_t)va_arg(arguments, int);
        va_end(arguments);
    }
    AT_POINTS(__real_open(path, flags, mode), "open");
    return result;
}

int __wrap_rename(const char *from, const char *to)
{
    int result;

    AT_POINTS(__real_rename(from, to), "rename");
    return result;
}

int __wrap_fsync(int fd)
{
    int result;

    AT_POINTS(__real_fsync(fd), "fsync");
    return result;
}

int __wrap_close(int fd)
{
    int result;

    AT_POINTS(__real_close(fd), "close");
    return result;
}

ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
    ssize_t result;

    if (is_point()) {
        result = __real_write(fd, bytes, size / 2);
        if (result >= 0)
            kill(getpid(), SIGKILL);
    }
    AT_POINTS(__real_write(fd, bytes, size), "write");
    return result;
}
