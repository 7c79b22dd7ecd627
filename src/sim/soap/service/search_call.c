#include "sim/soap/service/search_call.h"

#include "version.h"

#include <stdlib.h>
#include <string.h>

#define MAX_IN_VALUES     10
#define MAX_TOP           5000
#define MAX_PAGE          1000
#define MIN_FILTER_LENGTH 3

bool search_readable_name(struct call *call, const char *element, const char *text,
                          const char *const *names, const char *type)
{
    if (!text)
        return true;
    for (; *names; names++) {
        if (strcmp(*names, text) == 0)
            return true;
    }
    return call_fail_unreadable(call, element, text, type);
}

bool search_readable(struct call *call, const struct ent__ArrayOfPredicate *predicates,
                     const struct ent__ArrayOfOrderBy *ordering)
{
    static const char *const operators[] = {"Equals",     "NotEquals",         "Contains",
                                            "In",         "GreaterThanEquals", "LessThanEquals",
                                            "StartsWith", "NotContains",       NULL};
    static const char *const fields[] = {VERSION_ORDER_FIELDS, NULL};
    static const char *const orders[] = {"Ascending", "Descending", NULL};
    for (int i = 0; predicates && i < predicates->__sizePredicate; i++) {
        if (!search_readable_name(call, "Operator", predicates->Predicate[i].Operator, operators,
                                  "PredicateOperator"))
            return false;
    }
    for (int i = 0; ordering && i < ordering->__sizeOrderBy; i++) {
        const struct ent__OrderBy *order = &ordering->OrderBy[i];
        if (!search_readable_name(call, "Field", order->Field, fields, "OrderByField") ||
            !search_readable_name(call, "Order", order->Order, orders, "SortOrder"))
            return false;
    }
    return true;
}

struct sent_page search_sent_page(const struct ent__Paging *page)
{
    struct sent_page sent = {0};
    if (page && page->Index)
        sent.index = (struct sent_number){true, *page->Index};
    if (page && page->Size)
        sent.size = (struct sent_number){true, *page->Size};
    return sent;
}

bool search_parse_page(struct call *call, const struct ent__Paging *page, struct search_page *out)
{
    const struct sent_page sent = search_sent_page(page);
    return search_page_find(call, &sent, MAX_PAGE, out);
}

static bool bad_predicate(struct call *call, const char *field, const char *why)
{
    return call_fail_text(call, FAULT_API, CODE_INVALID_PREDICATE, "%.60s: %s", field, why);
}

/* A JSON array of the texts between commas, in the call's arena; NULL after setting the fault. */
static const char *value_list(struct call *call, const char *field, const char *value)
{
    char *list = soap_strdup(call->soap, value);
    char *rest = list;
    json_t *array = json_array();
    for (char *item = strtok_r(list, ", ", &rest); item; item = strtok_r(NULL, ", ", &rest))
        json_array_append_new(array, json_string(item));
    size_t count = json_array_size(array);
    char *text = json_dumps(array, JSON_COMPACT);
    const char *copy = soap_strdup(call->soap, text);
    free(text);
    json_decref(array);
    if (count == 0 || count > MAX_IN_VALUES) {
        bad_predicate(call, field, "one to ten values are wanted.");
        return NULL;
    }
    return copy;
}

static const char *single_value(struct call *call, const char *value)
{
    json_t *array = json_pack("[s]", value);
    char *text = json_dumps(array, JSON_COMPACT);
    const char *copy = soap_strdup(call->soap, text);
    free(text);
    json_decref(array);
    return copy;
}

static bool parse_predicate(struct call *call, const struct ent__Predicate *predicate,
                            const struct search_field *field, const char **out)
{
    const char *name = predicate->Operator;
    if (*out)
        return bad_predicate(call, field->name, "it stands twice.");
    if (strcmp(name, "Equals") == 0)
        *out = field->contains ? predicate->Value : single_value(call, predicate->Value);
    else if (field->contains && strcmp(name, "Contains") == 0)
        *out = predicate->Value;
    else if (!field->contains && strcmp(name, "In") == 0)
        *out = value_list(call, field->name, predicate->Value);
    else
        return bad_predicate(call, field->name, "the operator is not supported.");
    return *out != NULL;
}

bool search_parse_predicates(struct call *call, const struct ent__ArrayOfPredicate *predicates,
                             const struct search_field *fields, size_t count,
                             const char *out_values[])
{
    for (size_t i = 0; i < count; i++)
        out_values[i] = NULL;
    if (!predicates || predicates->__sizePredicate <= 0)
        return call_fail(call, FAULT_API, CODE_PREDICATE_REQUIRED);
    for (int i = 0; i < predicates->__sizePredicate; i++) {
        const struct ent__Predicate *predicate = &predicates->Predicate[i];
        size_t at = 0;
        if (!predicate->Field || !predicate->Operator || !predicate->Value)
            return bad_predicate(call, "Predicate", "Field, Operator and Value are required.");
        while (at < count && strcmp(fields[at].name, predicate->Field) != 0)
            at++;
        if (at == count)
            return bad_predicate(call, predicate->Field, "the field cannot be searched by.");
        if (!parse_predicate(call, predicate, &fields[at], &out_values[at]))
            return false;
    }
    return true;
}

const char *search_order_sql(const struct ent__ArrayOfOrderBy *ordering)
{
    static const char *const orders[][2] = {{"id", "id DESC"},
                                            {"name, id", "name DESC, id DESC"},
                                            {"number, id", "number DESC, id DESC"}};
    const struct ent__OrderBy *first =
        ordering && ordering->__sizeOrderBy > 0 ? &ordering->OrderBy[0] : NULL;
    const char *field = first && first->Field ? first->Field : "Id";
    int descending = first && first->Order && strcmp(first->Order, "Descending") == 0;
    int row = strcmp(field, "Name") == 0 ? 1 : strcmp(field, "Number") == 0 ? 2 : 0;
    return orders[row][descending];
}

bool search_parse_top(struct call *call, const int *top, int64_t *out)
{
    if (!top || *top < 1 || *top > MAX_TOP)
        return call_fail_text(call, FAULT_API, CODE_INPUT_VALIDATION, "TopN must be from 1 to %d.",
                              MAX_TOP);
    *out = *top;
    return true;
}

bool search_check_filter(struct call *call, const char *filter)
{
    if (!filter || !filter[0] || strlen(filter) >= MIN_FILTER_LENGTH)
        return true;
    return call_fail(call, FAULT_API, CODE_FILTER_TOO_SHORT);
}
