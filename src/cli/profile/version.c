#include "cli/profile/version.h"

#include <string.h>

#include "cli/terminal/message.h"

const struct version version_table[VERSION_COUNT] = {
    {
        .name = "v11",
        .api = bacm_api_v11,
        .contract = CONTRACT_V11,
        .number = "11",
        .client_id = "ClientAccountId",
        .client_number = "ClientAccountNumber",
        .oauth_platform = "live",
        .needed_role = "an active Super Admin (role 41)",
        .switched_off = "2018-10-31",
    },
    {
        .name = "v13",
        .api = bacm_api_v13,
        .contract = CONTRACT_V13,
        .number = "13",
        .client_id = "ClientEntityId",
        .client_number = "ClientEntityNumber",
        .links_customers = true,
        .needs_is_bill_to_client = true,
        .oauth_platform = "identity",
        .identity_platform_only = true,
        .needed_role = "an active Super Admin (role 41) or, for links of accounts alone, an active "
                       "Standard user (role 203)",
        .ends = "2027-01-31",
    },
    {
        .name = "v13-rest",
        .api = bacm_api_v13_rest,
        .contract = CONTRACT_V13,
        .number = "13",
        .client_id = "ClientEntityId",
        .client_number = "ClientEntityNumber",
        .links_customers = true,
        .needs_is_bill_to_client = true,
        .oauth_platform = "identity",
        .identity_platform_only = true,
        .needed_role = "an active Super Admin (role 41) or, for links of accounts alone, an active "
                       "Standard user (role 203)",
        .speaks_json = true,
    },
};

/* What a path says of a version and its wire; NULL: nothing. */
static const struct version *version_of_path(const char *endpoint)
{
    static const char base[] = "/CustomerManagement/v13";
    const size_t base_size = sizeof base - 1;
    size_t size = endpoint != NULL ? strlen(endpoint) : 0;

    while (size > 0 && endpoint[size - 1] == '/')
        size--;
    if (size >= base_size && memcmp(endpoint + size - base_size, base, base_size) == 0)
        return &version_table[VERSION_V13_REST];
    if (size > 0 && strstr(endpoint, "/v13/") != NULL)
        return &version_table[VERSION_V13];
    if (size > 0 && strstr(endpoint, "/v11/") != NULL)
        return &version_table[VERSION_V11];
    return NULL;
}

const struct version *version_of(const struct settings *settings)
{
    const char *name = settings_text(settings, SETTING_API);
    const struct version *of_path = version_of_path(settings_text(settings, SETTING_ENDPOINT));
    size_t i = 0;

    if (name == NULL)
        return of_path != NULL ? of_path : &version_table[VERSION_V13_REST];
    while (i + 1 < VERSION_COUNT && strcmp(version_table[i].name, name) != 0)
        i++;
    return &version_table[i];
}

const char *version_oauth_platform(const struct settings *settings)
{
    const char *given = settings_text(settings, SETTING_OAUTH_PLATFORM);

    return given != NULL ? given : version_of(settings)->oauth_platform;
}

bool version_takes_platform(const struct settings *settings)
{
    const struct version *version = version_of(settings);

    if (!version->identity_platform_only || strcmp(version_oauth_platform(settings), "live") != 0)
        return true;
    message_error("oauth-platform is %s, but %s takes tokens of the identity platform only; leave "
                  "oauth-platform out, or set it to identity",
                  version_oauth_platform(settings), version->name);
    return false;
}

bool version_takes_user(const struct settings *settings)
{
    const struct version *version = version_of(settings);

    if (!version->identity_platform_only || settings_text(settings, SETTING_USERNAME) == NULL ||
        settings_text(settings, SETTING_ACCESS_TOKEN) != NULL)
        return true;
    message_error("%s takes no user name and password; remove them, and run bacm login or set "
                  "BACM_ACCESS_TOKEN",
                  version->name);
    return false;
}

const struct version *version_of_other_endpoint(const struct settings *settings)
{
    const struct version *named = version_of_path(settings_text(settings, SETTING_ENDPOINT));

    return named != version_of(settings) ? named : NULL;
}

bool version_takes_endpoint(const struct settings *settings)
{
    const struct version *version = version_of(settings);
    const struct version *other = version_of_other_endpoint(settings);

    if (other == NULL)
        return true;
    message_error("%s is spoken, but the endpoint is of %s; use --api %s, or give the endpoint of "
                  "%s",
                  version->name, other->name, other->name, version->name);
    return false;
}

bool version_allows_option(const struct settings *settings, const char *name, const char *value)
{
    const struct version *version = version_of(settings);

    if (value == NULL || version->links_customers)
        return true;
    message_error("--%s: %s links client accounts only, not customers; use --api v13-rest", name,
                  version->name);
    return false;
}
