#include "cli/input/csv_text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/input/cell.h"
#include "cli/input/names.h"

/* The cells of one record. */
struct cells {
    const char *at;
    const char *end;
    char delimiter;
    bool ended;
};

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* The next cell of the record, as it is written; false behind the last one. */
static bool next_cell(struct cells *cells, const char **text, size_t *size)
{
    const char *at = cells->at;
    bool quoted = false;

    if (cells->ended)
        return false;
    while (at < cells->end && (quoted || (*at != cells->delimiter && !is_break(*at)))) {
        quoted ^= *at == '"';
        at++;
    }
    *text = cells->at;
    *size = (size_t)(at - cells->at);
    cells->ended = at == cells->end || is_break(*at);
    cells->at = at < cells->end ? at + 1 : at;
    return true;
}

struct head {
    size_t cells;
    size_t known;   /* names that mean something */
    size_t clients; /* names of a client */
    const char *end;
};

static void count_name(struct head *head, const char *text, size_t size)
{
    enum row_field field;
    char name[64];

    cell_trim(&text, &size);
    if (size >= 2 && text[0] == '"' && text[size - 1] == '"') {
        text++;
        size -= 2;
        cell_trim(&text, &size);
    }
    snprintf(name, sizeof name, "%.*s", (int)(size < sizeof name ? size : 0), text);
    if (name[0] == '\0' || name_look_up(name, &field) == NAME_UNKNOWN)
        return;
    head->known++;
    head->clients += field == ROW_CLIENT_ID || field == ROW_CLIENT_NUMBER ||
                     field == ROW_CUSTOMER_ID || field == ROW_CUSTOMER_NUMBER;
}

static struct head read_head(const char *text, size_t size, char delimiter)
{
    struct cells cells = {text, text + size, delimiter, false};
    struct head head = {0};
    const char *cell;
    size_t length;

    while (next_cell(&cells, &cell, &length)) {
        head.cells++;
        count_name(&head, cell, length);
    }
    head.end = cells.at;
    return head;
}

static struct head best_head(const char *text, size_t size, char *delimiter)
{
    static const char candidates[] = ",;\t";
    struct head best = read_head(text, size, candidates[0]);

    *delimiter = candidates[0];
    for (const char *candidate = candidates + 1; *candidate != '\0'; candidate++) {
        struct head head = read_head(text, size, *candidate);

        if (head.known > best.known || (head.known == best.known && head.cells > best.cells)) {
            best = head;
            *delimiter = *candidate;
        }
    }
    return best;
}

char csv_tell_delimiter(const char *text, size_t size)
{
    char delimiter;

    while (size > 0 && is_break(*text)) {
        text++;
        size--;
    }
    best_head(text, size, &delimiter);
    return delimiter;
}

bool csv_is_sep_line(const char *line, size_t size, char *delimiter)
{
    if (size < 5 || strncasecmp(line, "sep=", 4) != 0 || strchr("\"\r\n", line[4]) != NULL ||
        (size > 5 && !is_break(line[5])))
        return false;
    *delimiter = line[4];
    return true;
}

unsigned long csv_find_table(const char *text, size_t size)
{
    const char *end = text + size;
    unsigned long line = 1;
    char delimiter;

    while (text < end) {
        struct head head = best_head(text, (size_t)(end - text), &delimiter);

        if (head.clients > 0)
            return line > 1 ? line : 0;
        for (; text < head.end; text++)
            line += *text == '\n' || (*text == '\r' && !(text + 1 < end && text[1] == '\n'));
    }
    return 0;
}

const char *csv_delimiter_text(char delimiter, char text[8])
{
    if (delimiter == '\t')
        snprintf(text, 8, "tab");
    else
        snprintf(text, 8, "'%c'", delimiter);
    return text;
}
