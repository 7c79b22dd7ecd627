/*
 * The types of a contract as JSON has them, and the address of each operation: tables
 * that scripts/generate makes from the WSDL. A member is where the struct that soapcpp2
 * made has it, so both wires read and write the same values.
 */
#ifndef BACM_LIB_CONTRACT_JSON_TABLE_H
#define BACM_LIB_CONTRACT_JSON_TABLE_H

#include <stddef.h>

/* What a member is, here and on the wire. A scalar is a pointer, NULL when it is absent. */
enum bacm_json_kind {
    BACM_JSON_TEXT = 0,
    BACM_JSON_TIME,    /* a text */
    BACM_JSON_BASE64,  /* a text */
    BACM_JSON_ENUM,    /* a text, of those in values or a new one */
    BACM_JSON_FLAGS,   /* texts: with a blank between here, with a comma on the wire */
    BACM_JSON_DECIMAL, /* a text here, a number on the wire */
    BACM_JSON_LONG,    /* a string of digits on the wire, so that no reader rounds it */
    BACM_JSON_INT,
    BACM_JSON_BYTE,
    BACM_JSON_BOOL,
    BACM_JSON_OBJECT,
    BACM_JSON_LIST
};

struct bacm_json_type;

struct bacm_json_member {
    const char *name;
    const char *other_name; /* that it may have in a reply; or NULL */
    enum bacm_json_kind kind;
    size_t offset;
    const struct bacm_json_type *type; /* of an object or a list */
    const char *const *values;         /* of an enumeration; ends with NULL */
};

/*
 * A struct; or a list, which is a struct of a count and a pointer to its items: its one
 * member is the item, which stands in the list by value.
 */
struct bacm_json_type {
    const char *name;
    size_t size;
    const struct bacm_json_member *members;
    size_t count;
};

struct bacm_rest_operation {
    const char *method;
    const char *path; /* behind the base address */
    const struct bacm_json_type *request;
    const struct bacm_json_type *response;
    const char *request_template; /* to be filled in by a person */
};

/* What REST needs of a version of the contract; operations as bacm_VERSION_operations. */
struct bacm_rest {
    const struct bacm_rest_operation *operations;
    const struct bacm_json_type *ad_api_fault;
    const struct bacm_json_type *api_fault;
};

extern const struct bacm_rest bacm_v13_rest;

/* How the generated tables say it: a member whose C type does not fit its kind does not compile. */
/* NOLINTBEGIN(bugprone-macro-parentheses): a type in _Generic takes none */
#define BACM_JSON_FIELD(owner, field, c_type)                                                      \
    (offsetof(struct owner, field) +                                                               \
     0 * sizeof(char[_Generic(((struct owner *)0)->field, c_type : 1, default                      \
                              : -1)]))
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
