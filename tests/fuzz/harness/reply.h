/*
 * A client whose replies come from memory.
 */
#ifndef FUZZ_HARNESS_REPLY_H
#define FUZZ_HARNESS_REPLY_H

#include <bacm/bacm.h>

#include "fuzz.h"

#define FUZZ_ACCESS_TOKEN    "ACCESS-0123456789-TOKEN"
#define FUZZ_DEVELOPER_TOKEN "DEVELOPER-0123456789-TOKEN"

/*
 * Speak v13 from now on when these bytes name it, else v11: a corpus has replies of both.
 */
void reply_choose_api(const void *bytes, size_t size);
/* The same by name. */
void reply_set_api(bacm_api *api);

/* The one client of the version, without role check. */
bacm_client *reply_client(void);

/*
 * What the next connection gives to read, in pieces of at most piece bytes
 * (0: as it is asked for); further connections give nothing. Borrowed.
 */
void reply_play(const void *bytes, size_t size, size_t piece);
/* The same with the HTTP header of an XML message of status 200 in front. */
void reply_play_xml(const char *text);

/* Requests that were written since reply_play(). */
unsigned reply_requests(void);
/* The last of them, NUL-terminated. */
const char *reply_request(void);

/* n valid links. */
const bacm_client_link *const *reply_links(size_t n);

/* What an error object must be after a call that returned status. */
void reply_check_error(const bacm_error *error, bacm_status status);
/* What a result of a write of n links must be. */
void reply_check_results(const bacm_link_results *results, size_t n, bacm_status status,
                         const bacm_error *error);

#endif
