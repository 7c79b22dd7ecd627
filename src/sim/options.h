/* The command line. */
#ifndef BACM_SIM_OPTIONS_H
#define BACM_SIM_OPTIONS_H

#include "serve/certificate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OPTIONS_MAX_FAULTS 32

struct options {
    const char *listen_host;
    int listen_port; /* 0: any free one */
    bool plain_http;
    enum certificate_kind certificate;
    const char *ca_file;   /* NULL: a temporary file */
    const char *data_file; /* NULL: the built-in data set */
    const char *state_file;
    const char *log_file;
    const char *generate;
    bool print_data;
    bool strict_echo; /* an update must give every text back byte for byte */
    bool exit_with_stdin;
    double clock_rate; /* 0: stepped by hand */
    int64_t transition_seconds;
    int64_t latency_ms;
    int64_t rate_limit; /* calls of a user in a minute; 0: no limit */
    const char *faults[OPTIONS_MAX_FAULTS];
    size_t fault_count;
    int64_t token_lifetime_seconds;
    bool oauth_strict;            /* a refresh token serves once */
    bool oauth_family;            /* ... and ends all its kin when it comes again */
    const char *oauth_consent_as; /* user name; NULL: a page asks */
    int max_connections;
    int64_t max_request_bytes;
    int64_t idle_seconds;
};

enum options_result { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_BAD };

/* Help and version are printed here (DONE); a mistake is explained on stderr (BAD). */
enum options_result options_parse(struct options *options, int argc, char **argv);

#endif
