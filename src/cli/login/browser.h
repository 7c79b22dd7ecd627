/*
 * Showing a page to the user.
 */
#ifndef BACM_CLI_LOGIN_BROWSER_H
#define BACM_CLI_LOGIN_BROWSER_H

#include <stdbool.h>

/*
 * Start the desktop's browser. False when there is no desktop or no way to
 * start one; that is no error. Nothing of ours is handed on but the URL.
 */
bool browser_open(const char *url);

#endif
