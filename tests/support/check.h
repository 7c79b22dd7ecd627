/* cmocka, with the headers that it wants before it. */
#ifndef TESTS_SUPPORT_CHECK_H
#define TESTS_SUPPORT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <bacm/error.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Names say more than numbers when a test fails. */
#define assert_status(actual, expected)                                                            \
    assert_string_equal(bacm_status_name(actual), bacm_status_name(expected))

/* cmocka's own has one name before version 2 and another from there on. */
static inline int is_between(uintmax_t value, uintmax_t least, uintmax_t most)
{
    return value >= least && value <= most;
}

#define assert_between(value, least, most)                                                         \
    assert_true(is_between((uintmax_t)(value), (uintmax_t)(least), (uintmax_t)(most)))

#endif
