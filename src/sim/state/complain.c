#include "sim/state/complain.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void complain(const char *format, ...)
{
    static const char name[] = "bacm-sim: ";
    /* A pipe that takes anything takes this much without waiting. */
    char line[512];
    struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};
    va_list arguments;
    va_start(arguments, format);
    memcpy(line, name, sizeof name);
    vsnprintf(line + sizeof name - 1, sizeof line - sizeof name, format, arguments);
    va_end(arguments);
    size_t length = strlen(line);
    line[length] = '\n'; /* the NUL's place */
    if (poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) &&
        write(STDERR_FILENO, line, length + 1) < 0)
        return;
}
