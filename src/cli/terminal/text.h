/*
 * Text that came from elsewhere, made safe for a terminal and for files.
 */
#ifndef BACM_CLI_TERMINAL_TEXT_H
#define BACM_CLI_TERMINAL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Makes the functions below read UTF-8. To be called once, first of all. */
void text_start(void);

/*
 * New copy of text that is valid UTF-8, without control characters and without
 * characters that change the direction of what follows; U+FFFD stands in their
 * place. keep_lines keeps tabs and line breaks, CRLF as LF. NULL: out of memory.
 */
char *text_clean(const char *text, bool keep_lines);

/* Write text on one line, cleaned. */
void text_put(FILE *file, const char *text);

/*
 * Write text cleaned, cut to width columns of a terminal (the cut is marked)
 * and filled up to them.
 */
void text_put_cell(FILE *file, const char *text, size_t width, bool right);

/* Write text broken between words, each line after the first indented. */
void text_put_wrapped(FILE *file, const char *text, size_t indent, size_t column, size_t width);

#endif
