#include "sim/control/page.h"

#include <string.h>

/* The files of src/sim/control/page become part of the program; make runs in the root folder. */
#define EMBED(SYMBOL, FILE)                                                                        \
    __asm__(".section .rodata\n" SYMBOL ":\n.incbin \"src/sim/control/page/" FILE                  \
            "\"\n.byte 0\n.text\n")
EMBED("sim_page_html", "index.html");
EMBED("sim_page_js", "page.js");
EMBED("sim_page_css", "page.css");
extern const char sim_page_html[];
extern const char sim_page_js[];
extern const char sim_page_css[];

static const struct {
    const char *path;
    const char *type;
    const char *text;
} files[] = {
    {"/", "text/html; charset=utf-8", sim_page_html},
    {"/page.js", "text/javascript; charset=utf-8", sim_page_js},
    {"/page.css", "text/css; charset=utf-8", sim_page_css},
};

void page_answer(struct exchange *exchange)
{
    if (strcmp(exchange->request->method, "GET") != 0) {
        exchange_text(exchange, 405, "Use GET.\n");
        return;
    }
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (strcmp(files[i].path, exchange->request->path) != 0)
            continue;
        exchange->response->status = 200;
        exchange->response->content_type = files[i].type;
        buffer_text(&exchange->response->headers,
                    "Content-Security-Policy: default-src 'none'; script-src 'self'; "
                    "style-src 'self'; connect-src 'self'; img-src data:; form-action 'none'; "
                    "base-uri 'none'; frame-ancestors 'none'\r\n"
                    "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n");
        buffer_text(&exchange->response->body, files[i].text);
    }
}
