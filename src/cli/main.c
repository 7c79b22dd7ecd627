/*
 * bacm: the command line of the library.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <bacm/bacm.h>

#include "cli/command/help.h"
#include "cli/command/options.h"
#include "cli/output/output.h"
#include "cli/profile/config.h"
#include "cli/profile/version.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"
#include "cli/terminal/text.h"

static bool load_settings(struct cli *cli)
{
    return settings_from_environment(&cli->settings) && config_read(&cli->settings);
}

static int run(struct cli *cli)
{
    cli->settings_broken = !load_settings(cli);
    if (cli->settings_broken && !cli->command->without_settings)
        return CLI_USAGE;
    message_set_quiet(settings_flag(&cli->settings, SETTING_QUIET));
    return cli->command->run(cli);
}

/*
 * The version that help is about may be chosen in the environment and the file as
 * well; help does not depend on whether the rest of them is right.
 */
static void show_help(struct cli *cli)
{
    message_set_mute(true);
    load_settings(cli);
    message_set_mute(false);
    help_print(stdout, cli->command, version_of(&cli->settings));
}

static int run_or_help(struct cli *cli, int argc, char **argv)
{
    switch (options_parse(cli, argc, argv)) {
    case OPTIONS_RUN:
        return run(cli);
    case OPTIONS_HELP:
        show_help(cli);
        return CLI_OK;
    case OPTIONS_VERSION:
        printf("bacm %s\nlibbacm %s\n", BACM_VERSION, bacm_version());
        return CLI_OK;
    default:
        return CLI_USAGE;
    }
}

/*
 * A standard stream that is closed leaves its number to the next file that is opened,
 * and what is meant for the stream would be written into that. So each gets a
 * /dev/null that it cannot use: reading from stdin fails, and writing to the others.
 */
static bool hold_stream(int fd)
{
    int held;

    if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
        return true;
    held = open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (held > STDERR_FILENO)
        close(held);
    return false;
}

/* False after a message: without stdout the results would be lost, so nothing is done at all. */
static bool hold_streams(void)
{
    bool has_output;

    hold_stream(STDIN_FILENO);
    has_output = hold_stream(STDOUT_FILENO);
    hold_stream(STDERR_FILENO);
    if (!has_output)
        message_error("stdout is closed and nothing was done; send the results to a file, or to "
                      "/dev/null if you do not want them");
    return has_output;
}

int main(int argc, char **argv)
{
    struct cli cli = {.argc = argc, .argv = argv};
    int code;

    text_start();
    if (!hold_streams())
        return CLI_FAILED;
    /* A reader that goes away and a full quota are errors to be reported, not a silent end. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    code = output_close(run_or_help(&cli, argc, argv));
    settings_free(&cli.settings);
    for (size_t i = 0; i < COMMAND_MAX_OPTIONS; i++)
        free(cli.many[i]);
    return code;
}
