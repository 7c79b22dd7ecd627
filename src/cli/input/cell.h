/*
 * The text of a cell: what is invisible around it, and what it says as an id or as yes or no.
 */
#ifndef BACM_CLI_INPUT_CELL_H
#define BACM_CLI_INPUT_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/terminal/problem.h"

/*
 * Bytes of the blank that a text begins with: a space, a line break, any other white
 * space of Unicode, or a character without width. 0: it begins with none.
 */
size_t cell_blank(const char *text, size_t size);

/* Cut blanks off both ends. */
void cell_trim(const char **text, size_t *size);

/* Whether it is UTF-8 throughout; false with a problem. */
bool cell_is_utf8(const char *text, size_t size, struct problem *problem);

/* An id in digits alone; false with a problem that tells what is in the way. */
bool cell_id(const char *text, size_t size, int64_t *id, struct problem *problem);

/* Whether a person may have meant it as an id or a number, right or wrong. */
bool cell_like_id(const char *text, size_t size);

/* true, false, yes, no, 1, 0, in any case; false with a problem. */
bool cell_boolean(const char *text, size_t size, bool *value, struct problem *problem);

#endif
