/* bacm-sim: starts the parts, says where they are, serves until it is stopped. */
#include "sim/api.h"
#include "sim/front/listener.h"
#include "sim/rest/table.h"
#include "sim/sim.h"
#include "sim/state/dataset.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define REQUEST_MS 30000
#define SEND_MS    30000

static void *wait_for_signal(void *argument)
{
    struct sim *sim = argument;
    sigset_t signals;
    int received;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigwait(&signals, &received);
    sim_stop(sim);
    return NULL;
}

/* SIGINT and SIGTERM go to one thread; a peer that closes early must not end the program. */
static bool handle_signals(struct sim *sim)
{
    sigset_t signals;
    pthread_t thread;
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0 ||
        pthread_create(&thread, NULL, wait_for_signal, sim) != 0) {
        fprintf(stderr, "bacm-sim: cannot handle signals\n");
        return false;
    }
    pthread_detach(thread);
    return true;
}

static int print_data(void)
{
    json_t *data = dataset_default();
    if (!data || json_dumpf(data, stdout, JSON_INDENT(1)) != 0)
        return EXIT_FAILURE;
    putchar('\n');
    json_decref(data);
    return EXIT_SUCCESS;
}

static bool load_initial_data(struct sim *sim)
{
    char reason[SIM_REASON_SIZE];
    if (!state_is_empty(&sim->state) || sim_load_data(sim, reason))
        return true;
    fprintf(stderr, "bacm-sim: the data cannot be used: %s\n", reason);
    return false;
}

static bool add_initial_faults(struct sim *sim)
{
    char reason[FAULT_REASON_SIZE];
    faults_init(&sim->faults);
    for (size_t i = 0; i < sim->options.fault_count; i++) {
        if (!faults_add(&sim->faults, sim->options.faults[i], reason)) {
            fprintf(stderr, "bacm-sim: --fault %s: %s\n", sim->options.faults[i], reason);
            return false;
        }
    }
    return true;
}

/* The file for the CA certificate: the one asked for, or a new temporary one. */
static bool choose_ca_file(const struct sim *sim, char *path, size_t size)
{
    if (sim->options.ca_file) {
        snprintf(path, size, "%s", sim->options.ca_file);
        return true;
    }
    const char *folder = getenv("TMPDIR");
    snprintf(path, size, "%s/bacm-sim-ca-XXXXXX", folder && folder[0] ? folder : "/tmp");
    int fd = mkstemp(path);
    if (fd < 0) {
        fprintf(stderr, "bacm-sim: cannot make a file for the CA certificate: %s\n",
                strerror(errno));
        return false;
    }
    close(fd);
    return true;
}

/* Who listens on all addresses is found at this machine's own, which the certificate has. */
static const char *reached_as(const char *host)
{
    static const char *const local[] = {"127.0.0.1", "0.0.0.0", "::"};
    for (size_t i = 0; i < sizeof local / sizeof local[0]; i++) {
        if (strcmp(host, local[i]) == 0)
            return "localhost";
    }
    return host;
}

static void set_base_url(struct sim *sim, int port)
{
    const char *host = reached_as(sim->options.listen_host);
    bool brackets = strchr(host, ':') != NULL;
    snprintf(sim->base_url, sizeof sim->base_url, "%s://%s%.100s%s:%d",
             sim->options.plain_http ? "http" : "https", brackets ? "[" : "", host,
             brackets ? "]" : "", port);
}

static bool announce(const struct sim *sim, const char *ca_file)
{
    const char *base = sim->base_url;
    json_t *ready = json_pack("{s:s+,s:s+,s:s+,s:s+,s:s+,s:s+,s:s+,s:s+,s:s?,s:I}", "url", base,
                              sim_api_v11.path, "urlV13", base, sim_api_v13.path, "urlRest", base,
                              SIM_REST_PATH, "tokenUrl", base, SIM_TOKEN_PATH, "authorizeUrl", base,
                              SIM_CONSENT_PATH, "deviceUrl", base, SIM_DEVICE_PATH, "revokeUrl",
                              base, SIM_REVOKE_PATH, "controlUrl", base, SIM_CONTROL_PATH, "caFile",
                              ca_file, "pid", (json_int_t)getpid());
    bool printed = ready && json_dumpf(ready, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF &&
                   fflush(stdout) == 0;
    json_decref(ready);
    return printed;
}

static bool serve(struct sim *sim)
{
    char ca_file[4096] = "";
    struct listener listener;
    bool tls = !sim->options.plain_http;
    if (tls) {
        if (!choose_ca_file(sim, ca_file, sizeof ca_file))
            return false;
        sim->tls = certificate_context(sim->options.certificate, ca_file);
    }
    bool served = (!tls || sim->tls) &&
                  listener_open(&listener, sim->options.listen_host, sim->options.listen_port);
    if (served) {
        set_base_url(sim, listener.port);
        served = announce(sim, tls ? ca_file : NULL);
        if (served)
            listener_run(&listener, sim);
        else
            close(listener.fd);
    }
    if (tls && !sim->options.ca_file)
        unlink(ca_file);
    SSL_CTX_free(sim->tls);
    return served;
}

int main(int argc, char **argv)
{
    static struct sim sim;
    switch (options_parse(&sim.options, argc, argv)) {
    case OPTIONS_DONE:
        return EXIT_SUCCESS;
    case OPTIONS_BAD:
        return 2;
    case OPTIONS_RUN:
        break;
    }
    if (sim.options.print_data)
        return print_data();
    sim.timing.transition_ms = sim.options.transition_seconds * 1000;
    sim.limits = (struct http_limits){.max_body = (size_t)sim.options.max_request_bytes,
                                      .idle_ms = sim.options.idle_seconds * 1000,
                                      .request_ms = REQUEST_MS,
                                      .send_ms = SEND_MS};
    sim.rate_limit.calls_per_minute = sim.options.rate_limit;
    if (!add_initial_faults(&sim))
        return 2;
    if (!rest_table_open())
        return EXIT_FAILURE;
    sim.stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    clock_init(&sim.clock, sim.options.clock_rate);
    bool served = sim.stop_fd >= 0 && handle_signals(&sim) &&
                  state_open(&sim.state, sim.options.state_file) && load_initial_data(&sim) &&
                  log_open(&sim.log, sim.options.log_file) && serve(&sim);
    faults_clear(&sim.faults);
    rate_limit_clear(&sim.rate_limit);
    log_close(&sim.log);
    state_close(&sim.state);
    rest_table_close();
    return served && !atomic_load(&sim.failed) ? EXIT_SUCCESS : EXIT_FAILURE;
}
