/**
 * @file bacm/alloc.h
 * Where the library's memory comes from.
 *
 * All memory of libbacm and libbacm-bulk, that of the engine inside included,
 * is obtained here. OpenSSL, zlib, expat, jansson, SQLite and the C library
 * take theirs as they do everywhere in the process: they have settings of their own for it.
 * libbacm-stubs is gSOAP as it is and uses malloc().
 */
#ifndef BACM_ALLOC_H
#define BACM_ALLOC_H

#include <stddef.h>

#include <bacm/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Three functions that behave as malloc(), realloc() and free() do, but for the
 * last parameter. They are called from all threads that use the library, at the
 * same time, and from those that it makes: the bulk engine's, and one that has looked up a
 * name when the call that wanted it is over.
 */
typedef struct bacm_allocator {
    size_t struct_size;
    void *(*allocate)(size_t size, void *user);
    void *(*reallocate)(void *memory, size_t size, void *user); /**< memory may be NULL */
    void (*release)(void *memory, void *user);                  /**< memory may be NULL */
    void *user;
} bacm_allocator;

#define BACM_ALLOCATOR_INIT                                                                        \
    {                                                                                              \
        sizeof(bacm_allocator), NULL, NULL, NULL, NULL                                             \
    }

/**
 * Replace malloc(), realloc() and free() of the library, in the whole process.
 *
 * @param[in] allocator  copied; all three functions must be set.
 *
 * @return BACM_OK
 * @return BACM_E_ARGUMENT  a function is missing, or the library has obtained memory
 *                          already: what one allocator gave the other cannot take
 *
 * Threads: none other may use the library at the time; call it first of all.
 * Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_set_allocator(const bacm_allocator *allocator);

/**
 * The allocator that is in use, as malloc(), calloc(), realloc(), free() and strdup() of
 * libbacm and libbacm-bulk. A program may use them too.
 *
 * @return memory; NULL when there is none, or when a product or sum overflows.
 * Threads: any. Network: no. Since: 0.1.0
 */
BACM_API void *bacm_malloc(size_t size);
/** As calloc(). Threads: any. Since: 0.1.0 */
BACM_API void *bacm_calloc(size_t count, size_t size);
/** As realloc(). Threads: any. Since: 0.1.0 */
BACM_API void *bacm_realloc(void *memory, size_t size);
/** As free(). Threads: any. Since: 0.1.0 */
BACM_API void bacm_free(void *memory);
/** As strdup(). Threads: any. Since: 0.1.0 */
BACM_API char *bacm_strdup(const char *text);

#ifdef __cplusplus
}
#endif

#endif
