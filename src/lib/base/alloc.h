/*
 * What is redirected to the allocator and is not public; and a guard for code
 * that does not look whether it got the memory that it asked for.
 */
#ifndef BACM_LIB_BASE_ALLOC_H
#define BACM_LIB_BASE_ALLOC_H

#include <stdbool.h>

#include <bacm/alloc.h>

char *bacm_strndup(const char *text, size_t most);

/*
 * Run a step of the engine. When an allocation in it fails, the step is left on
 * the spot and no_memory is returned; else what the step returns.
 *
 * The engine passes over some failures: it would send a request without its
 * SOAPAction, read a list with a length and no items, or free a block twice. All
 * that it holds is reachable from its context at every allocation, so leaving it
 * there loses nothing. A step that keeps memory in its variables alone must not
 * be run in this way.
 */
int bacm_alloc_guard(int (*step)(void *), void *argument, int no_memory);

#endif
