/*
 * A bacm-sim of the test's own: the program that BACM_SIM names.
 */
#ifndef TESTS_SUPPORT_SIMULATOR_H
#define TESTS_SUPPORT_SIMULATOR_H

#include <stddef.h>

struct simulator {
    int pid;
    int hold; /* it ends when this is closed */
    char folder[64];
    char log[96];
    char url[160]; /* of the version that the test speaks */
    char token_url[160];
    char authorize_url[160];
    const char *ca_file; /* NULL with plain http */
    char ca_path[160];
};

/* Most options that simulator_start() takes. */
enum { SIMULATOR_MAX_OPTIONS = 12 };

/* Start it with these options, NULL-terminated; fails the test when it does not start. */
void simulator_start(struct simulator *simulator, const char *const *options);
/* End it and remove its files. */
void simulator_stop(struct simulator *simulator);

/* POST a control request; the simulator must speak plain http. Fails the test when refused. */
void simulator_control(const struct simulator *simulator, const char *path, const char *body);

/* Requests of an operation ("token" for token calls) in its log so far. */
unsigned simulator_calls(const struct simulator *simulator, const char *operation);

#endif
