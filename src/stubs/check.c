#include <bacm/stubs_v11.h>

#include <string.h>

const char *bacm_stubs_v11_check(size_t soap_size, long gsoap_version, const char *flags)
{
    if (gsoap_version != BACM_STUBS_V11_GSOAP)
        return "libbacm-stubs was built with another version of gSOAP than this program; "
               "compile the program again with the library's own headers";
    if (strcmp(flags, BACM_STUBS_V11_FLAGS) != 0)
        return "libbacm-stubs was built with other WITH_* flags than this program; compile the "
               "program again with the flags of pkg-config --cflags libbacm-stubs";
    if (soap_size != sizeof(struct soap))
        return "struct soap has another size in libbacm-stubs than in this program; compile the "
               "program again with the flags of pkg-config --cflags libbacm-stubs";
    return NULL;
}
