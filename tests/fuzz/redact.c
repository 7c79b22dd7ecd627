/*
 * A secret in a message: of what is left between the marks nothing holds it, as
 * it is or with XML's escapes. The first byte is the length of the secret.
 */
#include "fuzz.h"

#include <string.h>

#include "lib/base/redact.h"

static const char mark[] = "[redacted]";

/* Take back the escapes that XML needs; length of the result. */
static size_t unescape(char *to, const char *from, size_t size)
{
    static const struct {
        const char *escape;
        char c;
    } escapes[] = {{"&amp;", '&'},   {"&lt;", '<'},  {"&gt;", '>'},  {"&quot;", '"'},
                   {"&apos;", '\''}, {"&#38;", '&'}, {"&#60;", '<'}, {"&#x3C;", '<'}};
    size_t used = 0;

    for (size_t i = 0; i < size;) {
        size_t step = 0;

        for (size_t k = 0; k < sizeof escapes / sizeof escapes[0] && !step; k++) {
            size_t length = strlen(escapes[k].escape);

            if (length <= size - i && memcmp(from + i, escapes[k].escape, length) == 0) {
                to[used++] = escapes[k].c;
                step = length;
            }
        }
        if (!step) {
            to[used++] = from[i];
            step = 1;
        }
        i += step;
    }
    return used;
}

static void check_piece(const char *piece, size_t size, const char *secret)
{
    char *plain = malloc(size + 1);

    REQUIRE(plain != NULL);
    REQUIRE(!memmem(piece, size, secret, strlen(secret)));
    /* A secret that looks like an escape is only found as it is. */
    if (!strchr(secret, '&'))
        REQUIRE(!memmem(plain, unescape(plain, piece, size), secret, strlen(secret)));
    free(plain);
}

static void check_pieces(const char *text, size_t size, const char *secret)
{
    const size_t length = sizeof mark - 1;
    const char *end = text + size;

    for (;;) {
        const char *next = memmem(text, (size_t)(end - text), mark, length);

        check_piece(text, (size_t)((next ? next : end) - text), secret);
        if (!next)
            return;
        text = next + length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    size_t length = 1 + fuzz_pick(&input, 24);
    char *secret;
    char *message;
    const char *secrets[3];
    struct bacm_buffer out = {NULL, 0, 0};

    if (length > input.left)
        return 0;
    secret = fuzz_text(input.at, length);
    message = fuzz_text(input.at + length, input.left - length);
    secrets[0] = NULL;
    secrets[1] = secret;
    secrets[2] = "";
    REQUIRE(bacm_redact(&out, message, input.left - length, secrets, 3) == 0);
    if (strlen(secret) >= BACM_LEAST_SECRET_BYTES) {
        if (out.size)
            check_pieces(out.bytes, out.size, secret);
        bacm_redact_text(message, input.left - length + 1, secrets, 3);
        REQUIRE(strlen(message) <= input.left - length);
    }
    bacm_buffer_clear(&out);
    free(secret);
    free(message);
    return 0;
}
