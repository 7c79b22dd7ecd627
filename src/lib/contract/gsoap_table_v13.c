#include "v13H.h"

#include "lib/contract/gsoap_table.h"

const struct bacm_generated bacm_generated_v13 = BACM_GENERATED_FUNCTIONS;
