/*
 * The text of an input: a file, or stdin kept in a nameless temporary file, so
 * that it can be read twice.
 */
#ifndef BACM_CLI_INPUT_SOURCE_H
#define BACM_CLI_INPUT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "cli/terminal/problem.h"

struct source;

/* Length of a digest as text, with its NUL. */
#define SOURCE_DIGEST_BYTES 65

/* A temporary file without a name, in TMPDIR; -1 with errno. */
int source_temporary(void);

/*
 * Open a file, or stdin for "-", in one of the encodings of input_options; NULL: UTF-8, or
 * UTF-16 where its mark says so. NULL after a message.
 */
struct source *source_open(const char *path, const char *encoding);

/* Name for messages: the path, or "stdin". */
const char *source_name(const struct source *source);

/*
 * The next piece, in UTF-8: bytes up to and with a line break (LF, CR or CRLF), or less
 * where a line is long. Returns false at the end and on a problem, whose
 * reason is then not empty. piece is borrowed until the next call.
 */
bool source_piece(struct source *source, const char **piece, size_t *size, struct problem *problem);

/* Number of the line that the last piece belongs to, 1 for the first. */
unsigned long source_line(const struct source *source);

/*
 * The text that is in memory from here on, at the begin of an input its first kilobytes,
 * without reading on. Its size is 0 for an empty input. False with a problem.
 */
bool source_begin(struct source *source, const char **text, size_t *size, struct problem *problem);

/* What the encoding is called, once the first byte was read. */
const char *source_encoding(const struct source *source);

/* Back to the first byte. */
bool source_rewind(struct source *source, struct problem *problem);

/* SHA-256 of all bytes, in hex; only after the end has been reached once. */
void source_digest(const struct source *source, char digest[SOURCE_DIGEST_BYTES]);

/* Whether a file is the one that is read. */
bool source_is(const struct source *source, const struct stat *other);

void source_close(struct source *source);

#endif
