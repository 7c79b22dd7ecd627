/*
 * bacm doctor: what is in the way, and how to mend it.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "cli/command/commands.h"
#include "cli/command/role.h"
#include "cli/command/session.h"
#include "cli/output/output.h"
#include "cli/profile/config.h"
#include "cli/profile/library_error.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/trace.h"

/* A clock that is further off than this breaks certificates and tokens. */
#define MAX_CLOCK_ERROR_S 120

#define SECONDS_OF_DAY 86400

#define MAX_TEXT 512

static const struct output_column columns[] = {
    {"check", "Check", 13, false, NULL, false},  {"result", "Result", 6, false, NULL, false},
    {"detail", "Detail", 0, false, NULL, false}, {"remedy", NULL, 0, false, NULL, false},
    {NULL, NULL, 0, false, NULL, false},
};

struct doctor {
    struct cli *cli;
    struct session session;
    struct output output;
    int code;                  /* of the first thing that is wrong */
    char connection[MAX_TEXT]; /* host, TLS version, cipher, as the trace tells */
    bool has_date;
    double clock_error; /* ours less the service's, in seconds */
};

/* The head of the table has room for one text, so the remedy stands behind it there. */
static void put(struct doctor *doctor, const char *check, const char *result, const char *detail,
                const char *remedy)
{
    char both[2 * MAX_TEXT + 4];

    bool ended = detail[0] != '\0' && detail[strlen(detail) - 1] == '.';

    snprintf(both, sizeof both, "%s%s%s", detail,
             remedy[0] == '\0' ? ""
             : ended           ? " "
                               : ". ",
             remedy);
    output_record(&doctor->output,
                  json_pack("{s:s, s:s, s:o, s:o}", "check", check, "result", result, "detail",
                            output_text(doctor->output.format == OUTPUT_TABLE ? both : detail),
                            "remedy", output_text_or_null(remedy)));
}

static void put_ok(struct doctor *doctor, const char *check, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void put_ok(struct doctor *doctor, const char *check, const char *format, ...)
{
    char text[MAX_TEXT];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    put(doctor, check, "ok", text, "");
}

static void put_wrong(struct doctor *doctor, const char *check, int code, const char *detail,
                      const char *remedy)
{
    put(doctor, check, "mend", detail, remedy);
    if (doctor->code == CLI_OK)
        doctor->code = code;
}

static void check_configuration(struct doctor *doctor)
{
    char path[4096];

    if (doctor->cli->settings_broken)
        put_wrong(doctor, "configuration", CLI_USAGE, "the message above tells what is wrong",
                  "Mend that and run bacm doctor again");
    else if (!config_path(&doctor->cli->settings, path, sizeof path))
        put_ok(doctor, "configuration", "no home folder is known: the environment alone");
    else if (access(path, F_OK) != 0)
        put_ok(doctor, "configuration", "no file %s: the environment alone", path);
    else
        put_ok(doctor, "configuration", "%s, section [%s]", path,
               settings_text(&doctor->cli->settings, SETTING_PROFILE));
}

/* An application needs a refresh token, of its own or stored by bacm login. */
static void check_sign_in(struct doctor *doctor)
{
    const struct settings *settings = &doctor->cli->settings;
    struct token_store store;

    if (!token_store_init(&store, settings))
        put_wrong(doctor, "secrets", CLI_USAGE, "there is no place for the refresh token",
                  "Set HOME or token-file");
    else if (token_store_exists(&store))
        put_ok(doctor, "secrets", "developer token and refresh token, in %s", store.path);
    else if (settings_text(settings, SETTING_REFRESH_TOKEN) != NULL ||
             settings_text(settings, SETTING_REFRESH_TOKEN_COMMAND) != NULL)
        put_ok(doctor, "secrets", "developer token and refresh token");
    else
        put_wrong(doctor, "secrets", CLI_PRECONDITION, "nobody is signed in", "Run bacm login");
}

/* "developer token, access token": which secrets are set, not what they are. */
static void check_secrets(struct doctor *doctor)
{
    const struct settings *settings = &doctor->cli->settings;
    bool access = settings_text(settings, SETTING_ACCESS_TOKEN) != NULL ||
                  settings_text(settings, SETTING_TOKEN_COMMAND) != NULL;
    bool user = settings_text(settings, SETTING_USERNAME) != NULL;
    bool application = settings_text(settings, SETTING_CLIENT_ID) != NULL;

    if (settings_text(settings, SETTING_DEVELOPER_TOKEN) == NULL &&
        settings_text(settings, SETTING_DEVELOPER_TOKEN_COMMAND) == NULL)
        put_wrong(doctor, "secrets", CLI_PRECONDITION, "there is no developer token",
                  "Set BACM_DEVELOPER_TOKEN or the key developer-token");
    else if (!access && !user && application)
        check_sign_in(doctor);
    else if (!access && !user)
        put_wrong(doctor, "secrets", CLI_PRECONDITION, "there is no access token",
                  "Set BACM_CLIENT_ID or the key client-id and run bacm login, or set "
                  "BACM_ACCESS_TOKEN");
    else if (!access && version_of(settings)->identity_platform_only)
        put_wrong(doctor, "secrets", CLI_USAGE, "the version takes no user name and password",
                  "Remove them, and run bacm login or set BACM_ACCESS_TOKEN");
    else
        put_ok(doctor, "secrets", "developer token and %s",
               access ? "access token" : "user name, which the service has refused since 2018");
}

/* A host of the service itself, not of a simulator or a gateway. */
static bool is_the_service(const char *endpoint)
{
    return endpoint == NULL || strstr(endpoint, ".bingads.microsoft.com") != NULL;
}

/* The service answers by this wire until a day that is told. */
static void put_ending(struct doctor *doctor, const struct version *version)
{
    struct tm end = {0};
    long long days = 0;

    if (strptime(version->ends, "%Y-%m-%d", &end) != NULL)
        days = ((long long)timegm(&end) - (long long)time(NULL)) / SECONDS_OF_DAY;
    if (days >= 0)
        put_ok(doctor, "version", "%s, which ends on %s, in %lld days; then use --api v13-rest",
               version->name, version->ends, days);
    else
        put_wrong(doctor, "version", CLI_SERVICE, "SOAP has ended on 2027-01-31",
                  "Use --api v13-rest, or set the key api to it");
}

static void check_version(struct doctor *doctor)
{
    const struct settings *settings = &doctor->cli->settings;
    const struct version *version = version_of(settings);
    const struct version *other = version_of_other_endpoint(settings);
    char text[MAX_TEXT];
    char remedy[MAX_TEXT];

    if (other != NULL) {
        snprintf(text, sizeof text, "%s is spoken, but the endpoint is of %s", version->name,
                 other->name);
        snprintf(remedy, sizeof remedy, "Use --api %s, or the endpoint of %s", other->name,
                 version->name);
        put_wrong(doctor, "version", CLI_USAGE, text, remedy);
    } else if (version->identity_platform_only &&
               strcmp(version_oauth_platform(settings), "live") == 0) {
        snprintf(text, sizeof text, "%s takes no tokens of login.live.com", version->name);
        put_wrong(doctor, "version", CLI_USAGE, text,
                  "Leave oauth-platform out, or set it to identity");
    } else if (version->switched_off != NULL &&
               is_the_service(settings_text(settings, SETTING_ENDPOINT))) {
        snprintf(text, sizeof text, "the service has switched %s off on %s", version->name,
                 version->switched_off);
        put_wrong(doctor, "version", CLI_SERVICE, text,
                  "Use --api v13-rest, or set the key api to it");
    } else if (version->ends != NULL) {
        put_ending(doctor, version);
    } else {
        put_ok(doctor, "version", "%s", version->name);
    }
}

static void check_ca(struct doctor *doctor)
{
    const char *path = settings_text(&doctor->cli->settings, SETTING_CA_FILE);
    SSL_CTX *context;

    if (path == NULL) {
        put_ok(doctor, "trusted CAs", "those of the system");
        return;
    }
    context = SSL_CTX_new(TLS_client_method());
    if (context != NULL && SSL_CTX_load_verify_file(context, path) == 1)
        put_ok(doctor, "trusted CAs", "%s", path);
    else
        put_wrong(doctor, "trusted CAs", CLI_USAGE, path,
                  "Give a readable file with certificates in PEM form");
    SSL_CTX_free(context);
}

/* The clock of the service, from the header of its reply. */
static void read_date(struct doctor *doctor, const char *reply, size_t size)
{
    static const char name[] = "\r\nDate: ";
    const char *date = memmem(reply, size, name, sizeof name - 1);
    char text[64] = "";
    struct tm utc = {0};
    struct timespec now;
    size_t length;

    if (date == NULL)
        return;
    date += sizeof name - 1;
    length = strcspn(date, "\r\n");
    memcpy(text, date, length < sizeof text ? length : 0);
    if (strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &utc) == NULL)
        return;
    clock_gettime(CLOCK_REALTIME, &now);
    doctor->has_date = true;
    doctor->clock_error = difftime(now.tv_sec, timegm(&utc));
}

/* Listens to the traffic, and hands it on to --trace. */
static void listen(bacm_trace_kind kind, const char *data, size_t size, void *user)
{
    struct doctor *doctor = user;

    if (doctor->session.trace != NULL)
        trace_write(kind, data, size, doctor->session.trace);
    if (kind == BACM_TRACE_CONNECT)
        snprintf(doctor->connection, sizeof doctor->connection, "%.*s",
                 (int)(size < MAX_TEXT ? size : MAX_TEXT - 1), data);
    else if (kind == BACM_TRACE_REPLY)
        read_date(doctor, data, size);
}

static void put_error(struct doctor *doctor, const char *check, const bacm_error *error)
{
    const bacm_error shown = message_translate(error);

    put_wrong(doctor, check, exit_code_for(error->status), shown.message, shown.hint);
}

static bool is_connection_trouble(bacm_status status)
{
    return status == BACM_E_RESOLVE || status == BACM_E_CONNECT || status == BACM_E_TLS ||
           status == BACM_E_NETWORK || status == BACM_E_TIMEOUT;
}

static void check_connection(struct doctor *doctor, const bacm_error *error)
{
    if (is_connection_trouble(error->status))
        put_error(doctor, "connection", error);
    else if (doctor->connection[0] != '\0')
        put_ok(doctor, "connection", "%s", doctor->connection);
}

static void check_clock(struct doctor *doctor)
{
    double error = doctor->clock_error;
    char text[MAX_TEXT];

    if (!doctor->has_date)
        return;
    snprintf(text, sizeof text, "%.0f s %s the service", error < 0 ? -error : error,
             error < 0 ? "behind" : "ahead of");
    if (error > MAX_CLOCK_ERROR_S || error < -MAX_CLOCK_ERROR_S)
        put_wrong(doctor, "clock", CLI_FAILED, text,
                  "Set the clock: certificates and tokens depend on it");
    else
        put_ok(doctor, "clock", "%s", text);
}

static void check_role(struct doctor *doctor, const bacm_user *user)
{
    const struct version *version = doctor->session.version;
    const bool accounts = bacm_user_may_manage_links(user, version->api, BACM_ACCOUNT_LINK);
    const bool customers = bacm_user_may_manage_links(user, version->api, BACM_CUSTOMER_LINK);
    char roles[MAX_TEXT / 2];
    char text[MAX_TEXT];
    char remedy[MAX_TEXT];

    role_list(roles, sizeof roles, user);
    if (customers) {
        put_ok(doctor, "role", "%s: links of accounts and of customers", roles);
    } else if (accounts && version->links_customers) {
        put_ok(doctor, "role", "%s: links of accounts; those of customers need a Super Admin",
               roles);
    } else if (accounts) {
        put_ok(doctor, "role", "Super Admin; whether the customer is an agency cannot be asked");
    } else {
        snprintf(text, sizeof text, "user %.64s, status %.32s, roles %s, is not %s",
                 user->user_name, user->life_cycle_status, roles[0] != '\0' ? roles : "none",
                 version->needed_role);
        snprintf(remedy, sizeof remedy, "Sign in as %s: client links need one",
                 version->needed_role);
        put_wrong(doctor, "role", CLI_PRECONDITION, text, remedy);
    }
}

static void check_user(struct doctor *doctor, const bacm_user *user)
{
    put_ok(doctor, "credentials", "user %s (%" PRId64 ") of customer %" PRId64, user->user_name,
           user->id, user->customer_id);
    check_role(doctor, user);
}

static void check_service(struct doctor *doctor)
{
    bacm_user *user = NULL;
    bacm_error error;
    bacm_status status = bacm_get_user(&user, doctor->session.client, 0, &error);

    if (status == BACM_E_NO_CREDENTIALS)
        return; /* that is said already */
    check_connection(doctor, &error);
    check_clock(doctor);
    if (status == BACM_OK) {
        session_keep_user(&doctor->session, user);
        check_user(doctor, user);
    } else if (!is_connection_trouble(status))
        put_error(doctor, "credentials", &error);
    bacm_user_free(user);
}

static int run(struct cli *cli)
{
    struct doctor doctor = {.cli = cli};

    output_begin(&doctor.output, &cli->settings, columns);
    check_configuration(&doctor);
    if (cli->settings_broken)
        return doctor.code;
    check_version(&doctor);
    check_secrets(&doctor);
    check_ca(&doctor);
    if (doctor.code == CLI_USAGE)
        return doctor.code;
    doctor.code = exit_code_worse(
        doctor.code, session_open_listening(&doctor.session, &cli->settings, listen, &doctor));
    if (doctor.session.client == NULL)
        return doctor.code;
    check_service(&doctor);
    session_close(&doctor.session);
    return doctor.code;
}

static const struct option_info option_table[] = {{0}};

const struct command command_doctor = {
    .name = "doctor",
    .synopsis = "",
    .summary = "check configuration, connection, credentials and role",
    .description =
        "Goes the way of a call step by step and tells of each step whether it works or "
        "what to mend: configuration file, version, secrets, trusted CAs, connection and TLS, "
        "clock, credentials, role. Nothing is changed; the only call is GetUser.",
    .examples = "  bacm doctor\n"
                "  bacm doctor --profile agency2 --output table\n",
    .options = option_table,
    .without_settings = true,
    .run = run,
};
