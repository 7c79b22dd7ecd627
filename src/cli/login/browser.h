/*
 * Showing a page to the user.
 */
#ifndef BACM_CLI_LOGIN_BROWSER_H
#define BACM_CLI_LOGIN_BROWSER_H

#include <limits.h>
#include <stdbool.h>

/* A file that sends the browser on to the page. */
struct browser_page {
    char path[PATH_MAX]; /* "": there is none */
};

/*
 * Start the desktop's browser with the page. False when there is no desktop or no way
 * to start one; that is no error. Other users see the command line: it has the name of
 * a file of mode 0600, made in the folder of the path, and not the URL, with which they
 * could finish the sign-in as somebody else. The file goes with browser_close(), and
 * when a signal ends the program.
 */
bool browser_open(struct browser_page *page, const char *url, const char *path);
void browser_close(struct browser_page *page);

#endif
