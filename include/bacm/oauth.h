/**
 * @file bacm/oauth.h
 * OAuth credentials: access tokens that renew themselves, and the consent of a
 * user that they begin with.
 *
 * A program that has a refresh token makes credentials with
 * bacm_credentials_new_oauth() and is done. One that has none yet sends the
 * user to a consent page first:
 *
 *   bacm_credentials_new_oauth()   without a refresh token
 *   bacm_consent_new()             the page's URL, with state and PKCE
 *   ... the user agrees, the browser is sent to the redirect URI ...
 *   bacm_consent_finish()          checks the state, fetches and stores tokens
 *
 * An access token is renewed some minutes before it expires, and once when the
 * service says that it has (code 109). All clients that share the credentials
 * share the renewal: one thread does it, the others wait for it.
 *
 * Processes share a sign-in through their storage. With all callbacks set a
 * renewal goes:
 *
 *   recall    the access token that another process has kept: then that is all
 *   lock      wait until no other process renews
 *   recall    it may have renewed meanwhile
 *   load      the newest refresh token
 *   reserve   prove that a new one can be stored; only then is the old one spent
 *   ...       the token call
 *   store     the new refresh token, if one came
 *   keep      the access token
 *   unlock
 *
 * An issuer that takes each refresh token once wants lock and load, else of two
 * processes that renew at once one is told that its token is not valid. Whoever
 * cannot stand to lose the sign-in to a full disk wants reserve.
 */
#ifndef BACM_OAUTH_H
#define BACM_OAUTH_H

#include <bacm/client.h>
#include <bacm/credentials.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Who issues the tokens. */
typedef enum bacm_oauth_platform {
    BACM_OAUTH_LIVE = 0, /**< login.live.com, of v11's time */
    BACM_OAUTH_IDENTITY, /**< Microsoft's identity platform */
    BACM_OAUTH_GOOGLE    /**< Google, for users who sign in to the service with it. Its refresh
                              tokens stay as they are; a native app has a secret too */
} bacm_oauth_platform;

/** As what the application is registered. */
typedef enum bacm_app_kind {
    BACM_APP_NATIVE = 0, /**< never sends a secret */
    BACM_APP_WEB         /**< always sends its secret */
} bacm_app_kind;

/**
 * Store a new refresh token where it outlives the process. Called before the
 * access token that came with it is used.
 *
 * @param refresh_token  borrowed.
 * @param user           options.storage_user.
 * @return 0 when it is stored for good; else the call ends with
 *         BACM_E_TOKEN_STORE, sends nothing to the service, and the next call
 *         tries to store it again.
 *
 * Called in the thread of the call that renews; must not use the credentials.
 */
typedef int bacm_refresh_token_store(const char *refresh_token, void *user);

/**
 * Read the newest refresh token, which another process may have stored. Called
 * before each renewal.
 *
 * @param[out] refresh_token  receives NUL-terminated text; it may be left empty,
 *                            the token in memory is then used.
 * @param size                BACM_MAX_SECRET_BYTES + 1
 * @return 0; else the call ends with BACM_E_TOKEN_STORE.
 *
 * Called as bacm_refresh_token_store().
 */
typedef int bacm_refresh_token_load(char *refresh_token, size_t size, void *user);

/**
 * Keep other processes from renewing until bacm_token_unlock(). The lock must go
 * when the process dies.
 *
 * @param wait_ms  wait no longer than this.
 * @return 0 when locked; 1 when another process had it all the time: the call ends
 *         with BACM_E_TIMEOUT; else with BACM_E_TOKEN_STORE. No unlock follows then.
 *
 * Called as bacm_refresh_token_store().
 */
typedef int bacm_token_lock(unsigned wait_ms, void *user);

/** Undo bacm_token_lock(), and let go of what was reserved and not used. */
typedef void bacm_token_unlock(void *user);

/**
 * Make sure that bacm_refresh_token_store() will not fail for want of space or of a
 * permission: with files, make the new one in the same folder, reserve and sync
 * BACM_MAX_SECRET_BYTES of it. Called before a refresh token or a code is spent.
 *
 * @return 0; else the call ends with BACM_E_TOKEN_STORE, and the token is not spent.
 *
 * Called as bacm_refresh_token_store().
 */
typedef int bacm_token_reserve(void *user);

/**
 * Keep an access token for other processes, with whom it may be shared. A failure
 * is no error: they will get one of their own.
 *
 * @param access_token  borrowed; as secret as the refresh token.
 * @param renew_s       from so many seconds on from now it should not be used any more
 * @param expires_s     seconds until the service takes it no longer
 *
 * Called as bacm_refresh_token_store(), after it.
 */
typedef void bacm_access_token_keep(const char *access_token, unsigned renew_s, unsigned expires_s,
                                    void *user);

/**
 * Give the access token that was kept. It must be of the same application, user,
 * scope and environment.
 *
 * @param[out] access_token  receives NUL-terminated text; left empty when there is none.
 * @param[in]  size          BACM_MAX_SECRET_BYTES + 1
 * @param[out] renew_s       what is left of bacm_access_token_keep()'s; 0: it is not used
 * @param[out] expires_s     the same
 *
 * Called as bacm_refresh_token_store(), with and without the lock.
 */
typedef void bacm_access_token_recall(char *access_token, size_t size, unsigned *renew_s,
                                      unsigned *expires_s, void *user);

/** Told what a person should know although the call goes on. text is borrowed. */
typedef void bacm_warning_callback(const char *text, void *user);

/**
 * Options of OAuth credentials. Start from BACM_OAUTH_OPTIONS_INIT. Texts are
 * borrowed during bacm_credentials_new_oauth().
 *
 * platform and environment decide on the endpoints, the redirect URI and the
 * scope; each of them can be set by itself as well.
 */
typedef struct bacm_oauth_options {
    size_t struct_size;
    bacm_oauth_platform platform;
    bacm_environment environment; /**< must be that of the clients */
    bacm_app_kind app_kind;
    const char *client_id;     /**< application id; required */
    const char *client_secret; /**< of a web app; a native app must not have one, but for
                                    one of Google */
    const char *refresh_token; /**< NULL: there is none yet */
    const char *tenant;        /**< NULL: "common"; identity platform only */
    const char *authorize_url; /**< {tenant} in it stands for the tenant */
    const char *token_url;     /**< the same; https, or http to loopback */
    const char *redirect_uri;
    const char *scope;
    const char *ca_file;         /**< as in bacm_options */
    unsigned connect_timeout_ms; /**< as in bacm_options: look-up of the name, TCP and TLS */
    unsigned call_timeout_ms;    /**< one token call; the deadline of the client's call ends it
                                      earlier */
    unsigned margin_s;           /**< renew so long before the expiry, but not in the first half
                                      of the token's life */
    unsigned retry_delay_ms;     /**< invalid_grant is believed when it comes again after this */
    bacm_refresh_token_store *store; /**< NULL: new refresh tokens end with the process */
    bacm_refresh_token_load *load;   /**< may be NULL */
    void *storage_user;
    bacm_warning_callback *warn; /**< may be NULL */
    void *warn_user;
    bacm_trace_callback *trace; /**< token calls in outline, without any token; may be NULL */
    void *trace_user;
    const bacm_network *network;      /**< as in bacm_options */
    bacm_token_lock *lock;            /**< NULL: this process alone uses the refresh token */
    bacm_token_unlock *unlock;        /**< with lock */
    bacm_token_reserve *reserve;      /**< may be NULL */
    bacm_access_token_keep *keep;     /**< NULL: access tokens end with the process */
    bacm_access_token_recall *recall; /**< may be NULL */
    const char *device_url;           /**< as token_url; for bacm_device_new() */
    const char *revoke_url;           /**< as token_url; for bacm_oauth_revoke() */
    bool identity_provider_header;    /**< Google: send IdentityProvider: Google with calls over
                                           REST; whether the service wants it is not known */
} bacm_oauth_options;

/** Defaults: native app, live.com, production; renew five minutes before the expiry. */
#define BACM_OAUTH_OPTIONS_INIT                                                                    \
    {                                                                                              \
        sizeof(bacm_oauth_options), BACM_OAUTH_LIVE, BACM_PRODUCTION, BACM_APP_NATIVE, NULL, NULL, \
            NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10000u, 30000u, 300u, 2000u, NULL, NULL,     \
            NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false    \
    }

/**
 * Credentials that fetch and renew access tokens from a token endpoint.
 *
 * @param[out] out              new; release with bacm_credentials_release().
 * @param[in]  developer_token  copied; as for bacm_credentials_new_access_token().
 * @param[in]  options          borrowed.
 * @param[out] error            may be NULL.
 *
 * @return BACM_OK
 * @return BACM_E_ARGUMENT   an option is not valid: its name is in the message
 * @return BACM_E_NO_MEMORY
 *
 * A call with these credentials can return, before it sends anything:
 * BACM_E_NO_CREDENTIALS (no refresh token), BACM_E_TOKEN (the token endpoint
 * refuses: symbol is its error code, details its description, hint names the
 * option to look at), BACM_E_TOKEN_STORE, BACM_E_TIMEOUT (another process holds
 * the storage), and where the token endpoint cannot be
 * reached or is not well BACM_E_RESOLVE, BACM_E_CONNECT, BACM_E_TLS,
 * BACM_E_NETWORK, BACM_E_TIMEOUT, BACM_E_THROTTLED, BACM_E_SERVICE. A token that has not expired is
 * used on when renewing it ahead of time fails for a passing reason.
 *
 * Threads: any. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_credentials_new_oauth(bacm_credentials **out, const char *developer_token,
                                                const bacm_oauth_options *options,
                                                bacm_error *error);

/** The consent of a user that is being asked for. */
typedef struct bacm_consent bacm_consent;

/**
 * Begin to ask for a consent.
 *
 * @param[out] out          new; free with bacm_consent_free().
 * @param[in]  credentials  from bacm_credentials_new_oauth(); a reference is taken.
 * @param[out] error        may be NULL.
 *
 * @return BACM_OK
 * @return BACM_E_ARGUMENT   the credentials are of another kind
 * @return BACM_E_NO_MEMORY  out of memory or of random bytes
 *
 * Threads: any. Network: no. Since: 0.1.0
 */
BACM_API bacm_status bacm_consent_new(bacm_consent **out, bacm_credentials *credentials,
                                      bacm_error *error);

/**
 * URL of the page to be shown to the user. Its state parameter is random and
 * good for this consent alone.
 * @return borrowed from the consent. Threads: any. Since: 0.1.0
 */
BACM_API const char *bacm_consent_url(const bacm_consent *consent);

/**
 * Take the URL to which the browser was redirected, check that it belongs to
 * this consent, exchange its code for tokens and store the refresh token. The
 * credentials can then be used.
 *
 * @param[in]  consent     borrowed; after success it is used up.
 * @param[in]  redirected  borrowed; the whole URL, or its query.
 * @param[out] error       may be NULL.
 *
 * @return BACM_OK
 * @return BACM_E_ARGUMENT     not an answer to this consent: state or code is missing or
 *                             wrong. Nothing was sent; another URL can be tried
 * @return BACM_E_TOKEN        the user or the token endpoint refused, or no refresh
 *                             token was given
 * @return BACM_E_TOKEN_STORE  the refresh token could not be stored
 * @return the network's statuses of bacm_credentials_new_oauth()
 *
 * Threads: any. Network: yes, at most call_timeout_ms of the options. Since: 0.1.0
 */
BACM_API bacm_status bacm_consent_finish(bacm_consent *consent, const char *redirected,
                                         bacm_error *error);

/** Cleanse and free. NULL is allowed. Threads: one a consent. Since: 0.1.0 */
BACM_API void bacm_consent_free(bacm_consent *consent);

/** The sign-in of a machine without a browser, with one on another machine. */
typedef struct bacm_device bacm_device;

/**
 * Begin such a sign-in (RFC 8628): show the user bacm_device_url() and
 * bacm_device_user_code(), and poll.
 *
 * @param[out] out          new; free with bacm_device_free().
 * @param[in]  credentials  from bacm_credentials_new_oauth(); a reference is taken.
 * @param[out] error        may be NULL.
 *
 * @return BACM_OK
 * @return BACM_E_ARGUMENT   the credentials are of another kind, or their platform has
 *                           no such sign-in: only the identity platform has a device_url
 * @return BACM_E_TOKEN      refused: the tenant or the application may not allow it
 * @return BACM_E_NO_MEMORY
 * @return the network's statuses of bacm_credentials_new_oauth()
 *
 * Threads: any. Network: yes, at most call_timeout_ms of the options. Since: 0.1.0
 */
BACM_API bacm_status bacm_device_new(bacm_device **out, bacm_credentials *credentials,
                                     bacm_error *error);

/** Page on which the user types the code. @return borrowed. Threads: any. Since: 0.1.0 */
BACM_API const char *bacm_device_url(const bacm_device *device);

/** The code that the user types there. @return borrowed. Threads: any. Since: 0.1.0 */
BACM_API const char *bacm_device_user_code(const bacm_device *device);

/**
 * Ask whether the user has agreed. If so the tokens are fetched and the refresh token is
 * stored, as bacm_consent_finish() does it.
 *
 * @param[in]  device  borrowed.
 * @param[out] wait_s  0: signed in. Else ask again after so many seconds, not earlier.
 * @param[out] error   may be NULL.
 *
 * @return BACM_OK             see *wait_s
 * @return BACM_E_TOKEN        the user has denied it, or the code is too old
 * @return BACM_E_TOKEN_STORE  the refresh token could not be stored
 * @return the network's statuses of bacm_credentials_new_oauth(): it may be asked again
 *
 * Threads: one a device. Network: yes, at most call_timeout_ms. Since: 0.1.0
 */
BACM_API bacm_status bacm_device_poll(bacm_device *device, unsigned *wait_s, bacm_error *error);

/** Cleanse and free. NULL is allowed. Threads: one a device. Since: 0.1.0 */
BACM_API void bacm_device_free(bacm_device *device);

/**
 * Have the issuer end the refresh token (RFC 7009), the stored one or else that of the
 * options. Access tokens may last until they expire. The storage stays as it is.
 *
 * @param[in]  credentials  borrowed; from bacm_credentials_new_oauth().
 * @param[out] error        may be NULL.
 *
 * @return BACM_OK                the issuer has ended it, or knew it no more
 * @return BACM_E_ARGUMENT        the credentials are of another kind, or their platform
 *                                revokes no tokens, as Microsoft's: the hint tells where
 *                                the user withdraws the consent
 * @return BACM_E_NO_CREDENTIALS  there is no refresh token
 * @return BACM_E_TOKEN           the issuer refuses
 * @return BACM_E_TOKEN_STORE     the stored token could not be read
 * @return the network's statuses of bacm_credentials_new_oauth()
 *
 * Threads: one the credentials. Network: yes, at most call_timeout_ms. Since: 0.1.0
 */
BACM_API bacm_status bacm_oauth_revoke(bacm_credentials *credentials, bacm_error *error);

#ifdef __cplusplus
}
#endif

#endif
