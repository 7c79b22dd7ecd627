#include "cli/login/token_file.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "cli/terminal/message.h"

char *token_file_value(char *text, size_t size, const char *name)
{
    const size_t length = strlen(name);
    char *end = text + size;

    while (text < end) {
        char *line_end = text + strcspn(text, "\n");

        if (strncmp(text, name, length) == 0 && strncmp(text + length, " = ", 3) == 0) {
            *line_end = '\0';
            return text + length + 3;
        }
        text = line_end + 1;
    }
    return NULL;
}

bool token_digest(const void *bytes, size_t size, char text[TOKEN_DIGEST_BYTES])
{
    unsigned char digest[EVP_MAX_MD_SIZE];

    if (EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL) != 1) {
        message_error("out of memory");
        return false;
    }
    for (size_t i = 0; i < (TOKEN_DIGEST_BYTES - 1) / 2; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return true;
}
