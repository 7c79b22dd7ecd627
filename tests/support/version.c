#include "support/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/check.h"

bool test_is_v13(void)
{
    return test_api() != bacm_api_v11;
}

bool test_is_rest(void)
{
    return test_api() == bacm_api_v13_rest;
}

bacm_oauth_platform test_oauth_platform(void)
{
    return test_is_v13() ? BACM_OAUTH_IDENTITY : BACM_OAUTH_LIVE;
}

bacm_api *test_api(void)
{
    return strcmp(test_version(), "v13-rest") == 0 ? bacm_api_v13_rest
           : strcmp(test_version(), "v13") == 0    ? bacm_api_v13
                                                   : bacm_api_v11;
}

const char *test_version(void)
{
    const char *name = getenv("TEST_API");

    if (!name || strcmp(name, "v11") == 0)
        return "v11";
    if (strcmp(name, "v13-rest") == 0)
        return "v13-rest";
    if (strcmp(name, "v13") != 0)
        fail_msg("TEST_API is %s, neither v11, v13 nor v13-rest", name);
    return "v13";
}

static void replace_all(char *text, size_t size, const char *from, const char *to)
{
    const size_t length = strlen(from);
    char *end = text + size;

    assert_int_equal(length, strlen(to));
    for (char *at = text; (at = memmem(at, (size_t)(end - at), from, length)); at += length)
        memcpy(at, to, length);
}

void test_translate(char *text, size_t size)
{
    static const char *const words[][2] = {
        {"Customer/v11", "Customer/v13"},
        {"ClientAccountId>", "ClientEntityId >"},
        {"ClientAccountId ", "ClientEntityId  "},
        {"ClientAccountId/", "ClientEntityId /"},
        {"ClientAccountNumber>", "ClientEntityNumber >"},
        {"ClientAccountNumber ", "ClientEntityNumber  "},
        {"ClientAccountNumber/", "ClientEntityNumber /"},
    };

    if (!test_is_v13())
        return;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        replace_all(text, size, words[i][0], words[i][1]);
}

char *test_translated_tags(const char *text)
{
    char *copy = strdup(text);
    char *to = copy;

    assert_non_null(copy);
    test_translate(copy, strlen(copy));
    for (const char *from = copy; *from; from++) {
        bool is_padding = from[0] == ' ' && (from[1] == '>' || strncmp(from + 1, "/>", 2) == 0);

        if (!is_padding)
            *to++ = *from;
    }
    *to = '\0';
    return copy;
}
