/*
 * What governs every command: one table of settings, from which the global
 * options, the environment variables and the keys of the configuration file
 * are made. An option wins over the environment, the environment over the file.
 */
#ifndef BACM_CLI_PROFILE_SETTINGS_H
#define BACM_CLI_PROFILE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum setting_kind {
    SETTING_TEXT,
    SETTING_FLAG,
    SETTING_CHOICE,  /* one of the words in choices */
    SETTING_SECONDS, /* 1 to SETTING_MAX_SECONDS */
    SETTING_ID,      /* an id of the service, above 0 */
    SETTING_BYTES,   /* a size */
    SETTING_SECRET   /* never an option, never shown */
};

#define SETTING_MAX_SECONDS 86400

/*
 * name; key: option without its dashes, key of the file; kind; argument as help
 * shows it; choices of a SETTING_CHOICE; default; help.
 */
#define SETTING_LIST(X)                                                                            \
    X(CONFIG, "config", SETTING_TEXT, "FILE", NULL, NULL,                                          \
      "configuration file instead of ~/.config/bacm/config")                                       \
    X(PROFILE, "profile", SETTING_TEXT, "NAME", NULL, "default",                                   \
      "section of the configuration file to use")                                                  \
    X(API, "api", SETTING_CHOICE, "VERSION", "v11,v13,v13-rest", NULL,                             \
      "version and wire: v11 or v13 over SOAP, or v13-rest; default: as the endpoint's path "      \
      "says, else v13-rest")                                                                       \
    X(ENVIRONMENT, "environment", SETTING_CHOICE, "NAME", "production,sandbox", "production",      \
      "installation of the service: production or sandbox")                                        \
    X(ENDPOINT, "endpoint", SETTING_TEXT, "URL", NULL, NULL,                                       \
      "address of the service instead of the environment's")                                       \
    X(CONNECT_TO, "connect-to", SETTING_TEXT, "HOST:PORT", NULL, NULL,                             \
      "connect there; the certificate is still checked against the endpoint's name")               \
    X(CA_FILE, "ca-file", SETTING_TEXT, "FILE", NULL, NULL,                                        \
      "trust the CAs in this PEM file instead of the system's")                                    \
    X(CRL_FILE, "crl-file", SETTING_TEXT, "FILE", NULL, NULL,                                      \
      "refuse certificates that are on the revocation lists in this PEM file")                     \
    X(PROXY, "proxy", SETTING_TEXT, "HOST:PORT", NULL, NULL,                                       \
      "reach the service through this HTTP proxy")                                                 \
    X(CLIENT_CERTIFICATE, "client-certificate", SETTING_TEXT, "FILE", NULL, NULL,                  \
      "PEM file with the certificate that a gateway wants to see")                                 \
    X(CLIENT_KEY, "client-key", SETTING_TEXT, "FILE", NULL, NULL,                                  \
      "PEM file with its key; default: in the same file")                                          \
    X(TIMEOUT, "timeout", SETTING_SECONDS, "SECONDS", NULL, "120",                                 \
      "most time for one call of the service")                                                     \
    X(CONNECT_TIMEOUT, "connect-timeout", SETTING_SECONDS, "SECONDS", NULL, "10",                  \
      "most time to find the host and to connect, TLS included")                                   \
    X(MAX_REPLY_BYTES, "max-reply-bytes", SETTING_BYTES, "BYTES", NULL, "52428800",                \
      "largest reply that is read")                                                                \
    X(MANAGING_CUSTOMER, "managing-customer-id", SETTING_ID, "ID", NULL, NULL,                     \
      "the agency's customer id; default: that of the caller")                                     \
    X(NO_ROLE_CHECK, "no-role-check", SETTING_FLAG, NULL, NULL, NULL,                              \
      "do not require a role (Super Admin) before client-link calls")                              \
    X(NO_ACTION_HEADER, "no-action-header", SETTING_FLAG, NULL, NULL, NULL,                        \
      "leave the SOAP header element Action out")                                                  \
    X(OUTPUT, "output", SETTING_CHOICE, "FORMAT", "table,csv,ndjson", NULL,                        \
      "table, csv or ndjson; default: table on a terminal, else ndjson")                           \
    X(TRACE, "trace", SETTING_TEXT, "FILE", NULL, NULL,                                            \
      "write all traffic to FILE (- for stderr), secrets redacted")                                \
    X(VERBOSE, "verbose", SETTING_FLAG, NULL, NULL, NULL, "tell of each call on stderr")           \
    X(QUIET, "quiet", SETTING_FLAG, NULL, NULL, NULL, "on stderr nothing but errors")              \
    X(CLIENT_ID, "client-id", SETTING_TEXT, "ID", NULL, NULL,                                      \
      "application id for bacm login and for renewing tokens")                                     \
    X(APP_KIND, "app-kind", SETTING_CHOICE, "KIND", "native,web", "native",                        \
      "as what the application is registered: native, or web with a secret")                       \
    X(OAUTH_PLATFORM, "oauth-platform", SETTING_CHOICE, "NAME", "live,identity,google", NULL,      \
      "who issues tokens: live (login.live.com, the default of v11) or identity (Microsoft's "     \
      "identity platform, the only one of v13), or google where users sign in with that")          \
    X(TENANT, "tenant", SETTING_TEXT, "NAME", NULL, NULL,                                          \
      "tenant on the identity platform; default: common")                                          \
    X(AUTHORIZE_URL, "authorize-url", SETTING_TEXT, "URL", NULL, NULL,                             \
      "page of consent instead of the platform's")                                                 \
    X(TOKEN_URL, "token-url", SETTING_TEXT, "URL", NULL, NULL,                                     \
      "token endpoint instead of the platform's")                                                  \
    X(REDIRECT_URI, "redirect-uri", SETTING_TEXT, "URI", NULL, NULL,                               \
      "redirect URI of the application; with http://localhost bacm login needs no pasting")        \
    X(DEVICE_URL, "device-url", SETTING_TEXT, "URL", NULL, NULL,                                   \
      "where bacm login --device gets its code, instead of the platform's")                        \
    X(REVOKE_URL, "revoke-url", SETTING_TEXT, "URL", NULL, NULL,                                   \
      "where bacm logout revokes the token, instead of the platform's")                            \
    X(SCOPE, "scope", SETTING_TEXT, "SCOPE", NULL, NULL, "scope instead of the platform's")        \
    X(TOKEN_FILE, "token-file", SETTING_TEXT, "FILE", NULL, NULL,                                  \
      "where the refresh token is kept, instead of ~/.local/state/bacm/PROFILE.token")             \
    X(GOOGLE_HEADER, "google-header", SETTING_FLAG, NULL, NULL, NULL,                              \
      "with google, send IdentityProvider: Google with calls over REST")                           \
    X(NO_TOKEN_CACHE, "no-token-cache", SETTING_FLAG, NULL, NULL, NULL,                            \
      "get an access token for this command alone, and keep none for the next")                    \
    X(TOKEN_COMMAND, "token-command", SETTING_TEXT, "COMMAND", NULL, NULL,                         \
      "shell command that writes an access token, and on a second line its seconds to live")       \
    X(DEVELOPER_TOKEN_COMMAND, "developer-token-command", SETTING_TEXT, "COMMAND", NULL, NULL,     \
      "shell command that writes the developer token")                                             \
    X(CLIENT_SECRET_COMMAND, "client-secret-command", SETTING_TEXT, "COMMAND", NULL, NULL,         \
      "shell command that writes the client secret")                                               \
    X(REFRESH_TOKEN_COMMAND, "refresh-token-command", SETTING_TEXT, "COMMAND", NULL, NULL,         \
      "shell command that writes the refresh token")                                               \
    X(DEVELOPER_TOKEN, "developer-token", SETTING_SECRET, "TOKEN", NULL, NULL,                     \
      "developer token; always needed")                                                            \
    X(ACCESS_TOKEN, "access-token", SETTING_SECRET, "TOKEN", NULL, NULL,                           \
      "OAuth access token that was obtained elsewhere")                                            \
    X(CLIENT_SECRET, "client-secret", SETTING_SECRET, "SECRET", NULL, NULL,                        \
      "secret of an application of kind web")                                                      \
    X(REFRESH_TOKEN, "refresh-token", SETTING_SECRET, "TOKEN", NULL, NULL,                         \
      "OAuth refresh token that was obtained elsewhere; bacm login stores its own")                \
    X(USERNAME, "username", SETTING_SECRET, "NAME", NULL, NULL,                                    \
      "legacy user name, for the simulator and old gateways")                                      \
    X(PASSWORD, "password", SETTING_SECRET, "WORD", NULL, NULL, "password of that user name")      \
    X(PROXY_USER, "proxy-user", SETTING_SECRET, "NAME", NULL, NULL, "user name at the proxy")      \
    X(PROXY_PASSWORD, "proxy-password", SETTING_SECRET, "WORD", NULL, NULL,                        \
      "password at the proxy")                                                                     \
    X(KEY_PASSPHRASE, "key-passphrase", SETTING_SECRET, "WORD", NULL, NULL,                        \
      "passphrase of the client certificate's key")

#define SETTING_ENUM_(id, name, kind, argument, choices, def, help) SETTING_##id,
enum setting_id { SETTING_LIST(SETTING_ENUM_) SETTING_COUNT };
#undef SETTING_ENUM_

struct setting_info {
    const char *name;
    enum setting_kind kind;
    const char *argument;
    const char *choices;
    const char *fallback;
    const char *help;
};

extern const struct setting_info setting_table[SETTING_COUNT];

/* Where a value came from; a higher one wins. */
enum setting_source { SOURCE_DEFAULT, SOURCE_FILE, SOURCE_ENVIRONMENT, SOURCE_OPTION };

struct settings {
    char *value[SETTING_COUNT]; /* NULL: not set */
    enum setting_source source[SETTING_COUNT];
};

/* Longest name of an environment variable of a setting. */
#define SETTING_VARIABLE_BYTES 40

/* Write the environment variable of a setting, for instance BACM_CA_FILE. */
void setting_variable(enum setting_id id, char variable[SETTING_VARIABLE_BYTES]);

/* Setting of a name, or SETTING_COUNT. */
enum setting_id setting_find(const char *name);

/* Whether the configuration file may hold it. */
bool setting_in_file(enum setting_id id);

/*
 * Take a value, unless a higher source has set it. where names its origin in
 * the message that a value of the wrong form gives. Returns false after it.
 */
bool settings_set(struct settings *settings, enum setting_id id, const char *text,
                  enum setting_source source, const char *where);

/* Take all environment variables that are set and not empty. */
bool settings_from_environment(struct settings *settings);

const char *settings_text(const struct settings *settings, enum setting_id id);
bool settings_flag(const struct settings *settings, enum setting_id id);
int64_t settings_number(const struct settings *settings, enum setting_id id);

/* Cleanse and free all values. */
void settings_free(struct settings *settings);

/* A whole number within bounds and nothing else. */
bool parse_number(const char *text, int64_t low, int64_t high, int64_t *number);

/* Whether text is one of the words of a list with commas between. */
bool is_choice(const char *choices, const char *text);

#endif
