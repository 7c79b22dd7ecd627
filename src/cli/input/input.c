#include "cli/input/input.h"

#include <stdlib.h>
#include <string.h>

#include "cli/input/input_format.h"
#include "cli/terminal/message.h"

struct input {
    struct source *source;
    const struct input_format *format;
    struct reader *reader;
    struct row_names names;
    struct problem further; /* of a row that has one already; nobody reads it */
    uint64_t index;
};

static bool ends_with(const char *text, const char *end)
{
    size_t text_length = strlen(text);
    size_t end_length = strlen(end);

    return text_length >= end_length && strcmp(text + text_length - end_length, end) == 0;
}

static const struct input_format *tell_format(struct input *input, const char *path,
                                              const char *given)
{
    struct problem problem = {0};
    char first;

    if (given != NULL)
        return strcmp(given, "csv") == 0 ? &input_csv : &input_ndjson;
    if (ends_with(path, ".csv"))
        return &input_csv;
    if (ends_with(path, ".ndjson") || ends_with(path, ".jsonl"))
        return &input_ndjson;
    first = source_peek(input->source, &problem);
    if (problem.reason[0] != '\0') {
        problem_report(&problem, input_name(input));
        return NULL;
    }
    return first == '{' ? &input_ndjson : &input_csv;
}

static bool start_reader(struct input *input)
{
    input->index = 0;
    input->reader = input->format->open(input->source, &input->names);
    return input->reader != NULL;
}

struct input *input_open(const char *path, const char *format, const struct version *version,
                         bool to_add)
{
    struct input *input = calloc(1, sizeof *input);

    if (input == NULL) {
        message_error("out of memory");
        return NULL;
    }
    input->source = source_open(path);
    if (input->source != NULL)
        input->format = tell_format(input, path, format);
    if (input->format == NULL) {
        input_close(input);
        return NULL;
    }
    input->names = (struct row_names){.version = version, .to_add = to_add};
    if (!start_reader(input)) {
        message_error("out of memory");
        input_close(input);
        return NULL;
    }
    return input;
}

const char *input_name(const struct input *input)
{
    return source_name(input->source);
}

const struct row_names *input_names(const struct input *input)
{
    return &input->names;
}

/* What can be said of a row when all its fields are read. */
static enum input_event complete(struct input *input, enum input_event event, struct row *row,
                                 struct problem *problem)
{
    if (event == INPUT_BAD_ROW) {
        row_complete(row, &input->names, &input->further);
        return event;
    }
    if (row_complete(row, &input->names, problem))
        return event;
    problem->line = row->line;
    problem->column = input_column(input, row_find(problem->field));
    return INPUT_BAD_ROW;
}

enum input_event input_next(struct input *input, struct row *row, struct problem *problem)
{
    enum input_event event;

    memset(problem, 0, sizeof *problem);
    row_clear(row);
    row->index = input->index;
    event = input->format->next(input->reader, row, problem);
    if (event != INPUT_ROW && event != INPUT_BAD_ROW)
        return event;
    input->index++;
    return complete(input, event, row, problem);
}

bool input_rewind(struct input *input, struct problem *problem)
{
    memset(problem, 0, sizeof *problem);
    if (!source_rewind(input->source, problem))
        return false;
    input->format->close(input->reader);
    if (start_reader(input))
        return true;
    problem_set(problem, "", "out of memory");
    return false;
}

void input_digest(const struct input *input, char digest[SOURCE_DIGEST_BYTES])
{
    source_digest(input->source, digest);
}

size_t input_column(const struct input *input, enum row_field field)
{
    return input->format->column(input->reader, field);
}

void input_close(struct input *input)
{
    if (input == NULL)
        return;
    if (input->reader != NULL)
        input->format->close(input->reader);
    source_close(input->source);
    free(input);
}
