/* The authorize endpoint: who consents, and the code that goes back. */
#include "serve/form.h"
#include "serve/machine_clock.h"
#include "sim/oauth/oauth.h"
#include "sim/xml.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define CODE_LIFETIME_MS (5LL * 60 * 1000)

static void html(struct exchange *exchange, int status)
{
    exchange->response->status = status;
    exchange->response->content_type = "text/html; charset=utf-8";
    buffer_text(&exchange->response->headers,
                "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
                "frame-ancestors 'none'\r\nCache-Control: no-store\r\n");
}

static void error_page(struct exchange *exchange, const char *reason)
{
    html(exchange, 400);
    buffer_printf(&exchange->response->body,
                  "<!DOCTYPE html><html lang=\"en\"><title>Sign-in refused</title>"
                  "<h1>Sign-in refused</h1><p>%s</p></html>\n",
                  reason);
    json_object_set_new(exchange->record, "outcome", json_string("refused"));
}

/* http://localhost, 127.0.0.1 or [::1], any port, any path, no user part. */
static bool is_loopback(const char *uri)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", "[::1]"};
    if (strncasecmp(uri, "http://", 7) != 0)
        return false;
    const char *host = uri + 7;
    size_t authority = strcspn(host, "/?#");
    if (memchr(host, '@', authority))
        return false;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        size_t length = strlen(hosts[i]);
        if (strncasecmp(host, hosts[i], length) == 0 &&
            (authority == length || host[length] == ':'))
            return true;
    }
    return false;
}

/* A code goes to loopback, to the simulator's own desktop page or to one of the client's own
 * addresses, which stand in one text with a space between. */
static bool redirect_allowed(struct exchange *exchange, const char *client_id,
                             const char *redirect_uri)
{
    char desktop[256];
    snprintf(desktop, sizeof desktop, "%s" SIM_DESKTOP_PATH, exchange->sim->base_url);
    if (is_loopback(redirect_uri) || strcmp(redirect_uri, desktop) == 0)
        return true;
    return state_number(&exchange->sim->state, 0,
                        "SELECT 1 FROM oauth_clients WHERE client_id = ?1 AND instr(?2, ' ') = 0"
                        " AND instr(' ' || redirect_uri || ' ', ' ' || ?2 || ' ') > 0",
                        "tt", client_id, redirect_uri) != 0;
}

/* 302 to the redirect address with NAME=VALUE and the state; neither can break the header. */
static void redirect(struct exchange *exchange, const struct form *form, const char *name,
                     const char *value)
{
    const char *uri = form_get(form, "redirect_uri");
    const char *state = form_get(form, "state");
    struct buffer *headers = &exchange->response->headers;
    buffer_printf(headers, "Location: %s%s%s=", uri, strchr(uri, '?') ? "&" : "?", name);
    form_escape(headers, value);
    if (state) {
        buffer_text(headers, "&state=");
        form_escape(headers, state);
    }
    buffer_text(headers, "\r\nCache-Control: no-store\r\n");
    exchange->response->status = 302;
    json_object_set_new(exchange->record, "outcome", json_string(name));
}

static void issue_code(struct exchange *exchange, const struct form *form, int64_t user_id)
{
    char code[OAUTH_SECRET_SIZE];
    if (!oauth_new_secret("SIMC.", code)) {
        error_page(exchange, "There is no randomness.");
        return;
    }
    state_run(&exchange->sim->state,
              "INSERT INTO authorization_codes(code, user_id, client_id, redirect_uri, challenge,"
              " challenge_method, expires_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
              "titttti", code, user_id, form_get(form, "client_id"), form_get(form, "redirect_uri"),
              form_get(form, "code_challenge"), form_get(form, "code_challenge_method"),
              wall_ms() + CODE_LIFETIME_MS);
    redirect(exchange, form, "code", code);
}

static int64_t user_named(struct exchange *exchange, const char *user_name)
{
    return state_number(&exchange->sim->state, 0,
                        "SELECT id FROM users WHERE user_name = ?1 AND status = 'Active'", "t",
                        user_name);
}

/* The page repeats the request as a form and asks who consents. */
static void consent_page(struct exchange *exchange, const struct form *form)
{
    struct buffer *out = &exchange->response->body;
    html(exchange, 200);
    buffer_text(out, "<!DOCTYPE html><html lang=\"en\"><title>bacm-sim sign-in</title>"
                     "<style>body{font:1rem sans-serif;margin:2rem}button{font:inherit}</style>"
                     "<h1>Allow access?</h1><p>The application <b>");
    xml_text(out, form_get(form, "client_id"));
    buffer_text(out, "</b> asks for access to the simulated service.</p><form method=\"post\">");
    for (size_t i = 0; i < form->count; i++) {
        if (strcmp(form->fields[i].name, "user") == 0 ||
            strcmp(form->fields[i].name, "answer") == 0)
            continue;
        buffer_text(out, "<input type=\"hidden\" name=\"");
        xml_text(out, form->fields[i].name);
        buffer_text(out, "\" value=\"");
        xml_text(out, form->fields[i].value);
        buffer_text(out, "\">");
    }
    buffer_text(out, "<p><label>Sign in as <select name=\"user\">");
    sqlite3_stmt *row = state_query(
        &exchange->sim->state,
        "SELECT user_name FROM users WHERE status = 'Active' ORDER BY id LIMIT 100", "");
    while (state_row(&exchange->sim->state, row)) {
        buffer_text(out, "<option>");
        xml_text(out, state_text(row, 0));
    }
    buffer_text(out, "</select></label></p><button name=\"answer\" value=\"yes\">Allow</button> "
                     "<button name=\"answer\" value=\"no\">Deny</button></form></html>\n");
    json_object_set_new(exchange->record, "outcome", json_string("page"));
}

static bool has_control_character(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text <= ' ' || *text == 0x7f)
            return true;
    }
    return false;
}

/* Checks what must not be answered with a redirect. */
static const char *refusal(struct exchange *exchange, const struct form *form)
{
    const char *client_id = form_get(form, "client_id");
    const char *redirect_uri = form_get(form, "redirect_uri");
    if (!client_id ||
        !state_number(&exchange->sim->state, 0, "SELECT 1 FROM oauth_clients WHERE client_id = ?1",
                      "t", client_id))
        return "The client_id is not known here.";
    if (!redirect_uri || has_control_character(redirect_uri) ||
        !redirect_allowed(exchange, client_id, redirect_uri))
        return "The redirect_uri is neither loopback nor registered for the application.";
    return NULL;
}

static void decide(struct exchange *exchange, const struct form *form)
{
    const char *type = form_get(form, "response_type");
    const char *consent_as = exchange->sim->options.oauth_consent_as;
    const char *reason = refusal(exchange, form);
    bool posted = strcmp(exchange->request->method, "POST") == 0;
    const char *answer = posted ? form_get(form, "answer") : NULL;
    if (reason) {
        error_page(exchange, reason);
    } else if (!type || strcmp(type, "code") != 0) {
        redirect(exchange, form, "error", "unsupported_response_type");
    } else if (answer && strcmp(answer, "yes") != 0) {
        redirect(exchange, form, "error", "access_denied");
    } else if (answer || consent_as) {
        const char *user_name = answer ? form_get(form, "user") : consent_as;
        int64_t user_id = user_name ? user_named(exchange, user_name) : 0;
        if (user_id)
            issue_code(exchange, form, user_id);
        else
            error_page(exchange, "There is no such active user.");
    } else {
        consent_page(exchange, form);
    }
}

void oauth_authorize_answer(struct exchange *exchange)
{
    struct form form = {.text = NULL};
    bool posted = strcmp(exchange->request->method, "POST") == 0;
    const char *text = posted ? buffer_string(&exchange->request->body) : exchange->request->query;
    if (!posted && strcmp(exchange->request->method, "GET") != 0) {
        exchange_text(exchange, 405, "Use GET.\n");
    } else if (!form_parse(&form, text)) {
        error_page(exchange, "The request cannot be read.");
    } else {
        state_begin(&exchange->sim->state);
        decide(exchange, &form);
        if (!state_end(&exchange->sim->state, true)) {
            http_response_clear(exchange->response);
            error_page(exchange, "The code cannot be stored.");
        }
    }
    form_free(&form);
}

void oauth_desktop_answer(struct exchange *exchange)
{
    html(exchange, 200);
    buffer_text(
        &exchange->response->body,
        "<!DOCTYPE html><html lang=\"en\"><title>Signed in</title><h1>Signed in</h1>"
        "<p>Copy the address of this page into the program that asked for it.</p></html>\n");
}
