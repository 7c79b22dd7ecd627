/**
 * @file bacm/stubs_v11.h
 * The generated stubs of the v11 contract as they are: library libbacm-stubs.
 *
 * For those who want soap_call___cm__AddClientLinks() and the serialisers
 * without the client of bacm/client.h: no retry, no redaction, no rules, no
 * deadline. What a call does here is gSOAP's manual's affair.
 *
 * gSOAP gives the stubs of every service the same global names (soap_putheader,
 * soap_putfault, namespaces, ...), and its engine calls them by these names. So
 * this library brings an engine of its own, and all its symbols, the engine's as
 * well, carry the prefix bacm_stubs_v11_. This header maps the plain names to
 * them: a source file that includes it calls soap_new() as ever and gets this
 * library's. Include it before any header of gSOAP, and in source files that use
 * no other service's stubs; other files of the program may use those freely.
 *
 * Compile with the flags of `pkg-config --cflags libbacm-stubs`: the layout of
 * struct soap depends on the WITH_* macros. Others are refused below. gSOAP wants
 * the declarations of POSIX: -std=gnu11, or -D_GNU_SOURCE with -std=c11. A program
 * checks once, when it starts, that the library it runs with is the one that it
 * was compiled for:
 *
 *     const char *refusal = BACM_STUBS_V11_CHECK();
 *     if (refusal)
 *         ... print it and end ...
 *
 * From C++, make contexts with soap_new(), never as objects: the constructor is
 * not in the library.
 *
 * Threads: one context a thread, as in gSOAP.
 */
#ifndef BACM_STUBS_V11_H
#define BACM_STUBS_V11_H

#include <stddef.h>

#include <bacm/export.h>

#ifdef STDSOAP_H
#error "include <bacm/stubs_v11.h> before any header of gSOAP, in a file without other stubs"
#endif

/* Made when the library was built: BACM_STUBS_V11_SIZE, _FLAGS and _GSOAP, refusal of other
 * flags; and the names. */
#include <bacm/stubs_v11_layout.h>
#include <bacm/stubs_v11_names.h>

#include <stdsoap2.h>

#if GSOAP_VERSION != BACM_STUBS_V11_GSOAP
#error "libbacm-stubs was built with another version of gSOAP: install that one, or build anew"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Warnings of generated headers are nobody's who uses them. */
#if defined(__GNUC__)
#pragma GCC system_header
#endif
#include "v11H.h"

/**
 * Compare how a program sees struct soap with how the library does. Call it as
 * BACM_STUBS_V11_CHECK().
 *
 * @return NULL when both agree; else a sentence, static, that tells what differs:
 *         no function of this library may then be called.
 *
 * Threads: any. Network: no. Since: 0.1.0
 */
BACM_API const char *bacm_stubs_v11_check(size_t soap_size, long gsoap_version, const char *flags);

#define BACM_STUBS_V11_CHECK()                                                                     \
    bacm_stubs_v11_check(sizeof(struct soap), GSOAP_VERSION, BACM_STUBS_V11_FLAGS)

#ifdef __cplusplus
}
static_assert(sizeof(struct soap) == BACM_STUBS_V11_SIZE,
              "struct soap has another layout than in libbacm-stubs: use its pkg-config flags");
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
_Static_assert(sizeof(struct soap) == BACM_STUBS_V11_SIZE,
               "struct soap has another layout than in libbacm-stubs: use its pkg-config flags");
#else
/* An array of negative size is how C99 says: struct soap has another layout. */
typedef char bacm_stubs_v11_layout_differs[sizeof(struct soap) == BACM_STUBS_V11_SIZE ? 1 : -1];
#endif

#endif
