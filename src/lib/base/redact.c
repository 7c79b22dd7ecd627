#include "lib/base/redact.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/secrets.h"
#include "lib/base/text.h"

static const char mark[] = "[redacted]";

/* Elements that hold secrets in requests and replies of this service. */
static const char *const secret_elements[] = {
    "AuthenticationToken", "DeveloperToken", "ApplicationToken", "Password", "UserName",
    "SecretAnswer",
};

int bacm_buffer_reserve(struct bacm_buffer *buffer, size_t size)
{
    if (size > SIZE_MAX / 4 || buffer->size > SIZE_MAX / 4)
        return -1;
    if (buffer->capacity - buffer->size < size) {
        size_t capacity = (buffer->size + size) * 2;
        char *moved = malloc(capacity);

        if (!moved)
            return -1;
        if (buffer->size)
            memcpy(moved, buffer->bytes, buffer->size);
        if (buffer->bytes)
            bacm_cleanse(buffer->bytes, buffer->size);
        free(buffer->bytes);
        buffer->bytes = moved;
        buffer->capacity = capacity;
    }
    return 0;
}

int bacm_buffer_add(struct bacm_buffer *buffer, const char *bytes, size_t size)
{
    if (bacm_buffer_reserve(buffer, size) != 0)
        return -1;
    if (size)
        memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size += size;
    return 0;
}

void bacm_buffer_clear(struct bacm_buffer *buffer)
{
    if (buffer->bytes)
        bacm_cleanse(buffer->bytes, buffer->size);
    free(buffer->bytes);
    memset(buffer, 0, sizeof *buffer);
}

/* How XML text may write one character of a secret; "" when only as it is. */
static const char *const *escapes_of(char c)
{
    static const char *const amp[] = {"&amp;", "&#38;", "&#x26;", NULL};
    static const char *const lt[] = {"&lt;", "&#60;", "&#x3C;", "&#x3c;", NULL};
    static const char *const gt[] = {"&gt;", "&#62;", "&#x3E;", "&#x3e;", NULL};
    static const char *const quot[] = {"&quot;", "&#34;", "&#x22;", NULL};
    static const char *const apos[] = {"&apos;", "&#39;", "&#x27;", NULL};
    static const char *const none[] = {NULL};

    switch (c) {
    case '&':
        return amp;
    case '<':
        return lt;
    case '>':
        return gt;
    case '"':
        return quot;
    case '\'':
        return apos;
    default:
        return none;
    }
}

static size_t prefix_length(const char *at, size_t left, const char *prefix)
{
    size_t length = strlen(prefix);

    return length <= left && memcmp(at, prefix, length) == 0 ? length : 0;
}

static int hex_digit(char c)
{
    return isdigit((unsigned char)c)    ? c - '0'
           : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
                                        : -1;
}

/* Bytes of a JSON escape that writes this character; 0 when there is none. */
static size_t json_escape_length(const char *at, size_t left, char c)
{
    if (left >= 2 && at[0] == '\\' && at[1] == c && strchr("\"\\/", c))
        return 2;
    if (left < 6 || at[0] != '\\' || at[1] != 'u' || at[2] != '0' || at[3] != '0')
        return 0;
    return hex_digit(at[4]) * 16 + hex_digit(at[5]) == (unsigned char)c ? 6 : 0;
}

/* Bytes at the start of message that write this secret, escaped where XML or JSON has it so; or 0.
 */
static size_t match_escaped(const char *message, size_t left, const char *secret)
{
    size_t used = 0;

    for (const char *p = secret; *p; p++) {
        size_t step = json_escape_length(message + used, left - used, *p);

        for (const char *const *escape = escapes_of(*p); *escape && !step; escape++)
            step = prefix_length(message + used, left - used, *escape);
        if (!step && used < left && message[used] == *p)
            step = 1;
        if (!step)
            return 0;
        used += step;
    }
    return used;
}

/* Most bytes begin neither the secret nor an escape of its first character. */
static bool may_begin(char c, const char *secret)
{
    return secret && (c == *secret || c == '&' || c == '\\');
}

/* Bytes at the start of message that write this secret; 0 when they do not. */
static size_t match_secret(const char *message, size_t left, const char *secret)
{
    size_t used = match_escaped(message, left, secret);

    /* One that looks as if it were escaped itself. */
    return !used && message[0] == secret[0] ? prefix_length(message, left, secret) : used;
}

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.' || (unsigned char)c > 0x7F;
}

static bool is_secret_name(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof secret_elements / sizeof secret_elements[0]; i++) {
        if (strlen(secret_elements[i]) == length && memcmp(secret_elements[i], name, length) == 0)
            return true;
    }
    return false;
}

static size_t skip_blanks(const char *message, size_t at, size_t left)
{
    while (at < left && message[at] && strchr(" \t\r\n", message[at]))
        at++;
    return at;
}

/* Bytes of the name of a secret member of a JSON object up to its text at message; or 0. */
static size_t match_member(const char *message, size_t left)
{
    size_t at = 1;

    if (left < 2 || message[0] != '"')
        return 0;
    while (at < left && is_name_byte(message[at]))
        at++;
    if (at == left || message[at] != '"' || !is_secret_name(message + 1, at - 1))
        return 0;
    at = skip_blanks(message, at + 1, left);
    if (at == left || message[at] != ':')
        return 0;
    at = skip_blanks(message, at + 1, left);
    return at < left && message[at] == '"' ? at + 1 : 0;
}

/* Bytes of a text in JSON. */
static size_t member_length(const char *contents, size_t left)
{
    size_t length = 0;

    while (length < left && contents[length] != '"')
        length += contents[length] == '\\' && length + 1 < left ? 2 : 1;
    return length;
}

/* Bytes of a start tag of a secret element with contents at message; 0 for anything else. */
static size_t match_start_tag(const char *message, size_t left)
{
    size_t at = 1;
    size_t name = 1;
    size_t length;

    if (left < 2 || message[0] != '<')
        return 0;
    while (at < left && (is_name_byte(message[at]) || message[at] == ':')) {
        if (message[at] == ':')
            name = at + 1;
        at++;
    }
    length = at - name;
    if (!is_secret_name(message + name, length))
        return 0;
    while (at < left && message[at] != '>')
        at++;
    if (at == left || message[at - 1] == '/')
        return 0;
    return at + 1;
}

/* Bytes of what a secret element holds, CDATA and comments included. */
static size_t contents_length(const char *contents, size_t left)
{
    size_t length = 0;

    while (length < left && !prefix_length(contents + length, left - length, "</"))
        length++;
    return length;
}

/* A walk through a message. */
struct walk {
    size_t at;
    size_t contents; /* where those of a secret element begin: its tag is searched, too */
    bool is_member;  /* of a JSON object, not an element */
};

/* Of all secrets the longest: one may be the beginning of another. */
static size_t match_secrets(const char *here, size_t left, const char *const *secrets, size_t count)
{
    size_t longest = 0;

    for (size_t i = 0; i < count; i++) {
        const bool is_possible =
            may_begin(*here, secrets[i]) &&
            strnlen(secrets[i], BACM_LEAST_SECRET_BYTES) == BACM_LEAST_SECRET_BYTES;
        size_t length = is_possible ? match_secret(here, left, secrets[i]) : 0;

        if (length > longest)
            longest = length;
    }
    return longest;
}

/* Go to the next thing to hide: its length; 0 when there is none. */
static size_t find_hidden(struct walk *walk, const char *message, size_t size,
                          const char *const *secrets, size_t count)
{
    for (; walk->at < size; walk->at++) {
        const char *here = message + walk->at;
        size_t left = size - walk->at;
        size_t member = match_member(here, left);
        size_t tag = member ? member : match_start_tag(here, left);
        size_t hidden = 0;

        if (walk->at >= walk->contents) {
            hidden = walk->is_member ? member_length(here, left) : contents_length(here, left);
            walk->contents = SIZE_MAX;
        }
        if (tag) {
            walk->contents = walk->at + tag;
            walk->is_member = member != 0;
        }
        if (!hidden)
            hidden = match_secrets(here, left, secrets, count);
        if (hidden)
            return hidden;
    }
    return 0;
}

int bacm_redact(struct bacm_buffer *out, const char *message, size_t size,
                const char *const *secrets, size_t count)
{
    struct walk walk = {0, SIZE_MAX, false};
    size_t kept = 0; /* start of what is not written yet */
    size_t hidden;

    while ((hidden = find_hidden(&walk, message, size, secrets, count)) > 0) {
        if (bacm_buffer_add(out, message + kept, walk.at - kept) != 0 ||
            bacm_buffer_add(out, mark, sizeof mark - 1) != 0)
            return -1;
        walk.at += hidden;
        kept = walk.at;
    }
    return kept < size ? bacm_buffer_add(out, message + kept, size - kept) : 0;
}

void bacm_redact_text(char *text, size_t capacity, const char *const *secrets, size_t count)
{
    struct bacm_buffer out = {NULL, 0, 0};
    struct walk walk = {0, SIZE_MAX, false};
    size_t size = strlen(text);

    /* Most texts are clean, and need no memory for that. */
    if (!find_hidden(&walk, text, size, secrets, count))
        return;
    if (bacm_redact(&out, text, size, secrets, count) != 0) {
        text[0] = '\0'; /* rather nothing than a secret */
    } else {
        size_t length = out.size < capacity ? out.size : capacity - 1;

        memcpy(text, out.bytes, length);
        text[length] = '\0';
        bacm_text_end_whole(text);
    }
    bacm_buffer_clear(&out);
}
