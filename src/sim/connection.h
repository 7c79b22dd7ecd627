/* One connection: its requests, one after the other, to who answers them. */
#ifndef SIM_CONNECTION_H
#define SIM_CONNECTION_H

#include "sim.h"

/* Serves the connection to its end and closes fd. */
void connection_serve(struct sim *sim, int fd);

#endif
