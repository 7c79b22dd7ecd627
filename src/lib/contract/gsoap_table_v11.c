#include "v11H.h"

#include "lib/contract/gsoap_table.h"

const struct bacm_generated bacm_generated_v11 = BACM_GENERATED_FUNCTIONS;
