/* Users and their roles in v13. */
#include "version.h"

#include "sim/soap/service/shape.h"

#include "sim/soap/service/user_xml.h"
#include "sim/xml.h"

#include <string.h>

const struct user_rules version_user_rules = {.standard_may = true, .changes_roles = true};

void version_write_user(struct buffer *out, const struct user *user)
{
    xml_open(out, "User xmlns:a=\"" XML_NS_ENTITIES "\"");
    user_write_contact(out, user);
    xml_element_long(out, "a:CustomerId", user->customer_id);
    xml_element_long(out, "a:Id", user->id);
    xml_nil(out, "a:JobTitle");
    xml_nil(out, "a:LastModifiedByUserId");
    xml_nil(out, "a:LastModifiedTime");
    user_write_name(out, user);
    xml_nil(out, "a:ForwardCompatibilityMap");
    xml_nil(out, "a:AuthenticationToken");
    xml_close(out, "User");
}

/* nil says "not limited" or "none": an empty list is not sent. */
static void write_ids(struct buffer *out, const char *tag, const char *ids_json)
{
    json_t *ids = ids_json ? json_loads(ids_json, 0, NULL) : NULL;
    size_t index;
    json_t *id;
    if (json_array_size(ids) == 0) {
        xml_nil(out, tag);
        json_decref(ids);
        return;
    }
    buffer_printf(out, "<%s xmlns:b=\"" XML_NS_ARRAYS "\">", tag);
    json_array_foreach(ids, index, id)
    {
        xml_element_long(out, "b:long", json_integer_value(id));
    }
    xml_close(out, tag);
    json_decref(ids);
}

/*
 * A row a role and customer: one's own customer, with the accounts that one is
 * limited to there and those that it manages one by one; then the customers that
 * are linked below it as a whole, over all levels, each with the permission of its own
 * link and the accounts that it manages one by one.
 */
#define LINKED_TO(CUSTOMER)                                                                        \
    " (SELECT json_group_array(l.account_id) FROM (SELECT account_id FROM links WHERE"             \
    "  customer_id = " CUSTOMER " AND newest AND account_id <> 0 AND status IN " MANAGED_STATUSES  \
    "  AND (account_id IN (SELECT account_id FROM user_accounts WHERE user_id = u.id)"             \
    "   OR NOT EXISTS (SELECT 1 FROM user_accounts WHERE user_id = u.id))"                         \
    "  ORDER BY account_id) l)"

static const char roles_sql[] =
    "SELECT r.role_id, u.customer_id,"
    " (SELECT json_group_array(x.account_id) FROM user_accounts x JOIN accounts a"
    "  ON a.id = x.account_id WHERE x.user_id = u.id AND a.customer_id = u.customer_id)," LINKED_TO(
        "u.customer_id") ", NULL, 0"
                         " FROM users u JOIN user_roles r ON r.user_id = u.id WHERE u.id = ?1"
                         " UNION ALL"
                         " SELECT r.role_id, b.id, NULL," LINKED_TO(
                             "b.id") ", b.permission, min(b.level)"
                                     " FROM users u JOIN user_roles r ON r.user_id = u.id JOIN "
                                     "(" WITH_BELOW(
                                         "(SELECT customer_id"
                                         " FROM users WHERE id = ?1)") " SELECT * FROM below WHERE "
                                                                       "level > 0) b"
                                                                       " WHERE u.id = ?1 GROUP BY "
                                                                       "r.role_id, b.id ORDER BY "
                                                                       "6, 2, 1";

void version_write_roles(struct call *call, const struct user *user)
{
    struct buffer *out = call->reply;
    sqlite3_stmt *row = state_query(call->state, roles_sql, "i", user->id);
    xml_open(out, "CustomerRoles xmlns:a=\"" XML_NS_ENTITIES "\"");
    while (state_row(call->state, row)) {
        xml_open(out, "a:CustomerRole");
        xml_element_long(out, "a:RoleId", sqlite3_column_int64(row, 0));
        xml_element_long(out, "a:CustomerId", sqlite3_column_int64(row, 1));
        write_ids(out, "a:AccountIds", state_text(row, 2));
        write_ids(out, "a:LinkedAccountIds", state_text(row, 3));
        xml_element(out, "a:CustomerLinkPermission", state_text(row, 4));
        xml_close(out, "a:CustomerRole");
    }
    xml_close(out, "CustomerRoles");
}

/* The roles that somebody can be invited to, by the names that v11 has for them. */
static const struct {
    int id;
    const char *name;
} roles[] = {{ROLE_CAMPAIGN_MANAGER, "AdvertiserCampaignManager"},
             {ROLE_SUPER_ADMIN, "SuperAdmin"},
             {ROLE_CLIENT_VIEWER, "ClientViewer"},
             {ROLE_STANDARD, "StandardUser"}};

bool version_invitation_readable(struct call *call, const struct ent__UserInvitation *sent)
{
    (void)call;
    (void)sent;
    return true;
}

bool version_invitation_role(struct call *call, const struct ent__UserInvitation *sent,
                             const char **out)
{
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (sent->RoleId && roles[i].id == *sent->RoleId) {
            *out = roles[i].name;
            return true;
        }
    }
    *out = NULL;
    return !sent->RoleId || call_fail_text(call, FAULT_API, CODE_INPUT_VALIDATION, "RoleId");
}

/* A role that only v11 can invite to has no number: it is left out. */
void version_write_invitation_role(struct buffer *out, const char *role)
{
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (strcmp(roles[i].name, role) == 0)
            xml_element_long(out, "a:RoleId", roles[i].id);
    }
}
