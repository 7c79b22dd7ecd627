#include "cli/profile/secret_command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include <bacm/credentials.h>

#include "cli/terminal/clock.h"
#include "cli/terminal/message.h"

/* A secret of the greatest length, and a line beside it. */
#define MAX_OUTPUT (BACM_MAX_SECRET_BYTES + 256)

extern char **environ;

/* In a group of its own, so that what it starts can be ended with it. */
static bool spawn(pid_t *pid, const char *command, int output)
{
    char *arguments[] = {(char *)"/bin/sh", (char *)"-c", (char *)command, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    bool ok;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return false;
    }
    ok = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP) == 0 &&
         posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
         posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) == 0 &&
         posix_spawn(pid, arguments[0], &actions, &attributes, arguments, environ) == 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return ok;
}

/* What comes until the end; false when that is too much or too late. */
static bool read_output(int fd, char *text, int64_t deadline_ms)
{
    size_t size = 0;

    for (;;) {
        struct pollfd poller = {.fd = fd, .events = POLLIN};
        const int64_t left_ms = deadline_ms - clock_ms();
        ssize_t got;

        if (left_ms <= 0 || poll(&poller, 1, (int)left_ms) < 0)
            return false;
        if (poller.revents == 0)
            continue;
        got = read(fd, text + size, MAX_OUTPUT - size);
        if (got == 0)
            return true;
        if (got < 0 && errno != EINTR)
            return false;
        size += got > 0 ? (size_t)got : 0;
        if (size == MAX_OUTPUT)
            return false;
    }
}

static bool end(pid_t pid, bool kill_it)
{
    int status = -1;

    if (kill_it)
        kill(-pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool run(char *text, const char *command, int64_t deadline_ms)
{
    int ends[2];
    pid_t pid;
    bool ok;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    ok = spawn(&pid, command, ends[1]);
    close(ends[1]);
    if (ok) {
        ok = read_output(ends[0], text, deadline_ms);
        ok = end(pid, !ok) && ok;
    }
    close(ends[0]);
    return ok;
}

/* Cut the first line off in place; the second one, or "". */
static const char *cut_line(char *text)
{
    char *next = text + strcspn(text, "\n");

    if (*next != '\0')
        *next++ = '\0';
    text[strcspn(text, "\r")] = '\0';
    next[strcspn(next, "\r\n")] = '\0';
    return next;
}

char *secret_command_run(const struct settings *settings, enum setting_id id, const char **rest)
{
    const int64_t deadline_ms = clock_ms() + settings_number(settings, SETTING_TIMEOUT) * 1000;
    char *text = OPENSSL_zalloc(MAX_OUTPUT + 1);
    const char *second;
    bool ok;

    if (text == NULL) {
        message_error("out of memory");
        return NULL;
    }
    ok = run(text, settings_text(settings, id), deadline_ms);
    second = cut_line(text);
    if (rest != NULL)
        *rest = second;
    if (ok && *text != '\0')
        return text;
    message_error("%s: the command failed, took longer than --timeout, or wrote no secret",
                  setting_table[id].name);
    secret_command_free(text);
    return NULL;
}

bool secret_command_fill(struct settings *settings)
{
    static const struct {
        enum setting_id secret;
        enum setting_id command;
    } pairs[] = {
        {SETTING_DEVELOPER_TOKEN, SETTING_DEVELOPER_TOKEN_COMMAND},
        {SETTING_CLIENT_SECRET, SETTING_CLIENT_SECRET_COMMAND},
        {SETTING_REFRESH_TOKEN, SETTING_REFRESH_TOKEN_COMMAND},
    };

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char *secret;
        bool ok;

        if (settings_text(settings, pairs[i].secret) != NULL ||
            settings_text(settings, pairs[i].command) == NULL)
            continue;
        secret = secret_command_run(settings, pairs[i].command, NULL);
        if (secret == NULL)
            return false;
        ok = settings_set(settings, pairs[i].secret, secret, settings->source[pairs[i].command],
                          setting_table[pairs[i].command].name);
        secret_command_free(secret);
        if (!ok)
            return false;
    }
    return true;
}

void secret_command_free(char *secret)
{
    OPENSSL_clear_free(secret, MAX_OUTPUT + 1);
}
