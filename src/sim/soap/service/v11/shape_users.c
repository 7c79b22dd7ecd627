/* Users and their roles in v11. */
#include "version.h"

#include "sim/soap/service/shape.h"

#include "sim/soap/service/search_call.h"
#include "sim/soap/service/user_xml.h"
#include "sim/xml.h"

/* The role table of v11 leaves UpdateUserRoles to nobody. */
const struct user_rules version_user_rules = {.standard_may = false, .changes_roles = false};

void version_write_user(struct buffer *out, const struct user *user)
{
    xml_open(out, "User xmlns:a=\"" XML_NS_ENTITIES "\"");
    user_write_contact(out, user);
    xml_element(out, "a:CustomerAppScope", "Advertiser");
    xml_element_long(out, "a:CustomerId", user->customer_id);
    xml_element_long(out, "a:Id", user->id);
    xml_nil(out, "a:JobTitle");
    xml_nil(out, "a:LastModifiedByUserId");
    xml_nil(out, "a:LastModifiedTime");
    user_write_name(out, user);
    xml_element_bool(out, "a:IsMigratedToMicrosoftAccount", false);
    xml_close(out, "User");
}

void version_write_roles(struct call *call, const struct user *user)
{
    user_write_numbers(call, "Roles", "b:int",
                       state_query(call->state,
                                   "SELECT role_id FROM user_roles WHERE user_id = ?1 ORDER BY 1",
                                   "i", user->id));
    user_write_numbers(
        call, "Accounts", "b:long",
        state_query(call->state,
                    "SELECT account_id FROM user_accounts WHERE user_id = ?1 ORDER BY 1", "i",
                    user->id));
    user_write_numbers(
        call, "Customers", "b:long",
        state_query(call->state, "SELECT customer_id FROM users WHERE id = ?1", "i", user->id));
}

bool version_invitation_readable(struct call *call, const struct ent__UserInvitation *sent)
{
    static const char *const names[] = {"AdvertiserCampaignManager",
                                        "SuperAdmin",
                                        "ClientViewer",
                                        "ClientManager",
                                        "PublisherAdmin",
                                        "PublisherAccountManager",
                                        "PublisherReportUser",
                                        "PublisherListManager",
                                        "PublisherAdViewer",
                                        "ClientAdmin",
                                        "StandardUser",
                                        NULL};
    return search_readable_name(call, "Role", sent->Role, names, "UserRole");
}

bool version_invitation_role(struct call *call, const struct ent__UserInvitation *sent,
                             const char **out)
{
    (void)call;
    *out = sent->Role;
    return true;
}

void version_write_invitation_role(struct buffer *out, const char *role)
{
    xml_element(out, "a:Role", role);
}
