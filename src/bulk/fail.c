#include "bulk/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void bulk_error_clear(bacm_error *error)
{
    if (!error)
        return;
    memset(error, 0, sizeof *error);
    error->link_index = BACM_NO_INDEX;
}

bacm_status bulk_fail(bacm_error *error, bacm_status status, const char *format, ...)
{
    va_list arguments;
    time_t now = time(NULL);
    struct tm utc;

    if (!error)
        return status;
    bulk_error_clear(error);
    error->status = status;
    if (gmtime_r(&now, &utc))
        strftime(error->time, sizeof error->time, "%Y-%m-%dT%H:%M:%SZ", &utc);
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return status;
}

bacm_status bulk_fail_memory(bacm_error *error)
{
    return bulk_fail(error, BACM_E_NO_MEMORY, "out of memory");
}

void bulk_hint(bacm_error *error, const char *hint)
{
    if (error)
        snprintf(error->hint, sizeof error->hint, "%s", hint);
}
