/* The time of a Date header: the one form that senders may use, and nothing that looks like it. */
#include "lib/base/clock.h"
#include "support/check.h"

static void dates(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {
        {"Tue, 01 May 2018 12:00:00 GMT", 1525176000},
        {"Sat, 01 Jan 2000 00:00:00 GMT", 946684800},
        {"Tue, 29 Feb 2000 23:59:59 GMT", 951868799},
        {"Sat, 31 Dec 2016 23:59:60 GMT", 1483228800}, /* a leap second */
        {"Mon, 30 Nov 2026 02:05:26 GMT", 1796004326},
        {"Fri, 31 Dec 9999 23:59:59 GMT", 253402300799},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(bacm_http_date_ms(cases[i].text), cases[i].seconds * 1000);
}

static void no_dates(void **state)
{
    static const char *const texts[] = {
        "",
        "now",
        "1525176000",
        "2018-05-01T12:00:00Z",
        "Tuesday, 01-May-18 12:00:00 GMT", /* the two old forms of RFC 9110 */
        "Tue May  1 12:00:00 2018",
        "Tue, 01 May 2018 12:00:00",
        "Tue, 01 May 2018 12:00:00 GMT ",
        "Tue, 01 May 2018 12:00:00 GMT, Tue, 01 May 2018 12:00:00 GMT",
        "Tue, 01 May 2018 12:00:00 CET",
        "Tue, 01 May 2018 12:00:00 +0000",
        "Tue,  1 May 2018 12:00:00 GMT",
        "Tue, +1 May 2018 12:00:00 GMT",
        "Tue, 01 may 2018 12:00:00 GMT",
        "Tue, 01 Mai 2018 12:00:00 GMT",
        "Tue, 01 anF 2018 12:00:00 GMT", /* two months, cut */
        "Tue, 00 May 2018 12:00:00 GMT",
        "Thu, 32 May 2018 12:00:00 GMT",
        "Thu, 29 Feb 2018 12:00:00 GMT",
        "Tue, 01 May 2018 24:00:00 GMT",
        "Tue, 01 May 2018 12:60:00 GMT",
        "Tue, 01 May 2018 12:00:61 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT", /* a machine that has lost its time */
        "Tue, 01 May 2018 12:-1:00 GMT",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(bacm_http_date_ms(texts[i]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(dates), cmocka_unit_test(no_dates)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
