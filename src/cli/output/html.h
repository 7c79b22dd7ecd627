/*
 * Writing a page for a browser: text that cannot become anything else.
 */
#ifndef BACM_CLI_OUTPUT_HTML_H
#define BACM_CLI_OUTPUT_HTML_H

#include <stdio.h>

/* Text of any origin, made safe for a terminal and for HTML, in quotes as well. */
void html_text(FILE *file, const char *text);

#endif
