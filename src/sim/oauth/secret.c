#include "sim/oauth/oauth.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

static void base64url(const unsigned char *data, int length, char out[OAUTH_SECRET_SIZE])
{
    EVP_EncodeBlock((unsigned char *)out, data, length);
    for (char *at = out; *at; at++) {
        if (*at == '+')
            *at = '-';
        else if (*at == '/')
            *at = '_';
        else if (*at == '=')
            *at = '\0';
    }
}

bool oauth_new_secret(const char *prefix, char out[OAUTH_SECRET_SIZE])
{
    unsigned char random[24];
    char text[OAUTH_SECRET_SIZE];
    if (RAND_bytes(random, sizeof random) != 1)
        return false;
    base64url(random, sizeof random, text);
    snprintf(out, OAUTH_SECRET_SIZE, "%.8s%.36s", prefix, text);
    return true;
}

bool oauth_challenge(const char *verifier, char out[OAUTH_SECRET_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (EVP_Digest(verifier, strlen(verifier), digest, &length, EVP_sha256(), NULL) != 1)
        return false;
    base64url(digest, (int)length, out);
    return true;
}
