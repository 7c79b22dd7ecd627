/* Names and kinds of statuses, and which one may be asked for from which. */
#include <string.h>

#include <bacm/links.h>

#include "support/check.h"

static void names(void **state)
{
    (void)state;
    for (int i = BACM_LINK_STATUS_UNKNOWN + 1; i < BACM_LINK_STATUS_END_; i++) {
        const char *name = bacm_link_status_text((bacm_link_status)i);

        assert_true(name[0] != '\0');
        assert_int_equal(bacm_link_status_parse(name), i);
    }
    assert_int_equal(BACM_LINK_STATUS_END_ - BACM_LINK_STATUS_UNKNOWN - 1, 14);
    assert_string_equal(bacm_link_status_text(BACM_STATUS_UNLINK_IN_PROGRESS), "UnlinkInProgress");
    assert_int_equal(bacm_link_status_parse("Active"), BACM_STATUS_ACTIVE);
    assert_int_equal(bacm_link_status_parse(NULL), BACM_LINK_STATUS_ABSENT);
    assert_int_equal(bacm_link_status_parse(""), BACM_LINK_STATUS_ABSENT);
    assert_int_equal(bacm_link_status_parse("active"), BACM_LINK_STATUS_UNKNOWN);
    assert_int_equal(bacm_link_status_parse("Active "), BACM_LINK_STATUS_UNKNOWN);
    assert_int_equal(bacm_link_status_parse("unknown"), BACM_LINK_STATUS_UNKNOWN);
    assert_string_equal(bacm_link_status_text(BACM_LINK_STATUS_ABSENT), "");
    assert_string_equal(bacm_link_status_text((bacm_link_status)99), "unknown");
    assert_string_equal(bacm_link_status_text((bacm_link_status)-1), "unknown");
}

static const struct {
    bacm_link_status status;
    bacm_status_kind kind;
    bool blocks;
} kinds[] = {
    {BACM_LINK_STATUS_ABSENT, BACM_KIND_UNKNOWN, false},
    {BACM_LINK_STATUS_UNKNOWN, BACM_KIND_UNKNOWN, true},
    {BACM_STATUS_LINK_PENDING, BACM_KIND_WAITING, true},
    {BACM_STATUS_LINK_CANCELED, BACM_KIND_END, false},
    {BACM_STATUS_LINK_EXPIRED, BACM_KIND_END, false},
    {BACM_STATUS_LINK_ACCEPTED, BACM_KIND_ASYNCHRONOUS, true},
    {BACM_STATUS_LINK_DECLINED, BACM_KIND_END, false},
    {BACM_STATUS_LINK_IN_PROGRESS, BACM_KIND_ASYNCHRONOUS, true},
    {BACM_STATUS_ACTIVE, BACM_KIND_STABLE, true},
    {BACM_STATUS_LINK_FAILED, BACM_KIND_END, false},
    {BACM_STATUS_UNLINK_REQUESTED, BACM_KIND_ASYNCHRONOUS, true},
    {BACM_STATUS_UNLINK_PENDING, BACM_KIND_ASYNCHRONOUS, true},
    {BACM_STATUS_UNLINK_CANCELED, BACM_KIND_UNKNOWN, true},
    {BACM_STATUS_UNLINK_IN_PROGRESS, BACM_KIND_ASYNCHRONOUS, true},
    {BACM_STATUS_INACTIVE, BACM_KIND_END, false},
    {BACM_STATUS_UNLINK_FAILED, BACM_KIND_ASYNCHRONOUS, true},
};

static void kind_of_each(void **state)
{
    (void)state;
    assert_int_equal(COUNT(kinds), BACM_LINK_STATUS_END_);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        assert_int_equal(kinds[i].status, i);
        assert_int_equal(bacm_link_status_kind(kinds[i].status), kinds[i].kind);
        assert_int_equal(bacm_link_status_blocks_invitation(kinds[i].status), kinds[i].blocks);
    }
}

static bool is_allowed(bacm_side side, bacm_link_status from, bacm_link_status to)
{
    static const struct {
        bacm_side side;
        bacm_link_status from;
        bacm_link_status to;
    } allowed[] = {
        {BACM_SIDE_AGENCY, BACM_STATUS_LINK_PENDING, BACM_STATUS_LINK_CANCELED},
        {BACM_SIDE_AGENCY, BACM_STATUS_ACTIVE, BACM_STATUS_UNLINK_REQUESTED},
        {BACM_SIDE_CLIENT, BACM_STATUS_LINK_PENDING, BACM_STATUS_LINK_ACCEPTED},
        {BACM_SIDE_CLIENT, BACM_STATUS_LINK_PENDING, BACM_STATUS_LINK_DECLINED},
    };

    for (size_t i = 0; i < COUNT(allowed); i++) {
        if (allowed[i].side == side && allowed[i].from == from && allowed[i].to == to)
            return true;
    }
    return false;
}

/* 2 sides, 16 statuses to come from, 16 to go to. */
static void every_transition(void **state)
{
    static const bacm_side sides[] = {BACM_SIDE_AGENCY, BACM_SIDE_CLIENT};
    bacm_error error;

    (void)state;
    for (size_t s = 0; s < COUNT(sides); s++) {
        for (int from = 0; from < BACM_LINK_STATUS_END_; from++) {
            for (int to = 0; to < BACM_LINK_STATUS_END_; to++) {
                bacm_link_status a = (bacm_link_status)from;
                bacm_link_status b = (bacm_link_status)to;
                bool allowed = is_allowed(sides[s], a, b);

                assert_status(bacm_link_transition_check(sides[s], a, b, &error),
                              allowed ? BACM_OK : BACM_E_TRANSITION);
                assert_int_equal(error.message[0] != '\0', !allowed);
                assert_status(bacm_link_transition_check(sides[s], a, b, NULL),
                              allowed ? BACM_OK : BACM_E_TRANSITION);
            }
        }
    }
}

static void refusals_say_what_to_do(void **state)
{
    bacm_error error;

    (void)state;
    bacm_link_transition_check(BACM_SIDE_AGENCY, BACM_STATUS_INACTIVE, BACM_STATUS_UNLINK_REQUESTED,
                               &error);
    assert_non_null(strstr(error.message, "Inactive"));
    assert_non_null(strstr(error.hint, "new invitation"));
    bacm_link_transition_check(BACM_SIDE_AGENCY, BACM_STATUS_UNLINK_PENDING,
                               BACM_STATUS_UNLINK_REQUESTED, &error);
    assert_non_null(strstr(error.hint, "wait"));
    bacm_link_transition_check(BACM_SIDE_CLIENT, BACM_STATUS_ACTIVE, BACM_STATUS_UNLINK_REQUESTED,
                               &error);
    assert_non_null(strstr(error.message, "client cannot ask"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(kind_of_each),
        cmocka_unit_test(every_transition),
        cmocka_unit_test(refusals_say_what_to_do),
    };

    return cmocka_run_group_tests_name("link status", tests, NULL, NULL);
}
