#include <bacm/version.h>

const char *bacm_version(void)
{
    return BACM_VERSION;
}
