/*
 * What all measured clients share: their arguments, the measured loop and the
 * line of JSON that tells what it took. A client provides the three functions.
 */
#ifndef BENCH_METER_H
#define BENCH_METER_H

#include <stdbool.h>

struct bench_job {
    const char *operation; /* "add", "search": one page, or "pages": all of them */
    int links;             /* in a request of add, in a reply of search */
    const char *url;
    const char *ca_file; /* NULL for http */
    bool keep_alive;
    long calls;
    const char *request_file; /* an envelope, for clients that send fixed bytes */
};

/* Get ready; ends the process when that is not possible. */
void bench_open(const struct bench_job *job);
/* One call: the number of links that the reply was understood to hold. */
long bench_call(void);
void bench_close(void);

/* What the clients put into link i, the same in all of them. */
#define BENCH_DEVELOPER_TOKEN   "DEVELOPERTOKEN01"
#define BENCH_ACCESS_TOKEN      "EwBwA8l6BAAUkj1NuJYtTVha4Mogk+HEiPbQo04AAc0FfBx8uNMHNsGMWYjXRnLq"
#define BENCH_MANAGING_CUSTOMER 2002002
#define BENCH_FIRST_ACCOUNT     1000001
#define BENCH_NOTE              "Please accept by Friday"
#define BENCH_NAME              "Spring campaign"
#define BENCH_INVITER_EMAIL     "agency@example.com"
#define BENCH_INVITER_NAME      "Example Agency"
#define BENCH_INVITER_PHONE     "555-0100"
#define BENCH_START_DATE        "2018-06-01T00:00:00"

enum { BENCH_MAX_LINKS = 10, BENCH_PAGE_SIZE = 1000 };

#endif
