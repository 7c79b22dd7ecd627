/* Texts from outside: what XML can carry, and copies that always end. */
#include <string.h>

#include "lib/base/text.h"
#include "support/check.h"

static void checks(void **state)
{
    static const struct {
        const char *text;
        enum bacm_text_fault fault;
        size_t offset;
        size_t characters;
    } cases[] = {
        {"", BACM_TEXT_OK, 0, 0},
        {"plain text of some length, long enough for words", BACM_TEXT_OK, 48, 48},
        {"\xc3\xbc\xe4\xbc\x9a\xf0\x9f\x8e\x89", BACM_TEXT_OK, 9, 3},
        {"\t\n\r", BACM_TEXT_OK, 3, 3},
        {"\xed\x9f\xbf\xee\x80\x80", BACM_TEXT_OK, 6, 2}, /* beside the surrogates */
        {"\xf4\x8f\xbf\xbf", BACM_TEXT_OK, 4, 1},
        {"abcdefghijklmnop\x01", BACM_TEXT_NOT_XML, 16, 16},
        {"\x1f", BACM_TEXT_NOT_XML, 0, 0},
        {"\xef\xbf\xbe", BACM_TEXT_NOT_XML, 0, 0},
        {"abcdefgh\xff", BACM_TEXT_NOT_UTF8, 8, 8},
        {"\xc3\xbc\xc3", BACM_TEXT_NOT_UTF8, 2, 1},
        {"\xc1\xbf", BACM_TEXT_NOT_UTF8, 0, 0},
        {"\xe0\x9f\xbf", BACM_TEXT_NOT_UTF8, 0, 0},
        {"\xf0\x8f\xbf\xbf", BACM_TEXT_NOT_UTF8, 0, 0},
        {"\xed\xbf\xbf", BACM_TEXT_NOT_UTF8, 0, 0},
        {"\xf5\x80\x80\x80", BACM_TEXT_NOT_UTF8, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t offset = 99;
        size_t characters = 99;

        assert_int_equal(bacm_text_check(cases[i].text, &offset, &characters), cases[i].fault);
        assert_int_equal(offset, cases[i].offset);
        assert_int_equal(characters, cases[i].characters);
        assert_int_equal(bacm_text_check(cases[i].text, NULL, NULL), cases[i].fault);
    }
}

static void lines(void **state)
{
    static const struct {
        const char *text;
        const char *line;
    } cases[] = {
        {NULL, ""},
        {"", ""},
        {" \r\n\t ", ""},
        {"one\r\n  two\tthree ", "one two three"},
        {"a\x1b[31mred", "a [31mred"},
        {"bad \xff\xfe bytes", "bad bytes"},
        {"C1 \xc2\x9b control", "C1 control"},
        {"\xc3\xbc", "\xc3\xbc"},
    };
    char buffer[64];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        bacm_text_line(buffer, sizeof buffer, cases[i].text);
        assert_string_equal(buffer, cases[i].line);
    }
}

/* Every size of buffer: within it, ended, and no character cut. */
static void cuts(void **state)
{
    static const char text[] = "a\xc3\xbc b\xe4\xbc\x9a c\xf0\x9f\x8e\x89";

    (void)state;
    for (size_t size = 0; size <= sizeof text + 2; size++) {
        char buffer[64];

        memset(buffer, '#', sizeof buffer);
        bacm_text_line(buffer, size, text);
        assert_int_equal(buffer[size], '#');
        if (!size)
            continue;
        assert_non_null(memchr(buffer, '\0', size));
        assert_int_equal(bacm_text_check(buffer, NULL, NULL), BACM_TEXT_OK);
        assert_int_equal(strncmp(text, buffer, strlen(buffer)), 0);
    }
}

static void times(void **state)
{
    char buffer[24];
    char small[8];

    (void)state;
    bacm_text_now(buffer, sizeof buffer);
    assert_int_equal(strlen(buffer), 20);
    assert_int_equal(buffer[10], 'T');
    assert_int_equal(buffer[19], 'Z');
    bacm_text_now(small, sizeof small);
    assert_string_equal(small, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks),
        cmocka_unit_test(lines),
        cmocka_unit_test(cuts),
        cmocka_unit_test(times),
    };

    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
