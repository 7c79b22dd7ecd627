#include "sim/soap/link_xml.h"

#include "sim/xml.h"

#include <jansson.h>

void link_write_map(struct buffer *out, const char *map_json)
{
    json_t *map = map_json ? json_loads(map_json, 0, NULL) : NULL;
    if (!map) {
        xml_nil(out, "a:ForwardCompatibilityMap xmlns:b=\"" XML_NS_GENERIC "\"");
        return;
    }
    const char *key;
    json_t *value;
    xml_open(out, "a:ForwardCompatibilityMap xmlns:b=\"" XML_NS_GENERIC "\"");
    json_object_foreach(map, key, value)
    {
        xml_open(out, "b:KeyValuePairOfstringstring");
        xml_element(out, "b:key", key);
        xml_element(out, "b:value", json_string_value(value));
        xml_close(out, "b:KeyValuePairOfstringstring");
    }
    xml_close(out, "a:ForwardCompatibilityMap");
    json_decref(map);
}

void link_write_texts(struct buffer *out, const struct link *link)
{
    xml_element(out, "a:Note", link->note);
    xml_element(out, "a:Name", link->name);
    xml_element(out, "a:InviterEmail", link->inviter_email);
    xml_element(out, "a:InviterName", link->inviter_name);
    xml_element(out, "a:InviterPhone", link->inviter_phone);
}

void link_write_record(struct buffer *out, const struct link *link)
{
    xml_element_bool(out, "a:SuppressNotification", link->suppress_notification);
    xml_element(out, "a:LastModifiedDateTime", link->modified);
    xml_element_long(out, "a:LastModifiedByUserId", link->modified_by);
    xml_element(out, "a:Timestamp", link->timestamp);
    link_write_map(out, link->map);
}
