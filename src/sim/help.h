#ifndef BACM_SIM_HELP_H
#define BACM_SIM_HELP_H

/* Prints what --help says. */
void help_print(void);

#endif
