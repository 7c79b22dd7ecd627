/**
 * @file bacm/version.h
 * The version of the library, in one place: the build, the SONAME and
 * `bacm --version` read it from here.
 */
#ifndef BACM_VERSION_H
#define BACM_VERSION_H

#include <bacm/export.h>

/** Version of the headers that a program was compiled with. */
#define BACM_VERSION "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Version of the library that the program runs with.
 *
 * @return static text such as "0.1.0"; never NULL.
 *
 * Threads: any. Network: no. Since: 0.1.0
 */
BACM_API const char *bacm_version(void);

#ifdef __cplusplus
}
#endif

#endif
