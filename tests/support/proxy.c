#include "support/proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check.h"

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static bool send_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* Up to the empty line; a client sends nothing behind it before it has the answer. */
static bool read_request(int fd)
{
    char request[4096];
    size_t size = 0;

    while (size < sizeof request - 1) {
        ssize_t got = recv(fd, request + size, sizeof request - 1 - size, 0);

        if (got <= 0)
            return false;
        size += (size_t)got;
        request[size] = '\0';
        if (strstr(request, "\r\n\r\n"))
            return strncmp(request, "CONNECT ", 8) == 0 &&
                   strstr(request, "\r\nProxy-Authorization: Basic ") != NULL;
    }
    return false;
}

/* Until one of the two has no more to say. */
static void relay(int a, int b)
{
    struct pollfd ends[2] = {{.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}};
    char bytes[16384];

    while (poll(ends, 2, -1) > 0) {
        for (int i = 0; i < 2; i++) {
            ssize_t got = ends[i].revents ? recv(ends[i].fd, bytes, sizeof bytes, 0) : 1;

            if (got <= 0 || (ends[i].revents && !send_all(ends[!i].fd, bytes, (size_t)got)))
                return;
        }
    }
}

static void serve(int client, int target_port)
{
    static const char refused[] = "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
    static const char connected[] = "HTTP/1.1 200 Connection established\r\n\r\n";
    const struct sockaddr_in address = loopback(target_port);
    int target = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (!read_request(client))
        send_all(client, refused, sizeof refused - 1);
    else if (connect(target, (const struct sockaddr *)&address, sizeof address) == 0 &&
             send_all(client, connected, sizeof connected - 1))
        relay(client, target);
    close(target);
    close(client);
}

void test_proxy_start(struct test_proxy *proxy, int target_port)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 16), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    snprintf(proxy->address, sizeof proxy->address, "127.0.0.1:%d", ntohs(address.sin_port));
    fflush(NULL);
    proxy->process = fork();
    assert_true(proxy->process >= 0);
    if (proxy->process == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails does not stop it */
    while (proxy->process == 0) {
        int client = accept(listener, NULL, NULL);

        if (client < 0)
            _exit(1);
        serve(client, target_port);
    }
    close(listener);
}

void test_proxy_stop(struct test_proxy *proxy)
{
    if (proxy->process <= 0)
        return;
    kill(proxy->process, SIGKILL);
    waitpid(proxy->process, NULL, 0);
    proxy->process = 0;
}
