#include "sim/sim.h"

#include "sim/state/complain.h"
#include "sim/state/dataset.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void sim_stop(struct sim *sim)
{
    uint64_t one = 1;
    if (write(sim->stop_fd, &one, sizeof one) < 0)
        complain("cannot stop: %s", strerror(errno));
}

static bool load_locked(struct sim *sim, json_t *data, char reason[SIM_REASON_SIZE])
{
    state_clear(&sim->state);
    rate_limit_clear(&sim->rate_limit);
    return dataset_load(&sim->state, data, clock_now_ms(&sim->clock), &sim->timing, reason) &&
           (!sim->options.generate || dataset_generate(&sim->state, sim->options.generate, reason));
}

bool sim_load_data(struct sim *sim, char reason[SIM_REASON_SIZE])
{
    const char *path = sim->options.data_file;
    snprintf(reason, SIM_REASON_SIZE, "out of memory");
    json_t *data = path ? dataset_read(path, reason) : dataset_default();
    if (!data)
        return false;
    state_begin(&sim->state);
    bool loaded = load_locked(sim, data, reason);
    if (!state_end(&sim->state, loaded) && loaded) {
        snprintf(reason, SIM_REASON_SIZE, "%s", sim->state.reason);
        loaded = false;
    }
    json_decref(data);
    return loaded;
}
