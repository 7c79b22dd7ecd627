/* SearchClientLinks */
#include "link_call.h"
#include "links.h"
#include "operations.h"
#include "search_call.h"

#include "v11H.h"
#include "xml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_IN_VALUES    10
#define MIN_VALUE_LENGTH 3

enum search_order { ORDER_BY_ACCOUNT_ID, ORDER_BY_NAME, ORDER_BY_CUSTOMER_NUMBER };

struct link_search {
    int64_t account_ids[MAX_IN_VALUES];
    size_t account_count; /* 0: no predicate on the account */
    int64_t customer_id;  /* 0: no predicate on the managing customer */
    enum search_order order;
    bool descending;
    struct search_page page;
};

static bool bad_predicate(struct call *call, const char *why)
{
    return call_fail_text(call, FAULT_API, CODE_INVALID_PREDICATE, "%s", why);
}

/* One id; the text must be a positive number and nothing else. */
static bool parse_id(struct call *call, const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value <= 0)
        return bad_predicate(call, "Value must be an id.");
    if (strlen(text) < MIN_VALUE_LENGTH)
        return call_fail(call, FAULT_API, CODE_FILTER_TOO_SHORT);
    *out = value;
    return true;
}

static bool parse_account_list(struct call *call, const char *value, struct link_search *search)
{
    char *list = soap_strdup(call->soap, value);
    char *rest = list;
    for (char *item = strtok_r(list, ", ", &rest); item; item = strtok_r(NULL, ", ", &rest)) {
        if (search->account_count == MAX_IN_VALUES)
            return bad_predicate(call, "In takes at most 10 values.");
        if (!parse_id(call, item, &search->account_ids[search->account_count]))
            return false;
        search->account_count++;
    }
    return search->account_count > 0 || bad_predicate(call, "Value is empty.");
}

static bool parse_predicate(struct call *call, const struct ent__Predicate *predicate,
                            struct link_search *search)
{
    if (!predicate->Field || !predicate->Operator || !predicate->Value)
        return bad_predicate(call, "Field, Operator and Value are required.");
    bool equals = strcmp(predicate->Operator, "Equals") == 0;
    if (strcmp(predicate->Field, "ClientAccountId") == 0) {
        if (search->account_count > 0)
            return bad_predicate(call, "ClientAccountId stands twice.");
        if (strcmp(predicate->Operator, "In") == 0)
            return parse_account_list(call, predicate->Value, search);
        if (!equals)
            return bad_predicate(call, "ClientAccountId allows Equals and In.");
        search->account_count = 1;
        return parse_id(call, predicate->Value, &search->account_ids[0]);
    }
    if (strcmp(predicate->Field, "ManagingCustomerId") == 0) {
        if (search->customer_id != 0)
            return bad_predicate(call, "ManagingCustomerId stands twice.");
        if (!equals)
            return bad_predicate(call, "ManagingCustomerId allows Equals.");
        return parse_id(call, predicate->Value, &search->customer_id);
    }
    return bad_predicate(call, "Field must be ClientAccountId or ManagingCustomerId.");
}

static bool parse_predicates(struct call *call, const struct ent__ArrayOfPredicate *predicates,
                             struct link_search *search)
{
    if (!predicates || predicates->__sizePredicate <= 0)
        return call_fail(call, FAULT_API, CODE_PREDICATE_REQUIRED);
    if (predicates->__sizePredicate > 2)
        return bad_predicate(call, "At most two predicates are allowed.");
    for (int i = 0; i < predicates->__sizePredicate; i++) {
        if (!parse_predicate(call, &predicates->Predicate[i], search))
            return false;
    }
    return true;
}

/* Only the first entry counts; the service ignores the others. */
static bool parse_ordering(struct call *call, const struct ent__ArrayOfOrderBy *ordering,
                           struct link_search *search)
{
    if (!ordering || ordering->__sizeOrderBy <= 0)
        return true;
    const struct ent__OrderBy *first = &ordering->OrderBy[0];
    const char *field = first->Field ? first->Field : "Id";
    search->descending = first->Order && strcmp(first->Order, "Descending") == 0;
    if (strcmp(field, "Id") == 0)
        search->order = ORDER_BY_ACCOUNT_ID;
    else if (strcmp(field, "Name") == 0)
        search->order = ORDER_BY_NAME;
    else if (strcmp(field, "Number") == 0)
        search->order = ORDER_BY_CUSTOMER_NUMBER;
    else
        return call_fail_text(call, FAULT_API, CODE_INPUT_VALIDATION,
                              "Ordering by %.40s is not supported.", field);
    return true;
}

/* A client asks for one account at a time, and it must be its own. */
static bool check_scope(struct call *call, const struct link_search *search)
{
    if (call->customer.agency)
        return true;
    if (search->account_count != 1)
        return bad_predicate(call, "A client must search one ClientAccountId.");
    struct account account;
    if (!account_by_id(call->state, call->soap, search->account_ids[0], &account) ||
        account.customer_id != call->customer.id)
        return call_fail(call, FAULT_API, CODE_USER_NOT_AUTHORIZED);
    return true;
}

static void write_map(struct buffer *out, const char *map_json)
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

static void write_link(struct buffer *out, const struct link *link, const char *status)
{
    xml_open(out, "a:ClientLink");
    xml_element_long(out, "a:ClientAccountId", link->account_id);
    xml_element(out, "a:ClientAccountNumber", link->account_number);
    xml_element_long(out, "a:ManagingCustomerId", link->customer_id);
    xml_element(out, "a:ManagingCustomerNumber", link->customer_number);
    xml_element(out, "a:Note", link->note);
    xml_element(out, "a:Name", link->name);
    xml_element(out, "a:InviterEmail", link->inviter_email);
    xml_element(out, "a:InviterName", link->inviter_name);
    xml_element(out, "a:InviterPhone", link->inviter_phone);
    xml_element_bool(out, "a:IsBillToClient", link->bill_to_client);
    xml_element(out, "a:StartDate", link->start_date);
    xml_element(out, "a:Status", status);
    xml_element_bool(out, "a:SuppressNotification", link->suppress_notification);
    xml_element(out, "a:LastModifiedDateTime", link->modified);
    xml_element_long(out, "a:LastModifiedByUserId", link->modified_by);
    xml_element(out, "a:Timestamp", link->timestamp);
    write_map(out, link->map);
    xml_close(out, "a:ClientLink");
}

#define SELECT_LINKS "SELECT " LINK_COLUMNS " FROM links l" LINK_JOINS
#define BY_ACCOUNT                                                                                 \
    SELECT_LINKS "WHERE l.newest AND l.account_id IN"                                              \
                 " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"                                      \
                 " AND (l.customer_id = ?11 OR a.customer_id = ?11)"                               \
                 " AND (?12 = 0 OR l.customer_id = ?12)"
/* Also the links that others hold on the same accounts: documented for later versions. */
#define BY_CUSTOMER                                                                                \
    SELECT_LINKS "WHERE l.newest AND l.account_id IN (SELECT m.account_id FROM links m"            \
                 " WHERE m.customer_id = ?12 AND m.newest) AND (?11 = ?12 OR"                      \
                 " a.customer_id = ?11)"

static void search_sql(const struct link_search *search, char *sql, size_t size)
{
    static const char *const orders[][2] = {
        {"l.account_id, l.customer_id", "l.account_id DESC, l.customer_id DESC"},
        {"l.name, l.account_id, l.customer_id",
         "l.name DESC, l.account_id DESC, l.customer_id DESC"},
        {"c.number, l.account_id", "c.number DESC, l.account_id DESC"},
    };
    snprintf(sql, size, "%s ORDER BY %s LIMIT ?13 OFFSET ?14",
             search->account_count > 0 ? BY_ACCOUNT : BY_CUSTOMER,
             orders[search->order][search->descending]);
}

static void write_results(struct call *call, const struct link_search *search)
{
    const int64_t *ids = search->account_ids;
    char sql[1024];
    search_sql(search, sql, sizeof sql);
    sqlite3_stmt *row =
        state_query(call->state, sql, "iiiiiiiiiiiiii", ids[0], ids[1], ids[2], ids[3], ids[4],
                    ids[5], ids[6], ids[7], ids[8], ids[9], call->customer.id, search->customer_id,
                    search->page.size, search->page.offset);
    xml_open(call->reply, "ClientLinks xmlns:a=\"" XML_NS_ENTITIES "\"");
    int64_t found = 0;
    for (; state_row(call->state, row); found++) {
        struct link link;
        link_read(row, &link);
        const char *forced = call->plan->link_status;
        write_link(call->reply, &link, forced[0] ? forced : link_status_name(link.status));
    }
    xml_close(call->reply, "ClientLinks");
    json_object_set_new(call->record, "found", json_integer(found));
}

bool readable_search_client_links(struct call *call, const void *request)
{
    const struct _cm__SearchClientLinksRequest *wanted = request;
    return search_readable(call, wanted->Predicates, wanted->Ordering);
}

bool run_search_client_links(struct call *call, const void *request)
{
    const struct _cm__SearchClientLinksRequest *wanted = request;
    struct link_search search = {0};
    if (!call_require_super_admin(call) || !parse_predicates(call, wanted->Predicates, &search) ||
        !parse_ordering(call, wanted->Ordering, &search) ||
        !search_parse_page(call, wanted->PageInfo, &search.page) || !check_scope(call, &search))
        return false;
    write_results(call, &search);
    return true;
}
