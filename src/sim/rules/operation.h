/* An operation of a version: how its request is read and who answers it. */
#ifndef BACM_SIM_RULES_OPERATION_H
#define BACM_SIM_RULES_OPERATION_H

#include "sim/rules/call.h"

struct operation {
    const char *name; /* also its SOAPAction */
    void *(*read)(struct soap *soap);
    /* Whether values that the bindings keep as text can be read; NULL: there are none. */
    bool (*readable)(struct call *call, const void *request);
    /* Writes the reply or sets the fault; false in the latter case. */
    bool (*run)(struct call *call, const void *request);
};

#endif
