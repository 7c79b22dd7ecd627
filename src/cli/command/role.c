#include "cli/command/role.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

const char *role_name(int role)
{
    switch (role) {
    case BACM_ROLE_CAMPAIGN_MANAGER:
        return "Advertiser Campaign Manager";
    case BACM_ROLE_AGGREGATOR:
        return "Aggregator";
    case BACM_ROLE_SUPER_ADMIN:
        return "Super Admin";
    case BACM_ROLE_VIEWER:
        return "Viewer";
    case BACM_ROLE_STANDARD:
        return "Standard";
    default:
        return NULL;
    }
}

__attribute__((format(printf, 4, 5))) static bool append(char *text, size_t size, size_t *at,
                                                         const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text + *at, size - *at, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= size - *at)
        return false;
    *at += (size_t)length;
    return true;
}

void role_list(char *text, size_t size, const bacm_user *user)
{
    size_t at = 0;

    text[0] = '\0';
    if (user->customer_role_count == 0) {
        for (size_t i = 0; i < user->role_count; i++) {
            if (!append(text, size, &at, "%s%d", i > 0 ? ", " : "", user->roles[i]))
                return;
        }
    }
    for (size_t i = 0; i < user->customer_role_count; i++) {
        const bacm_customer_role *role = &user->customer_roles[i];

        if (!append(text, size, &at, "%s%d in %" PRId64, i > 0 ? ", " : "", role->role,
                    role->customer_id))
            return;
    }
}
