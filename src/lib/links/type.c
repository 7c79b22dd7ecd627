/*
 * The types of a ClientLink in v13.
 */
#include <string.h>

#include <bacm/links.h>

static const char *const names[] = {"", "unknown", "AccountLink", "CustomerLink"};

enum { TYPES = sizeof names / sizeof names[0] };

const char *bacm_link_type_text(bacm_link_type type)
{
    size_t i = (size_t)type;

    return i < TYPES ? names[i] : names[BACM_LINK_TYPE_UNKNOWN];
}

bacm_link_type bacm_link_type_parse(const char *text)
{
    if (!text || !*text)
        return BACM_LINK_TYPE_ABSENT;
    for (int i = BACM_ACCOUNT_LINK; i < TYPES; i++) {
        if (strcmp(names[i], text) == 0)
            return (bacm_link_type)i;
    }
    return BACM_LINK_TYPE_UNKNOWN;
}
