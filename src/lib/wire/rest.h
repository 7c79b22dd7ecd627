/*
 * The inside of the REST wire: JSON by the tables of a contract.
 */
#ifndef BACM_LIB_WIRE_REST_H
#define BACM_LIB_WIRE_REST_H

#include <stdsoap2.h>

#include <jansson.h>

#include "lib/base/redact.h"
#include "lib/contract/contract.h"
#include "lib/wire/wire.h"

enum bacm_json_fault {
    BACM_JSON_OK = 0,
    BACM_JSON_NO_MEMORY,
    BACM_JSON_NOT_UTF8, /* a text to be written */
    BACM_JSON_BAD_TEXT, /* no JSON, or not one object */
    BACM_JSON_OVER_LIMIT,
    BACM_JSON_BAD_VALUE, /* of another kind than its member */
    BACM_JSON_UNKNOWN    /* a member that the type does not have */
};

/*
 * Append a value of a type to a buffer as one object; members that are NULL are left out.
 * extras: members to add to some of its objects. *name is that of a member at fault.
 */
enum bacm_json_fault bacm_json_write(struct bacm_buffer *out, const struct bacm_json_type *type,
                                     const void *value, const struct bacm_extra *extras,
                                     const char **name);

/*
 * The object that a text is, to be released with json_decref(); NULL with *fault. Strict:
 * UTF-8, one object and nothing behind it, no member twice, no more than max_depth levels.
 */
json_t *bacm_json_parse(const char *text, size_t size, size_t max_depth,
                        enum bacm_json_fault *fault);

/* A reading, and what was met in it. */
struct bacm_json_reading {
    struct soap *soap; /* whose memory holds what is read */
    bool is_strict;    /* refuse members that are not known */
    /* out */
    char name[64];       /* of a member that could not be read */
    bool knows_a_member; /* of the object itself */
    bool has_unread_errors;
    size_t objects_in_lists; /* where a list within a list was expected */
    size_t lists_in_lists;   /* or its absence */
    size_t errors;           /* OperationErrors that are there */
    struct bacm_extra *extras;
};

/* The struct of a type that an object means, in engine memory. */
enum bacm_json_fault bacm_json_read(struct bacm_json_reading *reading,
                                    const struct bacm_json_type *type, const json_t *object,
                                    void **value);

/* The address, method and types of an operation. */
const struct bacm_rest_operation *bacm_rest_operation_of(const struct bacm_contract *contract,
                                                         const struct bacm_operation *operation);

/* See struct bacm_wire. */
bacm_status bacm_rest_write(struct bacm_transport *transport, const struct bacm_exchange *exchange,
                            const struct bacm_secrets *secrets, size_t *body, bacm_error *error);
bacm_status bacm_rest_receive(struct bacm_transport *transport, struct bacm_exchange *exchange,
                              bacm_error *error);
bacm_status bacm_rest_read_request(struct soap *soap, const struct bacm_contract *contract,
                                   const struct bacm_operation *operation, const char *text,
                                   void **request, bacm_error *error);
bacm_status bacm_rest_write_response(struct soap *soap, const struct bacm_contract *contract,
                                     const struct bacm_operation *operation, const void *response,
                                     char **out, bacm_error *error);

#endif
