/*
 * One line for the log callback of a client.
 */
#ifndef BACM_LIB_BASE_LOG_H
#define BACM_LIB_BASE_LOG_H

#include <bacm/client.h>

/* secrets: BACM_SECRET_COUNT values, or NULLs, that are replaced where they occur. */
__attribute__((format(printf, 4, 5))) void bacm_log(const bacm_options *options,
                                                    const char *const *secrets,
                                                    bacm_log_level level, const char *format, ...);

#endif
