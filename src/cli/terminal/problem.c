#include "cli/terminal/problem.h"

#include <stdarg.h>
#include <stdio.h>

#include "cli/terminal/message.h"

void problem_set(struct problem *problem, const char *remedy, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(problem->reason, sizeof problem->reason, format, arguments);
    va_end(arguments);
    snprintf(problem->remedy, sizeof problem->remedy, "%s", remedy);
}

/* Append to a text of bounded size. */
static void append(char *text, size_t size, size_t *at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void append(char *text, size_t size, size_t *at, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text + *at, size - *at, format, arguments);
    va_end(arguments);
    if (length > 0)
        *at += (size_t)length < size - *at ? (size_t)length : size - *at - 1;
}

void problem_report(const struct problem *problem, const char *path)
{
    char line[MESSAGE_MAX_BYTES];
    size_t at = 0;

    append(line, sizeof line, &at, "%s:", path);
    if (problem->line != 0)
        append(line, sizeof line, &at, "%lu:", problem->line);
    if (problem->column != 0 && problem->field[0] != '\0')
        append(line, sizeof line, &at, " column %zu (%s):", problem->column, problem->field);
    else if (problem->column != 0)
        append(line, sizeof line, &at, " column %zu:", problem->column);
    else if (problem->byte != 0)
        append(line, sizeof line, &at, " byte %zu:", problem->byte);
    if (problem->column == 0 && problem->field[0] != '\0')
        append(line, sizeof line, &at, " %s:", problem->field);
    append(line, sizeof line, &at, " %s", problem->reason);
    if (problem->remedy[0] != '\0')
        append(line, sizeof line, &at, "; %s", problem->remedy);
    message_error("%s", line);
}
