#include "sim/rules/change_call.h"

#include "sim/state/datetime.h"
#include "sim/xml.h"

#include <string.h>

bool change_check_timestamp(struct call *call, const char *timestamp, int64_t version)
{
    char current[VERSION_TEXT_SIZE];
    version_text(version, current);
    if (timestamp && strcmp(timestamp, current) == 0)
        return true;
    return call_fail(call, FAULT_ADAPI, CODE_TIMESTAMP_NOT_MATCH);
}

void change_write_now(struct call *call, const char *tag)
{
    char now[DATETIME_TEXT_SIZE];
    datetime_format(call->now_ms, now);
    xml_element(call->reply, tag, now);
}

void change_write_time(struct call *call)
{
    change_write_now(call, "LastModifiedTime");
}
