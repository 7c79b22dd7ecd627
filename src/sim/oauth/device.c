/* Sign-in of a device without a browser (RFC 8628), and the end of a sign-in (RFC 7009). */
#include "serve/machine_clock.h"
#include "sim/oauth/oauth.h"

#include <stdio.h>
#include <string.h>

#define LIFETIME_S 900
#define INTERVAL_S 1

static bool is_client(struct exchange *exchange, const char *client_id)
{
    return client_id &&
           state_number(&exchange->sim->state, 0,
                        "SELECT 1 FROM oauth_clients WHERE client_id = ?1", "t", client_id) != 0;
}

static json_t *new_code(struct exchange *exchange, const struct form *form)
{
    char code[OAUTH_SECRET_SIZE];
    char user_code[OAUTH_SECRET_SIZE];
    if (!oauth_new_secret("SIMD.", code) || !oauth_new_secret("", user_code))
        return NULL;
    user_code[9] = '\0'; /* short enough to be typed */
    state_run(&exchange->sim->state,
              "INSERT INTO device_codes(code, user_code, client_id, scope, expires_ms, next_ms)"
              " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
              "ttttii", code, user_code, form_get(form, "client_id"), form_get(form, "scope"),
              wall_ms() + LIFETIME_S * 1000LL, (int64_t)0);
    return json_pack("{s:s,s:s,s:s+,s:i,s:i}", "device_code", code, "user_code", user_code,
                     "verification_uri", exchange->sim->base_url, SIM_AGREE_PATH, "expires_in",
                     LIFETIME_S, "interval", INTERVAL_S);
}

void oauth_device_answer(struct exchange *exchange)
{
    struct form form = {.text = NULL};
    json_t *reply = NULL;
    bool known = false;
    if (!oauth_read_form(exchange, &form)) {
        form_free(&form);
        return;
    }
    state_begin(&exchange->sim->state);
    known = is_client(exchange, form_get(&form, "client_id"));
    if (known && !exchange->plan.oauth_error[0])
        reply = new_code(exchange, &form);
    if (state_end(&exchange->sim->state, true) && reply) {
        json_object_set_new(exchange->record, "outcome", json_string("ok"));
        exchange_json(exchange, 200, reply);
    } else {
        json_decref(reply);
        oauth_refuse(exchange,
                     exchange->plan.oauth_error[0] ? exchange->plan.oauth_error
                     : known                       ? "server_error"
                                                   : "unauthorized_client",
                     "There is no code for this device.");
    }
    form_free(&form);
}

/* The user's side: by address alone, as a test visits it. */
void oauth_agree_answer(struct exchange *exchange)
{
    struct form form = {.text = NULL};
    struct state *state = &exchange->sim->state;
    int changed = 0;
    if (form_parse(&form, exchange->request->query)) {
        const char *answer = form_get(&form, "answer");
        const char *user = form_get(&form, "user");
        state_begin(state);
        changed = state_run(
            state,
            "UPDATE device_codes SET denied = ?2, user_id = (SELECT id FROM users WHERE"
            " user_name = ?3 AND status = 'Active') WHERE user_code = ?1 AND expires_ms > ?4",
            "titi", form_get(&form, "user_code"), (int64_t)(answer && strcmp(answer, "no") == 0),
            user ? user : "agency.admin", wall_ms());
        if (!state_end(state, true))
            changed = 0;
    }
    form_free(&form);
    exchange_text(exchange, changed ? 200 : 400,
                  changed ? "The device knows.\n" : "Give user_code, as the device shows it.\n");
}

const char *oauth_device_poll(struct exchange *exchange, const struct form *form, int64_t *user_id)
{
    struct state *state = &exchange->sim->state;
    const char *code = form_get(form, "device_code");
    const int64_t now_ms = wall_ms();
    sqlite3_stmt *row = state_query(
        state,
        "SELECT expires_ms, next_ms, denied, user_id FROM device_codes WHERE code = ?1 AND"
        " client_id = ?2",
        "tt", code, form_get(form, "client_id"));
    if (!state_row(state, row))
        return "invalid_grant";
    bool expired = sqlite3_column_int64(row, 0) <= now_ms;
    bool early = now_ms < sqlite3_column_int64(row, 1);
    bool denied = sqlite3_column_int(row, 2) != 0;
    *user_id = sqlite3_column_int64(row, 3);
    sqlite3_reset(row);
    state_run(state, "UPDATE device_codes SET next_ms = ?2 WHERE code = ?1", "ti", code,
              now_ms + INTERVAL_S * 900LL);
    if (expired)
        return "expired_token";
    if (early)
        return "slow_down";
    if (denied)
        return "authorization_declined";
    if (*user_id == 0)
        return "authorization_pending";
    state_run(state, "DELETE FROM device_codes WHERE code = ?1", "t", code);
    return NULL;
}

/* A token that is not known is as good as revoked. */
void oauth_revoke_answer(struct exchange *exchange)
{
    struct form form = {.text = NULL};
    const char *token;
    char label[LOG_TOKEN_LABEL_SIZE];
    if (oauth_read_form(exchange, &form)) {
        token = form_get(&form, "token");
        if (!token || exchange->plan.oauth_error[0]) {
            oauth_refuse(exchange, token ? exchange->plan.oauth_error : "invalid_request",
                         "The token is missing, or the simulator was told to refuse it.");
        } else {
            log_token_label(token, label);
            json_object_set_new(exchange->record, "refreshToken", json_string(label));
            state_begin(&exchange->sim->state);
            oauth_end_family(&exchange->sim->state, token);
            if (state_end(&exchange->sim->state, true))
                exchange_json(exchange, 200, json_object());
            else
                oauth_refuse(exchange, "server_error", "The state cannot be stored.");
        }
    }
    form_free(&form);
}
