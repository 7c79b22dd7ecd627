#include "support/simulator.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "support/check.h"
#include "support/version.h"

static void run(const char *program, const char *log, const char *const *options, int in, int out)
{
    const char *arguments[SIMULATOR_MAX_OPTIONS + 6] = {program, "--exit-with-stdin", "--log", log};
    size_t count = 4;

    for (size_t i = 0; i < SIMULATOR_MAX_OPTIONS && options[i]; i++)
        arguments[count++] = options[i];
    if (!program)
        _exit(127);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    execv(program, (char *const *)arguments);
    _exit(127);
}

static void copy(char *to, size_t size, const json_t *ready, const char *name)
{
    const char *value = json_string_value(json_object_get(ready, name));

    if (!value || strlen(value) >= size)
        fail_msg("bacm-sim tells no %s", name);
    else
        strcpy(to, value);
}

static void read_ready(struct simulator *simulator, int out)
{
    FILE *file = fdopen(out, "r");
    char line[2048] = "";
    json_t *ready;

    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    fclose(file);
    ready = json_loads(line, 0, NULL);
    copy(simulator->url, sizeof simulator->url, ready,
         test_is_rest()  ? "urlRest"
         : test_is_v13() ? "urlV13"
                         : "url");
    copy(simulator->token_url, sizeof simulator->token_url, ready, "tokenUrl");
    copy(simulator->authorize_url, sizeof simulator->authorize_url, ready, "authorizeUrl");
    simulator->ca_file = NULL;
    if (!json_is_null(json_object_get(ready, "caFile"))) {
        copy(simulator->ca_path, sizeof simulator->ca_path, ready, "caFile");
        simulator->ca_file = simulator->ca_path;
    }
    json_decref(ready);
}

void simulator_start(struct simulator *simulator, const char *const *options)
{
    const char *program = getenv("BACM_SIM");
    int in[2];
    int out[2];

    if (!program) {
        fail_msg("set BACM_SIM to the bacm-sim to test with");
        return;
    }
    strcpy(simulator->folder, "/tmp/bacm-oauth-test-XXXXXX");
    assert_non_null(mkdtemp(simulator->folder));
    snprintf(simulator->log, sizeof simulator->log, "%s/log", simulator->folder);
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    simulator->pid = fork();
    assert_true(simulator->pid >= 0);
    if (simulator->pid == 0) {
        close(in[1]);
        close(out[0]);
        run(program, simulator->log, options, in[0], out[1]);
    }
    close(in[0]);
    close(out[1]);
    simulator->hold = in[1];
    read_ready(simulator, out[0]);
}

void simulator_stop(struct simulator *simulator)
{
    close(simulator->hold);
    waitpid(simulator->pid, NULL, 0);
    unlink(simulator->log);
    rmdir(simulator->folder);
}

static int connect_to(const struct simulator *simulator)
{
    const char *port = strstr(simulator->url, "localhost:");
    struct sockaddr_in address = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_non_null(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)atoi(port + strlen("localhost:")));
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

void simulator_control(const struct simulator *simulator, const char *path, const char *body)
{
    int fd = connect_to(simulator);
    char reply[64] = "";

    dprintf(fd,
            "POST /control/%s HTTP/1.1\r\nHost: localhost\r\nX-Bacm-Sim: 1\r\n"
            "Content-Type: application/json\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
            path, strlen(body), body);
    assert_true(read(fd, reply, sizeof reply - 1) > 0);
    assert_non_null(strstr(reply, " 200 "));
    close(fd);
}

unsigned simulator_calls(const struct simulator *simulator, const char *operation)
{
    FILE *file = fopen(simulator->log, "r");
    char *line = NULL;
    size_t size = 0;
    unsigned count = 0;

    assert_non_null(file);
    while (getline(&line, &size, file) > 0) {
        json_t *record = json_loads(line, 0, NULL);
        const char *name = json_string_value(json_object_get(record, "operation"));

        count += name && strcmp(name, operation) == 0;
        json_decref(record);
    }
    free(line);
    fclose(file);
    return count;
}
