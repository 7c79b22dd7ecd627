#include "sim/options.h"

#include "sim/help.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPT_LISTEN = 256,
    OPT_PLAIN_HTTP,
    OPT_CERTIFICATE,
    OPT_CA_OUT,
    OPT_DATA,
    OPT_PRINT_DATA,
    OPT_GENERATE,
    OPT_STATE,
    OPT_LOG,
    OPT_EXIT_WITH_STDIN,
    OPT_CLOCK,
    OPT_CLOCK_RATE,
    OPT_TRANSITION_SECONDS,
    OPT_STRICT_ECHO,
    OPT_LATENCY_MS,
    OPT_RATE_LIMIT,
    OPT_FAULT,
    OPT_TOKEN_LIFETIME,
    OPT_OAUTH_STRICT,
    OPT_OAUTH_AUTO_CONSENT,
    OPT_MAX_CONNECTIONS,
    OPT_MAX_REQUEST_BYTES,
    OPT_IDLE_SECONDS
};

static const struct option long_options[] = {
    {"listen", required_argument, NULL, OPT_LISTEN},
    {"plain-http", no_argument, NULL, OPT_PLAIN_HTTP},
    {"certificate", required_argument, NULL, OPT_CERTIFICATE},
    {"ca-out", required_argument, NULL, OPT_CA_OUT},
    {"data", required_argument, NULL, OPT_DATA},
    {"print-data", no_argument, NULL, OPT_PRINT_DATA},
    {"generate", required_argument, NULL, OPT_GENERATE},
    {"state", required_argument, NULL, OPT_STATE},
    {"log", required_argument, NULL, OPT_LOG},
    {"exit-with-stdin", no_argument, NULL, OPT_EXIT_WITH_STDIN},
    {"clock", required_argument, NULL, OPT_CLOCK},
    {"clock-rate", required_argument, NULL, OPT_CLOCK_RATE},
    {"transition-seconds", required_argument, NULL, OPT_TRANSITION_SECONDS},
    {"strict-echo", no_argument, NULL, OPT_STRICT_ECHO},
    {"latency-ms", required_argument, NULL, OPT_LATENCY_MS},
    {"rate-limit", required_argument, NULL, OPT_RATE_LIMIT},
    {"fault", required_argument, NULL, OPT_FAULT},
    {"token-lifetime", required_argument, NULL, OPT_TOKEN_LIFETIME},
    {"oauth-strict", optional_argument, NULL, OPT_OAUTH_STRICT},
    {"oauth-auto-consent", optional_argument, NULL, OPT_OAUTH_AUTO_CONSENT},
    {"max-connections", required_argument, NULL, OPT_MAX_CONNECTIONS},
    {"max-request-bytes", required_argument, NULL, OPT_MAX_REQUEST_BYTES},
    {"idle-seconds", required_argument, NULL, OPT_IDLE_SECONDS},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static bool bad_value(const char *option, const char *value, const char *expected)
{
    fprintf(stderr, "bacm-sim: --%s %s: expected %s\n", option, value, expected);
    return false;
}

static bool parse_number(const char *option, const char *value, int64_t min, int64_t max,
                         int64_t *out)
{
    char *end;
    long long number = strtoll(value, &end, 10);
    if (end == value || *end != '\0' || number < min || number > max) {
        char expected[64];
        snprintf(expected, sizeof expected, "a number from %lld to %lld", (long long)min,
                 (long long)max);
        return bad_value(option, value, expected);
    }
    *out = number;
    return true;
}

/* HOST:PORT, or [HOST]:PORT for an IPv6 address; cuts the argument in place. */
static bool parse_listen(struct options *options, char *value)
{
    char *colon = strrchr(value, ':');
    char *host = value;
    int64_t port;
    if (!colon)
        return bad_value("listen", value, "HOST:PORT");
    if (!parse_number("listen", colon + 1, 0, 65535, &port))
        return false;
    *colon = '\0';
    if (host[0] == '[' && colon[-1] == ']') {
        host++;
        colon[-1] = '\0';
    }
    options->listen_host = host;
    options->listen_port = (int)port;
    return true;
}

static bool parse_clock(struct options *options, const char *value)
{
    if (strcmp(value, "real") == 0)
        options->clock_rate = 1;
    else if (strcmp(value, "manual") == 0)
        options->clock_rate = 0;
    else
        return bad_value("clock", value, "real or manual");
    return true;
}

static bool parse_rate(struct options *options, const char *value)
{
    char *end;
    options->clock_rate = strtod(value, &end);
    if (end == value || *end != '\0' || !(options->clock_rate > 0 && options->clock_rate <= 1e6))
        return bad_value("clock-rate", value, "a number above 0, at most 1000000");
    return true;
}

static bool parse_option(struct options *options, int option)
{
    int64_t number;
    switch (option) {
    case OPT_LISTEN:
        return parse_listen(options, optarg);
    case OPT_PLAIN_HTTP:
        options->plain_http = true;
        return true;
    case OPT_CERTIFICATE:
        return certificate_kind_parse(optarg, &options->certificate) ||
               bad_value("certificate", optarg, "one of the kinds that --help lists");
    case OPT_CA_OUT:
        options->ca_file = optarg;
        return true;
    case OPT_DATA:
        options->data_file = optarg;
        return true;
    case OPT_PRINT_DATA:
        options->print_data = true;
        return true;
    case OPT_GENERATE:
        options->generate = optarg;
        return true;
    case OPT_STATE:
        options->state_file = optarg;
        return true;
    case OPT_LOG:
        options->log_file = optarg;
        return true;
    case OPT_EXIT_WITH_STDIN:
        options->exit_with_stdin = true;
        return true;
    case OPT_CLOCK:
        return parse_clock(options, optarg);
    case OPT_CLOCK_RATE:
        return parse_rate(options, optarg);
    case OPT_TRANSITION_SECONDS:
        return parse_number("transition-seconds", optarg, 0, 1000000, &options->transition_seconds);
    case OPT_STRICT_ECHO:
        options->strict_echo = true;
        return true;
    case OPT_LATENCY_MS:
        return parse_number("latency-ms", optarg, 0, 3600000, &options->latency_ms);
    case OPT_RATE_LIMIT:
        return parse_number("rate-limit", optarg, 0, 1000000, &options->rate_limit);
    case OPT_FAULT:
        if (options->fault_count == OPTIONS_MAX_FAULTS)
            return bad_value("fault", optarg, "fewer of them");
        options->faults[options->fault_count++] = optarg;
        return true;
    case OPT_TOKEN_LIFETIME:
        return parse_number("token-lifetime", optarg, 1, 31536000,
                            &options->token_lifetime_seconds);
    case OPT_OAUTH_STRICT:
        options->oauth_strict = true;
        options->oauth_family = optarg && strcmp(optarg, "family") == 0;
        return !optarg || options->oauth_family || bad_value("oauth-strict", optarg, "family");
    case OPT_OAUTH_AUTO_CONSENT:
        options->oauth_consent_as = optarg ? optarg : "agency.admin";
        return true;
    case OPT_MAX_CONNECTIONS:
        if (!parse_number("max-connections", optarg, 1, 10000, &number))
            return false;
        options->max_connections = (int)number;
        return true;
    case OPT_MAX_REQUEST_BYTES:
        return parse_number("max-request-bytes", optarg, 1, INT_MAX, &options->max_request_bytes);
    case OPT_IDLE_SECONDS:
        return parse_number("idle-seconds", optarg, 1, 86400, &options->idle_seconds);
    default:
        return false;
    }
}

enum options_result options_parse(struct options *options, int argc, char **argv)
{
    *options = (struct options){
        .listen_host = "127.0.0.1",
        .clock_rate = 1,
        .transition_seconds = 300,
        .token_lifetime_seconds = 3600,
        .max_connections = 256,
        .max_request_bytes = 4 << 20,
        .idle_seconds = 120,
    };
    for (;;) {
        int option = getopt_long(argc, argv, "hV", long_options, NULL);
        if (option == -1)
            break;
        if (option == 'h' || option == 'V') {
            if (option == 'h')
                help_print();
            else
                printf("bacm-sim %s\n", BACM_SIM_VERSION);
            return OPTIONS_DONE;
        }
        if (option == '?' || !parse_option(options, option)) {
            fprintf(stderr, "bacm-sim: see bacm-sim --help\n");
            return OPTIONS_BAD;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "bacm-sim: %s is not an option; see bacm-sim --help\n", argv[optind]);
        return OPTIONS_BAD;
    }
    return OPTIONS_RUN;
}
