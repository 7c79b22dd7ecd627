#include "sim/state/text.h"

#include <jansson.h>
#include <string.h>

bool text_can_be_sent(const char *text, size_t length)
{
    json_t *utf8 = json_stringn(text, length);
    bool can = utf8 != NULL && !memchr(text, '\0', length);
    json_decref(utf8);
    for (size_t i = 0; can && i < length; i++) {
        can =
            (unsigned char)text[i] >= ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r';
        if (i + 2 < length && text[i] == '\xef' && text[i + 1] == '\xbf')
            can = text[i + 2] != '\xbe' && text[i + 2] != '\xbf';
    }
    return can;
}
