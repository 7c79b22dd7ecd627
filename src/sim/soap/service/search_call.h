/* What the search operations have in common. */
#ifndef BACM_SIM_SOAP_SERVICE_SEARCH_CALL_H
#define BACM_SIM_SOAP_SERVICE_SEARCH_CALL_H

#include "sim/rules/search_page.h"

struct ent__ArrayOfPredicate;
struct ent__ArrayOfOrderBy;
struct ent__Paging;

/* A field that an operation can be searched by. */
struct search_field {
    const char *name;
    bool contains; /* Contains instead of In, besides Equals */
};

/* Whether the names in predicates and ordering are values of their enumerations. */
bool search_readable(struct call *call, const struct ent__ArrayOfPredicate *predicates,
                     const struct ent__ArrayOfOrderBy *ordering);

/* Whether a text is NULL or one of the names (ended by NULL); else sets the fault. */
bool search_readable_name(struct call *call, const char *element, const char *text,
                          const char *const *names, const char *type);

bool search_parse_page(struct call *call, const struct ent__Paging *page, struct search_page *out);
struct sent_page search_sent_page(const struct ent__Paging *page);

/*
 * The values that are searched for, by field, each a JSON array for json_each()
 * or, with Contains, the text; NULL where a field is not searched by. At least
 * one predicate is required. False after setting the fault.
 */
bool search_parse_predicates(struct call *call, const struct ent__ArrayOfPredicate *predicates,
                             const struct search_field *fields, size_t count,
                             const char *out_values[]);

/* The first OrderBy as SQL: id, name or number, " DESC" where wanted. */
const char *search_order_sql(const struct ent__ArrayOfOrderBy *ordering);

/* TopN as a limit; a missing or silly one is refused. */
bool search_parse_top(struct call *call, const int *top, int64_t *out);

/* A filter text: NULL and "" are no filter, a short one is refused. */
bool search_check_filter(struct call *call, const char *filter);

#endif
