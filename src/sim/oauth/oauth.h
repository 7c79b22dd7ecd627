/* The authorization server: consent and codes, codes of devices, tokens. */
#ifndef BACM_SIM_OAUTH_OAUTH_H
#define BACM_SIM_OAUTH_OAUTH_H

#include "serve/form.h"
#include "sim/exchange.h"

#define OAUTH_SECRET_SIZE 48

/* A new random secret with a prefix that tells what it is; false without randomness. */
bool oauth_new_secret(const char *prefix, char out[OAUTH_SECRET_SIZE]);

/* SHA-256 as base64url without padding, as PKCE's S256 writes it. */
bool oauth_challenge(const char *verifier, char out[OAUTH_SECRET_SIZE]);

/* Ends all refresh tokens of the sign-in that this one is of; how many. */
int oauth_end_family(struct state *state, const char *refresh_token);

/* Polling for a device's token: its error, or NULL with the user and the scope. */
const char *oauth_device_poll(struct exchange *exchange, const struct form *form, int64_t *user_id);

/* The fields of a posted form; false after the answer to a request that is none. */
bool oauth_read_form(struct exchange *exchange, struct form *form);

/* 400 with an OAuth error, which the log gets as well. */
void oauth_refuse(struct exchange *exchange, const char *error, const char *description);

void oauth_device_answer(struct exchange *exchange);
void oauth_agree_answer(struct exchange *exchange);
void oauth_revoke_answer(struct exchange *exchange);
void oauth_token_answer(struct exchange *exchange);
void oauth_authorize_answer(struct exchange *exchange);

/* Where a native app without a listener ends: the code is read from the address. */
void oauth_desktop_answer(struct exchange *exchange);

#endif
