/*
 * Bytes of a client to the simulator: whatever they are, answers are HTTP, and
 * each one that was given is in the log.
 */
#include "fuzz.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdsoap2.h>

#include "sim/front/connection.h"
#include "sim/rest/table.h"
#include "sim/soap/soap_service.h"

enum { REPLY_BYTES = 4 << 20 };

/*
 * In the place of the functions: one engine context serves all connections, as in the
 * simulator it serves all requests of one. A new one takes longer than all the rest.
 */
struct soap *__wrap_soap_service_new(void);
void __wrap_soap_service_free(struct soap *soap);
struct soap *__real_soap_service_new(void);

struct soap *__wrap_soap_service_new(void)
{
    static struct soap *soap;

    if (!soap)
        soap = __real_soap_service_new();
    return soap;
}

void __wrap_soap_service_free(struct soap *soap)
{
    soap_destroy(soap);
    soap_end(soap);
}

static struct sim the_simulator;

/* Nothing is held at the end, so that valgrind sees what is lost. */
static void close_state(void)
{
    state_close(&the_simulator.state);
    rest_table_close();
}

static struct sim *simulator(void)
{
    static bool started;
    struct sim *sim = &the_simulator;
    char name[] = "bacm-sim";
    char plain[] = "--plain-http";
    char *arguments[] = {name, plain, NULL};
    char reason[SIM_REASON_SIZE];

    if (started)
        return sim;
    started = true;
    REQUIRE(options_parse(&sim->options, 2, arguments) == OPTIONS_RUN);
    sim->limits =
        (struct http_limits){.max_body = 1 << 20, .idle_ms = 20, .request_ms = 20, .send_ms = 20};
    faults_init(&sim->faults);
    sim->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    REQUIRE(sim->stop_fd >= 0);
    clock_init(&sim->clock, 0);
    REQUIRE(state_open(&sim->state, NULL));
    REQUIRE(rest_table_open());
    REQUIRE(atexit(close_state) == 0);
    REQUIRE(sim_load_data(sim, reason));
    REQUIRE(log_open(&sim->log, NULL));
    strcpy(sim->base_url, "http://localhost:1");
    return sim;
}

/* As it was at the start, as far as requests can have changed it. */
static void restore(struct sim *sim, int changes)
{
    char reason[SIM_REASON_SIZE];

    if (sqlite3_total_changes(sim->state.db) != changes)
        REQUIRE(sim_load_data(sim, reason));
    clock_set(&sim->clock, 1500000000000);
    clock_set_rate(&sim->clock, 0);
}

/* What says that it is JSON is an object that holds no member twice. */
static void check_json(const char *replies, size_t size)
{
    static const char type[] = "\r\nContent-Type: application/json";
    static const char length[] = "\r\nContent-Length: ";
    const char *end = replies + size;

    for (const char *at = replies; (at = memmem(at, (size_t)(end - at), type, sizeof type - 1));) {
        const char *count = memmem(at, (size_t)(end - at), length, sizeof length - 1);
        const char *body = memmem(at, (size_t)(end - at), "\r\n\r\n", 4);

        REQUIRE(count && body && count < body);
        body += 4;
        const size_t bytes = strtoul(count + sizeof length - 1, NULL, 10);
        REQUIRE(bytes <= (size_t)(end - body));
        json_t *answer = json_loadb(body, bytes, JSON_REJECT_DUPLICATES, NULL);
        REQUIRE(answer != NULL);
        json_decref(answer);
        at = body + bytes;
    }
}

static void check_replies(struct sim *sim, int fd, int64_t logged)
{
    static char replies[REPLY_BYTES];
    static const char start[] = "HTTP/1.1 ";
    size_t size = 0;
    ssize_t got;

    while (size < sizeof replies && (got = read(fd, replies + size, sizeof replies - size)) > 0)
        size += (size_t)got;
    if (size)
        REQUIRE(size > sizeof start && memcmp(replies, start, sizeof start - 1) == 0);
    check_json(replies, size);
    if (sim->log.sequence > logged)
        REQUIRE(size > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct sim *sim = simulator();
    const int changes = sqlite3_total_changes(sim->state.db);
    const int64_t logged = sim->log.sequence;
    int ends[2];

    if (memmem(bytes, size, "/faults", 7))
        return 0; /* they make it wait, and leave requests without an answer */
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    for (size_t sent = 0; sent < size;) {
        ssize_t now = send(ends[0], bytes + sent, size - sent, MSG_NOSIGNAL);

        REQUIRE(now > 0);
        sent += (size_t)now;
    }
    REQUIRE(shutdown(ends[0], SHUT_WR) == 0);
    connection_serve(sim, ends[1]);
    check_replies(sim, ends[0], logged);
    close(ends[0]);
    restore(sim, changes);
    return 0;
}
