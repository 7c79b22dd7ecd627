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
#define assert_between(value, least, most)                                                         \
    do {                                                                                           \
        const uintmax_t between_value = (uintmax_t)(value);                                        \
        if (between_value < (uintmax_t)(least) || between_value > (uintmax_t)(most))               \
            fail_msg("%s is %ju, not from %ju to %ju", #value, between_value, (uintmax_t)(least),  \
                     (uintmax_t)(most));                                                           \
    } while (0)

#endif
