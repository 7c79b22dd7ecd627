/** @file bacm/export.h  Marks what the shared library exports. */
#ifndef BACM_EXPORT_H
#define BACM_EXPORT_H

#if defined(__GNUC__)
#define BACM_API __attribute__((visibility("default")))
#else
#define BACM_API
#endif

#endif
