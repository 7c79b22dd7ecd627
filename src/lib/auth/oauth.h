/*
 * OAuth inside: what a preset and the options come to, and the grants.
 */
#ifndef BACM_LIB_AUTH_OAUTH_H
#define BACM_LIB_AUTH_OAUTH_H

#include <jansson.h>

#include <bacm/oauth.h>

#include "lib/auth/token_cache.h"
#include "lib/base/form.h"
#include "lib/wire/transport.h"

/* Most bytes of a reply of the token endpoint. */
#define BACM_OAUTH_MAX_REPLY ((size_t)64 << 10)

/* The options with the gaps filled from the preset. Texts are its own. */
struct bacm_oauth_settings {
    bacm_oauth_options options; /* for what is neither a text nor the network */
    struct bacm_route route;
    char *client_id;
    char *client_secret;
    char *authorize_url;
    char *token_url;
    char *redirect_uri;
    char *scope;
    char *device_url; /* NULL: there is none */
    char *revoke_url; /* the same */
    char *ca_file;
    const char *prompt; /* extra parameter of the consent page, or NULL */
    bool uses_pkce;
    bool keeps_refresh_token;  /* a reply without a new one is as it should be */
    bool refresh_has_redirect; /* the refresh grant names the redirect URI */
};

/* BACM_E_ARGUMENT with the option that is wrong. Clear *settings after a failure as well. */
bacm_status bacm_oauth_settings_fill(struct bacm_oauth_settings *settings,
                                     const bacm_oauth_options *options, bacm_error *error);
void bacm_oauth_settings_clear(struct bacm_oauth_settings *settings);

/* The source of tokens behind OAuth credentials. */
struct bacm_oauth {
    struct bacm_token_source source; /* the first member */
    struct bacm_oauth_settings settings;
    struct bacm_transport *transport;
    bacm_options transport_options;
    char *refresh_token;              /* NULL: none yet */
    struct bacm_access_token pending; /* came with a refresh token that is not stored yet */
    unsigned char used[32];           /* SHA-256 of the access token that was handed out last */
    bool warned_of_missing;
};

/* The code that a consent gives, or that a device polls with. */
struct bacm_code_grant {
    const char *code;
    const char *verifier; /* NULL: without PKCE */
    bool is_device;
};

/*
 * A connection to one of the issuer's endpoints; options are to live as long.
 */
bacm_status bacm_oauth_connect(struct bacm_transport **out, bacm_options *options,
                               const struct bacm_oauth *oauth, const char *url, bacm_error *error);

/* Post a form; what the secrets in it are stands in exchange->secrets. No reply: an error. */
bacm_status bacm_oauth_post(struct bacm_transport *transport, struct bacm_form_exchange *exchange,
                            const struct bacm_oauth *oauth, const struct bacm_form *form,
                            int64_t deadline_ms, bacm_error *error);

/* The OAuth source of these credentials; NULL when they are of another kind. */
struct bacm_oauth *bacm_oauth_of(bacm_credentials *credentials);

/* --- the storage that processes share; each does nothing without its callback ----------- */

/* BACM_E_TIMEOUT when another process has it until the deadline. */
bacm_status bacm_oauth_lock(const struct bacm_oauth *oauth, int64_t deadline_ms, bacm_error *error);
void bacm_oauth_unlock(const struct bacm_oauth *oauth);

/*
 * Another process may have stored a newer refresh token than the one in memory, which it
 * then replaces; *is_newer tells.
 */
bacm_status bacm_oauth_load(struct bacm_oauth *oauth, bool *is_newer, bacm_error *error);

/* Prove that storing will work. */
bacm_status bacm_oauth_reserve(const struct bacm_oauth *oauth, bacm_error *error);
bacm_status bacm_oauth_store(const struct bacm_oauth *oauth, bacm_error *error);

/* Keep a token that is handed out. */
void bacm_oauth_keep(struct bacm_oauth *oauth, const struct bacm_access_token *token);

/* Whether a kept token can be handed out; never the one that the service has refused. */
bool bacm_oauth_recall(struct bacm_oauth *oauth, bool refused, struct bacm_access_token *out);

/* What the token endpoint gave. */
struct bacm_token_reply {
    char *access_token;
    char *refresh_token; /* NULL: none */
    int64_t lifetime_ms; /* 0: not told */
};

/*
 * Read a reply of the token endpoint. BACM_E_TOKEN, BACM_E_SERVICE or
 * BACM_E_THROTTLED with advice when it is a refusal or is not understood. What it
 * repeats of the request's BACM_SECRET_COUNT secrets, or NULLs, is replaced in the error.
 */
bacm_status bacm_oauth_read_reply(struct bacm_token_reply *reply, const char *body, size_t size,
                                  const char *const *secrets, bacm_error *error);
void bacm_token_reply_clear(struct bacm_token_reply *reply);

/*
 * The same of an endpoint that gives no tokens: the JSON object, to be freed with
 * bacm_oauth_object_free() whatever the status is.
 */
bacm_status bacm_oauth_read_object(json_t **out, const char *body, size_t size,
                                   const char *const *secrets, bacm_error *error);
void bacm_oauth_object_free(json_t *object);

/* The refusal of the consent page or the token endpoint, by its error code; without secrets. */
bacm_status bacm_oauth_refused(const char *code, const char *description, bacm_error *error);

/*
 * What a trace may see of a reply, head before the body: new text, or NULL when out of
 * memory. secrets as for bacm_oauth_read_reply().
 */
char *bacm_oauth_show_reply(const char *head, const char *body, size_t size,
                            const char *const *secrets);

#endif
