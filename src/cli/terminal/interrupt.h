/*
 * SIGINT and SIGTERM during a run: the first one asks it to end, the second one
 * leaves at once.
 */
#ifndef BACM_CLI_TERMINAL_INTERRUPT_H
#define BACM_CLI_TERMINAL_INTERRUPT_H

#include <bacm/bulk.h>

void interrupt_begin(bacm_bulk *bulk);
void interrupt_end(void);

/* The signal that came; 0: none. */
int interrupt_signal(void);

#endif
