#include "cli/command/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/login/oauth.h"
#include "cli/profile/library_error.h"
#include "cli/profile/network.h"
#include "cli/profile/secret_command.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"
#include "cli/terminal/text.h"
#include "cli/terminal/trace.h"

static void tell_call(const bacm_call_record *record)
{
    message_note("%s: %s, HTTP %d, %lu ms, %zu bytes sent, %zu received%s%s", record->operation,
                 bacm_status_name(record->status), record->http_status, record->milliseconds,
                 record->request_bytes, record->reply_bytes,
                 record->tracking_id[0] ? ", tracking id " : "", record->tracking_id);
}

static void see_call(const bacm_call_record *record, void *user)
{
    const struct session *session = user;

    if (session->keeps_user && record->status == BACM_E_AUTHORIZATION)
        token_cache_drop_user(&session->store);
    if (settings_flag(session->settings, SETTING_VERBOSE))
        tell_call(record);
}

static unsigned at_most(unsigned value, unsigned limit)
{
    return value < limit ? value : limit;
}

static void fill_options(struct session *session)
{
    const struct settings *settings = session->settings;
    bacm_options *options = &session->options;
    unsigned timeout_ms = (unsigned)settings_number(settings, SETTING_TIMEOUT) * 1000u;

    *options = (bacm_options)BACM_OPTIONS_INIT_FOR(session->version->api);
    if (strcmp(settings_text(settings, SETTING_ENVIRONMENT), "sandbox") == 0)
        options->environment = BACM_SANDBOX;
    options->endpoint = settings_text(settings, SETTING_ENDPOINT);
    options->ca_file = settings_text(settings, SETTING_CA_FILE);
    options->connect_to = settings_text(settings, SETTING_CONNECT_TO);
    network_fill(&session->network, settings);
    options->network = &session->network;
    options->user_agent_suffix = "cli";
    options->call_timeout_ms = timeout_ms;
    options->connect_timeout_ms =
        at_most((unsigned)settings_number(settings, SETTING_CONNECT_TIMEOUT) * 1000u, timeout_ms);
    options->max_reply_bytes = (size_t)settings_number(settings, SETTING_MAX_REPLY_BYTES);
    options->send_timeout_ms = at_most(options->send_timeout_ms, timeout_ms);
    options->receive_timeout_ms = at_most(options->receive_timeout_ms, timeout_ms);
    options->no_role_check = settings_flag(settings, SETTING_NO_ROLE_CHECK);
    options->no_action_header = settings_flag(settings, SETTING_NO_ACTION_HEADER);
    if (session->keeps_user || settings_flag(settings, SETTING_VERBOSE)) {
        options->on_call = see_call;
        options->on_call_user = session;
    }
    if (session->trace != NULL) {
        options->trace = trace_write;
        options->trace_user = session->trace;
    }
}

/* Whether the credentials are those that bacm login stores. */
static bool is_signed_in(const struct settings *settings)
{
    return settings_text(settings, SETTING_TOKEN_COMMAND) == NULL &&
           settings_text(settings, SETTING_ACCESS_TOKEN) == NULL &&
           settings_text(settings, SETTING_USERNAME) == NULL &&
           settings_text(settings, SETTING_CLIENT_ID) != NULL;
}

/* A bacm_token_supplier: the command of the settings. */
static int supply(bacm_token_answer *answer, bool refused, void *user)
{
    const struct settings *settings = user;
    const char *lifetime = "";
    int64_t seconds = 0;
    int result = -1;
    char *token = secret_command_run(settings, SETTING_TOKEN_COMMAND, &lifetime);

    (void)refused; /* it is asked again, and that is all that can be done */
    if (token == NULL)
        return -1;
    if (*lifetime != '\0' && !parse_number(lifetime, 1, SETTING_MAX_SECONDS, &seconds))
        message_error("token-command: its second line is no number of seconds from 1 to %d",
                      SETTING_MAX_SECONDS);
    else
        result = bacm_token_answer_set(answer, token, (unsigned)seconds);
    secret_command_free(token);
    return result;
}

/* Who was found able to manage links a few minutes ago is not looked at again. */
static void recall_user(struct session *session)
{
    struct known_user known;

    if (!session->keeps_user || !token_cache_load_user(&session->store, &known))
        return;
    session->known = known;
    if (known.account_links && (known.customer_links || !session->version->links_customers))
        session->options.no_role_check = true;
}

static bacm_status make_credentials(struct session *session, struct settings *settings, bool fresh,
                                    bacm_error *error)
{
    const char *developer_token = settings_text(settings, SETTING_DEVELOPER_TOKEN);
    const char *access_token = settings_text(settings, SETTING_ACCESS_TOKEN);
    const char *user_name = settings_text(settings, SETTING_USERNAME);

    if (access_token == NULL && user_name != NULL)
        return bacm_credentials_new_password(&session->credentials, developer_token, user_name,
                                             settings_text(settings, SETTING_PASSWORD), error);
    if (access_token == NULL && settings_text(settings, SETTING_TOKEN_COMMAND) != NULL)
        return bacm_credentials_new_supplier(&session->credentials, developer_token, supply,
                                             settings, error);
    if (is_signed_in(settings))
        return oauth_credentials(&session->credentials, settings, &session->store, session->trace,
                                 NULL, fresh, error);
    return bacm_credentials_new_access_token(&session->credentials, developer_token, access_token,
                                             error);
}

int session_open(struct session *session, struct settings *settings)
{
    return session_open_listening(session, settings, NULL, NULL);
}

int session_open_listening(struct session *session, struct settings *settings,
                           bacm_trace_callback *listener, void *user)
{
    const char *trace = settings_text(settings, SETTING_TRACE);
    bacm_error error;
    int code;

    memset(session, 0, sizeof *session);
    session->settings = settings;
    session->version = version_of(settings);
    if (!version_takes_endpoint(settings) || !version_takes_platform(settings) ||
        !version_takes_user(settings) || !secret_command_fill(settings))
        return CLI_USAGE;
    if (settings_text(settings, SETTING_CLIENT_ID) != NULL &&
        !token_store_init(&session->store, settings))
        return CLI_USAGE;
    if (trace != NULL && (session->trace = trace_open(trace)) == NULL)
        return CLI_USAGE;
    session->keeps_user =
        is_signed_in(settings) && !settings_flag(settings, SETTING_NO_TOKEN_CACHE);
    fill_options(session);
    if (listener == NULL) {
        recall_user(session);
    } else {
        session->options.trace = listener;
        session->options.trace_user = user;
    }
    if (make_credentials(session, settings, listener != NULL, &error) == BACM_OK &&
        bacm_client_new(&session->client, &session->options, session->credentials, &error) ==
            BACM_OK)
        return CLI_OK;
    code = session_failed(&error);
    session_close(session);
    return code;
}

void session_keep_user(struct session *session, const bacm_user *user)
{
    bacm_api *api = session->version->api;

    session->known = (struct known_user){
        .customer_id = user->customer_id,
        .account_links = bacm_user_may_manage_links(user, api, BACM_ACCOUNT_LINK),
        .customer_links = bacm_user_may_manage_links(user, api, BACM_CUSTOMER_LINK),
    };
    if (session->keeps_user)
        token_cache_save_user(&session->store, &session->known);
}

/* The library will ask for the role; asked here, the answer can be kept. */
static bool will_learn(const struct session *session)
{
    return session->keeps_user && session->known.customer_id == 0 &&
           !session->options.no_role_check;
}

int session_customer(struct session *session, int64_t *customer)
{
    bacm_user *user = NULL;
    bacm_error error;

    *customer = settings_number(session->settings, SETTING_MANAGING_CUSTOMER);
    if (*customer == 0)
        *customer = session->known.customer_id;
    if (*customer != 0 && !will_learn(session))
        return CLI_OK;
    if (bacm_get_user(&user, session->client, 0, &error) != BACM_OK)
        return session_failed(&error);
    if (*customer == 0)
        *customer = user->customer_id;
    session_keep_user(session, user);
    bacm_user_free(user);
    if (*customer != 0)
        return CLI_OK;
    message_error("the service tells no customer for this user; give --managing-customer-id");
    return CLI_PRECONDITION;
}

int session_failed(const bacm_error *error)
{
    message_library(error);
    return exit_code_for(error->status);
}

const char *session_service(const struct session *session)
{
    if (session->options.endpoint != NULL)
        return session->options.endpoint;
    return session->options.environment == BACM_SANDBOX ? "the sandbox" : "the production service";
}

void session_close(struct session *session)
{
    bacm_client_free(session->client);
    bacm_credentials_release(session->credentials);
    trace_close(session->trace);
    memset(session, 0, sizeof *session);
}
