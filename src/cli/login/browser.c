#include "cli/login/browser.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/profile/private_file.h"

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

/* Signals as a program expects them: what we ignore or hold back is no matter of the browser. */
static bool default_signals(posix_spawnattr_t *attributes)
{
    sigset_t all, none;

    sigfillset(&all);
    sigemptyset(&none);
    return posix_spawnattr_setsigdefault(attributes, &all) == 0 &&
           posix_spawnattr_setsigmask(attributes, &none) == 0 &&
           posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) ==
               0;
}

static bool spawn(const char *page, char **environment)
{
    char *arguments[] = {(char *)"xdg-open", (char *)page, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    bool started = false;
    pid_t pid;

    if (posix_spawnattr_init(&attributes) != 0)
        return false;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        posix_spawnattr_destroy(&attributes);
        return false;
    }
    if (posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO) == 0 &&
        default_signals(&attributes))
        started =
            posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments, environment) == 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return started;
}

/* --- the page -------------------------------------------------------------------- */

/* Of the page that a signal must not leave behind; one sign-in at a time. */
static char page_path[PATH_MAX];

static const int deadly[] = {SIGINT, SIGTERM, SIGHUP};

static void remove_page(int number)
{
    unlink(page_path);
    signal(number, SIG_DFL);
    raise(number);
}

static void put_attribute(FILE *file, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("&<>\"'", *text) != NULL)
            fprintf(file, "&#%d;", *text);
        else
            fputc(*text, file);
    }
}

static char *page_text(const char *url, size_t *size)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, size);

    if (file == NULL)
        return NULL;
    fputs("<!DOCTYPE html><meta charset=\"utf-8\"><meta name=\"referrer\" "
          "content=\"no-referrer\"><title>bacm</title><meta http-equiv=\"refresh\" "
          "content=\"0; url=",
          file);
    put_attribute(file, url);
    fputs("\"><a href=\"", file);
    put_attribute(file, url);
    fputs("\">Sign in</a>\n", file);
    if (fclose(file) == 0)
        return text;
    free(text);
    return NULL;
}

static bool make_page(struct browser_page *page, const char *url, const char *path)
{
    char absolute[PATH_MAX] = "";
    size_t size = 0;
    char *text;
    bool ok;

    if (*path != '/' && getcwd(absolute, sizeof absolute) == NULL)
        return false;
    if (snprintf(page->path, sizeof page->path, "%s%s%s.%ld.html", absolute, *absolute ? "/" : "",
                 path, (long)getpid()) >= (int)sizeof page->path)
        return false;
    snprintf(page_path, sizeof page_path, "%s", page->path);
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) {
        if (signal(deadly[i], remove_page) == SIG_IGN) /* as nohup has it */
            signal(deadly[i], SIG_IGN);
    }
    text = page_text(url, &size);
    ok = text != NULL && private_file_write(page->path, text, size);
    free(text);
    return ok;
}

void browser_close(struct browser_page *page)
{
    if (page->path[0] == '\0')
        return;
    unlink(page->path);
    page->path[0] = '\0';
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        signal(deadly[i], SIG_DFL);
}

bool browser_open(struct browser_page *page, const char *url, const char *path)
{
    char **environment;
    bool started;

    page->path[0] = '\0';
    if (!has_desktop() || (environment = clean_environment()) == NULL)
        return false;
    started = make_page(page, url, path) && spawn(page->path, environment);
    free(environment);
    if (!started)
        browser_close(page);
    return started;
}
