/* One connection: its requests, one after the other, to who answers them. */
#ifndef BACM_SIM_FRONT_CONNECTION_H
#define BACM_SIM_FRONT_CONNECTION_H

#include "sim/sim.h"

/* Serves the connection to its end and closes fd. */
void connection_serve(struct sim *sim, int fd);

#endif
