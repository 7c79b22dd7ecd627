/*
 * An input of bacm add, read twice, and read again from another format.
 */
#ifndef FUZZ_HARNESS_ROWS_H
#define FUZZ_HARNESS_ROWS_H

#include "fuzz.h"

void rows_check(const char *format, const uint8_t *bytes, size_t size);

#endif
