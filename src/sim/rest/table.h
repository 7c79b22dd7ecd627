/*
 * The operations of REST and the types of their members, as operations.json has them: a
 * digest of the public reference and SDKs. The library's tables come from the WSDL, so a
 * mistake in one of the two does not pass unseen.
 */
#ifndef BACM_SIM_REST_TABLE_H
#define BACM_SIM_REST_TABLE_H

#include <jansson.h>
#include <stdbool.h>

/* Reads the table that is part of the program; false when it cannot be used. */
bool rest_table_open(void);
void rest_table_close(void);

/* NULL when there is no such operation. All that is returned here is borrowed. */
const json_t *rest_table_operation(const char *method, const char *path);
bool rest_table_has_path(const char *path);

/* The members of a request or reply, or of the type that a kind "object:TYPE" names. */
const json_t *rest_table_members(const json_t *operation, const char *direction);
const json_t *rest_table_type(const char *kind);

const char *rest_table_text(const json_t *object, const char *key);

/*
 * A kind says how a value is written: "string", "int64-string", "number", "object:TYPE",
 * "array<KIND>" ... A kind within "array<" may be followed by the closing brackets.
 */
bool rest_kind_is(const char *kind, const char *name);
/* The kind of the items, NULL when it is no array's. */
const char *rest_kind_item(const char *kind);
/* Whether one of the names that an enumeration, or flags, may have. */
bool rest_table_has_name(const char *kind, const char *name);

#endif
