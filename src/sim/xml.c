#include "sim/xml.h"

#include <inttypes.h>
#include <string.h>

void xml_text(struct buffer *out, const char *text)
{
    while (*text) {
        size_t plain = strcspn(text, "&<>\"\r");
        buffer_append(out, text, plain);
        text += plain;
        switch (*text) {
        case '&':
            buffer_text(out, "&amp;");
            break;
        case '<':
            buffer_text(out, "&lt;");
            break;
        case '>':
            buffer_text(out, "&gt;");
            break;
        case '"':
            buffer_text(out, "&quot;");
            break;
        case '\r': /* a reader would turn a bare one into a line feed */
            buffer_text(out, "&#xD;");
            break;
        default:
            return;
        }
        text++;
    }
}

void xml_open(struct buffer *out, const char *tag)
{
    buffer_text(out, "<");
    buffer_text(out, tag);
    buffer_text(out, ">");
}

void xml_close(struct buffer *out, const char *tag)
{
    buffer_text(out, "</");
    buffer_append(out, tag, strcspn(tag, " "));
    buffer_text(out, ">");
}

void xml_nil(struct buffer *out, const char *tag)
{
    buffer_text(out, "<");
    buffer_text(out, tag);
    buffer_text(out, " i:nil=\"true\"/>");
}

void xml_element(struct buffer *out, const char *tag, const char *text)
{
    if (!text) {
        xml_nil(out, tag);
        return;
    }
    xml_open(out, tag);
    xml_text(out, text);
    xml_close(out, tag);
}

void xml_element_long(struct buffer *out, const char *tag, int64_t value)
{
    xml_open(out, tag);
    buffer_printf(out, "%" PRId64, value);
    xml_close(out, tag);
}

void xml_element_bool(struct buffer *out, const char *tag, bool value)
{
    xml_element(out, tag, value ? "true" : "false");
}
