#include "sim/soap/service/user_xml.h"

#include "sim/xml.h"

void user_write_contact(struct buffer *out, const struct user *user)
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

void user_write_name(struct buffer *out, const struct user *user)
{
    char version[VERSION_TEXT_SIZE];
    version_text(user->version, version);
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
}

void user_write_numbers(struct call *call, const char *tag, const char *item, sqlite3_stmt *row)
{
    struct buffer *out = call->reply;
    buffer_printf(out, "<%s xmlns:b=\"" XML_NS_ARRAYS "\">", tag);
    while (state_row(call->state, row))
        xml_element_long(out, item, sqlite3_column_int64(row, 0));
    xml_close(out, tag);
}
