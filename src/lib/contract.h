/*
 * What a contract version must provide. Everything above this line is the same
 * code for all versions; generated types are seen below it alone.
 */
#ifndef BACM_LIB_CONTRACT_H
#define BACM_LIB_CONTRACT_H

#include <bacm/links.h>
#include <bacm/user.h>

#include "lib/credentials.h"
#include "lib/fault.h"
#include "lib/operation_table.h"

struct soap;
struct Namespace;

/* How one call of an operation goes out. */
struct bacm_header {
    const struct bacm_secrets *secrets;
    const char *action; /* NULL: without the Action element */
};

enum bacm_mapping { BACM_MAPPING_DONE = 0, BACM_MAPPING_INCOMPLETE, BACM_MAPPING_NO_MEMORY };

struct bacm_contract {
    const char *name;
    const char *production_endpoint;
    const char *sandbox_endpoint;
    bool sandbox_has_links;
    const struct bacm_operation *operations;
    const size_t *operation_count;
    const struct Namespace *reply_namespaces; /* all that a reply may use */

    const struct bacm_operation *get_user;
    const struct bacm_operation *add_links;
    const struct bacm_operation *update_links;
    const struct bacm_operation *search_links;

    /* Which namespaces this request of the operation declares. */
    const struct Namespace *(*request_namespaces)(const struct bacm_operation *operation,
                                                  const void *request);
    /* Whether the operation changes something, so that a lost reply is an unknown outcome. */
    bool (*is_write)(const struct bacm_operation *operation);
    /* Whether the user may work with client links. */
    bool (*may_manage_links)(const bacm_user *user);

    /* Engine memory: lives until the end of the call. 0 or -1 when out of memory. */
    int (*set_header)(struct soap *soap, const struct bacm_header *header);
    const char *(*tracking_id)(struct soap *soap);
    int (*read_fault)(struct soap *soap, struct bacm_fault *fault);

    void *(*user_request)(struct soap *soap, int64_t user_id);
    enum bacm_mapping (*user_from_response)(bacm_user **out, const void *response,
                                            const char *tracking_id);
    void *(*links_request)(struct soap *soap, const struct bacm_operation *operation,
                           const bacm_client_link *const *links, size_t n, bacm_link_status wanted);
    int (*write_reply)(struct soap *soap, const struct bacm_operation *operation,
                       const void *response, struct bacm_write_reply *reply);
    void *(*search_request)(struct soap *soap, const bacm_link_search *search, unsigned page_index);
    /* Links of a response, copied to the arena. 0 or -1 when out of memory. */
    int (*search_response)(struct bacm_arena *arena, const void *response, bacm_client_link **links,
                           size_t *count);
};

extern const struct bacm_contract bacm_contract_v11;

#endif
