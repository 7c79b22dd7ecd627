/* Messages on standard error while the simulator runs. */
#ifndef BACM_SIM_STATE_COMPLAIN_H
#define BACM_SIM_STATE_COMPLAIN_H

/*
 * Writes "bacm-sim: " and the message as one line. When nobody reads standard error and its
 * pipe is full the line is lost: a call must not wait for it.
 */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
