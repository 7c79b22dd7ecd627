/*
 * A reply of the token endpoint; the first byte chooses its HTTP status. There are
 * tokens or a refusal, and what a trace shows has no token.
 */
#include "fuzz.h"

#include <string.h>

#include <jansson.h>

#include "lib/auth/credentials.h"
#include "lib/auth/oauth.h"
#include "lib/base/text.h"

/* What the request has sent. */
#define SECRET "SECRET"

static void check_tokens(const struct bacm_token_reply *reply)
{
    const int64_t year_ms = INT64_C(365) * 24 * 60 * 60 * 1000;

    REQUIRE(reply->access_token && *reply->access_token);
    REQUIRE(strlen(reply->access_token) <= BACM_MAX_SECRET_BYTES);
    REQUIRE(bacm_text_check(reply->access_token, NULL, NULL) == BACM_TEXT_OK);
    REQUIRE(!reply->refresh_token || *reply->refresh_token);
    REQUIRE(reply->lifetime_ms >= 0 && reply->lifetime_ms <= year_ms);
}

/* Only what is known to be harmless is shown. */
static void check_shown(const char *shown)
{
    static const char *const harmless[] = {"token_type", "expires_in", "ext_expires_in",
                                           "scope",      "error",      "error_codes",
                                           "timestamp",  "trace_id",   "correlation_id"};
    const char *line = strchr(shown, '\n');
    json_t *json = line ? json_loads(line + 1, 0, NULL) : NULL;
    const char *name;
    json_t *value;

    REQUIRE(line && !strstr(shown, SECRET));
    json_object_foreach(json, name, value)
    {
        bool known = false;

        for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
            known = known || strcmp(name, harmless[i]) == 0;
        REQUIRE(known || json_is_null(value) ||
                (json_is_string(value) && strcmp(json_string_value(value), "[redacted]") == 0));
    }
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const secrets[BACM_SECRET_COUNT] = {NULL, SECRET};
    static const int statuses[] = {200, 200, 200, 400, 401, 429, 500, 302};
    struct fuzz_input input = {bytes, size};
    struct bacm_token_reply reply;
    bacm_error error;
    bacm_status status;
    char *body;
    char *shown;

    memset(&error, 0, sizeof error);
    error.http_status = statuses[fuzz_pick(&input, 8)];
    body = malloc(input.left + 1); /* of the exact size */
    REQUIRE(body != NULL);
    if (input.left)
        memcpy(body, input.at, input.left);
    status = bacm_oauth_read_reply(&reply, body, input.left, secrets, &error);
    if (status == BACM_OK) {
        REQUIRE(error.http_status == 200);
        check_tokens(&reply);
    } else {
        REQUIRE(status == BACM_E_TOKEN || status == BACM_E_SERVICE || status == BACM_E_THROTTLED);
        REQUIRE(error.status == status && error.message[0] != '\0' && error.hint[0] != '\0');
        REQUIRE(bacm_text_check(error.message, NULL, NULL) == BACM_TEXT_OK);
        REQUIRE(!strstr(error.message, SECRET) && !strstr(error.details, SECRET));
        REQUIRE(!reply.access_token && !reply.refresh_token);
    }
    bacm_token_reply_clear(&reply);
    shown = bacm_oauth_show_reply("HTTP 200, " SECRET, body, input.left, secrets);
    REQUIRE(shown != NULL);
    check_shown(shown);
    free(shown);
    free(body);
    return 0;
}
