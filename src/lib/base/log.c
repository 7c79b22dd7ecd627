#include "lib/base/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "lib/base/redact.h"
#include "lib/base/secrets.h"
#include "lib/base/text.h"

enum { LINE_SIZE = 1024 };

void bacm_log(const bacm_options *options, const char *const *secrets, bacm_log_level level,
              const char *format, ...)
{
    char text[LINE_SIZE];
    char line[LINE_SIZE];
    va_list arguments;

    if (!options->log || level > options->log_level)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    bacm_redact_text(text, sizeof text, secrets, BACM_SECRET_COUNT);
    bacm_text_line(line, sizeof line, text);
    options->log(level, line, options->log_user);
}
