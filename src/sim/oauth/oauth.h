/* The authorization server: consent and codes (oauth_consent.c), tokens (oauth_token.c). */
#ifndef BACM_SIM_OAUTH_OAUTH_H
#define BACM_SIM_OAUTH_OAUTH_H

#include "sim/exchange.h"

#define OAUTH_SECRET_SIZE 48

/* A new random secret with a prefix that tells what it is; false without randomness. */
bool oauth_new_secret(const char *prefix, char out[OAUTH_SECRET_SIZE]);

/* SHA-256 as base64url without padding, as PKCE's S256 writes it. */
bool oauth_challenge(const char *verifier, char out[OAUTH_SECRET_SIZE]);

void oauth_token_answer(struct exchange *exchange);
void oauth_authorize_answer(struct exchange *exchange);

/* Where a native app without a listener ends: the code is read from the address. */
void oauth_desktop_answer(struct exchange *exchange);

#endif
