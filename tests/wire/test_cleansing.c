/*
 * Memory that held a secret is cleansed before it is given back: every block that
 * the library frees is looked through, the engine's too. As in test_memory.c, this
 * needs the library as users have it.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bacm/operation.h>

#include "support/fixture.h"

#define CM "https://bingads.microsoft.com/Customer/v11"

#define OLD_REFRESH "OLD-REFRESH-0123456789"
#define NEW_REFRESH "NEW-REFRESH-0123456789"
#define NEW_ACCESS  "NEW-ACCESS-0123456789"

/* The part of the access token that looks the same in XML. */
static const char access_part[] = "EwBwA8l6BAAURSN/FHlDW5xN74t6GzbtsBBeBUYAAY";

/* --- an allocator that looks --------------------------------------------------------- */

struct head {
    size_t size;
    max_align_t contents[];
};

static atomic_uint leaks;
static atomic_uint frees;
static char first_leak[64];

static void *take(size_t size, void *user)
{
    struct head *head = calloc(1, sizeof *head + size); /* all of it will be looked at */

    (void)user;
    if (!head)
        return NULL;
    head->size = size;
    /* cppcheck-suppress memleak; head_of() finds it again */
    return head->contents;
}

static struct head *head_of(void *memory)
{
    return (struct head *)((char *)memory - sizeof(struct head));
}

static void look_for(const struct head *head, const char *secret)
{
    if (!memmem(head->contents, head->size, secret, strlen(secret)))
        return;
    if (atomic_fetch_add(&leaks, 1) == 0)
        snprintf(first_leak, sizeof first_leak, "%.8s... in %zu bytes", secret, head->size);
}

static void give(void *memory, void *user)
{
    struct head *head = memory ? head_of(memory) : NULL;

    (void)user;
    if (!head)
        return;
    atomic_fetch_add(&frees, 1);
    look_for(head, TEST_DEVELOPER_TOKEN);
    look_for(head, access_part);
    look_for(head, NEW_ACCESS);
    look_for(head, NEW_REFRESH);
    look_for(head, OLD_REFRESH);
    free(head);
}

static void *again(void *memory, size_t size, void *user)
{
    void *moved = take(size, user);

    if (moved && memory) {
        size_t old = head_of(memory)->size;

        memcpy(moved, memory, old < size ? old : size);
        give(memory, user);
    }
    return moved;
}

static void check_clean(unsigned frees_before)
{
    assert_true(atomic_load(&frees) > frees_before + 20);
    if (atomic_load(&leaks))
        fail_msg("%u blocks were freed with a secret in them, first %s", atomic_load(&leaks),
                 first_leak);
}

static int setup(void **state)
{
    atomic_store(&leaks, 0);
    return fixture_setup(state);
}

static void drop_trace(bacm_trace_kind kind, const char *data, size_t size, void *user)
{
    (void)kind;
    (void)data;
    (void)size;
    (void)user;
}

/* --- tests ------------------------------------------------------------------------------ */

static void allocator_finds_a_secret(void **state)
{
    char *text = bacm_strdup("x" TEST_DEVELOPER_TOKEN "y");

    (void)state;
    assert_non_null(text);
    bacm_free(text);
    assert_int_equal(atomic_load(&leaks), 1);
}

static void after_a_call(void **state)
{
    struct fixture *f = *state;
    unsigned before = atomic_load(&frees);

    PLAY(f, READ, SEND(added_reply(f)), READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
    assert_status(add_one(f), BACM_OK);
    fixture_stop(f);
    check_clean(before);
}

static void after_a_traced_call(void **state)
{
    struct fixture *f = *state;
    unsigned before = atomic_load(&frees);

    f->options.trace = drop_trace;
    PLAY(f, READ, SEND(added_reply(f)));
    assert_status(add_one(f), BACM_OK);
    fixture_stop(f);
    check_clean(before);
}

static void after_a_failed_call(void **state)
{
    struct fixture *f = *state;
    unsigned before = atomic_load(&frees);

    PLAY(f, READ, SEND("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<s:Env"), CLOSE);
    assert_status(add_one(f), BACM_E_UNKNOWN_OUTCOME);
    fixture_stop(f);
    check_clean(before);
}

static void after_an_xml_call(void **state)
{
    char request[] = "<GetUserRequest xmlns=\"" CM "\"/>";
    struct fixture *f = *state;
    unsigned before = atomic_load(&frees);
    char *out = NULL;

    test_translate(request, sizeof request);
    PLAY(f, READ,
         SEND(soap_reply(f, "<GetUserResponse xmlns=\"" CM "\"><User/></GetUserResponse>")));
    assert_status(
        bacm_operation_call_xml(&out, f->client, "GetUser", request, sizeof request - 1, &f->error),
        BACM_OK);
    bacm_text_free(out);
    fixture_stop(f);
    check_clean(before);
}

/* Old and new tokens of the token endpoint, in its reply and in what was made of it. */
static void after_a_renewed_token(void **state)
{
    struct fixture *f = *state;
    bacm_oauth_options oauth = BACM_OAUTH_OPTIONS_INIT;
    const unsigned before = atomic_load(&frees);
    const char *reply = http_reply(f, 200, "application/json",
                                   "{\"access_token\":\"" NEW_ACCESS "\",\"refresh_token\":"
                                   "\"" NEW_REFRESH "\",\"expires_in\":3600}");
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_user *user = NULL;
    char url[64];

    PLAY(f, READ, SEND(reply), CLOSE, READ,
         SEND(soap_reply(f, "<GetUserResponse xmlns=\"" CM "\"><User/></GetUserResponse>")));
    snprintf(url, sizeof url, "http://127.0.0.1:%d/token", script_server_port(f->server));
    oauth.platform = test_oauth_platform();
    oauth.token_url = url;
    oauth.ca_file = fixture_ca_file();
    oauth.client_id = "an-app";
    oauth.refresh_token = OLD_REFRESH;
    assert_status(bacm_credentials_new_oauth(&credentials, TEST_DEVELOPER_TOKEN, &oauth, &f->error),
                  BACM_OK);
    f->options.endpoint = url;
    assert_status(bacm_client_new(&client, &f->options, credentials, &f->error), BACM_OK);
    assert_status(bacm_get_user(&user, client, 0, &f->error), BACM_OK);
    bacm_user_free(user);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    fixture_stop(f);
    check_clean(before);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int main(void)
{
    const bacm_allocator allocator = {sizeof allocator, take, again, give, NULL};
    const struct CMUnitTest tests[] = {
        TEST(allocator_finds_a_secret), TEST(after_a_call),      TEST(after_a_traced_call),
        TEST(after_a_failed_call),      TEST(after_an_xml_call), TEST(after_a_renewed_token),
    };

    if (bacm_set_allocator(&allocator) != BACM_OK)
        return 1;
    return cmocka_run_group_tests_name("cleansing", tests, NULL, NULL);
}
