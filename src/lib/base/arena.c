#include "lib/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 4096 };

struct bacm_arena_block {
    struct bacm_arena_block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char data[];
};

void *bacm_arena_alloc(struct bacm_arena *arena, size_t size)
{
    const size_t unit = alignof(max_align_t);
    struct bacm_arena_block *block = arena->blocks;
    void *memory;

    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + unit - 1) / unit * unit;
    if (!block || block->size - block->used < size) {
        size_t room = size > BLOCK_SIZE ? size : (size_t)BLOCK_SIZE;

        block = malloc(sizeof *block + room);
        if (!block)
            return NULL;
        block->next = arena->blocks;
        block->used = 0;
        block->size = room;
        arena->blocks = block;
    }
    memory = block->data + block->used;
    block->used += size;
    return memset(memory, 0, size);
}

void *bacm_arena_array(struct bacm_arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return bacm_arena_alloc(arena, count * size);
}

const char *bacm_arena_text(struct bacm_arena *arena, const char *text, int *failed)
{
    size_t size;
    char *copy;

    if (!text)
        return NULL;
    size = strlen(text) + 1;
    copy = bacm_arena_alloc(arena, size);
    if (!copy) {
        *failed = 1;
        return NULL;
    }
    return memcpy(copy, text, size);
}

void bacm_arena_free(struct bacm_arena *arena)
{
    while (arena->blocks) {
        struct bacm_arena_block *next = arena->blocks->next;

        free(arena->blocks);
        arena->blocks = next;
    }
}
