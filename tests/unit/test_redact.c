/* Secrets are replaced, in every way that XML can write them. */
#include <stdio.h>
#include <string.h>

#include "lib/base/redact.h"
#include "support/check.h"

static const char *const secrets[] = {"dev<to&ken", NULL, "", "s'e\"cr>et", "short", "shorter"};

static void check(const char *message, const char *expected)
{
    struct bacm_buffer out = {NULL, 0, 0};
    char text[512];

    assert_int_equal(bacm_redact(&out, message, strlen(message), secrets, COUNT(secrets)), 0);
    assert_int_equal(bacm_buffer_add(&out, "", 1), 0);
    assert_string_equal(out.bytes, expected);
    bacm_buffer_clear(&out);
    strcpy(text, message);
    bacm_redact_text(text, sizeof text, secrets, COUNT(secrets));
    assert_string_equal(text, expected);
}

static void values(void **state)
{
    (void)state;
    check("", "");
    check("nothing here", "nothing here");
    check("dev<to&ken", "[redacted]");
    check("a dev<to&ken b", "a [redacted] b");
    check("dev<to&kendev<to&ken", "[redacted][redacted]");
    check("dev&lt;to&amp;ken", "[redacted]");
    check("dev&#60;to&#38;ken", "[redacted]");
    check("dev&#x3c;to&#x26;ken", "[redacted]");
    check("dev&#x3C;to&ken", "[redacted]");
    check("s&apos;e&quot;cr&gt;et", "[redacted]");
    check("s&#39;e&#34;cr&#62;et", "[redacted]");
    check("s&#x27;e&#x22;cr&#x3e;et", "[redacted]");
    check("dev<to&ke", "dev<to&ke");
    check("ddev<to&ken", "d[redacted]");
    check("short shorter shortest", "[redacted] [redacted] [redacted]est");
}

/* What is that short is no token, and stands in every word. */
static void short_values(void **state)
{
    const char *const few[] = {"T", "ab", "abc", "abcd"};
    char text[64] = "HTTP: a table of abc and abcd";

    (void)state;
    bacm_redact_text(text, sizeof text, few, COUNT(few));
    assert_string_equal(text, "HTTP: a table of abc and [redacted]");
}

static void elements(void **state)
{
    (void)state;
    check("<DeveloperToken>x</DeveloperToken>", "<DeveloperToken>[redacted]</DeveloperToken>");
    check("<cm:Password a='b'>x y</cm:Password>", "<cm:Password a='b'>[redacted]</cm:Password>");
    check("<a:SecretAnswer><![CDATA[<b>]]></a:SecretAnswer>",
          "<a:SecretAnswer>[redacted]</a:SecretAnswer>");
    check("<UserName/><b>x</b>", "<UserName/><b>x</b>");
    check("<UserName /><b>x</b>", "<UserName /><b>x</b>");
    check("<UserName></UserName>", "<UserName></UserName>");
    check("<UserNames>x</UserNames>", "<UserNames>x</UserNames>");
    check("<x:UserName", "<x:UserName");
    check("<AuthenticationToken>cut off", "<AuthenticationToken>[redacted]");
    check("<ApplicationToken>a</ApplicationToken><b>c</b>",
          "<ApplicationToken>[redacted]</ApplicationToken><b>c</b>");
}

static void capacity(void **state)
{
    const char *const shorter[] = {"abcd"};
    char text[8] = "abcdefg";

    (void)state;
    bacm_redact_text(text, sizeof text, shorter, 1);
    assert_string_equal(text, "[redact");
}

/* A text that becomes longer is cut, and not within a character. */
static void capacity_between_characters(void **state)
{
    static const char *const tails[] = {"\xc3\xbc", "\xe4\xbc\x9a", "\xf0\x9f\x8e\x89"};
    const char *const shorter[] = {"abcd"};

    (void)state;
    for (size_t i = 0; i < COUNT(tails); i++) {
        char text[sizeof "[redacted]" + 1];

        assert_int_equal(snprintf(text, sizeof text, "abcd%s", tails[i]), 4 + strlen(tails[i]));
        bacm_redact_text(text, sizeof text, shorter, 1);
        assert_string_equal(text, "[redacted]");
    }
}

static void buffers(void **state)
{
    struct bacm_buffer buffer = {NULL, 0, 0};
    char expected[5000];

    (void)state;
    for (size_t i = 0; i < sizeof expected; i++) {
        expected[i] = (char)('a' + i % 26);
        assert_int_equal(bacm_buffer_add(&buffer, &expected[i], 1), 0);
    }
    assert_int_equal(buffer.size, sizeof expected);
    assert_memory_equal(buffer.bytes, expected, sizeof expected);
    assert_int_equal(bacm_buffer_add(&buffer, expected, SIZE_MAX / 2), -1);
    assert_int_equal(buffer.size, sizeof expected);
    bacm_buffer_clear(&buffer);
    assert_null(buffer.bytes);
    assert_int_equal(buffer.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(short_values),
        cmocka_unit_test(elements),
        cmocka_unit_test(capacity),
        cmocka_unit_test(capacity_between_characters),
        cmocka_unit_test(buffers),
    };

    return cmocka_run_group_tests_name("redact", tests, NULL, NULL);
}
