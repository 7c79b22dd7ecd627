/*
 * What clients and server of the benchmarks share.
 */
#ifndef BENCH_SUPPORT_H
#define BENCH_SUPPORT_H

#include <stddef.h>

/* Tell why and end the process: a benchmark of failing calls is worth nothing. */
__attribute__((noreturn, format(printf, 1, 2))) void bench_die(const char *format, ...);

/* A whole file with a NUL behind it, and its size without that. */
char *bench_read_file(const char *path, size_t *size);

#endif
