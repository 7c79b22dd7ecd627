#include "cli/output/link_record.h"

#include "cli/input/link_fields.h"

#define COLUMN_(id, name, v11, key, kind, member, use, customers, title, width, right)             \
    {key, title, width, right, NULL, customers},
const struct output_column link_record_columns[] = {
    LINK_FIELD_LIST(COLUMN_){NULL, NULL, 0, false, NULL, false},
};
#undef COLUMN_

static json_t *value_of(const bacm_client_link *link, const struct link_field *field)
{
    const void *member = (const char *)link + field->offset;

    switch (field->kind) {
    case FIELD_INTEGER:
        return output_id(*(const int64_t *)member);
    case FIELD_BOOLEAN:
        return *(const bacm_tristate *)member == BACM_ABSENT
                   ? json_null()
                   : json_boolean(*(const bacm_tristate *)member == BACM_TRUE);
    case FIELD_LINK_TYPE:
        return output_text(link->type_text);
    default:
        return output_text(*(const char *const *)member);
    }
}

json_t *link_record_make(const bacm_client_link *link)
{
    json_t *record = json_object();

    for (int i = 0; record != NULL && i < ROW_FIELD_COUNT; i++) {
        if (json_object_set_new(record, link_fields[i].key, value_of(link, &link_fields[i])) == 0)
            continue;
        json_decref(record);
        record = NULL;
    }
    return record;
}
