/* SendUserInvitation, SearchUserInvitations */
#include "sim/soap/service/operations.h"
#include "sim/soap/service/search_call.h"
#include "sim/soap/service/shape.h"
#include "sim/state/datetime.h"

#include "sim/xml.h"
#include "version.h"

#include <stdlib.h>
#include <string.h>

#define LIFETIME_MS (30LL * 24 * 60 * 60 * 1000)

bool readable_send_user_invitation(struct call *call, const void *request)
{
    const struct ent__UserInvitation *sent =
        ((const struct _cm__SendUserInvitationRequest *)request)->UserInvitation;
    return !sent || version_invitation_readable(call, sent);
}

static const char *account_list(struct call *call, const struct arr__ArrayOflong *ids)
{
    if (!ids)
        return NULL;
    json_t *list = json_array();
    for (int i = 0; i < ids->__sizelong_; i++)
        json_array_append_new(list, json_integer(ids->long_[i]));
    char *text = json_dumps(list, JSON_COMPACT);
    const char *copy = soap_strdup(call->soap, text);
    free(text);
    json_decref(list);
    return copy;
}

static bool may_invite(struct call *call)
{
    return call->api->users->standard_may ? call_require_standard(call)
                                          : call_require_super_admin(call);
}

bool run_send_user_invitation(struct call *call, const void *request)
{
    const struct ent__UserInvitation *sent =
        ((const struct _cm__SendUserInvitationRequest *)request)->UserInvitation;
    const char *role;
    if (!sent)
        return call_fail(call, FAULT_API, CODE_INVITATION_MISSING);
    if (!may_invite(call))
        return false;
    if (!sent->CustomerId || *sent->CustomerId != call->customer.id)
        return call_fail(call, FAULT_API, CODE_USER_NOT_AUTHORIZED);
    if (!version_invitation_role(call, sent, &role))
        return false;
    if (role && strcmp(role, "SuperAdmin") == 0 && !call_require_super_admin(call))
        return false;
    if (!sent->FirstName || !sent->LastName || !sent->Lcid)
        return call_fail_text(call, FAULT_API, CODE_NULL_PARAMETER, "FirstName, LastName, Lcid");
    if (!sent->Email || !strchr(sent->Email, '@'))
        return call_fail_text(call, FAULT_API, CODE_INPUT_VALIDATION, "Email");
    int64_t id = state_number(
        call->state, 0,
        "INSERT INTO user_invitations(first_name, last_name, email, customer_id, role,"
        " account_ids, lcid, expires_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
        "tttittti", sent->FirstName, sent->LastName, sent->Email, call->customer.id,
        role ? role : "AdvertiserCampaignManager", account_list(call, sent->AccountIds), sent->Lcid,
        call->now_ms + LIFETIME_MS);
    xml_element_long(call->reply, "UserInvitationId", id);
    return true;
}

static void write_account_ids(struct buffer *out, const char *text)
{
    json_t *ids = text ? json_loads(text, 0, NULL) : NULL;
    size_t index;
    json_t *id;
    xml_open(out, "a:AccountIds xmlns:b=\"" XML_NS_ARRAYS "\"");
    json_array_foreach(ids, index, id)
    {
        xml_element_long(out, "b:long", json_integer_value(id));
    }
    xml_close(out, "a:AccountIds");
    json_decref(ids);
}

static void write_invitation(struct buffer *out, sqlite3_stmt *row)
{
    char expires[DATETIME_TEXT_SIZE];
    datetime_format(sqlite3_column_int64(row, 8), expires);
    xml_open(out, "a:UserInvitation");
    xml_element_long(out, "a:Id", sqlite3_column_int64(row, 0));
    xml_element(out, "a:FirstName", state_text(row, 1));
    xml_element(out, "a:LastName", state_text(row, 2));
    xml_element(out, "a:Email", state_text(row, 3));
    xml_element_long(out, "a:CustomerId", sqlite3_column_int64(row, 4));
    version_write_invitation_role(out, state_text(row, 5));
    write_account_ids(out, state_text(row, 6));
    xml_element(out, "a:ExpirationDate", expires);
    xml_element(out, "a:Lcid", state_text(row, 7));
    xml_close(out, "a:UserInvitation");
}

bool readable_search_user_invitations(struct call *call, const void *request)
{
    const struct _cm__SearchUserInvitationsRequest *wanted = request;
    return search_readable(call, wanted->Predicates, NULL);
}

/* Those of the own customer that have not expired. */
bool run_search_user_invitations(struct call *call, const void *request)
{
    static const struct search_field fields[] = {{"CustomerId", false}};
    const struct _cm__SearchUserInvitationsRequest *wanted = request;
    const char *customer_id;
    if (!search_parse_predicates(call, wanted->Predicates, fields, 1, &customer_id))
        return false;
    sqlite3_stmt *row = state_query(
        call->state,
        "SELECT id, first_name, last_name, email, customer_id, role, account_ids, lcid,"
        " expires_ms FROM user_invitations WHERE customer_id = ?1 AND expires_ms > ?2"
        " AND CAST(customer_id AS TEXT) IN (SELECT value FROM json_each(?3)) ORDER BY id",
        "iit", call->customer.id, call->now_ms, customer_id);
    xml_open(call->reply, "UserInvitations xmlns:a=\"" XML_NS_ENTITIES "\"");
    while (state_row(call->state, row))
        write_invitation(call->reply, row);
    xml_close(call->reply, "UserInvitations");
    return true;
}
