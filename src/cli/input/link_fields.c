#include "cli/input/link_fields.h"

#define LINK_FIELD_INFO_(id, name, v11, key, kind, member, use, customers, title, width, right)    \
    [ROW_##id] = {name,        v11,      key, FIELD_##kind, offsetof(bacm_client_link, member),    \
                  FIELD_##use, customers},
const struct link_field link_fields[ROW_FIELD_COUNT] = {LINK_FIELD_LIST(LINK_FIELD_INFO_)};
#undef LINK_FIELD_INFO_
