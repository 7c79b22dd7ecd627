/*
 * CSV: RFC 4180, read strictly by libcsv, with any separator. The first row names the
 * columns.
 */
#include "cli/input/input_format.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "cli/input/cell.h"
#include "cli/input/csv_head.h"
#include "cli/input/csv_text.h"
#include "cli/input/original.h"
#include "cli/input/twin.h"

struct reader {
    struct source *source;
    struct row_names *names;
    struct csv_parser parser;
    struct csv_head head;
    char delimiter;
    bool delimiter_guessed;
    bool header_read;
    bool skip_line; /* it names the separator */
    bool finished;  /* the end of the input has been reached */
    uint64_t empty_rows;
    uint64_t short_rows;

    /* The record under way. */
    struct row *row;
    struct row passed_over; /* what stands in columns that have a twin */
    struct problem *problem;
    struct problem further; /* of a row that has one already; nobody reads it */
    size_t column;          /* fields so far */
    size_t filled;          /* of these, with something in them */
    size_t last_filled;     /* column of the last of them */
    bool first_like_id;     /* what stands in the first column */
    unsigned long line;
    bool complete;
    struct original original;
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
    reader->names = reader->head.names = names;
    reader->delimiter = ',';
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
    if (reader->header_read && column >= 1 && column <= reader->head.count)
        snprintf(reader->problem->field, sizeof reader->problem->field, "%s",
                 reader->head.columns[column - 1].name);
}

/* What stands in a column that the row has, or behind the last one. */
static bool parse_value(struct reader *reader, const char *text, size_t size,
                        struct problem *problem)
{
    const struct csv_column *column;
    struct row *row = reader->row;

    if (reader->column > reader->head.count)
        return true;
    column = &reader->head.columns[reader->column - 1];
    if (column->field != column->meant)
        row = twin_must_agree(column->meant) ? &reader->passed_over : NULL;
    if (row == NULL)
        return true;
    if (column->meant != ROW_PASSED_OVER)
        return cell_is_utf8(text, size, problem) &&
               row_parse(row, column->meant, text, size, problem);
    if (column->name[0] != '\0')
        return true;
    problem_set(problem, "name the column in the first row", "this column has no name");
    return false;
}

/* A row with a problem is read to its end, so that its record can tell who was meant. */
static void take_value(struct reader *reader, const char *text, size_t size, unsigned long line)
{
    struct problem *problem = has_problem(reader) ? &reader->further : reader->problem;

    if (size == 0)
        return;
    reader->filled++;
    reader->last_filled = reader->column;
    if (!parse_value(reader, text, size, problem) && problem == reader->problem)
        set_place(reader, line, reader->column);
}

static void take_field(void *bytes, size_t size, void *user)
{
    struct reader *reader = user;
    const char *text = bytes;
    unsigned long line = first_line(reader, text, size);
    bool placed;

    reader->column++;
    if (reader->column == 1)
        reader->line = line;
    if (reader->names->options->keep_original && !original_add(&reader->original, text, size) &&
        !has_problem(reader))
        problem_set(reader->problem, "", "out of memory");
    cell_trim(&text, &size);
    if (reader->column == 1)
        reader->first_like_id = cell_like_id(text, size);
    if (reader->header_read) {
        take_value(reader, text, size, line);
        return;
    }
    if (size > 0)
        reader->filled++;
    placed = has_problem(reader);
    csv_head_add(&reader->head, text, size, reader->problem);
    if (!placed && has_problem(reader))
        set_place(reader, reader->line, reader->column);
}

/*
 * A row that has nothing but a text in its first column, where an id should be somewhere.
 * What was meant as an id is none: its own problem tells what is wrong with it.
 */
static bool is_footer(const struct reader *reader)
{
    const bacm_client_link *link = &reader->row->link;

    return reader->head.count > 1 && reader->filled == 1 && reader->last_filled == 1 &&
           !reader->first_like_id && link->client_account_id == 0 &&
           link->client_account_number == NULL && link->client_customer_id == 0 &&
           link->client_customer_number == NULL;
}

/* Fields that stand in the wrong column may be wrong too; this tells why. */
static void wrong_count(struct reader *reader)
{
    memset(reader->problem, 0, sizeof *reader->problem);
    reader->problem->line = reader->line;
    problem_set(reader->problem,
                reader->delimiter == ','
                    ? "a field with a comma, a quote or a line break must stand in quotes"
                    : "a field with a separator, a quote or a line break must stand in quotes",
                "the number of fields is %zu, in the first row it is %zu", reader->column,
                reader->head.count);
}

/* Of two columns of one field either may be the one that is right. */
static void check_twins(struct reader *reader)
{
    const struct csv_head *head = &reader->head;

    for (size_t i = 0; i < head->count && !has_problem(reader); i++) {
        size_t counts = csv_head_twin(head, i);

        if (counts != 0 && twin_must_agree(head->columns[i].meant) &&
            !twin_agrees(reader->row, &reader->passed_over, head->columns[i].meant,
                         head->columns[counts - 1].name, reader->problem))
            set_place(reader, reader->line, i + 1);
    }
}

static void end_record(int terminator, void *user)
{
    struct reader *reader = user;
    bool strict = reader->names->options->strict;

    (void)terminator;
    reader->complete = true;
    if (!reader->header_read || (reader->filled == 0 && !strict))
        return;
    if (reader->filled == 0) {
        reader->problem->line = reader->line;
        problem_set(reader->problem, "remove it, or leave --strict out", "this row is empty");
        return;
    }
    if (reader->column != reader->head.count &&
        (strict || reader->last_filled > reader->head.count)) {
        wrong_count(reader);
    } else if (is_footer(reader)) {
        memset(reader->problem, 0, sizeof *reader->problem);
        reader->problem->line = reader->line;
        problem_set(reader->problem, "remove it if it is one",
                    "nothing but a text in the first column, as in a line below the table of a "
                    "report");
    } else {
        reader->short_rows += reader->column < reader->head.count;
        check_twins(reader);
    }
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
    else if (csv_error(parser) == CSV_EPARSE && field != NULL && size == 1 && field[0] == '=')
        problem_set(reader->problem, "write the digits alone, as text",
                    "a formula, by which spreadsheets keep digits; what is in it is not read");
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

/* Find out the separator, and where the table begins; false with a problem. */
static bool begin(struct reader *reader, unsigned long *table)
{
    const struct input_options *options = reader->names->options;
    const char *text;
    size_t size;
    char shown[8];

    if (!source_begin(reader->source, &text, &size, reader->problem))
        return false;
    *table = csv_find_table(text, size);
    reader->skip_line = csv_is_sep_line(text, size, &reader->delimiter);
    if (options->delimiter != 0) {
        reader->delimiter = options->delimiter;
    } else if (!reader->skip_line) {
        reader->delimiter = csv_tell_delimiter(text, size);
        reader->delimiter_guessed = reader->delimiter != ',';
    }
    csv_set_delim(&reader->parser, (unsigned char)reader->delimiter);
    if (!reader->delimiter_guessed || !options->strict)
        return true;
    reader->problem->line = 1;
    problem_set(reader->problem, "give it with --delimiter, or leave --strict out",
                "the separator seems to be %s", csv_delimiter_text(reader->delimiter, shown));
    return false;
}

static enum input_event parse_piece(struct reader *reader, const char *piece, size_t size)
{
    const char *nul;

    if (reader->skip_line) {
        reader->skip_line = false;
        return INPUT_ROW;
    }
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

static void begin_record(struct reader *reader)
{
    reader->column = reader->filled = reader->last_filled = 0;
    reader->complete = false;
    row_clear(&reader->passed_over);
    original_clear(&reader->original);
}

/* Read one record, the header as well as a row. */
static enum input_event read_record(struct reader *reader)
{
    begin_record(reader);
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

/* The next record that has something in it. */
static enum input_event read_filled(struct reader *reader)
{
    enum input_event event = read_record(reader);

    while (event == INPUT_ROW && reader->filled == 0 && !reader->names->options->strict) {
        reader->empty_rows++;
        reader->head.count = reader->header_read ? reader->head.count : 0;
        event = read_record(reader);
    }
    return event;
}

/* Lines that a report has in front of its table are no columns. */
static void look_for_table(struct reader *reader, unsigned long table)
{
    if (table <= reader->line || !has_problem(reader))
        return;
    reader->problem->column = 0;
    reader->problem->field[0] = '\0';
    problem_set(reader->problem, "remove the lines above it",
                "here is no head of a table, as in a report's first lines; the table seems to "
                "begin in line %lu",
                table);
}

static enum input_event read_header(struct reader *reader)
{
    unsigned long table = 0;
    enum input_event event = begin(reader, &table) ? read_filled(reader) : INPUT_BROKEN;

    if (event == INPUT_END) {
        problem_set(reader->problem, "write a row of column names, then one row an account",
                    "the input is empty");
        return INPUT_BROKEN;
    }
    if (event == INPUT_ROW && !csv_head_complete(&reader->head, reader->problem)) {
        reader->problem->line = reader->line;
        event = INPUT_BAD_ROW;
    }
    if (event == INPUT_BAD_ROW)
        look_for_table(reader, table);
    if (event != INPUT_ROW)
        return INPUT_BROKEN;
    reader->header_read = true;
    original_keep_head(&reader->original);
    return INPUT_ROW;
}

static enum input_event csv_next(struct reader *reader, struct row *row, struct problem *problem)
{
    enum input_event event;

    reader->row = row;
    reader->problem = problem;
    if (!reader->header_read && read_header(reader) == INPUT_BROKEN)
        return INPUT_BROKEN;
    event = read_filled(reader);
    row->line = reader->line;
    return event;
}

static size_t csv_column(const struct reader *reader, enum row_field field)
{
    return csv_head_column(&reader->head, field);
}

static bool csv_describe(const struct reader *reader, FILE *file)
{
    size_t used = csv_head_used(&reader->head);
    char shown[8];

    if (!reader->delimiter_guessed && !reader->names->guessed && used == reader->head.count &&
        reader->empty_rows == 0 && reader->short_rows == 0)
        return false;
    fprintf(file, "separator %s, %zu of %zu columns used",
            csv_delimiter_text(reader->delimiter, shown), used, reader->head.count);
    for (size_t i = 0; i < reader->head.count; i++) {
        const struct csv_column *column = &reader->head.columns[i];
        size_t twin = csv_head_twin(&reader->head, i);

        if (twin != 0)
            twin_describe(column->name, reader->head.columns[twin - 1].name, file);
        else if (column->match == NAME_CLOSE && column->field < ROW_FIELD_COUNT)
            fprintf(file, ", '%s' as %s", column->name, row_name(reader->names, column->field));
    }
    if (reader->empty_rows > 0)
        fprintf(file, ", %" PRIu64 " empty rows passed over", reader->empty_rows);
    if (reader->short_rows > 0)
        fprintf(file, ", %" PRIu64 " rows end early", reader->short_rows);
    return true;
}

/* Whether a reader would tell the separator from the head as it is written. */
static bool delimiter_shows(const struct reader *reader)
{
    char *head = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&head, &size);
    bool shows = false;

    if (file == NULL)
        return false;
    original_put_csv(&reader->original, file, reader->delimiter, NULL);
    if (fclose(file) == 0)
        shows = csv_tell_delimiter(head, size) == reader->delimiter;
    free(head);
    return shows;
}

static void csv_put_original(const struct reader *reader, FILE *file, const char *reason)
{
    if (reason == NULL && !delimiter_shows(reader))
        fprintf(file, "sep=%c\r\n", reader->delimiter);
    original_put_csv(&reader->original, file, reader->delimiter, reason);
}

static void csv_close(struct reader *reader)
{
    csv_free(&reader->parser);
    csv_head_free(&reader->head);
    row_free(&reader->passed_over);
    original_free(&reader->original);
    free(reader);
}

const struct input_format input_csv = {csv_open,     csv_next,         csv_column,
                                       csv_describe, csv_put_original, csv_close};
