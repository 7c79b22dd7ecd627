#include "cli/input/original.h"

#include <stdlib.h>
#include <string.h>

void original_clear(struct original *original)
{
    original->cells.size = original->cells.count = 0;
}

bool original_add(struct original *original, const char *text, size_t size)
{
    struct cell_list *cells = &original->cells;

    if (cells->size + size + 1 > cells->capacity) {
        size_t capacity = 2 * (cells->size + size + 1);
        char *larger = realloc(cells->text, capacity);

        if (larger == NULL)
            return false;
        cells->text = larger;
        cells->capacity = capacity;
    }
    if (size > 0)
        memcpy(cells->text + cells->size, text, size);
    cells->size += size;
    cells->text[cells->size++] = '\0';
    cells->count++;
    return true;
}

void original_keep_head(struct original *original)
{
    free(original->head.text);
    original->head = original->cells;
    original->cells = (struct cell_list){0};
}

static void put_cell(FILE *file, const char *text, char delimiter)
{
    bool quoted = strpbrk(text, "\"\r\n") != NULL || strchr(text, delimiter) != NULL ||
                  text[0] == ' ' || (text[0] != '\0' && text[strlen(text) - 1] == ' ');

    if (!quoted) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}

/* The column that holds reasons already; the number of columns when none does. */
static size_t reason_column(const struct cell_list *head)
{
    const char *cell = head->text;
    size_t i = 0;

    while (i < head->count && strcmp(cell, ORIGINAL_REASON) != 0) {
        cell += strlen(cell) + 1;
        i++;
    }
    return i;
}

void original_put_csv(const struct original *original, FILE *file, char delimiter,
                      const char *reason)
{
    const struct cell_list *cells = reason == NULL ? &original->head : &original->cells;
    const char *cell = cells->text;
    size_t column = reason_column(&original->head);
    size_t count = cells->count > column ? cells->count : column + 1;

    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fputc(delimiter, file);
        if (i == column)
            put_cell(file, reason != NULL ? reason : ORIGINAL_REASON, delimiter);
        else if (i < cells->count)
            put_cell(file, cell, delimiter);
        if (i < cells->count)
            cell += strlen(cell) + 1;
    }
    fputs("\r\n", file);
}

void original_free(struct original *original)
{
    free(original->head.text);
    free(original->cells.text);
}
