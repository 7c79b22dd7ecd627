/*
 * The members of a JSON object as fields of a row.
 */
#include "cli/input/json_row.h"

#include <string.h>

#include "cli/input/twin.h"

/* The members that count so far. */
struct seen {
    enum name_match match[ROW_FIELD_COUNT];
    const char *key[ROW_FIELD_COUNT];
};

const char *json_row_type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "a whole number";
    case JSON_REAL:
        return "a number with a fraction";
    default:
        return "true or false";
    }
}

static bool wrong_type(const json_t *value, const char *wanted, struct problem *problem)
{
    char remedy[64];

    snprintf(remedy, sizeof remedy, "write %s", wanted);
    problem_set(problem, remedy, "this is %s", json_row_type_name(value));
    return false;
}

static bool take_value(struct row *row, enum row_field field, const json_t *value,
                       struct problem *problem)
{
    if (json_is_null(value))
        return true;
    switch (link_fields[field].kind) {
    case FIELD_INTEGER:
        if (!json_is_integer(value))
            return wrong_type(value, "the id as a number, without quotes", problem);
        return row_set_integer(row, field, json_integer_value(value), problem);
    case FIELD_BOOLEAN:
        if (!json_is_boolean(value))
            return wrong_type(value, "true or false, without quotes", problem);
        return row_set_boolean(row, field, json_boolean_value(value));
    default:
        if (!json_is_string(value))
            return wrong_type(value, "a string", problem);
        return row_parse(row, field, json_string_value(value), json_string_length(value), problem);
    }
}

/* Told once of each field. */
static void note_twin(struct json_row *fields, enum row_field field, const char *passed_over,
                      const char *counts)
{
    struct json_twin *twin = &fields->twins[field];

    if (twin->counts[0] != '\0')
        return;
    snprintf(twin->passed_over, sizeof twin->passed_over, "%s", passed_over);
    snprintf(twin->counts, sizeof twin->counts, "%s", counts);
}

/* A further key of a field: the exact one counts, and two that are alike are one too many. */
static bool take_twin(struct json_row *fields, struct row *row, enum row_field field,
                      const char *key, enum name_match match, const json_t *value,
                      struct seen *seen, struct problem *problem)
{
    bool counts = match > seen->match[field];
    const char *earlier = seen->key[field];

    if (match == seen->match[field]) {
        problem_set(problem, "remove one of the two", "%s is here a second time", key);
        return false;
    }
    note_twin(fields, field, counts ? earlier : key, counts ? key : earlier);
    if (twin_must_agree(field)) {
        row_clear(&fields->other);
        if (!take_value(&fields->other, field, value, problem) ||
            !twin_agrees(counts ? &fields->other : row, counts ? row : &fields->other, field,
                         earlier, problem))
            return false;
    }
    if (!counts)
        return true;
    seen->match[field] = match;
    seen->key[field] = key;
    return take_value(row, field, value, problem);
}

static bool take_member(struct json_row *fields, struct row *row, const char *key,
                        const json_t *value, struct seen *seen, struct problem *problem)
{
    enum name_match match;
    enum row_field field = row_take_name(fields->names, key, &match, problem);
    bool good = field == ROW_PASSED_OVER;

    if (field < ROW_FIELD_COUNT && seen->key[field] != NULL) {
        good = take_twin(fields, row, field, key, match, value, seen, problem);
    } else if (field < ROW_FIELD_COUNT) {
        seen->match[field] = match;
        seen->key[field] = key;
        good = take_value(row, field, value, problem);
    }
    if (!good)
        snprintf(problem->field, sizeof problem->field, "%s", key);
    return good;
}

bool json_row_take(struct json_row *fields, struct row *row, json_t *object,
                   struct problem *problem)
{
    struct seen seen = {0};
    struct problem further = {0};
    const char *key;
    json_t *value;
    bool good = true;

    json_object_foreach(object, key, value)
    {
        further.reason[0] = '\0';
        if (!take_member(fields, row, key, value, &seen, good ? problem : &further))
            good = false;
    }
    return good;
}

void json_row_describe(const struct json_row *fields, FILE *file)
{
    for (int i = 0; i < ROW_FIELD_COUNT; i++) {
        if (fields->twins[i].counts[0] != '\0')
            twin_describe(fields->twins[i].passed_over, fields->twins[i].counts, file);
    }
}
