/**
 * @file bacm/operation.h
 * Any operation of the contract by its name, with text in and text out: XML over SOAP, JSON
 * over REST.
 */
#ifndef BACM_OPERATION_H
#define BACM_OPERATION_H

#include <bacm/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A reply of a typed operation and the memory that its response lives in. */
typedef struct bacm_reply bacm_reply;

/** TrackingId of the reply; "" when there was none. Borrowed. Threads: any. Since: 0.1.0 */
BACM_API const char *bacm_reply_tracking_id(const bacm_reply *reply);

/**
 * Free a reply and its response. NULL is allowed.
 * Threads: any, when no other uses it. Since: 0.1.0
 */
BACM_API void bacm_reply_free(bacm_reply *reply);

/**
 * Number of operations of the client's contract: 33 in v11, 39 in v13.
 * Threads: any. Since: 0.1.0
 */
BACM_API size_t bacm_operation_count(const bacm_client *client);

/**
 * Name of operation i, in the contract's order; NULL when out of range.
 * Threads: any. Since: 0.1.0
 */
BACM_API const char *bacm_operation_name(const bacm_client *client, size_t i);

/**
 * A request to fill in: the request element of an operation with every child
 * in schema order and its type as a comment; over REST the object with every member. What is not
 * needed is to be taken out: an empty element is not the same as none.
 *
 * @return static text; NULL when there is no operation of this name.
 * Threads: any. Network: no. Since: 0.1.0
 */
BACM_API const char *bacm_operation_template(const bacm_client *client, const char *operation);

/**
 * Call an operation with a request body as XML text; for a client that speaks SOAP.
 *
 * @param[out] out        new NUL-terminated text, the response element; free with
 *                        bacm_text_free(). NULL on failure.
 * @param[in]  client     borrowed.
 * @param[in]  operation  for instance "GetUser"; case matters.
 * @param[in]  request    borrowed; one element, <OPERATIONRequest> in the contract's
 *                        namespace. It is read by the contract's own types: what they
 *                        do not know is refused.
 * @param[in]  size       bytes of request.
 * @param[out] error      may be NULL.
 *
 * @return BACM_E_ARGUMENT  no such operation, or the request is not its request element
 * @return else as the typed operations, see bacm/operations_v11.h
 *
 * Threads: one a client. Network: yes. Since: 0.1.0
 */
BACM_API bacm_status bacm_operation_call_xml(char **out, bacm_client *client, const char *operation,
                                             const char *request, size_t size, bacm_error *error);

/**
 * The same with JSON, for a client that speaks REST: the request is one object with the
 * members of the operation's request, and *out the reply as an object.
 *
 * Ids of 64 bits are strings of digits; in the request numbers are taken, too. A member
 * that the contract does not know is refused, as is one that stands there twice.
 *
 * @return as bacm_operation_call_xml()
 *
 * Threads: one a client. Network: yes. Since: 0.1.0
 */
BACM_API bacm_status bacm_operation_call_json(char **out, bacm_client *client,
                                              const char *operation, const char *request,
                                              size_t size, bacm_error *error);

#ifdef __cplusplus
}
#endif

#endif
