/* xs:dateTime text to milliseconds since 1970 and back. */
#ifndef BACM_SIM_STATE_DATETIME_H
#define BACM_SIM_STATE_DATETIME_H

#include <stdbool.h>
#include <stdint.h>

#define DATETIME_TEXT_SIZE 32

enum datetime_zone { DATETIME_ZONE_NONE, DATETIME_ZONE_UTC, DATETIME_ZONE_OFFSET };

struct datetime {
    int64_t ms;    /* text without a zone is read as UTC */
    int64_t ticks; /* 100 ns within the second, as .NET keeps it */
    enum datetime_zone zone;
};

/* False when text is not an xs:dateTime between the years 1 and 9999. */
bool datetime_parse(const char *text, struct datetime *out);

/* YYYY-MM-DDThh:mm:ss.fff, without a zone designator. */
void datetime_format(int64_t ms, char text[DATETIME_TEXT_SIZE]);

#endif
