/*
 * Read before everything else by what has its memory from the allocator of bacm/alloc.h.
 */
#ifndef BACM_LIB_BASE_REDIRECT_H
#define BACM_LIB_BASE_REDIRECT_H

#include <stdlib.h>
#include <string.h>

#include "lib/base/alloc.h"

#undef strdup
#undef strndup
#define malloc  bacm_malloc
#define calloc  bacm_calloc
#define realloc bacm_realloc
#define free    bacm_free
#define strdup  bacm_strdup
#define strndup bacm_strndup

#endif
