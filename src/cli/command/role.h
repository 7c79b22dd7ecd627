/*
 * Roles of a user, for people.
 */
#ifndef BACM_CLI_COMMAND_ROLE_H
#define BACM_CLI_COMMAND_ROLE_H

#include <stddef.h>

#include <bacm/user.h>

/* Name of a role; NULL when it is none that the service publishes. */
const char *role_name(int role);

/* "203 in 2002002, 41 in 3003003"; without customers where the version has none. */
void role_list(char *text, size_t size, const bacm_user *user);

#endif
