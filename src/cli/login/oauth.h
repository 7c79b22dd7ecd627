/*
 * OAuth credentials from the settings and the stored refresh token.
 */
#ifndef BACM_CLI_LOGIN_OAUTH_H
#define BACM_CLI_LOGIN_OAUTH_H

#include <stdio.h>

#include <bacm/oauth.h>

#include "cli/login/token_store.h"
#include "cli/profile/settings.h"

/*
 * Make OAuth credentials. store is initialised, and borrowed until they are
 * released. trace may be NULL. redirect_uri NULL: that of the settings. fresh: no access
 * token is used that another command has kept.
 */
bacm_status oauth_credentials(bacm_credentials **out, const struct settings *settings,
                              struct token_store *store, FILE *trace, const char *redirect_uri,
                              bool fresh, bacm_error *error);

#endif
