#ifndef SIM_HELP_H
#define SIM_HELP_H

/* Prints what --help says. */
void help_print(void);

#endif
