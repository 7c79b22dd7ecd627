/*
 * Names are looked up within a time. This program has a getaddrinfo() of its own: a
 * name server of "silent.example" answers when the test lets it, "several.example" has the
 * addresses that a test gives it, the rest is the C library's.
 */
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/net/connection.h"
#include "lib/net/dns.h"
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

/* Loopback ports, as addresses of one host. */
enum { MAX_ADDRESSES = 30 };
static int ports[MAX_ADDRESSES];
static int port_count;

static getaddrinfo_function *real_getaddrinfo(void)
{
    getaddrinfo_function *function;
    void *found = dlsym(RTLD_NEXT, "getaddrinfo");

    assert_non_null(found);
    memcpy(&function, &found, sizeof function);
    return function;
}

/* The C library's own, linked: what frees them takes them one by one. */
static int find_several(const struct addrinfo *hints, struct addrinfo **found)
{
    struct addrinfo **end = found;
    int failed = 0;

    for (int i = 0; i < port_count && !failed; i++) {
        char port[16];

        snprintf(port, sizeof port, "%d", ports[i]);
        failed = real_getaddrinfo()("127.0.0.1", port, hints, end);
        if (!failed)
            end = &(*end)->ai_next;
    }
    return failed;
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
    else if (strcmp(host, "several.example") == 0)
        failed = find_several(hints, found);
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

static int locked(const int *number)
{
    int value;

    pthread_mutex_lock(&lock);
    value = *number;
    pthread_mutex_unlock(&lock);
    return value;
}

static void forget_questions(void)
{
    pthread_mutex_lock(&lock);
    questions = 0;
    pthread_mutex_unlock(&lock);
}

static struct bacm_resolver resolver;

static enum bacm_resolve_result look_up(const char *host, int time_ms,
                                        struct bacm_resolved *resolved)
{
    return bacm_resolve(&resolver, host, "443", bacm_monotonic_ms() + time_ms, resolved);
}

static void check_found(const char *host)
{
    struct bacm_resolved resolved;

    assert_int_equal(look_up(host, LONG_MS, &resolved), BACM_RESOLVE_FOUND);
    assert_non_null(resolved.addresses);
    assert_int_equal(resolved.addresses->ai_socktype, SOCK_STREAM);
    freeaddrinfo(resolved.addresses);
}

static void check_too_late(const char *host)
{
    struct bacm_resolved resolved;

    assert_int_equal(look_up(host, SHORT_MS, &resolved), BACM_RESOLVE_TOO_LATE);
    assert_null(resolved.addresses);
}

static void wait_for_questions(int wanted)
{
    const struct timespec pause = {0, 5 * 1000 * 1000};

    while (locked(&asking) != wanted)
        nanosleep(&pause, NULL);
}

/* Those that nobody waits for, too, before tools look for what is left behind. */
static void let_threads_end(void)
{
    let_server(false);
    wait_for_questions(0);
    nanosleep(&(struct timespec){0, 200 * 1000 * 1000}, NULL);
}

static int start_test(void **state)
{
    (void)state;
    let_server(false);
    forget_questions();
    return 0;
}

static int end_test(void **state)
{
    (void)state;
    bacm_resolver_clear(&resolver);
    let_threads_end();
    return 0;
}

static void addresses_need_no_thread(void **state)
{
    (void)state;
    let_server(true);
    check_found("127.0.0.1");
    check_found("::1");
    check_found("2001:db8::5");
    assert_int_equal(locked(&questions), 0);
}

static void names_are_found(void **state)
{
    (void)state;
    check_found("localhost");
    check_found("localhost");
    assert_int_equal(locked(&questions), 2);
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
    int64_t begun_ms = bacm_monotonic_ms();

    (void)state;
    let_server(true);
    check_too_late("silent.example");
    assert_true(bacm_monotonic_ms() - begun_ms >= SHORT_MS);
    assert_int_equal(locked(&asking), 1);
}

/* A name service that hangs for good does not cost a thread for each try. */
static void silent_server_is_asked_once(void **state)
{
    (void)state;
    let_server(true);
    for (int i = 0; i < 3; i++)
        check_too_late("silent.example");
    let_server(false);
    check_found("silent.example"); /* the same question, or the next when that was answered */
    assert_between(locked(&questions), 1, 2);
    let_server(true);
    check_too_late("silent.example");
    assert_int_equal(locked(&asking), 1);
}

static void answer_after_its_time_is_not_used(void **state)
{
    (void)state;
    let_server(true);
    check_too_late("silent.example");
    let_threads_end();
    assert_int_equal(locked(&questions), 1);
    check_found("silent.example");
    assert_int_equal(locked(&questions), 2);
}

static void another_name_is_not_held_up(void **state)
{
    (void)state;
    let_server(true);
    check_too_late("silent.example");
    check_too_late("localhost");
    wait_for_questions(2);
    let_server(false);
    check_found("localhost");
}

static void nobody_waits_for_a_resolver_that_is_cleared(void **state)
{
    int64_t begun_ms = bacm_monotonic_ms();

    (void)state;
    let_server(true);
    check_too_late("silent.example");
    bacm_resolver_clear(&resolver);
    assert_int_equal(locked(&asking), 1);
    assert_true(bacm_monotonic_ms() - begun_ms < LONG_MS);
    check_too_late("silent.example");
    let_threads_end();
    bacm_resolver_clear(&resolver); /* which has an answer now */
}

/* --- several addresses ------------------------------------------------------------- */

static int listen_on(int *port, int backlog)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, backlog), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

enum { FILLERS = 4 };

/* A port that says neither yes nor no: the queue of one that nobody takes from is full. */
struct silent_port {
    int listener;
    int fillers[FILLERS];
};

static void make_silent(struct silent_port *silent, int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    silent->listener = listen_on(port, 0);
    address.sin_port = htons((uint16_t)*port);
    for (int i = 0; i < FILLERS; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | (i ? SOCK_NONBLOCK : 0), 0);
        int failed = connect(fd, (const struct sockaddr *)&address, sizeof address);

        assert_true(!failed || (i && errno == EINPROGRESS));
        silent->fillers[i] = fd;
    }
}

static void end_silent(struct silent_port *silent)
{
    for (int i = 0; i < FILLERS; i++)
        close(silent->fillers[i]);
    close(silent->listener);
}

static int free_port(void)
{
    int port;

    close(listen_on(&port, 1));
    return port;
}

static int port_of_peer(int fd)
{
    struct sockaddr_in address = {0};
    socklen_t size = sizeof address;

    assert_int_equal(getpeername(fd, (struct sockaddr *)&address, &size), 0);
    return ntohs(address.sin_port);
}

/* As a client opens a connection, without TLS: the port reached, or 0. The time that it took. */
static int64_t open_several(int time_ms, int *port, bacm_error *error)
{
    const struct bacm_endpoint target = {.host = "several.example", .port = "1"};
    const struct bacm_route route = {0};
    struct bacm_connection connection;
    const int64_t begun_ms = bacm_monotonic_ms();

    memset(error, 0, sizeof *error);
    assert_status(bacm_connection_init(&connection, fixture_ca_file(), &route, error), BACM_OK);
    connection.deadline_ms = INT64_MAX;
    *port = 0;
    if (bacm_connection_open(&connection, &target, &target, (unsigned)time_ms, error) == BACM_OK)
        *port = port_of_peer(connection.fd);
    bacm_connection_free(&connection);
    return bacm_monotonic_ms() - begun_ms;
}

/*
 * The first one is given up after its share of the time. Those behind it are all the same, so
 * that a slow machine has the rest of the time for one of them.
 */
static void address_that_does_not_answer_leaves_time_for_others(void **state)
{
    struct silent_port silent;
    bacm_error error;
    int port;
    int good = listen_on(&port, MAX_ADDRESSES);
    int reached;

    (void)state;
    port_count = MAX_ADDRESSES;
    for (int i = 0; i < MAX_ADDRESSES; i++)
        ports[i] = port;
    make_silent(&silent, &ports[0]);
    open_several(LONG_MS, &reached, &error);
    assert_int_equal(reached, port);
    end_silent(&silent);
    close(good);
}

/* Also when one refuses: the last has all the time that is left. */
static void addresses_that_fail_end_at_the_limit(void **state)
{
    struct silent_port silent;
    bacm_error error;
    int reached;
    int64_t took_ms;

    (void)state;
    port_count = 3;
    make_silent(&silent, &ports[0]);
    ports[1] = free_port();
    ports[2] = ports[0];
    took_ms = open_several(SHORT_MS, &reached, &error);
    assert_int_equal(reached, 0);
    assert_status(error.status, BACM_E_CONNECT);
    assert_non_null(strstr(error.message, strerror(ETIMEDOUT)));
    assert_true(took_ms >= SHORT_MS && took_ms < LONG_MS);
    end_silent(&silent);
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

static int end_call(void **state)
{
    fixture_teardown(state);
    let_threads_end();
    return 0;
}

static void call_to_a_silent_name_server_fails_unsent(void **state)
{
    struct fixture *f = *state;

    forget_questions();
    make_client(f, "https://silent.example/");
    let_server(true);
    for (int i = 0; i < 3; i++) {
        assert_status(get_user(f), BACM_E_RESOLVE);
        assert_non_null(strstr(f->error.message, "the host silent.example was not found: no name "
                                                 "server answered in the time allowed"));
        assert_non_null(strstr(f->error.hint, "name servers"));
        assert_int_equal(f->error.retry_class, BACM_RETRY_BACKOFF);
        assert_false(f->error.request_sent);
    }
    assert_int_equal(locked(&questions), 1);
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
}

#define TEST(function)      cmocka_unit_test_setup_teardown(function, start_test, end_test)
#define TEST_CALL(function) cmocka_unit_test_setup_teardown(function, fixture_setup, end_call)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(addresses_need_no_thread),
        TEST(names_are_found),
        TEST(failures_have_the_words_of_the_system),
        TEST(silent_server_ends_at_the_limit),
        TEST(silent_server_is_asked_once),
        TEST(answer_after_its_time_is_not_used),
        TEST(another_name_is_not_held_up),
        TEST(nobody_waits_for_a_resolver_that_is_cleared),
        TEST(address_that_does_not_answer_leaves_time_for_others),
        TEST(addresses_that_fail_end_at_the_limit),
        TEST_CALL(call_to_a_silent_name_server_fails_unsent),
        TEST_CALL(proxy_that_is_not_found_in_time_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
