/*
 * The fixed replies of the bench server: FOLDER/PATH/OPERATION.xml, for instance
 * replies/10/AddClientLinks.xml. Read once, with the HTTP header before them.
 */
#ifndef BENCH_REPLIES_H
#define BENCH_REPLIES_H

#include <stdbool.h>
#include <stddef.h>

struct bench_reply {
    char *bytes;
    size_t size;
    bool closes; /* says Connection: close */
};

/*
 * The reply to a request, whose header ends with a NUL; NULL when it names no
 * file of the folder. A search for the page LAST_PAGE or later is answered with
 * SearchClientLinks.last.xml when there is one, one for an odd page before with
 * SearchClientLinks.odd.xml.
 */
const struct bench_reply *bench_find_reply(const char *folder, const char *header,
                                           const char *body);

enum { BENCH_LAST_PAGE = 99 };

#endif
