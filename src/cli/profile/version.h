/*
 * What the commands must know of the versions of the contract. The rules for a
 * link are the library's; here is what a person is told, and shown before a call.
 */
#ifndef BACM_CLI_PROFILE_VERSION_H
#define BACM_CLI_PROFILE_VERSION_H

#include <bacm/client.h>
#include <bacm/user.h>

#include "cli/profile/settings.h"

/* What a text may be of, whatever the wire. */
enum { CONTRACT_V11 = 0, CONTRACT_V13, CONTRACT_COUNT };

struct version {
    const char *name; /* as --api has it */
    bacm_api *api;
    int contract;
    const char *number;    /* as a sentence has it */
    const char *client_id; /* elements of ClientLink */
    const char *client_number;
    bool links_customers;         /* not accounts alone: Type, CustomerLinkPermission */
    bool needs_is_bill_to_client; /* in each link of an account */
    const char *oauth_platform;   /* the default */
    bool identity_platform_only;  /* no other tokens, and no passwords */
    const char *needed_role;
    const char *switched_off; /* the day when the service did so; NULL: it answers */
    const char *ends;         /* the day when it is going to; NULL: none is known */
    bool speaks_json;         /* REST, not SOAP */
};

/* The versions, and their wires: index is the place in the choices of --api. */
enum { VERSION_V11 = 0, VERSION_V13, VERSION_V13_REST, VERSION_COUNT };
extern const struct version version_table[VERSION_COUNT];

/* The one that the settings choose: by name, by the path of the endpoint, or the default. */
const struct version *version_of(const struct settings *settings);

/* Who issues tokens, "live" or "identity": the setting, else the version's default. */
const char *version_oauth_platform(const struct settings *settings);

/*
 * Whether the version takes tokens of that platform; false after a message that
 * tells what to change.
 */
bool version_takes_platform(const struct settings *settings);

/* The same for the user name and password that are used when no access token is given. */
bool version_takes_user(const struct settings *settings);

/* The version that the path of the endpoint names when it is another one; NULL: none. */
const struct version *version_of_other_endpoint(const struct settings *settings);

/* Whether the endpoint may be of the version; false after a message. */
bool version_takes_endpoint(const struct settings *settings);

/*
 * Refuse an option that needs links of customers; false after a message. value is
 * NULL when it was not given.
 */
bool version_allows_option(const struct settings *settings, const char *name, const char *value);

#endif
