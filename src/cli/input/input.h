/*
 * Rows of a CSV or JSON input, one at a time.
 */
#ifndef BACM_CLI_INPUT_INPUT_H
#define BACM_CLI_INPUT_INPUT_H

#include <stdio.h>

#include "cli/input/options.h"
#include "cli/input/row.h"
#include "cli/input/source.h"
#include "cli/terminal/problem.h"

enum input_event {
    INPUT_ROW,     /* the row is filled */
    INPUT_BAD_ROW, /* this row is wrong; the next one can be read */
    INPUT_END,
    INPUT_BROKEN /* nothing after this place can be read */
};

struct input;

/*
 * Open an input; the format is told by the first characters, then by the name. to_add: the
 * rows are to be invited, and must have what that needs. options are borrowed until it is
 * closed. NULL after a message.
 */
struct input *input_open(const struct input_options *options, const struct version *version,
                         bool to_add);

const char *input_name(const struct input *input);

/* How the input calls its fields. */
const struct row_names *input_names(const struct input *input);

/* The next row. With INPUT_BAD_ROW index and line of the row are set as well. */
enum input_event input_next(struct input *input, struct row *row, struct problem *problem);

/* Back to the first row; false with a problem. */
bool input_rewind(struct input *input, struct problem *problem);

/* SHA-256 of the input, after its end has been reached once. */
void input_digest(const struct input *input, char digest[SOURCE_DIGEST_BYTES]);

/* Tell on stderr what had to be guessed, once the end was reached; nothing when all was plain. */
void input_tell(const struct input *input);

/*
 * Write the row that was read last as it stands in the input, with a reason; options must
 * say keep_original. With reason NULL: the head of a CSV, nothing for JSON.
 */
void input_put_original(const struct input *input, FILE *file, const char *reason);

/* Number of the column of a field, 1 for the first; 0 when there is none. */
size_t input_column(const struct input *input, enum row_field field);

/* Whether a file is the one that is read. */
bool input_is(const struct input *input, const struct stat *other);

void input_close(struct input *input);

#endif
