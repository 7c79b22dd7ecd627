#include "lib/call/client.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auth/credentials.h"
#include "lib/auth/oauth.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/base/redact.h"
#include "lib/base/text.h"

/* The first size of the options that this library knows. */
#define LEAST_OPTIONS_SIZE offsetof(bacm_options, write_idle_ms)

enum { MAX_TIMEOUT_MS = 24 * 60 * 60 * 1000 };

/* --- life -------------------------------------------------------------------- */

static bacm_status check_options(const bacm_options *options, bacm_error *error)
{
    const struct {
        unsigned value;
        const char *name;
    } waits[] = {
        {options->connect_timeout_ms, "connect_timeout_ms"},
        {options->send_timeout_ms, "send_timeout_ms"},
        {options->receive_timeout_ms, "receive_timeout_ms"},
        {options->call_timeout_ms, "call_timeout_ms"},
    };

    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        if (waits[i].value == 0 || waits[i].value > MAX_TIMEOUT_MS)
            return bacm_fail(error, BACM_E_ARGUMENT, "%s must be from 1 to %d", waits[i].name,
                             MAX_TIMEOUT_MS);
    }
    if (options->max_reply_bytes == 0 || options->max_reply_depth == 0)
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "max_reply_bytes and max_reply_depth must not be 0");
    if (options->environment != BACM_PRODUCTION && options->environment != BACM_SANDBOX)
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the environment is neither production nor "
                         "sandbox");
    return BACM_OK;
}

static bool own_text(const char **text)
{
    if (!*text)
        return true;
    *text = strdup(*text);
    return *text != NULL;
}

/* Make the client's copies of the texts; on failure none is left. */
static bool own_texts(bacm_options *options)
{
    const char **texts[] = {&options->endpoint, &options->ca_file, &options->connect_to,
                            &options->user_agent_suffix};
    bool owned = true;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (!owned)
            *texts[i] = NULL;
        else
            owned = own_text(texts[i]);
    }
    return owned;
}

static void free_texts(bacm_options *options)
{
    free((char *)options->endpoint);
    free((char *)options->ca_file);
    free((char *)options->connect_to);
    free((char *)options->user_agent_suffix);
}

/* A token of one environment is refused in the other, by an error that does not say so. */
static bacm_status check_environment(const bacm_options *options, const struct bacm_oauth *oauth,
                                     bacm_error *error)
{
    if (!oauth || oauth->settings.options.environment == options->environment)
        return BACM_OK;
    bacm_error_hint(error, "Set environment to the same in the OAuth options and the client's.");
    return bacm_fail(error, BACM_E_ARGUMENT,
                     "the credentials are of another environment than the client");
}

/* Nor does the service say what it thinks of credentials that a version has never taken. */
static bacm_status check_kind(const struct bacm_contract *contract,
                              const bacm_credentials *credentials, const struct bacm_oauth *oauth,
                              bacm_error *error)
{
    const char *what = NULL;

    if (!contract->identity_platform_only)
        return BACM_OK;
    if (bacm_credentials_are_password(credentials))
        what = "user name and password";
    else if (oauth && oauth->settings.options.platform == BACM_OAUTH_LIVE)
        what = "OAuth tokens of login.live.com";
    if (!what)
        return BACM_OK;
    bacm_error_hint(error, "Sign in by OAuth with the platform BACM_OAUTH_IDENTITY.");
    return bacm_fail(error, BACM_E_ARGUMENT, "%s does not take %s", contract->name, what);
}

static bacm_status check_credentials(const struct bacm_contract *contract,
                                     const bacm_options *options, bacm_credentials *credentials,
                                     bacm_error *error)
{
    const struct bacm_oauth *oauth = bacm_oauth_of(credentials);
    bacm_status status = check_environment(options, oauth, error);

    return status == BACM_OK ? check_kind(contract, credentials, oauth, error) : status;
}

bacm_status bacm_client_new(bacm_client **out, const bacm_options *options,
                            bacm_credentials *credentials, bacm_error *error)
{
    static const bacm_options defaults = BACM_OPTIONS_INIT_FOR(NULL);
    const struct bacm_contract *contract;
    bacm_client *client;
    bacm_status status;

    bacm_error_clear(error);
    if (!out)
        return bacm_fail(error, BACM_E_ARGUMENT, "out is NULL");
    *out = NULL;
    if (!options)
        options = &defaults;
    if (options->struct_size < LEAST_OPTIONS_SIZE)
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "the options were not started from BACM_OPTIONS_INIT");
    if (!credentials)
        return bacm_fail(error, BACM_E_ARGUMENT, "the credentials are NULL");
    contract = bacm_contract_of(options->api);
    if (!contract)
        return bacm_contract_missing(error);
    status = check_options(options, error);
    if (status == BACM_OK)
        status = check_credentials(contract, options, credentials, error);
    if (status != BACM_OK)
        return status;
    client = calloc(1, sizeof *client);
    if (!client)
        return bacm_fail_memory(error);
    client->options = defaults;
    memcpy(&client->options, options,
           options->struct_size < sizeof *options ? options->struct_size : sizeof *options);
    client->contract = contract;
    client->credentials = bacm_credentials_retain(credentials);
    client->options.network = NULL;
    status = bacm_route_fill(&client->route, options->network, error);
    /* Also after a failure: no text that is freed may be the caller's. */
    if (!own_texts(&client->options) && status == BACM_OK)
        status = bacm_fail_memory(error);
    if (status == BACM_OK)
        status = bacm_transport_new(&client->transport, &client->options, &client->route,
                                    client->contract, error);
    if (status != BACM_OK) {
        bacm_client_free(client);
        return status;
    }
    *out = client;
    return BACM_OK;
}

void bacm_client_free(bacm_client *client)
{
    if (!client)
        return;
    bacm_transport_free(client->transport);
    bacm_secrets_clear(&client->secrets);
    bacm_credentials_release(client->credentials);
    free_texts(&client->options);
    bacm_route_clear(&client->route);
    free(client);
}

const char *bacm_client_version(const bacm_client *client)
{
    return client->contract->name;
}

const char *bacm_client_tracking_id(const bacm_client *client)
{
    return client->tracking_id;
}

unsigned bacm_client_retry_after_s(const bacm_client *client)
{
    return client ? client->retry_after_s : 0;
}

/* --- one call ------------------------------------------------------------------ */

/* A text of the reply: the engine's own copy, or static and empty. */
static void redact_received(const bacm_client *client, const char *text)
{
    const char *values[BACM_SECRET_COUNT];

    bacm_secrets_list(&client->secrets, values);
    if (bacm_text_given(text))
        bacm_redact_text((char *)text, strlen(text) + 1, values, BACM_SECRET_COUNT);
}

void bacm_client_redact(const bacm_client *client, const struct bacm_error_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        redact_received(client, list->errors[i].symbol);
        redact_received(client, list->errors[i].message);
        redact_received(client, list->errors[i].details);
    }
}

/* Before anything of a reply is cut to size: a part of a secret would not be found. */
static void redact_reply(const bacm_client *client, const struct bacm_exchange *exchange)
{
    redact_received(client, exchange->tracking_id);
    if (!exchange->has_fault)
        return;
    bacm_client_redact(client, &exchange->fault.list);
    redact_received(client, exchange->fault.fault_code);
    redact_received(client, exchange->fault.fault_string);
    redact_received(client, exchange->fault.tracking_id);
}

static void redact_error(const struct bacm_secrets *secrets, bacm_error *error)
{
    const char *values[BACM_SECRET_COUNT];

    bacm_secrets_list(secrets, values);
    bacm_redact_text(error->message, sizeof error->message, values, BACM_SECRET_COUNT);
    bacm_redact_text(error->details, sizeof error->details, values, BACM_SECRET_COUNT);
    bacm_redact_text(error->symbol, sizeof error->symbol, values, BACM_SECRET_COUNT);
    bacm_redact_text(error->tracking_id, sizeof error->tracking_id, values, BACM_SECRET_COUNT);
}

static bool is_http_failure(const bacm_error *error)
{
    return error->status == BACM_E_PROTOCOL && error->http_status >= 100 &&
           error->http_status != 200;
}

/* What people are told by whoever answered for the service. */
static void add_page(const struct bacm_exchange *exchange, bacm_error *error)
{
    const size_t used = strlen(error->message);

    if (exchange->page_title[0])
        bacm_text_format(error->message + used, sizeof error->message - used,
                         "; a web page came: %s", exchange->page_title);
}

/* What an exchange means: a reply, a fault, or a failure on the way. */
static bacm_status classify(const bacm_client *client, struct bacm_exchange *exchange,
                            bacm_status status, bacm_error *error)
{
    bool is_write = bacm_operation_is_write(exchange->operation);

    if (status == BACM_OK && !exchange->has_fault)
        return BACM_OK;
    if (status == BACM_OK)
        return bacm_fault_describe(&exchange->fault, is_write, error);
    if (is_http_failure(error) && !exchange->contradicts) {
        status = client->contract->rest
                     ? bacm_rest_http_describe(error->http_status, is_write, error)
                     : bacm_http_describe(error->http_status, is_write, error);
        add_page(exchange, error);
        return status;
    }
    if (is_write && error->request_sent && status != BACM_E_NO_MEMORY)
        return bacm_outcome_unknown(status, error);
    if (status == BACM_E_NETWORK || status == BACM_E_TIMEOUT || status == BACM_E_CONNECT ||
        status == BACM_E_RESOLVE)
        error->retry_class = BACM_RETRY_BACKOFF;
    return status;
}

/* A failure of a call that was made, or of one that could not begin. */
static void log_failure(const bacm_client *client, const char *operation, const bacm_error *error)
{
    const bool passing =
        error->retry_class == BACM_RETRY_BACKOFF || error->retry_class == BACM_RETRY_TOKEN;
    const char *secrets[BACM_SECRET_COUNT];
    char text[1024];

    bacm_secrets_list(&client->secrets, secrets);
    bacm_error_format(error, text, sizeof text);
    bacm_log(&client->options, secrets, passing ? BACM_LOG_WARNING : BACM_LOG_ERROR, "%s: %s",
             operation, text);
}

static void log_call(const bacm_client *client, const bacm_call_record *record,
                     const bacm_error *error)
{
    const char *secrets[BACM_SECRET_COUNT];

    if (record->status != BACM_OK) {
        log_failure(client, record->operation, error);
        return;
    }
    bacm_secrets_list(&client->secrets, secrets);
    bacm_log(&client->options, secrets, BACM_LOG_INFO,
             "%s: %s, HTTP %d, try %u, %lu ms, %zu bytes sent, %zu received, tracking id %s",
             record->operation, bacm_status_name(record->status), record->http_status,
             record->attempt, record->milliseconds, record->request_bytes, record->reply_bytes,
             record->tracking_id);
}

static void report(const bacm_client *client, const struct bacm_exchange *exchange,
                   const bacm_error *error, unsigned attempt, int64_t started_ms)
{
    const bacm_call_record record = {
        .struct_size = sizeof record,
        .operation = exchange->operation->name,
        .tracking_id = client->tracking_id,
        .status = error->status,
        .http_status = error->http_status,
        .attempt = attempt,
        .milliseconds = (unsigned long)(bacm_monotonic_ms() - started_ms),
        .request_bytes = exchange->request_bytes,
        .reply_bytes = exchange->reply_bytes,
        .date_ms = exchange->date_ms,
    };

    if (client->options.on_call)
        client->options.on_call(&record, client->options.on_call_user);
    log_call(client, &record, error);
}

static bacm_status exchange_once(bacm_client *client, struct bacm_exchange *exchange,
                                 unsigned attempt, bacm_error *error)
{
    int64_t started_ms = bacm_monotonic_ms();
    bacm_status status;
    const char *tracking_id;

    exchange->response = NULL;
    exchange->has_fault = false;
    exchange->contradicts = false;
    exchange->retry_after_s = 0;
    exchange->page_title[0] = '\0';
    exchange->tracking_id = NULL;
    exchange->request_bytes = 0;
    exchange->reply_bytes = 0;
    exchange->date_ms = 0;
    bacm_error_clear(error);
    status = bacm_transport_exchange(client->transport, exchange, error);
    redact_reply(client, exchange);
    status = classify(client, exchange, status, error);
    if (status != BACM_OK)
        redact_error(exchange->secrets, error);
    tracking_id = exchange->has_fault ? exchange->fault.tracking_id : exchange->tracking_id;
    bacm_text_line(client->tracking_id, sizeof client->tracking_id, tracking_id);
    client->retry_after_s = exchange->retry_after_s;
    if (status == BACM_E_THROTTLED && exchange->retry_after_s)
        bacm_error_hint(error, "Wait %u seconds before the next call, as the service asks.",
                        exchange->retry_after_s);
    memcpy(error->tracking_id, client->tracking_id, sizeof error->tracking_id);
    report(client, exchange, error, attempt, started_ms);
    return status;
}

/* A read may be repeated when a kept connection turned out to be dead. */
static bool was_stale(const struct bacm_exchange *exchange, bacm_status status)
{
    return status == BACM_E_NETWORK && exchange->reused_connection && !exchange->reply_bytes &&
           !bacm_operation_is_write(exchange->operation);
}

/* The secrets of now. The time of a call begins here, and is all that it has. */
static bacm_status begin_call(bacm_client *client, struct bacm_exchange *exchange,
                              bacm_error *error)
{
    exchange->deadline_ms = bacm_monotonic_ms() + client->options.call_timeout_ms;
    bacm_secrets_clear(&client->secrets);
    return bacm_credentials_secrets(client->credentials, exchange->deadline_ms, &client->secrets,
                                    error);
}

/* The service has processed nothing of a call whose token had expired. */
static bacm_status repeat_with_new_token(bacm_client *client, struct bacm_exchange *exchange,
                                         bacm_error *error)
{
    bacm_status status =
        bacm_credentials_renew(client->credentials, client->secrets.access_token, error);

    if (status != BACM_OK)
        return status;
    bacm_error_clear(error);
    status = begin_call(client, exchange, error);
    if (status == BACM_OK)
        return exchange_once(client, exchange, 2, error);
    log_failure(client, exchange->operation->name, error);
    return status;
}

bacm_status bacm_client_exchange(bacm_client *client, struct bacm_exchange *exchange,
                                 bacm_error *error)
{
    bacm_status status;

    client->tracking_id[0] = '\0';
    client->retry_after_s = 0;
    status = begin_call(client, exchange, error);
    if (status != BACM_OK) {
        log_failure(client, exchange->operation->name, error);
        return status;
    }
    exchange->secrets = &client->secrets;
    status = exchange_once(client, exchange, 1, error);
    if (was_stale(exchange, status))
        status = exchange_once(client, exchange, 2, error);
    if (status == BACM_E_TOKEN_EXPIRED && exchange->has_fault &&
        bacm_fault_is_of_token(&exchange->fault))
        status = repeat_with_new_token(client, exchange, error);
    if (status == BACM_E_AUTHORIZATION)
        bacm_client_forget_role(client);
    return status;
}

void bacm_client_end(bacm_client *client)
{
    bacm_transport_end(client->transport);
    bacm_secrets_clear(&client->secrets);
}
