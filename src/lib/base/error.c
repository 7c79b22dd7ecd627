#include "lib/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/text.h"

void bacm_error_clear(bacm_error *error)
{
    if (!error)
        return;
    memset(error, 0, sizeof *error);
    error->link_index = BACM_NO_INDEX;
}

static void vformat(char *buffer, size_t size, const char *format, va_list arguments)
{
    char line[1024];

    vsnprintf(line, sizeof line, format, arguments);
    bacm_text_line(buffer, size, line);
}

bacm_status bacm_fail(bacm_error *error, bacm_status status, const char *format, ...)
{
    va_list arguments;

    if (!error)
        return status;
    error->status = status;
    bacm_text_now(error->time, sizeof error->time);
    va_start(arguments, format);
    vformat(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    if (!error->message[0])
        bacm_text_line(error->message, sizeof error->message, bacm_status_text(status));
    return status;
}

bacm_status bacm_fail_memory(bacm_error *error)
{
    return bacm_fail(error, BACM_E_NO_MEMORY, "out of memory");
}

void bacm_error_hint(bacm_error *error, const char *format, ...)
{
    va_list arguments;

    if (!error)
        return;
    va_start(arguments, format);
    vformat(error->hint, sizeof error->hint, format, arguments);
    va_end(arguments);
}

const char *bacm_status_name(bacm_status status)
{
#define NAME(name, number, text)                                                                   \
    case BACM_##name:                                                                              \
        return "BACM_" #name;
    switch (status) {
        BACM_STATUS_LIST(NAME)
    case BACM_STATUS_END_:
        break;
    }
#undef NAME
    return "BACM_E_?";
}

const char *bacm_status_text(bacm_status status)
{
#define TEXT(name, number, text)                                                                   \
    case BACM_##name:                                                                              \
        return text;
    switch (status) {
        BACM_STATUS_LIST(TEXT)
    case BACM_STATUS_END_:
        break;
    }
#undef TEXT
    return "not a status of this library";
}

const char *bacm_channel_name(bacm_channel channel)
{
    switch (channel) {
    case BACM_CHANNEL_NONE:
        break;
    case BACM_CHANNEL_ADAPI:
        return "adapi";
    case BACM_CHANNEL_API_FAULT:
        return "api_fault";
    case BACM_CHANNEL_BARE_FAULT:
        return "bare_fault";
    case BACM_CHANNEL_OPERATION:
        return "operation";
    case BACM_CHANNEL_PARTIAL:
        return "partial";
    case BACM_CHANNEL_HTTP:
        return "http";
    }
    return "";
}

const char *bacm_retry_class_name(bacm_retry_class retry_class)
{
    switch (retry_class) {
    case BACM_RETRY_NEVER:
        break;
    case BACM_RETRY_TOKEN:
        return "token";
    case BACM_RETRY_BACKOFF:
        return "backoff";
    case BACM_RETRY_SEARCH:
        return "search";
    case BACM_RETRY_VERIFY:
        return "verify";
    }
    return "never";
}

/* Append to a line that may already be full; returns the length it would have. */
__attribute__((format(printf, 4, 5))) static size_t append(char *buffer, size_t size, size_t used,
                                                           const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(used < size ? buffer + used : NULL, used < size ? size - used : 0, format,
                       arguments);
    va_end(arguments);
    return length < 0 ? used : used + (size_t)length;
}

size_t bacm_error_format(const bacm_error *error, char *buffer, size_t size)
{
    size_t used = 0;
    const char *separator = " (";

    if (size)
        buffer[0] = '\0';
    used = append(buffer, size, used, "%s: %s", bacm_status_name(error->status), error->message);
    if (error->channel != BACM_CHANNEL_NONE) {
        used = append(buffer, size, used, "%s%s", separator, bacm_channel_name(error->channel));
        separator = ", ";
    }
    if (error->has_service_code) {
        used = append(buffer, size, used, "%scode %d", separator, error->service_code);
        separator = ", ";
    }
    if (error->symbol[0]) {
        used = append(buffer, size, used, "%s%s", separator, error->symbol);
        separator = ", ";
    }
    if (error->http_status) {
        used = append(buffer, size, used, "%sHTTP %d", separator, error->http_status);
        separator = ", ";
    }
    if (error->tracking_id[0]) {
        used = append(buffer, size, used, "%stracking id %s", separator, error->tracking_id);
        separator = ", ";
    }
    if (error->time[0]) {
        used = append(buffer, size, used, "%s%s", separator, error->time);
        separator = ", ";
    }
    if (separator[0] == ',')
        used = append(buffer, size, used, ")");
    if (error->hint[0])
        used = append(buffer, size, used, ". %s", error->hint);
    if (used >= size && size)
        bacm_text_end_whole(buffer);
    return used;
}
