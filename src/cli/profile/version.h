/*
 * What the commands must know of the versions of the contract. The rules for a
 * link are the library's; here is what a person is told, and shown before a call.
 */
#ifndef BACM_CLI_PROFILE_VERSION_H
#define BACM_CLI_PROFILE_VERSION_H

#include <bacm/client.h>
#include <bacm/user.h>

#include "cli/profile/settings.h"

struct version {
    const char *name; /* as --api has it */
    bacm_api *api;
    const char *number;    /* as a sentence has it */
    const char *client_id; /* elements of ClientLink */
    const char *client_number;
    bool links_customers;         /* not accounts alone: Type, CustomerLinkPermission */
    bool needs_is_bill_to_client; /* in each link of an account */
    const char *oauth_platform;   /* the default */
    bool identity_platform_only;  /* no other tokens, and no passwords */
    const char *needed_role;
    const char *switched_off; /* the day when the service did so; NULL: it answers */
};

/* The versions: index is the place in the choices of --api. */
#define VERSION_COUNT 2
extern const struct version version_table[VERSION_COUNT];

/* The one that the settings choose. */
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
