#include "cli/terminal/confirm.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/terminal/message.h"
#include "cli/terminal/text.h"

/* stdin may be the input, so the answer is read from the terminal itself. */
static bool read_answer(FILE *terminal)
{
    char answer[16] = "";

    if (fgets(answer, sizeof answer, terminal) == NULL)
        return false;
    answer[strcspn(answer, "\n")] = '\0';
    return strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
}

bool confirm(const char *question)
{
    FILE *terminal;
    bool yes;

    if (!isatty(STDERR_FILENO))
        return true;
    terminal = fopen("/dev/tty", "re");
    if (terminal == NULL) {
        message_error("there is no terminal to ask at, and nothing was sent; --yes sends without a "
                      "question");
        return false;
    }
    text_put(stderr, question);
    fputs(" [y/N] ", stderr);
    yes = read_answer(terminal);
    fclose(terminal);
    if (!yes)
        message_error("nothing was sent");
    return yes;
}
