/**
 * @file bacm/operations_v11.h
 * All operations of the v11 contract, with the generated types.
 *
 * This header needs gSOAP's stdsoap2.h and the flags of
 * `pkg-config --cflags gsoapssl`, and the declarations of POSIX (-std=gnu11, or
 * -D_GNU_SOURCE with -std=c11), as do bacm/operations_v13.h and bacm/stubs_v11.h
 * and no other header of the library. A source file that includes one of them cannot
 * include another, or the generated headers of another service, as well: all define
 * struct SOAP_ENV__Header.
 *
 * Each operation is a function, such as bacm_v11_get_account() for GetAccount,
 * that sends a request with the client's credentials, timeouts, trace and error
 * mapping. What holds for all of them:
 *
 * - client: one that speaks v11 (options.api); else BACM_E_ARGUMENT.
 * - request: borrowed; NULL members are left out of the message. The Super
 *   Admin, sandbox and 10-links rules are not applied here: the functions of
 *   bacm/links.h are the safe way to the client-link operations.
 * - *out_reply: new, free with bacm_reply_free(); NULL on failure. The
 *   response and all that it points to live until then, also after the
 *   client is gone. out_response may be NULL.
 * - statuses: those of bacm_get_user(); for an operation that changes
 *   something, BACM_E_UNKNOWN_OUTCOME where the request has left and no reply
 *   was understood.
 * - threads: one a client; network: at most call_timeout_ms (twice when a
 *   token is renewed).
 */
#ifndef BACM_OPERATIONS_V11_H
#define BACM_OPERATIONS_V11_H

#include <bacm/client.h>
#include <bacm/operation.h>

/* Warnings of generated headers are nobody's who uses them. */
#if defined(__GNUC__)
#pragma GCC system_header
#endif
#include "v11Operations.h"

#endif
