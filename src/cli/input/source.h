/*
 * The bytes of an input: a file, or stdin kept in a nameless temporary file, so
 * that it can be read twice.
 */
#ifndef BACM_CLI_INPUT_SOURCE_H
#define BACM_CLI_INPUT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/terminal/problem.h"

struct source;

/* Length of a digest as text, with its NUL. */
#define SOURCE_DIGEST_BYTES 65

/* Open a file, or stdin for "-". NULL after a message. */
struct source *source_open(const char *path);

/* Name for messages: the path, or "stdin". */
const char *source_name(const struct source *source);

/*
 * The next piece: bytes up to and with a line break (LF, CR or CRLF), or less
 * where a line is long. Returns false at the end and on a problem, whose
 * reason is then not empty. piece is borrowed until the next call.
 */
bool source_piece(struct source *source, const char **piece, size_t *size, struct problem *problem);

/* Number of the line that the last piece belongs to, 1 for the first. */
unsigned long source_line(const struct source *source);

/* First byte that is not space, without reading on; 0 for an empty input. */
char source_peek(struct source *source, struct problem *problem);

/* Back to the first byte. */
bool source_rewind(struct source *source, struct problem *problem);

/* SHA-256 of all bytes, in hex; only after the end has been reached once. */
void source_digest(const struct source *source, char digest[SOURCE_DIGEST_BYTES]);

void source_close(struct source *source);

#endif
