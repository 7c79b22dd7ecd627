/*
 * bacm login: a user's consent, and the refresh token that comes of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "cli/command/commands.h"
#include "cli/command/session.h"
#include "cli/login/browser.h"
#include "cli/login/loopback.h"
#include "cli/login/oauth.h"
#include "cli/profile/library_error.h"
#include "cli/profile/secret_command.h"
#include "cli/profile/version.h"
#include "cli/terminal/clock.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"
#include "cli/terminal/trace.h"

/* A user needs time to read the page; nobody needs more than this. */
#define WAIT_MS 600000

/* After a poll that got no answer. */
#define DEVICE_RETRY_S 5

/* A redirected URL holds a code, and some pages put more beside it. */
#define MAX_PASTED 16384

enum { OPTION_PASTE, OPTION_NO_BROWSER, OPTION_DEVICE };

struct login {
    const struct settings *settings;
    struct token_store store;
    FILE *trace;
    struct loopback loopback;
    bool listening;
    struct browser_page page;
    bacm_credentials *credentials;
    bacm_consent *consent;
};

/* The prompt is what the command is for: it is not a note that can be left out. */
static void show_page(struct login *login, const char *url, bool browser)
{
    fprintf(stderr, "%s\n\n  %s\n\n",
            browser && browser_open(&login->page, url, login->store.path)
                ? "Agree on the page that opens in the browser:"
                : "Open this page in a browser and agree:",
            url);
}

/* Take what the browser brought to the listener, until it is the answer to this consent. */
static int listen_for_answer(struct login *login)
{
    const int64_t deadline_ms = clock_ms() + WAIT_MS;
    bacm_error error;

    for (;;) {
        const char *target = loopback_wait(&login->loopback, deadline_ms);

        if (target == NULL) {
            message_error("nobody has agreed within ten minutes; run bacm login again");
            return CLI_AUTHENTICATION;
        }
        if (bacm_consent_finish(login->consent, target, &error) == BACM_OK) {
            loopback_answer(&login->loopback, true, "You are signed in. This page can be closed.");
            return CLI_OK;
        }
        loopback_answer(&login->loopback, false,
                        "This did not work. The terminal tells why; this page can be closed.");
        message_library(&error);
        if (error.status != BACM_E_ARGUMENT) /* else it was another page's doing */
            return exit_code_for(error.status);
    }
}

/* Take what the user pastes, until it is the answer to this consent. */
static int read_answer(struct login *login)
{
    char line[MAX_PASTED];
    bacm_error error;
    bacm_status status = BACM_E_ARGUMENT;

    while (status == BACM_E_ARGUMENT) {
        fputs("Paste the address that the browser shows at the end: ", stderr);
        if (fgets(line, sizeof line, stdin) == NULL) {
            fputc('\n', stderr);
            message_error("no address was given; run bacm login again");
            status = BACM_E_TOKEN;
            break;
        }
        line[strcspn(line, "\r\n")] = '\0';
        status = bacm_consent_finish(login->consent, line, &error);
        if (status != BACM_OK)
            message_library(&error);
    }
    OPENSSL_cleanse(line, sizeof line);
    return exit_code_for(status);
}

/* The one that is set; of Google's there is none but on this machine. */
static const char *redirect_of(const struct settings *settings)
{
    const char *given = settings_text(settings, SETTING_REDIRECT_URI);

    if (given != NULL || strcmp(version_oauth_platform(settings), "google") != 0)
        return given;
    return "http://localhost";
}

static bool begin(struct login *login, struct cli *cli)
{
    const char *redirect_uri = redirect_of(login->settings);
    const char *trace = settings_text(login->settings, SETTING_TRACE);

    if (cli->option[OPTION_DEVICE] != NULL && cli->option[OPTION_PASTE] != NULL) {
        message_error("--device and --paste exclude each other: a device code is typed elsewhere, "
                      "and nothing is pasted here");
        return false;
    }
    if (settings_text(login->settings, SETTING_CLIENT_ID) == NULL) {
        message_error("there is no application to sign in with; set BACM_CLIENT_ID or the key "
                      "client-id");
        return false;
    }
    if (!version_takes_platform(login->settings) || !secret_command_fill(&cli->settings) ||
        !token_store_init(&login->store, login->settings))
        return false;
    if (token_store_reserve(&login->store) != 0) /* before a person is asked in vain */
        return false;
    token_store_unlock(&login->store);
    if (trace != NULL && (login->trace = trace_open(trace)) == NULL)
        return false;
    login->listening = redirect_uri != NULL && loopback_is(redirect_uri) &&
                       cli->option[OPTION_PASTE] == NULL && cli->option[OPTION_DEVICE] == NULL;
    return !login->listening || loopback_open(&login->loopback, redirect_uri);
}

/* The network may fail once in a quarter of an hour, and a job may hold the storage. */
static bool may_pass(bacm_status status)
{
    return status == BACM_E_RESOLVE || status == BACM_E_CONNECT || status == BACM_E_NETWORK ||
           status == BACM_E_TIMEOUT || status == BACM_E_SERVICE || status == BACM_E_THROTTLED;
}

/* Wait until the user has agreed on another machine. */
static int ask_elsewhere(struct login *login)
{
    const int64_t deadline_ms = clock_ms() + WAIT_MS;
    bacm_device *device = NULL;
    bacm_error error;
    bacm_status status = bacm_device_new(&device, login->credentials, &error);
    unsigned wait_s = 0;

    if (status != BACM_OK)
        return session_failed(&error);
    fprintf(stderr,
            "Open this page in a browser, on any machine, and type the code:\n\n"
            "  %s\n  %s\n\n",
            bacm_device_url(device), bacm_device_user_code(device));
    do {
        sleep(wait_s);
        status = bacm_device_poll(device, &wait_s, &error);
        if (may_pass(status)) {
            message_library(&error);
            wait_s = DEVICE_RETRY_S;
        }
    } while ((may_pass(status) || wait_s > 0) && clock_ms() < deadline_ms);
    bacm_device_free(device);
    if (status != BACM_OK)
        return session_failed(&error);
    if (wait_s == 0)
        return CLI_OK;
    message_error("nobody has agreed within ten minutes; run bacm login again");
    return CLI_AUTHENTICATION;
}

static int ask_here(struct login *login, bool browser)
{
    bacm_error error;

    if (bacm_consent_new(&login->consent, login->credentials, &error) != BACM_OK)
        return session_failed(&error);
    show_page(login, bacm_consent_url(login->consent), browser);
    return login->listening ? listen_for_answer(login) : read_answer(login);
}

static int ask(struct login *login, const struct cli *cli)
{
    bacm_error error;
    int code;

    if (oauth_credentials(&login->credentials, login->settings, &login->store, login->trace,
                          login->listening ? login->loopback.uri : NULL, true, &error) != BACM_OK)
        return session_failed(&error);
    code = cli->option[OPTION_DEVICE] != NULL
               ? ask_elsewhere(login)
               : ask_here(login, cli->option[OPTION_NO_BROWSER] == NULL);
    if (code == CLI_OK)
        message_note("Signed in; the refresh token is in %s", login->store.path);
    return code;
}

static int run(struct cli *cli)
{
    struct login login = {.settings = &cli->settings};
    int code = begin(&login, cli) ? ask(&login, cli) : CLI_USAGE;

    browser_close(&login.page);
    bacm_consent_free(login.consent);
    bacm_credentials_release(login.credentials);
    if (login.listening)
        loopback_close(&login.loopback);
    trace_close(login.trace);
    return code;
}

static const struct option_info option_table[] = {
    [OPTION_PASTE] = {"paste", 0, NULL, NULL,
                      "have the address pasted although redirect-uri is on this machine"},
    [OPTION_NO_BROWSER] = {"no-browser", 0, NULL, NULL, "print the page's address only"},
    [OPTION_DEVICE] = {"device", 0, NULL, NULL,
                       "sign in with a browser on another machine, by a code that is typed there"},
    {0},
};

const struct command command_login = {
    .name = "login",
    .synopsis = "",
    .summary = "sign in: a user's consent, and a refresh token that lasts",
    .description =
        "Shows the page on which a user allows the application to act, and stores the refresh "
        "token that comes of it, with mode 0600, in ~/.local/state/bacm/PROFILE.token. All "
        "other commands then get their access tokens by it, and renew them. "
        "With a redirect-uri on this machine, such as http://localhost, the answer comes by "
        "itself; otherwise the browser ends on an empty page, whose address is to be pasted. "
        "On a server, --device shows a code for the browser of another machine, where the "
        "identity platform and the tenant allow it. "
        "The redirect URI must be registered for the application.",
    .examples = "  bacm login --client-id 0123456789abcdef\n"
                "  bacm login --api v13 --redirect-uri http://localhost\n"
                "  bacm login --api v13 --device\n"
                "  bacm login --profile agency2 --no-browser\n",
    .options = option_table,
    .run = run,
};
