/* Users of the caller's customer: listing, changing, roles. */
#include "sim/rules/change_call.h"
#include "sim/soap/service/operations.h"
#include "sim/soap/service/search_call.h"

#include "sim/xml.h"
#include "version.h"

#include <string.h>

static const char *const life_cycle_statuses[] = {"Pending", "Active", "Inactive", "Deleted", NULL};

static bool is_own(struct call *call, const LONG64 *customer_id)
{
    return (customer_id && *customer_id == call->customer.id) ||
           call_fail(call, FAULT_API, CODE_USER_NOT_AUTHORIZED);
}

bool readable_get_users_info(struct call *call, const void *request)
{
    const struct _cm__GetUsersInfoRequest *wanted = request;
    return search_readable_name(call, "StatusFilter", wanted->StatusFilter, life_cycle_statuses,
                                "UserLifeCycleStatus");
}

bool run_get_users_info(struct call *call, const void *request)
{
    const struct _cm__GetUsersInfoRequest *wanted = request;
    if (!is_own(call, wanted->CustomerId))
        return false;
    sqlite3_stmt *row = state_query(call->state,
                                    "SELECT id, user_name FROM users WHERE customer_id = ?1"
                                    " AND (?2 IS NULL OR status = ?2) ORDER BY id",
                                    "it", call->customer.id, wanted->StatusFilter);
    xml_open(call->reply, "UsersInfo xmlns:a=\"" XML_NS_ENTITIES "\"");
    while (state_row(call->state, row)) {
        xml_open(call->reply, "a:UserInfo");
        xml_element_long(call->reply, "a:Id", sqlite3_column_int64(row, 0));
        xml_element(call->reply, "a:UserName", state_text(row, 1));
        xml_close(call->reply, "a:UserInfo");
    }
    xml_close(call->reply, "UsersInfo");
    return true;
}

static bool find_user(struct call *call, const LONG64 *user_id, struct user *out)
{
    if (!user_id)
        return call_fail_text(call, FAULT_API, CODE_NULL_PARAMETER, "the user's id");
    return (user_by_id(call->state, call->soap, *user_id, out) &&
            out->customer_id == call->customer.id) ||
           call_fail(call, FAULT_API, CODE_ENTITY_NOT_EXISTENT);
}

static bool is_role(const int *given, int role)
{
    return given && *given == role;
}

/* A user of the own customer that the caller may change: oneself, or any for a Super Admin. */
static bool changeable(struct call *call, const LONG64 *user_id, struct user *out)
{
    if (user_id && *user_id != call->user.id && !call_require_super_admin(call))
        return false;
    return find_user(call, user_id, out);
}

bool run_update_user(struct call *call, const void *request)
{
    const struct ent__User *sent = ((const struct _cm__UpdateUserRequest *)request)->User;
    struct user user = {0};
    if (!sent)
        return call_fail_text(call, FAULT_API, CODE_NULL_PARAMETER, "User");
    if (!changeable(call, sent->Id, &user) ||
        !change_check_timestamp(call, sent->TimeStamp, user.version))
        return false;
    const struct ent__PersonName *name = sent->Name;
    const struct ent__ContactInfo *contact = sent->ContactInfo;
    state_run(call->state,
              "UPDATE users SET first_name = coalesce(?2, first_name),"
              " last_name = coalesce(?3, last_name), email = coalesce(?4, email),"
              " phone = coalesce(?5, phone), version = version + 1 WHERE id = ?1",
              "itttt", user.id, name ? name->FirstName : NULL, name ? name->LastName : NULL,
              contact ? contact->Email : NULL, contact ? contact->Phone1 : NULL);
    change_write_time(call);
    return true;
}

bool run_delete_user(struct call *call, const void *request)
{
    const struct _cm__DeleteUserRequest *wanted = request;
    struct user user = {0};
    if (!call_require_super_admin(call) || !changeable(call, wanted->UserId, &user) ||
        !change_check_timestamp(call, wanted->TimeStamp, user.version))
        return false;
    state_run(call->state,
              "UPDATE users SET status = 'Deleted', version = version + 1 WHERE id = ?1", "i",
              user.id);
    return true;
}

static bool known_role(int role)
{
    static const int roles[] = {ROLE_CAMPAIGN_MANAGER, ROLE_AGGREGATOR, ROLE_SUPER_ADMIN,
                                ROLE_CLIENT_VIEWER, ROLE_STANDARD};
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (roles[i] == role)
            return true;
    }
    return false;
}

static void change_accounts(struct call *call, const char *sql, int64_t user_id,
                            const struct arr__ArrayOflong *ids)
{
    for (int i = 0; ids && i < ids->__sizelong_; i++)
        state_run(call->state, sql, "ii", user_id, (int64_t)ids->long_[i]);
}

bool run_update_user_roles(struct call *call, const void *request)
{
    const struct _cm__UpdateUserRolesRequest *wanted = request;
    struct user user = {0};
    if (!call->api->users->changes_roles)
        return call_fail(call, FAULT_ADAPI, CODE_NOT_AUTHORIZED);
    if (!call_require_standard(call) || !is_own(call, wanted->CustomerId) ||
        !find_user(call, wanted->UserId, &user))
        return false;
    if ((is_role(wanted->NewRoleId, ROLE_SUPER_ADMIN) ||
         user_has_role(call->state, user.id, ROLE_SUPER_ADMIN)) &&
        !call_require_super_admin(call))
        return false;
    if (wanted->NewRoleId && !known_role(*wanted->NewRoleId))
        return call_fail_text(call, FAULT_API, CODE_INPUT_VALIDATION, "NewRoleId");
    if (wanted->DeleteRoleId)
        state_run(call->state, "DELETE FROM user_roles WHERE user_id = ?1 AND role_id = ?2", "ii",
                  user.id, (int64_t)*wanted->DeleteRoleId);
    if (wanted->NewRoleId)
        state_run(call->state, "INSERT OR IGNORE INTO user_roles(user_id, role_id) VALUES(?1, ?2)",
                  "ii", user.id, (int64_t)*wanted->NewRoleId);
    change_accounts(call, "DELETE FROM user_accounts WHERE user_id = ?1 AND account_id = ?2",
                    user.id, wanted->DeleteAccountIds);
    change_accounts(call, "INSERT OR IGNORE INTO user_accounts(user_id, account_id) VALUES(?1, ?2)",
                    user.id, wanted->NewAccountIds);
    change_write_time(call);
    return true;
}
