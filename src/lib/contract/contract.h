/*
 * What a contract version must provide. Everything above this line is the same
 * code for all versions; generated types are seen below it alone.
 */
#ifndef BACM_LIB_CONTRACT_CONTRACT_H
#define BACM_LIB_CONTRACT_CONTRACT_H

#include <bacm/links.h>
#include <bacm/user.h>

#include "lib/base/arena.h"
#include "lib/base/secrets.h"
#include "lib/contract/fault.h"
#include "lib/contract/gsoap_table.h"
#include "lib/contract/json_table.h"
#include "lib/contract/operation_table.h"
#include "lib/contract/write_reply.h"

struct soap;
struct Namespace;
struct bacm_wire;

/* How one call of an operation goes out. */
struct bacm_header {
    const struct bacm_secrets *secrets;
    const char *action; /* NULL: without the Action element */
};

/* Members of an object that its type does not have, for them to be sent back: REST only. */
struct bacm_extra {
    const struct bacm_extra *next;
    const void *owner;   /* the struct that the object means */
    const char *members; /* "A":1,"B":null */
};

enum bacm_mapping_result { BACM_MAPPING_DONE = 0, BACM_MAPPING_INCOMPLETE, BACM_MAPPING_NO_MEMORY };

/* What the ClientLink of a version has, and what it calls it. */
struct bacm_link_fields {
    const char *client_id;
    const char *client_number;
    bool has_customer_links;      /* Type, CustomerLinkPermission, the predicates for customers */
    bool needs_is_bill_to_client; /* of a link of an account */
    unsigned most_of_a_page;      /* largest page of SearchClientLinks that may be asked for */
};

/* What a client is: an account or a customer. */
enum bacm_kind_of_client { BACM_CLIENT_ACCOUNT = 0, BACM_CLIENT_CUSTOMER, BACM_KINDS_OF_CLIENT };

/* Who may work with links of a kind of client. */
struct bacm_role_rule {
    int roles[4];     /* any of them; ends with 0 */
    const char *who;  /* "the user is not an active ..." */
    const char *hint; /* for somebody else */
};

/*
 * The library's types to the generated ones and back: one piece of code a version,
 * whatever the wire. What it makes is in engine memory, which lives until the end of the
 * call; NULL and -1: out of memory.
 */
struct bacm_mapping {
    void *(*user_request)(struct soap *soap, int64_t user_id);
    /* Texts and lists go to the arena. */
    enum bacm_mapping_result (*read_user)(bacm_user *user, struct bacm_arena *arena,
                                          const void *response);
    /* Of an update also what its links have beside their type's members. */
    void *(*links_request)(struct soap *soap, const struct bacm_operation *operation,
                           const bacm_client_link *const *links, size_t n, bacm_link_status wanted,
                           const struct bacm_extra **extras);
    int (*write_reply)(struct soap *soap, const struct bacm_operation *operation,
                       const void *response, struct bacm_write_reply *reply);
    void *(*search_request)(struct soap *soap, const bacm_link_search *search, unsigned page_index);
    /* Links of a response, copied to the arena. */
    int (*search_response)(struct bacm_arena *arena, const void *response,
                           const struct bacm_extra *extras, bacm_client_link **links,
                           size_t *count);
    /* Of one of the two kinds of details, the others NULL. */
    int (*read_fault)(struct soap *soap, const void *ad_api_fault, const void *api_fault,
                      struct bacm_fault *fault);
};

extern const struct bacm_mapping bacm_v11_mapping;
extern const struct bacm_mapping bacm_v13_mapping;

/* What SOAP needs of a version. */
struct bacm_soap {
    const struct bacm_generated *generated;
    const struct bacm_soap_operation *operations;
    const struct Namespace *reply_namespaces; /* all that a reply may use */
    /* Which namespaces this request of the operation declares. */
    const struct Namespace *(*request_namespaces)(const struct bacm_operation *operation,
                                                  const void *request);
    /* In engine memory; 0 or -1 when out of memory. */
    int (*set_header)(struct soap *soap, const struct bacm_header *header);
    const char *(*tracking_id)(struct soap *soap);
    /* What the engine has read of a fault; its details, or NULLs. */
    void (*fault)(struct soap *soap, struct bacm_fault *fault, const void **ad_api_fault,
                  const void **api_fault);
};

/* A version of the contract on a wire: the value of options.api. */
struct bacm_contract {
    const char *name;             /* of the version, and of the wire where it has two */
    const struct bacm_wire *wire; /* how it travels */
    const struct bacm_soap *soap; /* NULL: by another wire */
    const struct bacm_rest *rest; /* the same */
    const struct bacm_mapping *mapping;
    const char *production_endpoint;
    const char *sandbox_endpoint;
    bool sandbox_has_links;
    bool identity_platform_only; /* no passwords, and no tokens of live.com */
    struct bacm_link_fields links;
    struct bacm_role_rule roles[BACM_KINDS_OF_CLIENT];
    const struct bacm_operation *operations;
    const size_t *operation_count;

    const struct bacm_operation *get_user;
    const struct bacm_operation *add_links;
    const struct bacm_operation *update_links;
    const struct bacm_operation *search_links;
};

/* The wires, from lib/wire. */
extern const struct bacm_wire bacm_soap_wire;
extern const struct bacm_wire bacm_rest_wire;

/* The contract of options.api, v11 for NULL; NULL when v11 is not in this program. */
const struct bacm_contract *bacm_contract_of(bacm_api *api);

/* The error of a program that has no v11 and names no version. */
bacm_status bacm_contract_missing(bacm_error *error);

/* Whether the operation changes something, so that a lost reply is an unknown outcome. */
bool bacm_operation_is_write(const struct bacm_operation *operation);

/* Whether a role rule lets the user work. */
bool bacm_role_rule_admits(const struct bacm_role_rule *rule, const bacm_user *user);

#endif
