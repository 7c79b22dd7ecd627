/*
 * A version of the service: what differs between v11 and v13 is data here, or
 * stands in service/, which is compiled once for each version. All else, and
 * above all the state, serves both.
 */
#ifndef BACM_SIM_API_H
#define BACM_SIM_API_H

#include <stdbool.h>
#include <stddef.h>

struct bacm_generated;
struct link;
struct buffer;
struct operation;
struct soap;
struct Namespace;

/* What a request's header tells of the caller; NULL: not there, or not looked at. */
struct credentials {
    const char *developer_token;
    const char *access_token;
    const char *user_name;
    const char *password;
};

/* Who may handle client links, and of which shape they are. */
struct link_rules {
    bool agency_only;  /* only an agency invites; a client asks for one account at a time */
    bool standard_may; /* Standard users too, as far as links of accounts go */
    /* Links of whole customers are known, and IsBillToClient must be said of an account's. */
    bool customer_links;
    int max_page;          /* links on a page of a search */
    const char *client_id; /* what the elements of the client side are called */
    const char *client_number;
    const char *client_id_or_number; /* the words when none or both are set */
};

/* Who may change users and invite new ones. */
struct user_rules {
    bool standard_may;  /* Standard users too, as long as no Super Admin comes of it */
    bool changes_roles; /* UpdateUserRoles is for somebody at all */
};

struct sim_api {
    const char *name; /* "v11" */
    const char *path;
    const struct user_rules *users;
    const char *customer_ns; /* requests, replies, headers */
    const char *entities_ns;
    const char *exception_ns;
    const char *contract; /* the WSDL as it was published */
    const struct Namespace *namespaces;
    const struct bacm_generated *generated;
    const struct link_rules *links;
    /* NULL when there is no such operation. */
    const struct operation *(*find_operation)(const char *name, size_t length);
    void (*read_credentials)(const struct soap *soap, struct credentials *out);
    void (*write_link)(struct buffer *out, const struct link *link, const char *status);
};

extern const struct sim_api sim_api_v11;
extern const struct sim_api sim_api_v13;

#endif
