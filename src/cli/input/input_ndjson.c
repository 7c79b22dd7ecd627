/*
 * NDJSON: one JSON object a line, read by jansson.
 */
#include "cli/input/input_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* Longest line; texts of the greatest length fit, escapes in them too. */
#define MAX_LINE_BYTES (1 << 20)

struct reader {
    struct source *source;
    struct row_names *names;
    char *line;
    size_t size;
    size_t capacity;
};

static struct reader *ndjson_open(struct source *source, struct row_names *names)
{
    struct reader *reader = calloc(1, sizeof *reader);

    if (reader == NULL)
        return NULL;
    reader->source = source;
    reader->names = names;
    return reader;
}

static bool reserve(struct reader *reader, size_t size)
{
    size_t capacity = reader->capacity != 0 ? reader->capacity : 1024;
    char *larger;

    while (capacity < size)
        capacity *= 2;
    if (capacity == reader->capacity)
        return true;
    larger = realloc(reader->line, capacity);
    if (larger == NULL)
        return false;
    reader->line = larger;
    reader->capacity = capacity;
    return true;
}

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

/*
 * Read one line into reader->line. A line that is too long is read to its end
 * and given as INPUT_BAD_ROW.
 */
static enum input_event read_line(struct reader *reader, struct problem *problem)
{
    bool too_long = false;
    bool any = false;
    const char *piece;
    size_t size;

    reader->size = 0;
    while (source_piece(reader->source, &piece, &size, problem)) {
        any = true;
        problem->line = source_line(reader->source);
        too_long = too_long || reader->size + size > MAX_LINE_BYTES;
        if (!too_long) {
            if (!reserve(reader, reader->size + size)) {
                problem_set(problem, "", "out of memory");
                return INPUT_BROKEN;
            }
            memcpy(reader->line + reader->size, piece, size);
            reader->size += size;
        }
        if (is_break(piece[size - 1]))
            break;
    }
    if (problem->reason[0] != '\0')
        return INPUT_BROKEN;
    if (too_long) {
        problem_set(problem, "write one object a line", "the line is longer than %d bytes",
                    MAX_LINE_BYTES);
        return INPUT_BAD_ROW;
    }
    return any ? INPUT_ROW : INPUT_END;
}

static void skip_mark(struct reader *reader)
{
    if (source_line(reader->source) == 1 && reader->size >= 3 &&
        memcmp(reader->line, "\xef\xbb\xbf", 3) == 0) {
        reader->size -= 3;
        memmove(reader->line, reader->line + 3, reader->size);
    }
}

static bool is_blank(const struct reader *reader)
{
    for (size_t i = 0; i < reader->size; i++) {
        if (reader->line[i] != ' ' && reader->line[i] != '\t' && !is_break(reader->line[i]))
            return false;
    }
    return true;
}

static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "a whole number";
    case JSON_REAL:
        return "a number with a fraction";
    default:
        return "true or false";
    }
}

static bool wrong_type(const json_t *value, const char *wanted, struct problem *problem)
{
    char remedy[64];

    snprintf(remedy, sizeof remedy, "write %s", wanted);
    problem_set(problem, remedy, "this is %s", type_name(value));
    return false;
}

static bool take_value(struct row *row, enum row_field field, const json_t *value,
                       struct problem *problem)
{
    if (json_is_null(value))
        return true;
    switch (row_field_kind(field)) {
    case ROW_INTEGER:
        if (!json_is_integer(value))
            return wrong_type(value, "the id as a number, without quotes", problem);
        return row_set_integer(row, field, json_integer_value(value), problem);
    case ROW_BOOLEAN:
        if (!json_is_boolean(value))
            return wrong_type(value, "true or false, without quotes", problem);
        return row_set_boolean(row, field, json_boolean_value(value));
    default:
        if (!json_is_string(value))
            return wrong_type(value, "a string", problem);
        return row_parse(row, field, json_string_value(value), json_string_length(value), problem);
    }
}

static bool take_member(struct reader *reader, struct row *row, const char *key,
                        const json_t *value, struct problem *problem)
{
    enum row_field field = row_take_name(reader->names, key, problem);

    if (field != ROW_FIELD_COUNT && take_value(row, field, value, problem))
        return true;
    snprintf(problem->field, sizeof problem->field, "%s", key);
    return false;
}

/* An object with a problem is read to its end, so that its record can tell who was meant. */
static bool take_object(struct reader *reader, struct row *row, json_t *object,
                        struct problem *problem)
{
    struct problem further = {0};
    const char *key;
    json_t *value;
    bool good = true;

    json_object_foreach(object, key, value)
    {
        if (!take_member(reader, row, key, value, good ? problem : &further))
            good = false;
    }
    return good;
}

static enum input_event parse_line(struct reader *reader, struct row *row, struct problem *problem)
{
    json_error_t error;
    json_t *object = json_loadb(reader->line, reader->size, JSON_REJECT_DUPLICATES, &error);
    bool ok = false;

    if (object == NULL) {
        problem->byte = error.position > 0 ? (size_t)error.position : 1;
        problem_set(problem, "write one JSON object a line", "%s", error.text);
    } else if (!json_is_object(object)) {
        problem_set(problem, "write one JSON object a line", "this is %s", type_name(object));
    } else {
        ok = take_object(reader, row, object, problem);
    }
    json_decref(object);
    return ok ? INPUT_ROW : INPUT_BAD_ROW;
}

static enum input_event ndjson_next(struct reader *reader, struct row *row, struct problem *problem)
{
    enum input_event event;

    do {
        event = read_line(reader, problem);
        skip_mark(reader);
    } while (event == INPUT_ROW && is_blank(reader));
    row->line = source_line(reader->source);
    return event == INPUT_ROW ? parse_line(reader, row, problem) : event;
}

/* Keys have names only. */
static size_t ndjson_column(const struct reader *reader, enum row_field field)
{
    (void)reader;
    (void)field;
    return 0;
}

static void ndjson_close(struct reader *reader)
{
    free(reader->line);
    free(reader);
}

const struct input_format input_ndjson = {ndjson_open, ndjson_next, ndjson_column, ndjson_close};
