/*
 * CSV: RFC 4180, read strictly by libcsv. The first row names the columns.
 */
#include "cli/input/input_format.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

struct reader {
    struct source *source;
    struct row_names *names;
    struct csv_parser parser;
    enum row_field fields[ROW_FIELD_COUNT]; /* by column */
    size_t column_count;
    bool header_read;
    bool begun;    /* the first piece has been looked at */
    bool finished; /* the end of the input has been reached */

    /* The record under way. */
    struct row *row;
    struct problem *problem;
    struct problem further; /* of a row that has one already; nobody reads it */
    size_t column;          /* fields so far */
    unsigned long line;
    bool complete;
};

/* libcsv lets a field grow without bound, but for what its allocator says. */
static void *bounded_realloc(void *memory, size_t size)
{
    return size <= ROW_MAX_FIELD_BYTES + 1 ? realloc(memory, size) : NULL;
}

static struct reader *csv_open(struct source *source, struct row_names *names)
{
    struct reader *reader = calloc(1, sizeof *reader);

    if (reader == NULL)
        return NULL;
    reader->source = source;
    reader->names = names;
    csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_realloc_func(&reader->parser, bounded_realloc);
    return reader;
}

static unsigned long line_breaks(const char *text, size_t size)
{
    unsigned long count = 0;

    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\n' || (text[i] == '\r' && !(i + 1 < size && text[i + 1] == '\n')))
            count++;
    }
    return count;
}

/* Line on which a field begins that ends on, or has come to, the current one. */
static unsigned long first_line(const struct reader *reader, const char *text, size_t size)
{
    unsigned long breaks = text != NULL ? line_breaks(text, size) : 0;
    unsigned long line = source_line(reader->source);

    return breaks < line ? line - breaks : 1;
}

/* The first problem of a record is the one that is reported. */
static bool has_problem(const struct reader *reader)
{
    return reader->problem->reason[0] != '\0';
}

static void set_place(struct reader *reader, unsigned long line, size_t column)
{
    reader->problem->line = line;
    reader->problem->column = column;
    if (reader->header_read && column >= 1 && column <= reader->column_count)
        snprintf(reader->problem->field, sizeof reader->problem->field, "%s",
                 row_name(reader->names, reader->fields[column - 1]));
}

static void take_name(struct reader *reader, const char *text, size_t size)
{
    char name[sizeof reader->problem->field];
    enum row_field field = ROW_FIELD_COUNT;

    snprintf(name, sizeof name, "%.*s", (int)(size < sizeof name ? size : sizeof name - 1),
             size > 0 ? text : "");
    if (size == 0) {
        problem_set(reader->problem, "the first row must name every column",
                    "this column has no name");
    } else if (isdigit((unsigned char)name[0])) {
        char remedy[sizeof reader->problem->remedy];

        snprintf(remedy, sizeof remedy, "put a row of column names above, for instance %s",
                 row_name(reader->names, ROW_CLIENT_ID));
        problem_set(reader->problem, remedy, "'%s' is not the name of a column", name);
    } else {
        field = row_take_name(reader->names, name, reader->problem);
    }
    for (size_t i = 0; !has_problem(reader) && i < reader->column_count; i++) {
        if (reader->fields[i] == field)
            problem_set(reader->problem, "remove one of the two",
                        "column %s is here a second time, first as column %zu", name, i + 1);
    }
    if (has_problem(reader))
        set_place(reader, reader->line, reader->column);
    else
        reader->fields[reader->column_count++] = field;
}

/* A row with a problem is read to its end, so that its record can tell who was meant. */
static void take_value(struct reader *reader, const char *text, size_t size, unsigned long line)
{
    struct problem *problem = has_problem(reader) ? &reader->further : reader->problem;

    if (reader->column > reader->column_count ||
        row_parse(reader->row, reader->fields[reader->column - 1], text, size, problem))
        return;
    if (problem == reader->problem)
        set_place(reader, line, reader->column);
}

static void take_field(void *bytes, size_t size, void *user)
{
    struct reader *reader = user;
    const char *text = bytes;
    unsigned long line = first_line(reader, text, size);

    reader->column++;
    if (reader->column == 1)
        reader->line = line;
    if (reader->header_read)
        take_value(reader, text, size, line);
    else if (!has_problem(reader))
        take_name(reader, text, size);
}

static void end_record(int terminator, void *user)
{
    struct reader *reader = user;

    (void)terminator;
    reader->complete = true;
    if (!reader->header_read || reader->column == reader->column_count)
        return;
    /* Fields that stand in the wrong column may be wrong too; this tells why. */
    memset(reader->problem, 0, sizeof *reader->problem);
    reader->problem->line = reader->line;
    problem_set(reader->problem,
                "a field with a comma, a quote or a line break must stand in quotes",
                "the number of fields is %zu, in the first row it is %zu", reader->column,
                reader->column_count);
}

/* At the end of the input the last line break begins no line. */
static size_t without_last_break(const char *text, size_t size)
{
    if (size > 0 && text[size - 1] == '\n')
        size--;
    if (size > 0 && text[size - 1] == '\r')
        size--;
    return size;
}

static enum input_event parse_failed(struct reader *reader)
{
    struct csv_parser *parser = &reader->parser;
    const char *field = (const char *)parser->entry_buf;
    size_t size = field != NULL ? parser->entry_pos : 0;
    unsigned long line;

    if (reader->finished)
        size = without_last_break(field, size);
    line = first_line(reader, field, size);

    set_place(reader, line, reader->column + 1);
    if (csv_error(parser) == CSV_EPARSE && reader->finished)
        problem_set(reader->problem, "close it", "the quote that opens this field is never closed");
    else if (csv_error(parser) == CSV_EPARSE)
        problem_set(reader->problem,
                    "put the whole field in quotes and write each quote inside it twice",
                    "a quote where none may stand");
    else if (csv_get_buffer_size(parser) >= ROW_MAX_FIELD_BYTES)
        problem_set(reader->problem, "shorten it, or look for a quote that is not closed",
                    "the field is longer than %d bytes", ROW_MAX_FIELD_BYTES);
    else
        problem_set(reader->problem, "", "out of memory");
    return INPUT_BROKEN;
}

/* Skip a UTF-8 mark at the begin of the input; refuse UTF-16. */
static bool begin(struct reader *reader, const char **piece, size_t *size)
{
    reader->begun = true;
    if (*size >= 3 && memcmp(*piece, "\xef\xbb\xbf", 3) == 0) {
        *piece += 3;
        *size -= 3;
    } else if (*size >= 2 &&
               (memcmp(*piece, "\xff\xfe", 2) == 0 || memcmp(*piece, "\xfe\xff", 2) == 0)) {
        reader->problem->line = 1;
        problem_set(reader->problem, "save it as UTF-8", "the file is UTF-16");
        return false;
    }
    return true;
}

static enum input_event parse_piece(struct reader *reader, const char *piece, size_t size)
{
    const char *nul;

    if (!reader->begun && !begin(reader, &piece, &size))
        return INPUT_BROKEN;
    nul = memchr(piece, '\0', size);
    if (nul != NULL)
        size = (size_t)(nul - piece);
    if (csv_parse(&reader->parser, piece, size, take_field, end_record, reader) != size)
        return parse_failed(reader);
    if (nul == NULL)
        return INPUT_ROW;
    set_place(reader, source_line(reader->source), reader->column + 1);
    problem_set(reader->problem, "save the file as plain UTF-8 text", "a NUL byte");
    return INPUT_BROKEN;
}

/* Read one record, the header as well as a row. */
static enum input_event read_record(struct reader *reader)
{
    reader->column = 0;
    reader->complete = false;
    while (!reader->complete) {
        const char *piece;
        size_t size;

        if (reader->finished)
            return INPUT_END;
        if (source_piece(reader->source, &piece, &size, reader->problem)) {
            if (parse_piece(reader, piece, size) == INPUT_BROKEN)
                return INPUT_BROKEN;
        } else if (has_problem(reader)) {
            return INPUT_BROKEN;
        } else {
            reader->finished = true;
            if (csv_fini(&reader->parser, take_field, end_record, reader) != 0)
                return parse_failed(reader);
        }
    }
    return has_problem(reader) ? INPUT_BAD_ROW : INPUT_ROW;
}

static size_t csv_column(const struct reader *reader, enum row_field field)
{
    for (size_t i = 0; i < reader->column_count; i++) {
        if (reader->fields[i] == field)
            return i + 1;
    }
    return 0;
}

/* Columns without which no row can be right. */
static bool has_needed_columns(struct reader *reader)
{
    const struct row_names *names = reader->names;
    char remedy[sizeof reader->problem->remedy];

    if (csv_column(reader, ROW_CLIENT_ID) == 0 && csv_column(reader, ROW_CLIENT_NUMBER) == 0) {
        snprintf(remedy, sizeof remedy, "add it, or %s", row_name(names, ROW_CLIENT_NUMBER));
        problem_set(reader->problem, remedy, "the column %s is missing",
                    row_name(names, ROW_CLIENT_ID));
    } else if (names->to_add && names->version->needs_is_bill_to_client &&
               csv_column(reader, ROW_IS_BILL_TO_CLIENT) == 0 &&
               csv_column(reader, ROW_TYPE) == 0) {
        problem_set(reader->problem,
                    "add it, with true where the client pays and false where the agency does",
                    "the column IsBillToClient is missing, which %s wants for each account",
                    names->version->name);
    }
    reader->problem->line = reader->line;
    return !has_problem(reader);
}

static enum input_event read_header(struct reader *reader)
{
    enum input_event event = read_record(reader);

    if (event == INPUT_END) {
        problem_set(reader->problem, "write a row of column names, then one row an account",
                    "the input is empty");
        return INPUT_BROKEN;
    }
    if (event != INPUT_ROW || !has_needed_columns(reader))
        return INPUT_BROKEN;
    reader->header_read = true;
    return INPUT_ROW;
}

static enum input_event csv_next(struct reader *reader, struct row *row, struct problem *problem)
{
    enum input_event event;

    reader->row = row;
    reader->problem = problem;
    if (!reader->header_read && read_header(reader) == INPUT_BROKEN)
        return INPUT_BROKEN;
    event = read_record(reader);
    row->line = reader->line;
    return event;
}

static void csv_close(struct reader *reader)
{
    csv_free(&reader->parser);
    free(reader);
}

const struct input_format input_csv = {csv_open, csv_next, csv_column, csv_close};
