#include "sim/soap/service/operations.h"

#include "version.h"

#include <string.h>

/* OPERATIONS(X) stands in the version: X(NAME, handler, check of values), in the contract's order.
 */
#include "operation_list.h"

#define READER(NAME, handler, readable)                                                            \
    static void *read_##NAME(struct soap *soap)                                                    \
    {                                                                                              \
        return soap_get__cm__##NAME##Request(soap, NULL, "cm:" #NAME "Request", NULL);             \
    }
OPERATIONS(READER)

#define ROW(NAME, handler, readable) {#NAME, read_##NAME, readable, handler},
static const struct operation operations[] = {OPERATIONS(ROW)};

const struct operation *operation_find(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        if (strncmp(operations[i].name, name, length) == 0 && !operations[i].name[length])
            return &operations[i];
    }
    return NULL;
}

bool run_unsupported(struct call *call, const void *request)
{
    (void)request;
    return call_fail(call, FAULT_ADAPI, CODE_NOT_SUPPORTED);
}
