/*
 * The allocator. The rest of the library, the generated code and the engine are
 * written with malloc() and so on; when the libraries are linked those names are
 * redirected to the functions here (REDIRECT in the Makefile). This file is not.
 */
#include "lib/base/alloc.h"

#include <setjmp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bacm_allocator replaced; /* allocate NULL: the C library's */
static atomic_bool in_use;
static _Thread_local jmp_buf *guard; /* where a failed allocation leads; NULL: back */

bacm_status bacm_set_allocator(const bacm_allocator *allocator)
{
    if (!allocator || allocator->struct_size < sizeof *allocator || !allocator->allocate ||
        !allocator->reallocate || !allocator->release || atomic_load(&in_use))
        return BACM_E_ARGUMENT;
    replaced = *allocator;
    return BACM_OK;
}

int bacm_alloc_guard(int (*step)(void *), void *argument, int no_memory)
{
    jmp_buf out;
    int result;

    if (setjmp(out) != 0) {
        guard = NULL;
        return no_memory;
    }
    guard = &out;
    result = step(argument);
    guard = NULL;
    return result;
}

static void mark_in_use(void)
{
    if (!atomic_load_explicit(&in_use, memory_order_relaxed))
        atomic_store_explicit(&in_use, true, memory_order_relaxed);
}

static void *noted(void *memory)
{
    if (!memory && guard)
        longjmp(*guard, 1);
    return memory;
}

void *bacm_malloc(size_t size)
{
    mark_in_use();
    return noted(replaced.allocate ? replaced.allocate(size, replaced.user) : malloc(size));
}

void *bacm_calloc(size_t count, size_t size)
{
    void *memory;

    mark_in_use();
    if (!replaced.allocate)
        return noted(calloc(count, size));
    if (size && count > SIZE_MAX / size)
        return noted(NULL);
    memory = noted(replaced.allocate(count * size, replaced.user));
    return memory ? memset(memory, 0, count * size) : NULL;
}

void *bacm_realloc(void *memory, size_t size)
{
    mark_in_use();
    return noted(replaced.allocate ? replaced.reallocate(memory, size, replaced.user)
                                   : realloc(memory, size));
}

void bacm_free(void *memory)
{
    if (replaced.allocate)
        replaced.release(memory, replaced.user);
    else
        free(memory);
}

char *bacm_strndup(const char *text, size_t most)
{
    size_t length = strnlen(text, most);
    char *copy = length < SIZE_MAX ? bacm_malloc(length + 1) : NULL;

    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *bacm_strdup(const char *text)
{
    return bacm_strndup(text, SIZE_MAX);
}
