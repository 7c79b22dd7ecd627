/**
 * @file bacm/version.h
 * The version of the library, in one place: the build, the SONAME and
 * `bacm --version` read it from here.
 */
#ifndef BACM_VERSION_H
#define BACM_VERSION_H

#define BACM_VERSION "0.1.0"

#endif
