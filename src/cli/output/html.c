#include "cli/output/html.h"

#include <stdlib.h>

#include "cli/terminal/text.h"

void html_text(FILE *file, const char *text)
{
    char *clean = text_clean(text, true);

    for (const char *at = clean != NULL ? clean : "?"; *at != '\0'; at++) {
        switch (*at) {
        case '&':
            fputs("&amp;", file);
            break;
        case '<':
            fputs("&lt;", file);
            break;
        case '>':
            fputs("&gt;", file);
            break;
        case '"':
            fputs("&quot;", file);
            break;
        case '\'':
            fputs("&#39;", file);
            break;
        default:
            fputc(*at, file);
        }
    }
    free(clean);
}
