/*
 * One allocation group, one free: what a result points to lives in its arena.
 */
#ifndef BACM_LIB_BASE_ARENA_H
#define BACM_LIB_BASE_ARENA_H

#include <stddef.h>

struct bacm_arena {
    struct bacm_arena_block *blocks;
};

/* Zeroed memory aligned for any type; NULL when out of memory. */
void *bacm_arena_alloc(struct bacm_arena *arena, size_t size);
/* The same for count elements; NULL also when the product overflows. */
void *bacm_arena_array(struct bacm_arena *arena, size_t count, size_t size);
/* Copy of a text; NULL for NULL, with *failed set when out of memory. */
const char *bacm_arena_text(struct bacm_arena *arena, const char *text, int *failed);
void bacm_arena_free(struct bacm_arena *arena);

#endif
