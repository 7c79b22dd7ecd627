/* The running simulator: its options and the parts that all connections share. */
#ifndef BACM_SIM_SIM_H
#define BACM_SIM_SIM_H

#include "serve/http.h"
#include "sim/faults.h"
#include "sim/log.h"
#include "sim/options.h"
#include "sim/state/clock.h"
#include "sim/state/link_status.h"
#include "sim/state/rate_limit.h"
#include "sim/state/state.h"

#include <stdatomic.h>

#define SIM_SERVICE_PATH(VERSION)                                                                  \
    "/Api/CustomerManagement/" VERSION "/CustomerManagementService.svc"
#define SIM_REST_PATH    "/CustomerManagement/v13"
#define SIM_TOKEN_PATH   "/oauth20_token.srf"
#define SIM_CONSENT_PATH "/oauth20_authorize.srf"
#define SIM_DEVICE_PATH  "/oauth20_devicecode.srf"
#define SIM_REVOKE_PATH  "/oauth20_revoke.srf"
#define SIM_AGREE_PATH   "/device"
#define SIM_REASON_SIZE  256
#define SIM_DESKTOP_PATH "/oauth20_desktop.srf"
#define SIM_CONTROL_PATH "/control"

struct sim {
    struct options options;
    struct sim_clock clock;
    struct state state;
    struct log log;
    struct faults faults;
    struct rate_limit rate_limit; /* used under the state's lock */
    struct link_timing timing;
    struct http_limits limits;
    SSL_CTX *tls;       /* NULL: plain HTTP */
    atomic_bool failed; /* it ends because it could not go on */
    int stop_fd;        /* an eventfd, readable as soon as the simulator stops */
    char base_url[160]; /* scheme, host, port; no slash at the end */
};

/* Empties the state and loads the data set again; false with the reason. */
bool sim_load_data(struct sim *sim, char reason[SIM_REASON_SIZE]);

/* Ends the simulator from any thread. */
void sim_stop(struct sim *sim);

#endif
