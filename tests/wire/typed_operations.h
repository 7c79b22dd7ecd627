/*
 * Operations with the generated types: requests as they are given, responses that
 * outlive the client, and the error mapping of all other calls.
 *
 * A file a version includes this, after its header of operations and the macros VERSION,
 * OTHER_API and OPERATION(name), and adds check_roles().
 */
#ifndef TESTS_WIRE_TYPED_OPERATIONS_H
#define TESTS_WIRE_TYPED_OPERATIONS_H

#include <stdlib.h>
#include <string.h>

#include "support/fixture.h"

#define CM "https://bingads.microsoft.com/Customer/v11"

/* Two roles, 203 and 41. */
static void check_roles(const struct _cm__GetUserResponse *response);

static const char *reply_of_user(struct fixture *f)
{
    return user_reply(f, "Active", BACM_ROLE_STANDARD, BACM_ROLE_SUPER_ADMIN);
}

static void check_user(const struct _cm__GetUserResponse *response)
{
    assert_non_null(response);
    assert_string_equal(response->User->UserName, "admin");
    check_roles(response);
}

static void response_outlives_the_client(void **state)
{
    struct fixture *f = *state;
    LONG64 id = 7;
    const struct _cm__GetUserRequest request = {&id};
    const struct _cm__GetUserResponse *first = NULL;
    const struct _cm__GetUserResponse *second = NULL;
    bacm_reply *first_reply = NULL;
    bacm_reply *second_reply = NULL;

    PLAY(f, READ, SEND(reply_of_user(f)), READ, SEND(reply_of_user(f)));
    assert_status(OPERATION(get_user)(&first_reply, &first, f->client, &request, &f->error),
                  BACM_OK);
    assert_status(OPERATION(get_user)(&second_reply, &second, f->client, &request, NULL), BACM_OK);
    assert_non_null(strstr(script_server_request(f->server, 0).body, "UserId>7</"));
    assert_int_equal(script_server_connections(f->server), 1);
    fixture_stop(f);
    check_user(first);
    assert_string_equal(bacm_reply_tracking_id(first_reply), TEST_TRACKING_ID);
    bacm_reply_free(first_reply);
    check_user(second);
    bacm_reply_free(second_reply);
}

static void response_may_not_be_wanted(void **state)
{
    struct fixture *f = *state;
    const struct _cm__GetUserRequest request = {NULL};
    bacm_reply *reply = NULL;

    PLAY(f, READ, SEND(reply_of_user(f)));
    assert_status(OPERATION(get_user)(&reply, NULL, f->client, &request, &f->error), BACM_OK);
    assert_null(strstr(script_server_request(f->server, 0).body, "UserId"));
    bacm_reply_free(reply);
}

static void fault_gives_no_reply(void **state)
{
    struct fixture *f = *state;
    const struct _cm__DeleteAccountRequest request = {NULL, NULL};
    const struct _cm__DeleteAccountResponse *response = NULL;
    bacm_reply *reply = NULL;

    PLAY(f, READ,
         SEND(fault_reply(
             f, 500,
             "<detail><AdApiFaultDetail xmlns=\"https://adapi.microsoft.com\"><Errors>"
             "<AdApiError><Code>106</Code><ErrorCode>UserIsNotAuthorized</ErrorCode>"
             "<Message>m</Message></AdApiError></Errors></AdApiFaultDetail></detail>")));
    assert_status(OPERATION(delete_account)(&reply, &response, f->client, &request, &f->error),
                  BACM_E_AUTHORIZATION);
    assert_null(reply);
    assert_null(response);
    assert_string_equal(f->error.symbol, "UserIsNotAuthorized");
}

/* A change whose reply is lost may have been made; a read is only a failure. */
static void lost_reply(void **state)
{
    struct fixture *f = *state;
    const struct _cm__DeleteAccountRequest change = {NULL, NULL};
    const struct _cm__GetUserRequest look = {NULL};
    bacm_reply *reply = NULL;

    PLAY(f, READ, CLOSE, READ, CLOSE);
    assert_status(OPERATION(delete_account)(&reply, NULL, f->client, &change, &f->error),
                  BACM_E_UNKNOWN_OUTCOME);
    assert_null(reply);
    assert_status(OPERATION(get_user)(&reply, NULL, f->client, &look, &f->error), BACM_E_NETWORK);
    assert_null(reply);
}

static void arguments_that_are_null(void **state)
{
    struct fixture *f = *state;
    const struct _cm__GetUserRequest request = {NULL};
    bacm_reply *reply = NULL;

    PLAY(f, READ);
    assert_status(OPERATION(get_user)(NULL, NULL, f->client, &request, &f->error), BACM_E_ARGUMENT);
    assert_status(OPERATION(get_user)(&reply, NULL, NULL, &request, &f->error), BACM_E_ARGUMENT);
    assert_status(OPERATION(get_user)(&reply, NULL, f->client, NULL, &f->error), BACM_E_ARGUMENT);
    assert_int_equal(script_server_requests(f->server), 0);
    assert_string_equal(bacm_reply_tracking_id(NULL), "");
    bacm_reply_free(NULL);
}

/* Its request and the client's version would not agree on a single byte. */
static void client_of_another_version(void **state)
{
    struct fixture *f = *state;
    const struct _cm__GetUserRequest request = {NULL};
    const struct _cm__GetUserResponse *response = NULL;
    bacm_reply *reply = NULL;

    f->options.api = OTHER_API;
    PLAY(f, READ);
    assert_status(OPERATION(get_user)(&reply, &response, f->client, &request, &f->error),
                  BACM_E_ARGUMENT);
    assert_non_null(strstr(f->error.message, bacm_client_version(f->client)));
    assert_null(reply);
    assert_null(response);
    assert_int_equal(script_server_requests(f->server), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(client_of_another_version),
        TEST(response_outlives_the_client),
        TEST(response_may_not_be_wanted),
        TEST(fault_gives_no_reply),
        TEST(lost_reply),
        TEST(arguments_that_are_null),
    };

    assert_int_equal(setenv("TEST_API", VERSION, 1), 0);
    return cmocka_run_group_tests_name("typed operations", tests, NULL, NULL);
}

#endif
