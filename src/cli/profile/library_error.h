/*
 * Errors of the library, in the words of the command line.
 */
#ifndef BACM_CLI_PROFILE_LIBRARY_ERROR_H
#define BACM_CLI_PROFILE_LIBRARY_ERROR_H

#include <bacm/error.h>

/*
 * An error of the library in the words of the command line: settings by their keys, and
 * where a secret is missing, where to put it.
 */
bacm_error message_translate(const bacm_error *error);

/* An error of the library with all that support would ask for. */
void message_library(const bacm_error *error);

#endif
