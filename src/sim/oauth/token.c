/* The token endpoint: codes and refresh tokens into access tokens. */
#include "serve/machine_clock.h"
#include "sim/oauth/oauth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DAY_MS (24LL * 60 * 60 * 1000)

/* One token request, what was found for it, and why it is refused. */
struct token_request {
    struct exchange *exchange;
    struct state *state;
    struct form form;
    const char *client_id;
    int64_t user_id;
    const char *scope;
    char family[OAUTH_SECRET_SIZE]; /* "": the new refresh token begins one */
    const char *error;              /* NULL: none so far */
    const char *description;
};

static bool refuse(struct token_request *request, const char *error, const char *description)
{
    request->error = error;
    request->description = description;
    return false;
}

/* A client with a secret is a web app and must send it; one without must not. */
static bool check_client(struct token_request *request)
{
    const char *secret = form_get(&request->form, "client_secret");
    request->client_id = form_get(&request->form, "client_id");
    if (!request->client_id)
        return refuse(request, "invalid_request", "The parameter client_id is missing.");
    sqlite3_stmt *row = state_query(
        request->state,
        "SELECT secret IS NOT NULL, secret = ?2 FROM oauth_clients WHERE client_id = ?1", "tt",
        request->client_id, secret);
    if (!state_row(request->state, row))
        return refuse(request, "unauthorized_client",
                      "AADSTS700016: The application is not known here.");
    bool web_app = sqlite3_column_int(row, 0) != 0;
    bool secret_right = sqlite3_column_int(row, 1) != 0;
    sqlite3_reset(row);
    if (!web_app && secret)
        return refuse(request, "invalid_request", "Public clients can't send a client secret.");
    if (web_app && !secret)
        return refuse(request, "invalid_client", "AADSTS70002: The client secret is missing.");
    if (web_app && !secret_right)
        return refuse(request, "invalid_client", "AADSTS7000215: The client secret is wrong.");
    return true;
}

/* Any list of words of which one ends in the service's permission. */
static bool check_scope(struct token_request *request)
{
    request->scope = form_get(&request->form, "scope");
    if (!request->scope || strstr(request->scope, "bingads.manage") ||
        strstr(request->scope, "ads.manage") || strstr(request->scope, "openid")) /* Google's */
        return true;
    return refuse(request, "invalid_scope", "AADSTS70011: The scope is not valid.");
}

static bool proof_matches(const char *challenge, const char *method, const char *verifier)
{
    char hashed[OAUTH_SECRET_SIZE];
    if (!challenge)
        return true;
    if (!verifier)
        return false;
    if (method && strcmp(method, "plain") == 0)
        return strcmp(challenge, verifier) == 0;
    return oauth_challenge(verifier, hashed) && strcmp(challenge, hashed) == 0;
}

/* A code serves once, for the client, the address and the proof that it was made for. */
static bool take_code(struct token_request *request)
{
    const char *code = form_get(&request->form, "code");
    const char *redirect_uri = form_get(&request->form, "redirect_uri");
    if (!code || !redirect_uri)
        return refuse(request, "invalid_request", "code and redirect_uri are required.");
    sqlite3_stmt *row =
        state_query(request->state,
                    "SELECT user_id, challenge, challenge_method FROM authorization_codes WHERE"
                    " code = ?1 AND client_id = ?2 AND redirect_uri = ?3 AND expires_ms > ?4",
                    "ttti", code, request->client_id, redirect_uri, wall_ms());
    if (!state_row(request->state, row))
        return refuse(request, "invalid_grant",
                      "The code is unknown, used, expired, or for another client or redirect_uri.");
    request->user_id = sqlite3_column_int64(row, 0);
    bool proved = proof_matches(state_text(row, 1), state_text(row, 2),
                                form_get(&request->form, "code_verifier"));
    sqlite3_reset(row);
    state_run(request->state, "DELETE FROM authorization_codes WHERE code = ?1", "t", code);
    return proved || refuse(request, "invalid_grant", "The code_verifier does not match.");
}

/* A token that nothing is known of is the first one of its family. */
static void find_family(struct state *state, const char *token, char family[OAUTH_SECRET_SIZE])
{
    sqlite3_stmt *row =
        state_query(state, "SELECT family FROM token_families WHERE token = ?1", "t", token);
    const bool found = state_row(state, row);
    snprintf(family, OAUTH_SECRET_SIZE, "%s", found ? state_text(row, 0) : token);
    if (found)
        sqlite3_reset(row);
}

int oauth_end_family(struct state *state, const char *refresh_token)
{
    char family[OAUTH_SECRET_SIZE];
    find_family(state, refresh_token, family);
    return state_run(state,
                     "UPDATE refresh_tokens SET revoked = 1 WHERE NOT revoked AND (token = ?1 OR"
                     " token IN (SELECT token FROM token_families WHERE family = ?1))",
                     "t", family);
}

static bool take_device_code(struct token_request *request)
{
    const char *error = oauth_device_poll(request->exchange, &request->form, &request->user_id);
    return !error || refuse(request, error, "The device's code says so.");
}

static bool take_refresh_token(struct token_request *request)
{
    const char *token = form_get(&request->form, "refresh_token");
    char label[LOG_TOKEN_LABEL_SIZE];
    if (!token)
        return refuse(request, "invalid_request", "refresh_token is required.");
    log_token_label(token, label);
    json_object_set_new(request->exchange->record, "refreshToken", json_string(label));
    request->user_id = state_number(
        request->state, 0,
        "SELECT user_id FROM refresh_tokens WHERE token = ?1 AND client_id = ?2 AND NOT revoked",
        "tt", token, request->client_id);
    if (request->user_id == 0) {
        if (request->exchange->sim->options.oauth_family)
            oauth_end_family(request->state, token);
        return refuse(request, "invalid_grant", "The refresh token is expired or revoked.");
    }
    find_family(request->state, token, request->family);
    if (request->exchange->sim->options.oauth_strict)
        state_run(request->state, "UPDATE refresh_tokens SET revoked = 1 WHERE token = ?1", "t",
                  token);
    return true;
}

static bool take_grant(struct token_request *request)
{
    const char *grant = form_get(&request->form, "grant_type");
    json_object_set_new(request->exchange->record, "grant", json_string(grant ? grant : ""));
    if (grant && strcmp(grant, "authorization_code") == 0)
        return take_code(request);
    if (grant && strcmp(grant, "refresh_token") == 0)
        return take_refresh_token(request);
    if (grant && strcmp(grant, "urn:ietf:params:oauth:grant-type:device_code") == 0)
        return take_device_code(request);
    return refuse(request, "unsupported_grant_type", "Use authorization_code or refresh_token.");
}

/* The identity platform's scopes give a refresh token only with offline_access. */
static bool gives_refresh_token(const struct token_request *request)
{
    if (request->exchange->plan.no_refresh_token)
        return false;
    return !request->scope || !strstr(request->scope, "msads.manage") ||
           strstr(request->scope, "offline_access");
}

static void log_issued(struct token_request *request, const char *key, const char *token)
{
    char label[LOG_TOKEN_LABEL_SIZE];
    log_token_label(token, label);
    json_object_set_new(request->exchange->record, key, json_string(label));
}

/* Makes and stores the tokens; NULL when they cannot be stored. */
static json_t *issue(struct token_request *request)
{
    char access[OAUTH_SECRET_SIZE];
    char refresh[OAUTH_SECRET_SIZE];
    int64_t lifetime = request->exchange->sim->options.token_lifetime_seconds;
    if (!oauth_new_secret("SIMA.", access) || !oauth_new_secret("SIMR.", refresh))
        return NULL;
    state_run(request->state, "DELETE FROM access_tokens WHERE expires_ms > 0 AND expires_ms < ?1",
              "i", wall_ms() - DAY_MS);
    state_run(request->state,
              "INSERT INTO access_tokens(token, user_id, expires_ms) VALUES(?1, ?2, ?3)", "tii",
              access, request->user_id, wall_ms() + lifetime * 1000);
    log_issued(request, "issuedAccessToken", access);
    json_object_set_new(request->exchange->record, "user", json_integer(request->user_id));
    json_t *reply = json_pack("{s:s,s:s,s:s}", "token_type", "bearer", "access_token", access,
                              "scope", request->scope ? request->scope : "bingads.manage");
    if (request->exchange->plan.expires_as_text)
        json_object_set_new(reply, "expires_in", json_sprintf("%lld", (long long)lifetime));
    else
        json_object_set_new(reply, "expires_in", json_integer((json_int_t)lifetime));
    if (!gives_refresh_token(request))
        return reply;
    state_run(request->state,
              "INSERT INTO refresh_tokens(token, client_id, user_id) VALUES(?1, ?2, ?3)", "tti",
              refresh, request->client_id, request->user_id);
    state_run(request->state, "INSERT INTO token_families(token, family) VALUES(?1, ?2)", "tt",
              refresh, request->family[0] ? request->family : refresh);
    log_issued(request, "issuedRefreshToken", refresh);
    json_object_set_new(reply, "refresh_token", json_string(refresh));
    return reply;
}

void oauth_refuse(struct exchange *exchange, const char *error, const char *description)
{
    char outcome[160];
    snprintf(outcome, sizeof outcome, "oauth:%.140s", error);
    json_object_set_new(exchange->record, "outcome", json_string(outcome));
    exchange_json(exchange, 400,
                  json_pack("{s:s,s:s}", "error", error, "error_description", description));
}

static void answer_request(struct token_request *request)
{
    json_t *reply = NULL;
    state_begin(request->state);
    if (check_client(request) && check_scope(request) && take_grant(request))
        reply = issue(request);
    if (!state_end(request->state, true) || (!reply && !request->error))
        refuse(request, "server_error", "The state cannot be stored.");
    if (request->error) {
        json_decref(reply);
        oauth_refuse(request->exchange, request->error, request->description);
        return;
    }
    json_object_set_new(request->exchange->record, "outcome", json_string("ok"));
    exchange_json(request->exchange, 200, reply);
}

bool oauth_read_form(struct exchange *exchange, struct form *form)
{
    const char *type = http_header(exchange->request, "Content-Type");
    static const char form_type[] = "application/x-www-form-urlencoded";
    buffer_text(&exchange->response->headers, "Cache-Control: no-store\r\nPragma: no-cache\r\n");
    if (strcmp(exchange->request->method, "POST") != 0) {
        exchange_text(exchange, 405, "Send the request with POST.\n");
        return false;
    }
    if (type && strncasecmp(type, form_type, sizeof form_type - 1) == 0 &&
        form_parse(form, buffer_string(&exchange->request->body)))
        return true;
    oauth_refuse(exchange, "invalid_request", "The body is not a form.");
    return false;
}

void oauth_token_answer(struct exchange *exchange)
{
    struct token_request request = {.exchange = exchange, .state = &exchange->sim->state};
    if (oauth_read_form(exchange, &request.form)) {
        if (exchange->plan.oauth_error[0])
            oauth_refuse(exchange, exchange->plan.oauth_error,
                         "The simulator was told to refuse this.");
        else
            answer_request(&request);
    }
    form_free(&request.form);
}
