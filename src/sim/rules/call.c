#include "sim/rules/call.h"

#include "sim/state/rate_limit.h"

#include "serve/machine_clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool call_fail(struct call *call, enum fault_channel channel, int code)
{
    fault_set(&call->fault, channel, code);
    return false;
}

bool call_fail_text(struct call *call, enum fault_channel channel, int code, const char *format,
                    ...)
{
    fault_set(&call->fault, channel, code);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(call->fault.text, sizeof call->fault.text, format, arguments);
    va_end(arguments);
    return false;
}

bool call_fail_unreadable(struct call *call, const char *element, const char *value,
                          const char *type)
{
    fault_set_bare(&call->fault, "DeserializationFailed",
                   "The formatter threw an exception while trying to deserialize the message: "
                   "the value '%.60s' of %s cannot be read as %s.",
                   value, element, type);
    return false;
}

bool call_is_base64(const char *text)
{
    size_t length = strlen(text);
    size_t digits =
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    size_t padding = length - digits;
    return length % 4 == 0 && padding <= 2 && strspn(text + digits, "=") == padding;
}

static void log_token(struct call *call, const char *key, const char *token)
{
    if (!token)
        return;
    char label[LOG_TOKEN_LABEL_SIZE];
    log_token_label(token, label);
    json_object_set_new(call->record, key, json_string(label));
}

/* The user of an access token, 0 when it is unknown; *expired as the wall clock says. */
static int64_t user_of_token(struct call *call, const char *token, bool *expired)
{
    sqlite3_stmt *row =
        state_query(call->state,
                    "SELECT user_id, coalesce(expires_ms, 9223372036854775807) FROM access_tokens"
                    " WHERE token = ?1",
                    "t", token);
    if (!state_row(call->state, row))
        return 0;
    int64_t user_id = sqlite3_column_int64(row, 0);
    *expired = sqlite3_column_int64(row, 1) <= wall_ms();
    sqlite3_reset(row);
    return user_id;
}

static int64_t user_of_password(struct call *call, const char *user_name, const char *password)
{
    return state_number(call->state, 0,
                        "SELECT id FROM users WHERE user_name = ?1 AND password = ?2", "tt",
                        user_name, password);
}

/* When a token is given, user name and password are not looked at. */
static bool find_caller(struct call *call, const struct credentials *given, int64_t *user_id)
{
    bool expired = false;
    *user_id = 0;
    if (given->access_token && given->access_token[0])
        *user_id = user_of_token(call, given->access_token, &expired);
    else if (given->user_name && given->password)
        *user_id = user_of_password(call, given->user_name, given->password);
    if (*user_id == 0)
        return call_fail(call, FAULT_ADAPI, CODE_INVALID_CREDENTIALS);
    if (expired)
        return call_fail(call, FAULT_ADAPI, CODE_TOKEN_EXPIRED);
    return true;
}

/* A developer token serves everybody, or one user when the data set ties it to one. */
static bool check_developer_token(struct call *call, const char *token, int64_t user_id)
{
    int64_t owner = state_number(
        call->state, -1, "SELECT coalesce(user_id, 0) FROM developer_tokens WHERE token = ?1", "t",
        token);
    if (owner < 0)
        return call_fail(call, FAULT_ADAPI, CODE_INVALID_CREDENTIALS);
    if (owner > 0 && owner != user_id)
        return call_fail_text(call, FAULT_ADAPI, CODE_NOT_AUTHORIZED,
                              "The developer token belongs to another user.");
    return true;
}

bool call_authenticate(struct call *call, const struct credentials *given)
{
    log_token(call, "developerToken", given->developer_token);
    log_token(call, "accessToken", given->access_token);
    int64_t user_id;
    if (!given->developer_token ||
        (!given->access_token && (!given->user_name || !given->password)))
        return call_fail(call, FAULT_ADAPI, CODE_MISSING_HEADERS);
    if (!find_caller(call, given, &user_id))
        return false;
    if (!user_by_id(call->state, call->soap, user_id, &call->user) ||
        strcmp(call->user.status, "Active") != 0 ||
        !customer_by_id(call->state, call->soap, call->user.customer_id, &call->customer))
        return call_fail(call, FAULT_ADAPI, CODE_INVALID_CREDENTIALS);
    json_object_set_new(call->record, "user", json_integer(user_id));
    return check_developer_token(call, given->developer_token, user_id);
}

bool call_within_rate(struct call *call)
{
    return rate_limit_take(&call->sim->rate_limit, call->user.id, call->now_ms) ||
           call_fail(call, FAULT_ADAPI, CODE_CALL_RATE_EXCEEDED);
}

bool call_is_super_admin(const struct call *call)
{
    return user_has_role(call->state, call->user.id, ROLE_SUPER_ADMIN);
}

bool call_require_super_admin(struct call *call)
{
    return call_is_super_admin(call) || call_fail(call, FAULT_ADAPI, CODE_NOT_AUTHORIZED);
}

bool call_require_standard(struct call *call)
{
    return user_has_role(call->state, call->user.id, ROLE_STANDARD) ||
           call_require_super_admin(call);
}
