/* The command line. */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include "certificate.h"

#include <stdbool.h>
#include <stdint.h>

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
    int max_connections;
    int64_t max_request_bytes;
    int64_t idle_seconds;
};

enum options_result { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_BAD };

/* Help and version are printed here (DONE); a mistake is explained on stderr (BAD). */
enum options_result options_parse(struct options *options, int argc, char **argv);

#endif
