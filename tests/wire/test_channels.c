#include "support/fixture.h"

static void adds_one(void **state)
{
    struct fixture *f = *state;

    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(adds_one, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests_name("channels", tests, NULL, NULL);
}
