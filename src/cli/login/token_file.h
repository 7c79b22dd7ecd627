/*
 * Files of "name = value" lines with tokens in them.
 */
#ifndef BACM_CLI_LOGIN_TOKEN_FILE_H
#define BACM_CLI_LOGIN_TOKEN_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <bacm/credentials.h>

/* A token of the greatest length and the lines beside it. */
#define TOKEN_FILE_MAX_BYTES (BACM_MAX_SECRET_BYTES + 4096)

/* How such a file begins. */
#define TOKEN_FILE_WARNING "# Written by bacm. Whoever can read this file can act in your name.\n"

/* SHA-256 as text, and a NUL. */
#define TOKEN_DIGEST_BYTES 65

/* Value of a "name = value" line, in place; NULL when there is none. */
char *token_file_value(char *text, size_t size, const char *name);

/* Write the digest of the bytes; false after a message. */
bool token_digest(const void *bytes, size_t size, char text[TOKEN_DIGEST_BYTES]);

#endif
