/*
 * The table of known codes, for those who have an error of the service before them.
 */
#ifndef BACM_LIB_CONTRACT_SERVICE_CODES_H
#define BACM_LIB_CONTRACT_SERVICE_CODES_H

#include <bacm/error.h>

/*
 * What is known of an error by the name that the service gives it, else by its code; a number of
 * the other channel counts only when no name speaks against it. NULL: nothing.
 */
const bacm_service_code *bacm_service_code_said(bacm_channel channel, bool has_code, int code,
                                                const char *symbol);

/* Whether a symbol of the service, which may be NULL or empty, is none or that of the entry. */
bool bacm_service_code_has_name(const bacm_service_code *entry, const char *symbol);

#endif
