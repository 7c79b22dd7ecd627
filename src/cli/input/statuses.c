#include "cli/input/statuses.h"

#include <stdio.h>
#include <string.h>

#include "cli/terminal/message.h"
#include "cli/terminal/suggest.h"

static bool unknown(const char *name, const char *option)
{
    struct suggest near;

    suggest_begin(&near, name);
    for (int status = BACM_LINK_STATUS_FIRST_ + 1; status < BACM_LINK_STATUS_END_; status++)
        suggest_offer(&near, bacm_link_status_text((bacm_link_status)status));
    message_error("--%s: '%s' is not a status of a link%s%s%s", option, name,
                  suggest_best(&near) ? "; did you mean " : "",
                  suggest_best(&near) ? suggest_best(&near) : "", suggest_best(&near) ? "?" : "");
    return false;
}

bool statuses_have(const struct statuses *statuses, bacm_link_status status)
{
    for (size_t i = 0; i < statuses->count; i++) {
        if (statuses->list[i] == status)
            return true;
    }
    return false;
}

bool statuses_parse(struct statuses *statuses, const char *text, const char *option)
{
    statuses->count = 0;
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, ",");
        char name[SUGGEST_MAX_NAME + 1];
        bacm_link_status status;

        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1),
                 text);
        status = bacm_link_status_parse(name);
        if (status == BACM_LINK_STATUS_ABSENT || status == BACM_LINK_STATUS_UNKNOWN)
            return unknown(name, option);
        if (!statuses_have(statuses, status))
            statuses->list[statuses->count++] = status;
        text += length;
        text += *text == ',';
    }
    return true;
}

bacm_side side_parse(const char *text)
{
    return text != NULL && strcmp(text, "client") == 0 ? BACM_SIDE_CLIENT : BACM_SIDE_AGENCY;
}
