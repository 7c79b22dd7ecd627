/*
 * What all fuzz targets need.
 */
#ifndef FUZZ_HARNESS_FUZZ_H
#define FUZZ_HARNESS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* The target: runs once with these bytes. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A promise; when it is broken the program ends with its text. */
#define REQUIRE(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))

_Noreturn void fuzz_broken(const char *condition, const char *file, int line);

/* The bytes as new NUL-terminated text; it ends earlier when a NUL is among them. */
char *fuzz_text(const uint8_t *bytes, size_t size);

/* Input that is used up step by step; at its end it gives zeros. */
struct fuzz_input {
    const uint8_t *at;
    size_t left;
};

uint8_t fuzz_byte(struct fuzz_input *input);
/* A number below limit. */
unsigned fuzz_pick(struct fuzz_input *input, unsigned limit);

/*
 * A file with these contents, which nobody else can read; the path of it. The
 * contents of an earlier call are gone.
 */
const char *fuzz_file(const void *bytes, size_t size);

#endif
