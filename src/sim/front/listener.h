/* The listening socket and the threads of the connections. */
#ifndef BACM_SIM_FRONT_LISTENER_H
#define BACM_SIM_FRONT_LISTENER_H

#include "sim/sim.h"

struct listener {
    int fd;
    int port;
};

/* False after a message on stderr. */
bool listener_open(struct listener *listener, const char *host, int port);

/*
 * Accepts connections until the simulator stops (or standard input ends, if so
 * asked), one thread each, and returns when the last thread has ended.
 */
void listener_run(struct listener *listener, struct sim *sim);

#endif
