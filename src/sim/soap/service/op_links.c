/* AddClientLinks, UpdateClientLinks, SearchClientLinks: requests into the terms of no version. */
#include "sim/soap/service/operations.h"
#include "sim/soap/service/search_call.h"
#include "sim/soap/service/shape.h"

#include "sim/rules/link_call.h"

static struct sent_map read_map(struct call *call,
                                const struct gen__ArrayOfKeyValuePairOfstringstring *map)
{
    struct sent_map out = {.given = map != NULL};
    if (!map || map->__sizeKeyValuePairOfstringstring <= 0)
        return out;
    size_t count = (size_t)map->__sizeKeyValuePairOfstringstring;
    struct sent_pair *pairs = soap_malloc(call->soap, count * sizeof *pairs);
    for (size_t i = 0; pairs && i < count; i++)
        pairs[i] = (struct sent_pair){map->KeyValuePairOfstringstring[i].key,
                                      map->KeyValuePairOfstringstring[i].value};
    out.pairs = pairs;
    out.count = pairs ? count : 0;
    return out;
}

static struct sent_number read_number(const LONG64 *number)
{
    return number ? (struct sent_number){true, *number} : (struct sent_number){0};
}

static struct sent_bool read_bool(const enum xsd__boolean *value)
{
    return value ? (struct sent_bool){true, *value == xsd__boolean__true_} : (struct sent_bool){0};
}

static void read_link(struct call *call, const struct ent__ClientLink *sent, struct sent_link *out)
{
    *out = (struct sent_link){
        .manager_id = read_number(sent->ManagingCustomerId),
        .manager_number = sent->ManagingCustomerNumber,
        .note = sent->Note,
        .name = sent->Name,
        .inviter_email = sent->InviterEmail,
        .inviter_name = sent->InviterName,
        .inviter_phone = sent->InviterPhone,
        .bill_to_client = read_bool(sent->IsBillToClient),
        .start_date = sent->StartDate,
        .status = sent->Status,
        .suppress_notification = read_bool(sent->SuppressNotification),
        .modified = sent->LastModifiedDateTime,
        .modified_by = read_number(sent->LastModifiedByUserId),
        .timestamp = sent->Timestamp,
        .map = read_map(call, sent->ForwardCompatibilityMap),
    };
    version_read_link(sent, out);
}

/* In the call's arena; without memory there are none. */
static struct sent_links read_links(struct call *call, const struct ent__ArrayOfClientLink *links)
{
    struct sent_links out = {0};
    if (!links || links->__sizeClientLink <= 0)
        return out;
    size_t count = (size_t)links->__sizeClientLink;
    struct sent_link *read = soap_malloc(call->soap, count * sizeof *read);
    for (size_t i = 0; read && i < count; i++)
        read_link(call, &links->ClientLink[i], &read[i]);
    out.links = read;
    out.count = read ? count : 0;
    return out;
}

bool readable_add_client_links(struct call *call, const void *request)
{
    const struct _cm__AddClientLinksRequest *wanted = request;
    const struct sent_links links = read_links(call, wanted->ClientLinks);
    return links_readable(call, &links);
}

bool run_add_client_links(struct call *call, const void *request)
{
    const struct _cm__AddClientLinksRequest *wanted = request;
    const struct sent_links links = read_links(call, wanted->ClientLinks);
    return links_add(call, &links);
}

bool readable_update_client_links(struct call *call, const void *request)
{
    const struct _cm__UpdateClientLinksRequest *wanted = request;
    const struct sent_links links = read_links(call, wanted->ClientLinks);
    return links_readable(call, &links);
}

bool run_update_client_links(struct call *call, const void *request)
{
    const struct _cm__UpdateClientLinksRequest *wanted = request;
    const struct sent_links links = read_links(call, wanted->ClientLinks);
    return links_update(call, &links);
}

bool readable_search_client_links(struct call *call, const void *request)
{
    const struct _cm__SearchClientLinksRequest *wanted = request;
    return search_readable(call, wanted->Predicates, wanted->Ordering);
}

bool run_search_client_links(struct call *call, const void *request)
{
    const struct _cm__SearchClientLinksRequest *wanted = request;
    const struct ent__ArrayOfPredicate *predicates = wanted->Predicates;
    const struct ent__ArrayOfOrderBy *ordering = wanted->Ordering;
    struct sent_search search = {.page = search_sent_page(wanted->PageInfo)};
    if (predicates && predicates->__sizePredicate > 0) {
        size_t count = (size_t)predicates->__sizePredicate;
        struct sent_predicate *read = soap_malloc(call->soap, count * sizeof *read);
        for (size_t i = 0; read && i < count; i++)
            read[i] = (struct sent_predicate){predicates->Predicate[i].Field,
                                              predicates->Predicate[i].Operator,
                                              predicates->Predicate[i].Value};
        search.predicates = read;
        search.count = read ? count : 0;
    }
    if (ordering && ordering->__sizeOrderBy > 0) {
        search.ordered = true;
        search.order = (struct sent_order){ordering->OrderBy[0].Field, ordering->OrderBy[0].Order};
    }
    return links_search(call, &search);
}
