/*
 * Names are looked up within a time. This program has a getaddrinfo() of its own: a
 * name server of "silent.example" answers when the test lets it, the rest is the C library's.
 */
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/connection.h"
#include "lib/resolve.h"
#include "support/fixture.h"

#define LONG_MS  20000
#define SHORT_MS 60

typedef int getaddrinfo_function(const char *, const char *, const struct addrinfo *,
                                 struct addrinfo **);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool server_is_silent;
static int asking;    /* lookups of names that are under way */
static int questions; /* of names, since the start of the test */

static getaddrinfo_function *real_getaddrinfo(void)
{
    getaddrinfo_function *function;
    void *found = dlsym(RTLD_NEXT, "getaddrinfo");

    assert_non_null(found);
    memcpy(&function, &found, sizeof function);
    return function;
}

static bool is_name(const struct addrinfo *hints)
{
    return !(hints->ai_flags & AI_NUMERICHOST);
}

static void begin_question(void)
{
    pthread_mutex_lock(&lock);
    questions++;
    asking++;
    while (server_is_silent)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static void end_question(void)
{
    pthread_mutex_lock(&lock);
    asking--;
    pthread_mutex_unlock(&lock);
}

int getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
                struct addrinfo **found)
{
    int failed;

    if (!is_name(hints))
        return real_getaddrinfo()(host, port, hints, found);
    begin_question();
    if (strcmp(host, "silent.example") == 0)
        failed = real_getaddrinfo()("127.0.0.1", port, hints, found);
    else if (strcmp(host, "memory.example") == 0)
        failed = EAI_MEMORY;
    else if (strcmp(host, "system.example") == 0) {
        errno = EMFILE;
        failed = EAI_SYSTEM;
    } else
        failed = real_getaddrinfo()(host, port, hints, found);
    end_question();
    return failed;
}

static void let_server(bool be_silent)
{
    pthread_mutex_lock(&lock);
    server_is_silent = be_silent;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static int questions_under_way(void)
{
    int count;

    pthread_mutex_lock(&lock);
    count = asking;
    pthread_mutex_unlock(&lock);
    return count;
}

static enum bacm_resolve_result look_up(const char *host, int time_ms,
                                        struct bacm_resolved *resolved)
{
    return bacm_resolve(host, "443", bacm_monotonic_ms() + time_ms, resolved);
}

static void release(struct bacm_resolved *resolved)
{
    freeaddrinfo(resolved->addresses);
}

/* Let the server answer, until the library knows of no lookup that nobody waits for. */
static void answer_all(void)
{
    const struct timespec pause = {0, 5 * 1000 * 1000};
    struct bacm_resolved resolved;
    enum bacm_resolve_result result;

    let_server(false);
    while (questions_under_way())
        nanosleep(&pause, NULL);
    while ((result = look_up("silent.example", LONG_MS, &resolved)) == BACM_RESOLVE_TOO_MANY)
        nanosleep(&pause, NULL);
    assert_int_equal(result, BACM_RESOLVE_FOUND);
    release(&resolved);
    nanosleep(&(struct timespec){0, 100 * 1000 * 1000}, NULL); /* the threads end */
}

static int start_test(void **state)
{
    (void)state;
    let_server(false);
    questions = 0;
    return 0;
}

static void addresses_need_no_thread(void **state)
{
    static const char *const addresses[] = {"127.0.0.1", "::1", "2001:db8::5"};

    (void)state;
    let_server(true);
    for (size_t i = 0; i < COUNT(addresses); i++) {
        struct bacm_resolved resolved;

        assert_int_equal(look_up(addresses[i], 0, &resolved), BACM_RESOLVE_FOUND);
        assert_non_null(resolved.addresses);
        assert_int_equal(resolved.addresses->ai_socktype, SOCK_STREAM);
        release(&resolved);
    }
    assert_int_equal(questions, 0);
}

static void names_are_found(void **state)
{
    struct bacm_resolved resolved;

    (void)state;
    assert_int_equal(look_up("localhost", LONG_MS, &resolved), BACM_RESOLVE_FOUND);
    assert_non_null(resolved.addresses);
    assert_int_equal(questions, 1);
    release(&resolved);
}

static void failures_have_the_words_of_the_system(void **state)
{
    struct bacm_resolved resolved;

    (void)state;
    assert_int_equal(look_up("system.example", LONG_MS, &resolved), BACM_RESOLVE_FAILED);
    assert_null(resolved.addresses);
    assert_string_equal(resolved.reason, strerror(EMFILE));
    assert_int_equal(look_up("memory.example", LONG_MS, &resolved), BACM_RESOLVE_NO_MEMORY);
    assert_int_equal(look_up("a name with spaces", LONG_MS, &resolved), BACM_RESOLVE_FAILED);
    assert_true(resolved.reason[0]);
}

static void silent_server_ends_at_the_limit(void **state)
{
    struct bacm_resolved resolved;
    int64_t begun_ms = bacm_monotonic_ms();

    (void)state;
    let_server(true);
    assert_int_equal(look_up("silent.example", SHORT_MS, &resolved), BACM_RESOLVE_TOO_LATE);
    assert_true(bacm_monotonic_ms() - begun_ms >= SHORT_MS);
    assert_null(resolved.addresses);
    assert_int_equal(questions_under_way(), 1);
    answer_all();
}

/* A name service that hangs for good does not cost a thread for each try. */
static void lookups_that_nobody_waits_for_are_bounded(void **state)
{
    struct bacm_resolved resolved;

    (void)state;
    let_server(true);
    for (int i = 0; i < BACM_RESOLVE_MAX_ABANDONED; i++)
        assert_int_equal(look_up("silent.example", 1, &resolved), BACM_RESOLVE_TOO_LATE);
    assert_int_equal(look_up("silent.example", LONG_MS, &resolved), BACM_RESOLVE_TOO_MANY);
    assert_int_equal(look_up("127.0.0.1", LONG_MS, &resolved), BACM_RESOLVE_FOUND);
    release(&resolved);
    answer_all();
    assert_int_equal(look_up("silent.example", LONG_MS, &resolved), BACM_RESOLVE_FOUND);
    release(&resolved);
}

/* --- in a call ------------------------------------------------------------------- */

static void make_client(struct fixture *f, const char *endpoint)
{
    f->options.endpoint = endpoint;
    f->options.connect_timeout_ms = SHORT_MS;
    f->options.ca_file = fixture_ca_file();
    assert_status(bacm_credentials_new_access_token(&f->credentials, TEST_DEVELOPER_TOKEN,
                                                    TEST_ACCESS_TOKEN, &f->error),
                  BACM_OK);
    assert_status(bacm_client_new(&f->client, &f->options, f->credentials, &f->error), BACM_OK);
}

static void call_to_a_silent_name_server_fails_unsent(void **state)
{
    struct fixture *f = *state;

    make_client(f, "https://silent.example/");
    let_server(true);
    assert_status(get_user(f), BACM_E_RESOLVE);
    assert_non_null(strstr(f->error.message, "the host silent.example was not found: no name "
                                             "server answered in the time allowed"));
    assert_non_null(strstr(f->error.hint, "name servers"));
    assert_int_equal(f->error.retry_class, BACM_RETRY_BACKOFF);
    assert_false(f->error.request_sent);
    for (int i = 1; i < BACM_RESOLVE_MAX_ABANDONED; i++)
        assert_status(get_user(f), BACM_E_RESOLVE);
    assert_status(get_user(f), BACM_E_RESOLVE);
    assert_non_null(strstr(f->error.message, "16 earlier lookups still wait for an answer"));
    answer_all();
}

static void proxy_that_is_not_found_in_time_is_named(void **state)
{
    struct fixture *f = *state;
    bacm_network network = BACM_NETWORK_INIT;

    network.proxy = "silent.example:8080";
    f->options.network = &network;
    make_client(f, "https://service.example/");
    let_server(true);
    assert_status(get_user(f), BACM_E_RESOLVE);
    assert_non_null(strstr(f->error.message, "the proxy host silent.example was not found"));
    answer_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(addresses_need_no_thread, start_test),
        cmocka_unit_test_setup(names_are_found, start_test),
        cmocka_unit_test_setup(failures_have_the_words_of_the_system, start_test),
        cmocka_unit_test_setup(silent_server_ends_at_the_limit, start_test),
        cmocka_unit_test_setup(lookups_that_nobody_waits_for_are_bounded, start_test),
        cmocka_unit_test_setup_teardown(call_to_a_silent_name_server_fails_unsent, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(proxy_that_is_not_found_in_time_is_named, fixture_setup,
                                        fixture_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
