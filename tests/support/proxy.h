/*
 * An HTTP proxy with CONNECT, in a process of its own: whatever it is asked for, it
 * connects to one port of this machine. One tunnel after the other.
 */
#ifndef TESTS_SUPPORT_PROXY_H
#define TESTS_SUPPORT_PROXY_H

#include <sys/types.h>

struct test_proxy {
    pid_t process;
    char address[32]; /* HOST:PORT */
};

void test_proxy_start(struct test_proxy *proxy, int target_port);
void test_proxy_stop(struct test_proxy *proxy);

#endif
