/*
 * Asking before something that cannot be taken back.
 */
#ifndef BACM_CLI_TERMINAL_CONFIRM_H
#define BACM_CLI_TERMINAL_CONFIRM_H

#include <stdbool.h>

/*
 * Ask a person at the terminal; anything but y or yes is no. When standard error is no
 * terminal, or the process has none, there is nobody to ask: true.
 */
bool confirm(const char *question);

#endif
