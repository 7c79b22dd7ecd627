/*
 * JSON: one object a line (NDJSON), or an array of objects. Each object is read by jansson
 * alone, so that memory does not grow with the input.
 */
#include "cli/input/input_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/input/json_row.h"
#include "cli/input/original.h"

/* Longest object; texts of the greatest length fit, escapes in them too. */
#define MAX_LINE_BYTES (1 << 20)

#define NO_BYTE (-1)

struct reader {
    struct source *source;
    struct json_row fields;
    char *line; /* the object under way */
    size_t size;
    size_t capacity;
    bool too_long;

    bool begun;
    bool is_array;
    bool has_element; /* of the array, before the next one */
    const char *piece;
    size_t left;              /* bytes of the piece that are not read */
    int put_back;             /* NO_BYTE: none */
    unsigned long line_now;   /* of the byte that was read last */
    size_t byte_now;          /* in that line */
    unsigned long first_line; /* of the object under way */
    size_t first_byte;
};

static struct reader *json_open(struct source *source, struct row_names *names)
{
    struct reader *reader = calloc(1, sizeof *reader);

    if (reader == NULL)
        return NULL;
    reader->source = source;
    reader->fields.names = names;
    reader->put_back = NO_BYTE;
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

static bool is_blank(const struct reader *reader)
{
    for (size_t i = 0; i < reader->size; i++) {
        if (reader->line[i] != ' ' && reader->line[i] != '\t' && !is_break(reader->line[i]))
            return false;
    }
    return true;
}

/* Where a byte of the object under way stands in the input. */
static void set_place(const struct reader *reader, size_t position, struct problem *problem)
{
    problem->line = reader->first_line;
    problem->byte = reader->first_byte;
    for (size_t i = 0; i + 1 < position && i < reader->size; i++) {
        problem->byte++;
        if (reader->line[i] == '\n') {
            problem->line++;
            problem->byte = 1;
        }
    }
}

/* Whether what jansson refuses is JSON all the same, so that what follows can be read. */
static bool is_json_all_the_same(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_duplicate_key:
    case json_error_null_character:
    case json_error_null_byte_in_key:
    case json_error_numeric_overflow:
        return true;
    default:
        return false;
    }
}

/* Between lines one can begin anew; within an array nobody knows what follows. */
static enum input_event parse_failed(const struct reader *reader, const json_error_t *error,
                                     struct problem *problem)
{
    const char *remedy = reader->is_array ? "write the whole file with a program that knows JSON"
                                          : "write one JSON object a line";

    set_place(reader, error->position > 0 ? (size_t)error->position : 1, problem);
    if (json_error_code(error) == json_error_invalid_utf8)
        remedy = "save the file as UTF-8, or read it with --encoding windows-1252";
    problem_set(problem, remedy, "%s", error->text);
    return reader->is_array && !is_json_all_the_same(error) ? INPUT_BROKEN : INPUT_BAD_ROW;
}

static enum input_event parse_object(struct reader *reader, struct row *row,
                                     struct problem *problem)
{
    enum input_event event = INPUT_BAD_ROW;
    json_error_t error;
    json_t *object =
        json_loadb(reader->line, reader->size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

    problem->line = reader->first_line;
    if (reader->is_array) /* a whole array may stand in one line */
        problem->byte = reader->first_byte;
    if (object == NULL)
        event = parse_failed(reader, &error, problem);
    else if (!json_is_object(object))
        problem_set(problem, reader->is_array ? "write objects" : "write one JSON object a line",
                    "this is %s", json_row_type_name(object));
    else if (json_row_take(&reader->fields, row, object, problem))
        event = INPUT_ROW;
    json_decref(object);
    return event;
}

/* The next byte; NO_BYTE at the end and on a problem. */
static int next_byte(struct reader *reader, struct problem *problem)
{
    int byte = reader->put_back;

    reader->put_back = NO_BYTE;
    if (byte != NO_BYTE)
        return byte;
    if (reader->left == 0) {
        if (!source_piece(reader->source, &reader->piece, &reader->left, problem))
            return NO_BYTE;
        if (source_line(reader->source) != reader->line_now)
            reader->byte_now = 0;
        reader->line_now = source_line(reader->source);
    }
    reader->left--;
    reader->byte_now++;
    return (unsigned char)*reader->piece++;
}

static int next_filled(struct reader *reader, struct problem *problem)
{
    int byte;

    do
        byte = next_byte(reader, problem);
    while (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r');
    return byte;
}

static enum input_event broken(const struct reader *reader, const char *reason,
                               struct problem *problem)
{
    if (problem->reason[0] == '\0')
        problem_set(problem, "write the whole file with a program that knows JSON", "%s", reason);
    problem->line = reader->line_now;
    problem->byte = reader->byte_now;
    return INPUT_BROKEN;
}

static bool append(struct reader *reader, int byte)
{
    if (reader->size == MAX_LINE_BYTES) {
        reader->too_long = true;
        return true;
    }
    if (!reserve(reader, reader->size + 1))
        return false;
    reader->line[reader->size++] = (char)byte;
    return true;
}

/* Whether a byte ends a number or a word, to which it does not belong. */
static bool ends_word(int byte)
{
    return byte == NO_BYTE || strchr(",]} \t\r\n", byte) != NULL;
}

/* Collect one element of the array, of which this is the first byte. */
static enum input_event collect(struct reader *reader, int byte, struct problem *problem)
{
    unsigned depth = 0;
    bool in_text = false;
    bool escaped = false;

    reader->size = 0;
    reader->too_long = false;
    reader->first_line = reader->line_now;
    reader->first_byte = reader->byte_now;
    while (byte != NO_BYTE) {
        bool closes = !in_text && (byte == '}' || byte == ']');

        if (!append(reader, byte)) {
            problem_set(problem, "", "out of memory");
            return INPUT_BROKEN;
        }
        if (!in_text && (byte == '{' || byte == '['))
            depth++;
        if (closes && depth > 0)
            depth--;
        if (byte == '"' && !escaped)
            in_text = !in_text;
        escaped = in_text && byte == '\\' && !escaped;
        byte = next_byte(reader, problem);
        if (depth == 0 && !in_text && (closes || ends_word(byte)))
            break;
    }
    if (byte == NO_BYTE)
        return broken(reader, "the array is not closed", problem);
    reader->put_back = byte;
    return INPUT_ROW;
}

/* Behind the array nothing may follow. */
static enum input_event end_array(struct reader *reader, struct problem *problem)
{
    if (next_filled(reader, problem) != NO_BYTE || problem->reason[0] != '\0')
        return broken(reader, "here is text behind the array", problem);
    return INPUT_END;
}

/* Read one element of the array into reader->line. */
static enum input_event read_element(struct reader *reader, struct problem *problem)
{
    int byte = next_filled(reader, problem);

    if (byte == ']')
        return end_array(reader, problem);
    if (reader->has_element && byte == ',')
        byte = next_filled(reader, problem);
    else if (reader->has_element)
        return broken(reader,
                      byte == NO_BYTE ? "the array is not closed"
                                      : "a comma is missing between two objects",
                      problem);
    if (byte == ']' || byte == ',')
        return broken(reader, "a comma without an object behind it", problem);
    reader->has_element = true;
    if (collect(reader, byte, problem) != INPUT_ROW)
        return INPUT_BROKEN;
    if (!reader->too_long)
        return INPUT_ROW;
    problem->line = reader->first_line;
    problem_set(problem, "shorten it", "the object is longer than %d bytes", MAX_LINE_BYTES);
    return INPUT_BAD_ROW;
}

static enum input_event read_filled_line(struct reader *reader, struct problem *problem)
{
    enum input_event event;

    do
        event = read_line(reader, problem);
    while (event == INPUT_ROW && is_blank(reader));
    reader->first_line = source_line(reader->source);
    reader->first_byte = 1;
    return event;
}

/* An array begins with its bracket, wherever its first object stands. */
static bool begin(struct reader *reader, struct problem *problem)
{
    const char *text;
    size_t size;
    size_t at = 0;

    if (!source_begin(reader->source, &text, &size, problem))
        return false;
    while (at < size && strchr(" \t\r\n", text[at]) != NULL && text[at] != '\0')
        at++;
    reader->begun = true;
    reader->is_array = at < size && text[at] == '[';
    if (reader->is_array)
        next_filled(reader, problem);
    return true;
}

static enum input_event json_next(struct reader *reader, struct row *row, struct problem *problem)
{
    enum input_event event;

    if (!reader->begun && !begin(reader, problem))
        return INPUT_BROKEN;
    event = reader->is_array ? read_element(reader, problem) : read_filled_line(reader, problem);
    row->line = reader->first_line;
    return event == INPUT_ROW ? parse_object(reader, row, problem) : event;
}

/* Keys have names only. */
static size_t json_column(const struct reader *reader, enum row_field field)
{
    (void)reader;
    (void)field;
    return 0;
}

static bool json_describe(const struct reader *reader, FILE *file)
{
    if (!reader->fields.names->guessed)
        return false;
    fputs(reader->is_array ? "JSON array" : "NDJSON", file);
    fputs(", names in another spelling", file);
    json_row_describe(&reader->fields, file);
    return true;
}

static void json_put_original(const struct reader *reader, FILE *file, const char *reason)
{
    json_t *object = reason != NULL ? json_loadb(reader->line, reader->size, 0, NULL) : NULL;

    if (reason == NULL)
        return;
    if (!json_is_object(object)) {
        json_decref(object);
        object = json_object();
        json_object_set_new(object, "unreadable", json_stringn_nocheck(reader->line, reader->size));
    }
    json_object_set_new(object, ORIGINAL_REASON, json_string(reason));
    json_dumpf(object, file, JSON_COMPACT);
    fputc('\n', file);
    json_decref(object);
}

static void json_close_reader(struct reader *reader)
{
    free(reader->line);
    row_free(&reader->fields.other);
    free(reader);
}

const struct input_format input_json = {json_open,     json_next,         json_column,
                                        json_describe, json_put_original, json_close_reader};
