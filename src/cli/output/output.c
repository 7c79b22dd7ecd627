#include "cli/output/output.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <csv.h>

#include "cli/profile/version.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"
#include "cli/terminal/text.h"

json_t *output_text(const char *text)
{
    char *clean;
    json_t *value;

    if (text == NULL)
        return json_null();
    clean = text_clean(text, true);
    if (clean == NULL)
        return NULL;
    value = json_string(clean);
    free(clean);
    return value;
}

json_t *output_text_or_null(const char *text)
{
    return output_text(text != NULL && text[0] != '\0' ? text : NULL);
}

json_t *output_id(int64_t id)
{
    return id != 0 ? json_integer(id) : json_null();
}

void output_begin(struct output *output, const struct settings *settings,
                  const struct output_column *columns)
{
    const char *format = settings_text(settings, SETTING_OUTPUT);

    if (format == NULL)
        format = isatty(STDOUT_FILENO) ? "table" : "ndjson";
    output->file = stdout;
    output->columns = columns;
    output->customer_links = version_of(settings)->links_customers;
    output->head_written = false;
    output->format = strcmp(format, "table") == 0 ? OUTPUT_TABLE
                     : strcmp(format, "csv") == 0 ? OUTPUT_CSV
                                                  : OUTPUT_NDJSON;
}

static bool is_shown(const struct output *output, const struct output_column *column)
{
    return !column->customer_links || output->customer_links;
}

static bool is_in_table(const struct output *output, const struct output_column *column)
{
    return column->title != NULL && is_shown(output, column);
}

/* A value as text: new; NULL: out of memory. */
static char *value_text(const json_t *value)
{
    char number[32];

    switch (json_typeof(value)) {
    case JSON_NULL:
        return strdup("");
    case JSON_STRING:
        return strdup(json_string_value(value));
    case JSON_INTEGER:
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return strdup(number);
    case JSON_ARRAY:
        if (json_array_size(value) == 0)
            return strdup("");
        /* fallthrough */
    default:
        return json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    }
}

static void put_csv_field(FILE *file, const char *text)
{
    if (strpbrk(text, ",\"\r\n") != NULL || text[0] == ' ')
        csv_fwrite(file, text, strlen(text));
    else
        fputs(text, file);
}

static bool put_csv(struct output *output, const json_t *record)
{
    for (const struct output_column *column = output->columns; column->name != NULL; column++) {
        char *text;

        if (!is_shown(output, column))
            continue;
        text = value_text(json_object_get(record, column->name));
        if (text == NULL)
            return false;
        if (column != output->columns)
            fputc(',', output->file);
        put_csv_field(output->file, text);
        free(text);
    }
    fputs("\r\n", output->file);
    return true;
}

static bool is_last(const struct output *output, const struct output_column *column)
{
    for (column++; column->name != NULL; column++) {
        if (is_in_table(output, column))
            return false;
    }
    return true;
}

static void put_table_cell(const struct output *output, const struct output_column *column,
                           const char *text)
{
    if (column->width != 0)
        text_put_cell(output->file, text, column->width, column->right);
    else
        text_put(output->file, text);
    fputs(is_last(output, column) ? "\n" : "  ", output->file);
}

static bool put_table(struct output *output, const json_t *record)
{
    for (const struct output_column *column = output->columns; column->name != NULL; column++) {
        const json_t *value = json_object_get(record, column->name);
        char *text;

        if (!is_in_table(output, column))
            continue;
        text = column->text != NULL ? column->text(value) : value_text(value);
        if (text == NULL)
            return false;
        put_table_cell(output, column, text);
        free(text);
    }
    return true;
}

static void put_head(struct output *output)
{
    const struct output_column *column = output->columns;

    output->head_written = true;
    if (output->format == OUTPUT_CSV) {
        for (; column->name != NULL; column++) {
            if (is_shown(output, column))
                fprintf(output->file, "%s%s", column == output->columns ? "" : ",", column->name);
        }
        fputs("\r\n", output->file);
    } else if (output->format == OUTPUT_TABLE) {
        for (; column->name != NULL; column++) {
            if (is_in_table(output, column))
                put_table_cell(output, column, column->title);
        }
    }
}

static bool put_json(struct output *output, json_t *record)
{
    for (const struct output_column *column = output->columns; column->name != NULL; column++) {
        if (!is_shown(output, column))
            json_object_del(record, column->name);
    }
    return json_dumpf(record, output->file, JSON_COMPACT) == 0 && fputc('\n', output->file) != EOF;
}

static bool put_record(struct output *output, json_t *record)
{
    switch (output->format) {
    case OUTPUT_CSV:
        return put_csv(output, record);
    case OUTPUT_TABLE:
        return put_table(output, record);
    default:
        return put_json(output, record);
    }
}

/* Why writing has failed first; 0: it has not. */
static int write_errno;

static bool failed(int error)
{
    if (write_errno == 0)
        write_errno = error != 0 ? error : EIO;
    return false;
}

/* What stays in the buffer is lost when the reader is gone or the disk is full. */
static bool flush(struct output *output)
{
    if (ferror(output->file))
        return failed(errno);
    errno = 0;
    return fflush(output->file) == 0 || failed(errno);
}

bool output_record(struct output *output, json_t *record)
{
    bool made;

    if (record == NULL)
        return failed(ENOMEM);
    errno = 0;
    if (!output->head_written)
        put_head(output);
    made = put_record(output, record);
    json_decref(record);
    if (!made && !ferror(output->file))
        return failed(ENOMEM);
    return flush(output);
}

bool output_end(struct output *output)
{
    if (!output->head_written && output->format == OUTPUT_CSV)
        put_head(output);
    return flush(output);
}

int output_close(int code)
{
    bool broken = ferror(stdout) != 0;

    errno = 0;
    if ((fclose(stdout) != 0 || broken) && write_errno == 0)
        failed(errno);
    if (write_errno == 0)
        return code;
    message_error("stdout: %s; results are missing there", strerror(write_errno));
    return exit_code_worse(code, CLI_FAILED);
}
