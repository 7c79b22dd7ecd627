/*
 * One GetUser over the way that the environment describes, told on standard
 * output; the log goes to standard error: network [CALLS].
 */
#include <string.h>

#include "../examples/service.h"

static int give_passphrase(char *passphrase, size_t size, void *user)
{
    const char *word = user;

    fputs("passphrase asked for\n", stderr);
    return snprintf(passphrase, size, "%s", word) < (int)size ? 0 : -1;
}

static void print_log(bacm_log_level level, const char *text, void *user)
{
    fprintf(user, "log %d %s\n", (int)level, text);
}

static void print_trace(bacm_trace_kind kind, const char *data, size_t size, void *user)
{
    fprintf(user, "trace %d %.*s\n", (int)kind, (int)size, data);
}

static bacm_status get_user(bacm_client *client, bacm_error *error)
{
    bacm_user *user = NULL;
    bacm_status status = bacm_get_user(&user, client, 0, error);

    bacm_user_free(user);
    return status;
}

static bacm_status make_credentials(bacm_credentials **out, const bacm_network *network,
                                    bacm_error *error)
{
    bacm_oauth_options options = BACM_OAUTH_OPTIONS_INIT;

    if (!getenv("TEST_TOKEN_URL"))
        return example_credentials(out, error);
    options.client_id = "demo-native-app";
    options.refresh_token = "AGENCY-ADMIN-REFRESH";
    options.token_url = getenv("TEST_TOKEN_URL");
    options.ca_file = getenv("BACM_CA_FILE");
    options.network = network;
    return bacm_credentials_new_oauth(out, getenv("BACM_DEVELOPER_TOKEN"), &options, error);
}

int main(int argc, char **argv)
{
    bacm_network network = BACM_NETWORK_INIT;
    bacm_options options = example_options();
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_error error;
    long calls = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
    bacm_status status;

    network.proxy = getenv("TEST_PROXY");
    network.proxy_user = getenv("TEST_PROXY_USER");
    network.proxy_password = getenv("TEST_PROXY_PASSWORD");
    network.client_certificate_file = getenv("TEST_CERTIFICATE");
    network.client_key_file = getenv("TEST_KEY");
    network.crl_file = getenv("TEST_CRL");
    if (getenv("TEST_PASSPHRASE")) {
        network.passphrase = give_passphrase;
        network.passphrase_user = getenv("TEST_PASSPHRASE");
    }
    options.network = &network;
    options.connect_to = getenv("TEST_CONNECT_TO");
    options.connect_timeout_ms = 2000;
    options.log = print_log;
    options.log_user = stderr;
    options.log_level = getenv("TEST_DEBUG") ? BACM_LOG_DEBUG : BACM_LOG_INFO;
    if (getenv("TEST_TRACE"))
        options.trace = print_trace;
    options.trace_user = stderr;
    status = make_credentials(&credentials, &network, &error);
    if (status == BACM_OK)
        status = bacm_client_new(&client, &options, credentials, &error);
    /* The client has copies: what it was made from may go. */
    memset(&network, 0x5A, sizeof network);
    memset(&options, 0x5A, sizeof options);
    while (status == BACM_OK && calls-- > 0)
        status = get_user(client, &error);
    printf("%s|%s|%s\n", bacm_status_name(status), status == BACM_OK ? "" : error.message,
           status == BACM_OK ? "" : error.hint);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    return status == BACM_OK ? 0 : 1;
}
