#include "v11H.h"

#include "engine/generated.h"

const struct bacm_generated bacm_generated_v11 = BACM_GENERATED_FUNCTIONS;
