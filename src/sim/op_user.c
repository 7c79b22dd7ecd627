/* GetUser */
#include "operations.h"

#include "v11H.h"
#include "xml.h"

#include <string.h>

#define ARRAYS " xmlns:b=\"" XML_NS_ARRAYS "\""

static void write_contact(struct buffer *out, const struct user *user)
{
    xml_open(out, "a:ContactInfo");
    xml_nil(out, "a:Address");
    xml_element_bool(out, "a:ContactByPhone", false);
    xml_element_bool(out, "a:ContactByPostalMail", false);
    xml_element(out, "a:Email", user->email);
    xml_element(out, "a:EmailFormat", "Html");
    xml_nil(out, "a:Fax");
    xml_nil(out, "a:HomePhone");
    xml_element_long(out, "a:Id", user->id);
    xml_nil(out, "a:Mobile");
    xml_element(out, "a:Phone1", user->phone);
    xml_nil(out, "a:Phone2");
    xml_close(out, "a:ContactInfo");
}

static void write_user(struct buffer *out, const struct user *user)
{
    char version[VERSION_TEXT_SIZE];
    version_text(user->version, version);
    xml_open(out, "User xmlns:a=\"" XML_NS_ENTITIES "\"");
    write_contact(out, user);
    xml_element(out, "a:CustomerAppScope", "Advertiser");
    xml_element_long(out, "a:CustomerId", user->customer_id);
    xml_element_long(out, "a:Id", user->id);
    xml_nil(out, "a:JobTitle");
    xml_nil(out, "a:LastModifiedByUserId");
    xml_nil(out, "a:LastModifiedTime");
    xml_element(out, "a:Lcid", "EnglishUS");
    xml_open(out, "a:Name");
    xml_element(out, "a:FirstName", user->first_name);
    xml_element(out, "a:LastName", user->last_name);
    xml_nil(out, "a:MiddleInitial");
    xml_close(out, "a:Name");
    xml_nil(out, "a:Password");
    xml_nil(out, "a:SecretAnswer");
    xml_element(out, "a:SecretQuestion", "None");
    xml_element(out, "a:UserLifeCycleStatus", user->status);
    xml_element(out, "a:TimeStamp", version);
    xml_element(out, "a:UserName", user->user_name);
    xml_element_bool(out, "a:IsMigratedToMicrosoftAccount", false);
    xml_close(out, "User");
}

/* Rows of one number each, as an array of the serialisation namespace. */
static void write_numbers(struct call *call, const char *tag, const char *item, sqlite3_stmt *row)
{
    struct buffer *out = call->reply;
    buffer_printf(out, "<%s" ARRAYS ">", tag);
    while (state_row(call->state, row))
        xml_element_long(out, item, sqlite3_column_int64(row, 0));
    xml_close(out, tag);
}

/* Other users than oneself are seen by a Super Admin, within the own customer. */
static bool find_user(struct call *call, const LONG64 *wanted, struct user *out)
{
    if (!wanted || *wanted == call->user.id) {
        *out = call->user;
        return true;
    }
    if (!call_require_super_admin(call))
        return false;
    if (!user_by_id(call->state, call->soap, *wanted, out) ||
        out->customer_id != call->user.customer_id)
        return call_fail(call, FAULT_API, CODE_ENTITY_NOT_EXISTENT);
    return true;
}

bool run_get_user(struct call *call, const void *request)
{
    const struct _cm__GetUserRequest *get_user = request;
    struct user user;
    if (!find_user(call, get_user->UserId, &user))
        return false;
    write_user(call->reply, &user);
    write_numbers(call, "Roles", "b:int",
                  state_query(call->state,
                              "SELECT role_id FROM user_roles WHERE user_id = ?1 ORDER BY 1", "i",
                              user.id));
    write_numbers(call, "Accounts", "b:long",
                  state_query(call->state,
                              "SELECT account_id FROM user_accounts WHERE user_id = ?1 ORDER BY 1",
                              "i", user.id));
    write_numbers(
        call, "Customers", "b:long",
        state_query(call->state, "SELECT customer_id FROM users WHERE id = ?1", "i", user.id));
    return true;
}
