/* SearchClientLinks */
#include "sim/rules/link_call.h"
#include "sim/rules/search_page.h"
#include "sim/xml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdsoap2.h>
#include <string.h>

#define MAX_IN_VALUES    10
#define MIN_VALUE_LENGTH 3
#define CAPPED_PAGE      100
#define UNCAPPED_PAGE    1000

enum search_order { ORDER_BY_CLIENT_ID, ORDER_BY_NAME, ORDER_BY_CUSTOMER_NUMBER };

/* What links can be searched by; the last two only where links of customers are known. */
enum search_field { CLIENT_ACCOUNT, MANAGER, CLIENT_CUSTOMER, DIRECT_MANAGER, FIELD_COUNT };

static const struct {
    const char *name;
    bool several; /* In, besides Equals */
    bool customer_links;
    enum search_field not_with;
} fields[FIELD_COUNT] = {
    [CLIENT_ACCOUNT] = {"ClientAccountId", true, false, CLIENT_CUSTOMER},
    [MANAGER] = {"ManagingCustomerId", false, false, DIRECT_MANAGER},
    [CLIENT_CUSTOMER] = {"ClientCustomerId", true, true, CLIENT_ACCOUNT},
    [DIRECT_MANAGER] = {"DirectManagingCustomerId", false, true, MANAGER},
};

/* The values that are searched for by one field. */
struct search_ids {
    int64_t ids[MAX_IN_VALUES];
    size_t count; /* 0: it is not searched by */
};

struct link_search {
    struct search_ids by[FIELD_COUNT];
    enum search_order order;
    bool descending;
    struct search_page page;
};

static bool bad_predicate(struct call *call, const char *field, const char *why)
{
    return call_fail_text(call, FAULT_API, CODE_INVALID_PREDICATE, "%s: %s", field, why);
}

/* One id; the text must be a positive number and nothing else. */
static bool parse_id(struct call *call, const char *field, const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value <= 0)
        return bad_predicate(call, field, "Value must be an id.");
    if (strlen(text) < MIN_VALUE_LENGTH)
        return call_fail(call, FAULT_API, CODE_FILTER_TOO_SHORT);
    *out = value;
    return true;
}

static bool parse_list(struct call *call, const char *field, const char *value,
                       struct search_ids *out)
{
    char *list = soap_strdup(call->soap, value);
    char *rest = list;
    for (char *item = strtok_r(list, ", ", &rest); item; item = strtok_r(NULL, ", ", &rest)) {
        if (out->count == MAX_IN_VALUES)
            return bad_predicate(call, field, "In takes at most 10 values.");
        if (!parse_id(call, field, item, &out->ids[out->count]))
            return false;
        out->count++;
    }
    return out->count > 0 || bad_predicate(call, field, "Value is empty.");
}

static enum search_field find_field(const struct call *call, const char *name)
{
    enum search_field field = 0;
    while (field < FIELD_COUNT &&
           (strcmp(fields[field].name, name) != 0 ||
            (fields[field].customer_links && !call->api->links->customer_links)))
        field++;
    return field;
}

static bool parse_predicate(struct call *call, const struct sent_predicate *predicate,
                            struct link_search *search)
{
    if (!predicate->field || !predicate->operation || !predicate->value)
        return bad_predicate(call, "Predicate", "Field, Operator and Value are required.");
    enum search_field field = find_field(call, predicate->field);
    if (field == FIELD_COUNT)
        return bad_predicate(call, "Field", "links cannot be searched by it.");
    const char *name = fields[field].name;
    struct search_ids *out = &search->by[field];
    if (out->count > 0)
        return bad_predicate(call, name, "it stands twice.");
    if (search->by[fields[field].not_with].count > 0)
        return bad_predicate(call, name, fields[fields[field].not_with].name);
    if (fields[field].several && strcmp(predicate->operation, "In") == 0)
        return parse_list(call, name, predicate->value, out);
    if (strcmp(predicate->operation, "Equals") != 0)
        return bad_predicate(call, name, "the operator is not supported.");
    out->count = 1;
    return parse_id(call, name, predicate->value, &out->ids[0]);
}

static bool parse_predicates(struct call *call, const struct sent_search *sent,
                             struct link_search *search)
{
    if (sent->count == 0)
        return call_fail(call, FAULT_API, CODE_PREDICATE_REQUIRED);
    if (sent->count > 2)
        return bad_predicate(call, "Predicates", "at most two are allowed.");
    for (size_t i = 0; i < sent->count; i++) {
        if (!parse_predicate(call, &sent->predicates[i], search))
            return false;
    }
    return true;
}

static bool parse_ordering(struct call *call, const struct sent_search *sent,
                           struct link_search *search)
{
    if (!sent->ordered)
        return true;
    const char *field = sent->order.field ? sent->order.field : "Id";
    search->descending = sent->order.order && strcmp(sent->order.order, "Descending") == 0;
    if (strcmp(field, "Id") == 0)
        search->order = ORDER_BY_CLIENT_ID;
    else if (strcmp(field, "Name") == 0)
        search->order = ORDER_BY_NAME;
    else if (strcmp(field, "Number") == 0)
        search->order = ORDER_BY_CUSTOMER_NUMBER;
    else
        return call_fail_text(call, FAULT_API, CODE_INPUT_VALIDATION,
                              "Ordering by %.40s is not supported.", field);
    return true;
}

/*
 * Where anybody may be agency and client, one is a client who is no agency and looks for the
 * links of another customer, or who names an account of one's own beside others.
 */
static bool asks_as_client(struct call *call, const struct link_search *search)
{
    const struct search_ids *accounts = &search->by[CLIENT_ACCOUNT];
    const struct search_ids *manager =
        &search->by[search->by[MANAGER].count > 0 ? MANAGER : DIRECT_MANAGER];
    struct account account;
    if (accounts->count == 0 && search->by[CLIENT_CUSTOMER].count == 0)
        return !call->customer.agency && manager->ids[0] != call->customer.id;
    for (size_t i = 0; i < accounts->count; i++) {
        if (account_by_id(call->state, call->soap, accounts->ids[i], &account) &&
            account.customer_id == call->customer.id)
            return accounts->count > 1;
    }
    return false;
}

/* A client asks for one account at a time, and it must be its own. */
static bool check_client_scope(struct call *call, const struct link_search *search)
{
    const struct search_ids *accounts = &search->by[CLIENT_ACCOUNT];
    struct account account;
    if (!call->api->links->agency_only)
        return !asks_as_client(call, search) ||
               bad_predicate(call, fields[CLIENT_ACCOUNT].name, "a client must search one.");
    if (call->customer.agency)
        return true;
    if (accounts->count != 1)
        return bad_predicate(call, fields[CLIENT_ACCOUNT].name, "a client must search one.");
    if (!account_by_id(call->state, call->soap, accounts->ids[0], &account) ||
        account.customer_id != call->customer.id)
        return call_fail(call, FAULT_API, CODE_USER_NOT_AUTHORIZED);
    return true;
}

static bool check_scope(struct call *call, const struct link_search *search)
{
    if (search->by[CLIENT_CUSTOMER].count > 0 && !link_role_suffices(call, LINK_OF_CUSTOMER))
        return call_fail(call, FAULT_ADAPI, CODE_NOT_AUTHORIZED);
    return check_client_scope(call, search);
}

/*
 * What the searches show, all with the same parameters: ?1 to ?10 are the client
 * ids, ?11 the caller's customer, ?12 the managing one (0: any), ?13 whether
 * links of whole customers may be shown. One sees links that oneself manages or
 * is the client of.
 */
#define SELECT_LINKS                                                                               \
    "SELECT " LINK_COLUMNS " FROM links l" LINK_JOINS "WHERE l.newest AND" LINK_WHOLE
#define IDS   " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
#define OWNER "coalesce(a.customer_id, l.client_customer_id)"
#define OWN   " AND (l.customer_id = ?11 OR " OWNER " = ?11)"
#define BY_ACCOUNT                                                                                 \
    SELECT_LINKS "AND l.client_customer_id = 0 AND l.account_id IN" IDS OWN                        \
                 " AND (?12 = 0 OR l.customer_id = ?12)"
#define BY_CLIENT_CUSTOMER                                                                         \
    SELECT_LINKS "AND l.client_customer_id <> 0 AND l.client_customer_id IN" IDS OWN               \
                 " AND (?12 = 0 OR l.customer_id = ?12)"
/* Also the links that others hold on the same accounts: documented for later versions than v11. */
#define BY_MANAGER                                                                                 \
    SELECT_LINKS "AND l.client_customer_id = 0 AND l.account_id IN (SELECT m.account_id FROM"      \
                 " links m WHERE m.customer_id = ?12 AND m.newest) AND (?11 = ?12 OR"              \
                 " a.customer_id = ?11)"
#define BY_DIRECT_MANAGER                                                                          \
    SELECT_LINKS "AND l.customer_id = ?12" OWN " AND (l.client_customer_id = 0 OR ?13)"

static const char *query_of(const struct link_search *search)
{
    if (search->by[CLIENT_ACCOUNT].count > 0)
        return BY_ACCOUNT;
    if (search->by[CLIENT_CUSTOMER].count > 0)
        return BY_CLIENT_CUSTOMER;
    return search->by[MANAGER].count > 0 ? BY_MANAGER : BY_DIRECT_MANAGER;
}

static void search_sql(const struct link_search *search, char *sql, size_t size)
{
    static const char *const first[][2] = {
        {"", ""},
        {"l.name, ", "l.name DESC, "},
        {"c.number, ", "c.number DESC, "},
    };
    static const char *const rest[] = {
        "l.account_id, l.client_customer_id, l.customer_id",
        "l.account_id DESC, l.client_customer_id DESC, l.customer_id DESC"};
    snprintf(sql, size, "%s ORDER BY %s%s LIMIT ?14 OFFSET ?15", query_of(search),
             first[search->order][search->descending], rest[search->descending]);
}

/* The customer that links must be managed by; 0: whoever it is. */
static int64_t wanted_manager(const struct call *call, const struct link_search *search)
{
    const struct search_ids *manager = &search->by[MANAGER];
    if (manager->count > 0)
        return call->api->links->customer_links && search->by[CLIENT_ACCOUNT].count > 0
                   ? 0
                   : manager->ids[0];
    return search->by[DIRECT_MANAGER].count > 0 ? search->by[DIRECT_MANAGER].ids[0] : 0;
}

static void write_results(struct call *call, const struct link_search *search)
{
    const struct search_ids *clients =
        &search->by[search->by[CLIENT_CUSTOMER].count > 0 ? CLIENT_CUSTOMER : CLIENT_ACCOUNT];
    const int64_t *ids = clients->ids;
    const bool whole =
        call->api->links->customer_links && link_role_suffices(call, LINK_OF_CUSTOMER);
    char sql[2048];
    char tag[XML_TAG_SIZE];
    search_sql(search, sql, sizeof sql);
    sqlite3_stmt *row = state_query(call->state, sql, "iiiiiiiiiiiiiii", ids[0], ids[1], ids[2],
                                    ids[3], ids[4], ids[5], ids[6], ids[7], ids[8], ids[9],
                                    call->customer.id, wanted_manager(call, search), (int64_t)whole,
                                    search->page.size, search->page.offset);
    snprintf(tag, sizeof tag, "ClientLinks xmlns:a=\"%s\"", call->api->entities_ns);
    xml_open(call->reply, tag);
    int64_t found = 0;
    for (; state_row(call->state, row); found++) {
        struct link link;
        link_read(row, &link);
        const char *forced = call->plan->link_status;
        call->api->write_link(call->reply, &link,
                              forced[0] ? forced : link_status_name(link.status));
    }
    xml_close(call->reply, tag);
    json_object_set_new(call->record, "found", json_integer(found));
}

/* What a rule of --fault makes of a page that is larger than 100. */
static bool find_page(struct call *call, const struct sent_page *sent, struct search_page *out)
{
    struct sent_page page = *sent;
    const enum page_cap cap = call->plan->page_cap;
    if (cap == PAGE_CAP_CUT && page.size.value > CAPPED_PAGE)
        page.size.value = CAPPED_PAGE;
    return search_page_find(call, &page,
                            cap == PAGE_CAP_SERVICE  ? call->api->links->max_page
                            : cap == PAGE_CAP_REFUSE ? CAPPED_PAGE
                                                     : UNCAPPED_PAGE,
                            out);
}

bool links_search(struct call *call, const struct sent_search *sent)
{
    struct link_search search = {0};
    if (!link_require_role(call) || !parse_predicates(call, sent, &search) ||
        !parse_ordering(call, sent, &search) || !find_page(call, &sent->page, &search.page) ||
        !check_scope(call, &search))
        return false;
    write_results(call, &search);
    return true;
}
