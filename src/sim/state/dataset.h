/* Data sets: JSON to state, the built-in one, and large ones made to measure. */
#ifndef BACM_SIM_STATE_DATASET_H
#define BACM_SIM_STATE_DATASET_H

#include "sim/state/link_status.h"
#include "sim/state/state.h"

#include <jansson.h>

#define DATASET_ERROR_SIZE 256

/* The built-in data set, as JSON; NULL without memory. */
json_t *dataset_default(void);

/* Reads a data set from a file; NULL with the reason. */
json_t *dataset_read(const char *path, char error[DATASET_ERROR_SIZE]);

/* Puts a data set into the (locked) state; false with the reason. */
bool dataset_load(struct state *state, json_t *data, int64_t now_ms,
                  const struct link_timing *timing, char error[DATASET_ERROR_SIZE]);

/* Adds what "agencies=2,clients=100000" asks for; false with the reason. */
bool dataset_generate(struct state *state, const char *spec, char error[DATASET_ERROR_SIZE]);

#endif
