#include "sim/rest/table.h"

#include <string.h>

/* make runs in the root folder */
__asm__(".section .rodata\n"
        "sim_rest_operations:\n"
        ".incbin \"src/sim/rest/operations.json\"\n"
        ".byte 0\n"
        ".text\n");
extern const char sim_rest_operations[];

static json_t *table;

bool rest_table_open(void)
{
    if (!table)
        table = json_loads(sim_rest_operations, JSON_REJECT_DUPLICATES, NULL);
    return table != NULL;
}

void rest_table_close(void)
{
    json_decref(table);
    table = NULL;
}

const char *rest_table_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

const json_t *rest_table_operation(const char *method, const char *path)
{
    size_t index;
    json_t *operation;
    json_array_foreach(json_object_get(table, "operations"), index, operation)
    {
        if (strcmp(rest_table_text(operation, "path"), path) == 0 &&
            strcmp(rest_table_text(operation, "method"), method) == 0)
            return operation;
    }
    return NULL;
}

bool rest_table_has_path(const char *path)
{
    static const char *const methods[] = {"POST", "PUT", "DELETE"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (rest_table_operation(methods[i], path))
            return true;
    }
    return false;
}

const json_t *rest_table_members(const json_t *operation, const char *direction)
{
    return json_object_get(operation, direction);
}

/* Whether the name of a kind, up to the brackets that close around it, is this one. */
static bool is_name(const char *name, const char *expected)
{
    size_t length = strcspn(name, ">");
    return strncmp(name, expected, length) == 0 && !expected[length];
}

static const json_t *find_named(const char *list, const char *name)
{
    size_t index;
    json_t *entry;
    json_array_foreach(json_object_get(table, list), index, entry)
    {
        if (is_name(name, rest_table_text(entry, "name")))
            return entry;
    }
    return NULL;
}

const json_t *rest_table_type(const char *kind)
{
    static const char object[] = "object:";
    if (strncmp(kind, object, sizeof object - 1) != 0)
        return NULL;
    return json_object_get(find_named("types", kind + sizeof object - 1), "members");
}

bool rest_kind_is(const char *kind, const char *name)
{
    return name[strlen(name) - 1] == ':' ? strncmp(kind, name, strlen(name)) == 0
                                         : is_name(kind, name);
}

const char *rest_kind_item(const char *kind)
{
    static const char array[] = "array<";
    return strncmp(kind, array, sizeof array - 1) == 0 ? kind + sizeof array - 1 : NULL;
}

bool rest_table_has_name(const char *kind, const char *name)
{
    static const char *const lists[] = {"values", "restOnly"};
    const json_t *enumeration = find_named("enums", strchr(kind, ':') + 1);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        size_t index;
        json_t *value;
        json_array_foreach(json_object_get(enumeration, lists[i]), index, value)
        {
            if (strcmp(json_string_value(value), name) == 0)
                return true;
        }
    }
    return false;
}
