/*
 * The wire log of --trace.
 */
#ifndef BACM_CLI_TERMINAL_TRACE_H
#define BACM_CLI_TERMINAL_TRACE_H

#include <stdio.h>

#include <bacm/client.h>

/* Open a file that nobody else can read, or stderr for "-". NULL after a message. */
FILE *trace_open(const char *path);

/* A bacm_trace_callback; user is the file. */
void trace_write(bacm_trace_kind kind, const char *data, size_t size, void *user);

/* NULL is allowed. */
void trace_close(FILE *file);

#endif
