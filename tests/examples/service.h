/*
 * What the examples share: a client for the service that the environment names.
 * BACM_ENDPOINT and BACM_CA_FILE lead to bacm-sim; without them it is the real
 * service that is called.
 */
#ifndef EXAMPLE_SERVICE_H
#define EXAMPLE_SERVICE_H

#include <stdio.h>
#include <stdlib.h>

#include <bacm/bacm.h>

/* Options that lead to a version of the service; texts of the environment are borrowed. */
static inline bacm_options example_options_for(bacm_api *api)
{
    bacm_options options = BACM_OPTIONS_INIT_FOR(api);

    options.endpoint = getenv("BACM_ENDPOINT");
    options.ca_file = getenv("BACM_CA_FILE");
    return options;
}

/* v11, where nothing else is said. */
static inline bacm_options example_options(void)
{
    return example_options_for(bacm_api_v11);
}

static inline bacm_status example_credentials(bacm_credentials **out, bacm_error *error)
{
    return bacm_credentials_new_access_token(out, getenv("BACM_DEVELOPER_TOKEN"),
                                             getenv("BACM_ACCESS_TOKEN"), error);
}

static inline void example_complain(const bacm_error *error)
{
    char line[1024];

    bacm_error_format(error, line, sizeof line);
    fprintf(stderr, "%s\n", line);
}

#endif
