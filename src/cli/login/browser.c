#include "cli/login/browser.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static bool has_desktop(void)
{
    static const char *const names[] = {"DISPLAY", "WAYLAND_DISPLAY"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);

        if (value != NULL && *value != '\0')
            return true;
    }
    return false;
}

/* The environment without our variables, which hold secrets; texts are borrowed. */
static char **clean_environment(void)
{
    size_t count = 0;
    char **copy;

    while (environ[count] != NULL)
        count++;
    copy = calloc(count + 1, sizeof *copy);
    if (copy == NULL)
        return NULL;
    count = 0;
    for (char **variable = environ; *variable != NULL; variable++) {
        if (strncmp(*variable, "BACM_", 5) != 0)
            copy[count++] = *variable;
    }
    return copy;
}

static bool spawn(const char *url, char **environment)
{
    char *arguments[] = {(char *)"xdg-open", (char *)url, NULL};
    posix_spawn_file_actions_t actions;
    bool started = false;
    pid_t pid;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    if (posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO) == 0)
        started = posix_spawnp(&pid, arguments[0], &actions, NULL, arguments, environment) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return started;
}

bool browser_open(const char *url)
{
    char **environment;
    bool started;

    if (!has_desktop() || (environment = clean_environment()) == NULL)
        return false;
    started = spawn(url, environment);
    free(environment);
    return started;
}
