/*
 * What can be told of a CSV by looking at its first lines.
 */
#ifndef BACM_CLI_INPUT_CSV_TEXT_H
#define BACM_CLI_INPUT_CSV_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* The separator that gives the first row the most names that are known. */
char csv_tell_delimiter(const char *text, size_t size);

/* Whether the text begins with a line "sep=X", that spreadsheets take for the name of the
 * separator. */
bool csv_is_sep_line(const char *line, size_t size, char *delimiter);

/*
 * The line behind the first one that looks like the head of a table of clients, 0 when
 * there is none. Before it stands what reports have in front of their table.
 */
unsigned long csv_find_table(const char *text, size_t size);

/* "';'", or "tab". */
const char *csv_delimiter_text(char delimiter, char text[8]);

#endif
