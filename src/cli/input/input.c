#include "cli/input/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

static size_t skip_blanks(const char *text, size_t size, size_t at)
{
    while (at < size && strchr(" \t\r\n", text[at]) != NULL && text[at] != '\0')
        at++;
    return at;
}

/* The begin of a JSON document: an object with a key, or an array, whatever is in it. */
static bool looks_json(const char *text, size_t size)
{
    size_t first = skip_blanks(text, size, 0);
    size_t second = skip_blanks(text, size, first + 1);

    if (second >= size)
        return false;
    return text[first] == '{' ? text[second] == '"' || text[second] == '}'
                              : text[first] == '[' && text[second] != '\0' &&
                                    strchr("{[]\"0123456789", text[second]) != NULL;
}

/* What people take for a list although it is none; NULL: it may be one. */
static const char *other_document(const char *text, size_t size)
{
    static const struct {
        const char *begin;
        const char *kind;
    } documents[] = {
        {"PK\003\004", "a workbook, such as .xlsx or .ods, or another archive"},
        {"\xd0\xcf\x11\xe0", "a workbook of the old kind, .xls"},
        {"%PDF-", "a PDF document"},
        {"<!DOCTYPE", "a web page"},
        {"<html", "a web page"},
        {"<?xml", "an XML document"},
        {"\037\213", "a compressed file"},
    };

    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        size_t length = strlen(documents[i].begin);

        if (size >= length && strncasecmp(text, documents[i].begin, length) == 0)
            return documents[i].kind;
    }
    return NULL;
}

static const struct input_format *tell_format(struct input *input)
{
    const struct input_options *options = input->names.options;
    struct problem problem = {0};
    const char *text = "";
    size_t size = 0;
    const char *kind;
    bool json;

    if (options->format != NULL && strcmp(options->format, "csv") != 0)
        return &input_json;
    json = source_begin(input->source, &text, &size, &problem) && looks_json(text, size);
    if (json && options->format != NULL)
        problem_set(&problem, "leave --format out", "this is JSON, no CSV");
    kind = other_document(text, size);
    if (kind != NULL)
        problem_set(&problem, "save the list as CSV, and give that file", "this is %s, no list",
                    kind);
    if (problem.reason[0] != '\0') {
        problem_report(&problem, input_name(input));
        message_error("%s: nothing was sent", input_name(input));
        return NULL;
    }
    return json || ends_with(options->path, "json") || ends_with(options->path, ".jsonl")
               ? &input_json
               : &input_csv;
}

static bool start_reader(struct input *input)
{
    const struct row_names *names = &input->names;

    /* What a first reading has learnt of the names must not change a second one. */
    input->names = (struct row_names){
        .version = names->version, .options = names->options, .to_add = names->to_add};
    input->index = 0;
    input->reader = input->format->open(input->source, &input->names);
    return input->reader != NULL;
}

/* What is asked for must make sense by itself. */
static bool check_options(const struct input_options *options)
{
    struct problem problem = {0};

    if (names_check_map(options->map, &problem))
        return true;
    problem_report(&problem, "--map");
    return false;
}

struct input *input_open(const struct input_options *options, const struct version *version,
                         bool to_add)
{
    struct input *input;

    if (!check_options(options))
        return NULL;
    input = calloc(1, sizeof *input);
    if (input == NULL) {
        message_error("out of memory");
        return NULL;
    }
    input->names = (struct row_names){.version = version, .options = options, .to_add = to_add};
    input->source = source_open(options->path, options->encoding);
    if (input->source != NULL)
        input->format = tell_format(input);
    if (input->format == NULL) {
        input_close(input);
        return NULL;
    }
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
    if (event == INPUT_END && input->index > 0 &&
        !names_map_is_used(&input->names, NULL, NULL, problem))
        return INPUT_BROKEN; /* of JSON: each object may have other names */
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

void input_tell(const struct input *input)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    bool guessed;

    if (file == NULL)
        return;
    guessed = input->format->describe(input->reader, file);
    if (fclose(file) == 0 && guessed)
        message_note("%s: read as: %s, %s", input_name(input), source_encoding(input->source),
                     text);
    free(text);
}

void input_put_original(const struct input *input, FILE *file, const char *reason)
{
    input->format->put_original(input->reader, file, reason);
}

void input_digest(const struct input *input, char digest[SOURCE_DIGEST_BYTES])
{
    source_digest(input->source, digest);
}

size_t input_column(const struct input *input, enum row_field field)
{
    return input->format->column(input->reader, field);
}

bool input_is(const struct input *input, const struct stat *other)
{
    return source_is(input->source, other);
}

void input_close(struct input *input)
{
    if (input == NULL)
        return;
    if (input->format != NULL && input->reader != NULL)
        input->format->close(input->reader);
    source_close(input->source);
    free(input);
}
