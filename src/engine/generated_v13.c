#include "v13H.h"

#include "engine/generated.h"

const struct bacm_generated bacm_generated_v13 = BACM_GENERATED_FUNCTIONS;
