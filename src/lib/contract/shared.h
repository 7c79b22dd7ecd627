/*
 * What the mappings of all versions have in common: the library's types to the
 * generated ones and back. Compiled once a version, against its generated types,
 * by the contract_VERSION.c that includes it; those files and this one are all that
 * name generated types of the client-link operations.
 *
 * Before it are defined: CUSTOMER_NAMESPACE, OPERATIONS, OPERATION_COUNT and
 * OPERATION(name), the index of one.
 */
#ifndef BACM_LIB_CONTRACT_SHARED_H
#define BACM_LIB_CONTRACT_SHARED_H

#include <stdio.h>
#include <string.h>

#include "lib/contract/contract.h"

/* --- what the version adds ------------------------------------------------------- */

/* Who the client of a link is, and what else AddClientLinks has in this version only. */
static void write_client(struct soap *soap, struct ent__ClientLink *to,
                         const bacm_client_link *from, bool *failed);
/* What of it UpdateClientLinks sends back as received. */
static void write_received_client(struct ent__ClientLink *to, const bacm_client_link *from);
static void copy_client(struct bacm_arena *arena, bacm_client_link *to,
                        const struct ent__ClientLink *from, int *failed);
/* Roles and what they are for. */
static void copy_access(bacm_user *user, struct bacm_arena *arena,
                        const struct _cm__GetUserResponse *from, int *failed);

/* --- faults ---------------------------------------------------------------------- */

/* Nothing of the engine's own making, so that a program without SOAP needs none of it. */
static void *new_structs(struct soap *soap, size_t count, size_t size)
{
    void *memory = soap_malloc(soap, count * size);

    return memory ? memset(memory, 0, count * size) : NULL;
}

#define NEW(type, count) ((struct type *)new_structs(soap, (count), sizeof(struct type)))

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

static bool is_blank(const int *code, const char *message, const char *details, const char *symbol)
{
    return !code && !message && !details && !symbol;
}

/* Errors of a list, without the nil ones. 0 or -1 when out of memory. */
static int read_operation_errors(struct soap *soap, const struct exc__ArrayOfOperationError *from,
                                 bacm_channel channel, struct bacm_error_list *to)
{
    bacm_service_error *errors;
    size_t size = from && from->__sizeOperationError > 0 ? (size_t)from->__sizeOperationError : 0;

    to->errors = NULL;
    to->count = 0;
    if (!size)
        return 0;
    errors = soap_malloc(soap, size * sizeof *errors);
    if (!errors)
        return -1;
    for (size_t i = 0; i < size; i++) {
        const struct exc__OperationError *error = &from->OperationError[i];

        if (is_blank(error->Code, error->Message, error->Details, NULL))
            continue;
        errors[to->count++] = (bacm_service_error){
            .channel = channel,
            .has_code = error->Code != NULL,
            .code = error->Code ? *error->Code : 0,
            .symbol = "",
            .message = text_or_empty(error->Message),
            .details = text_or_empty(error->Details),
        };
    }
    to->errors = errors;
    return 0;
}

static int read_api_errors(struct soap *soap, const struct adapi__ArrayOfAdApiError *from,
                           struct bacm_error_list *to)
{
    bacm_service_error *errors;
    size_t size = from && from->__sizeAdApiError > 0 ? (size_t)from->__sizeAdApiError : 0;

    if (!size)
        return 0;
    errors = soap_malloc(soap, size * sizeof *errors);
    if (!errors)
        return -1;
    for (size_t i = 0; i < size; i++) {
        const struct adapi__AdApiError *error = &from->AdApiError[i];

        if (is_blank(error->Code, error->Message, error->Detail, error->ErrorCode))
            continue;
        errors[to->count++] = (bacm_service_error){
            .channel = BACM_CHANNEL_ADAPI,
            .has_code = error->Code != NULL,
            .code = error->Code ? *error->Code : 0,
            .symbol = text_or_empty(error->ErrorCode),
            .message = text_or_empty(error->Message),
            .details = text_or_empty(error->Detail),
        };
    }
    to->errors = errors;
    return 0;
}

static int read_fault(struct soap *soap, const void *ad_api_fault, const void *api_fault,
                      struct bacm_fault *fault)
{
    if (ad_api_fault) {
        const struct adapi__AdApiFaultDetail *detail = ad_api_fault;

        fault->channel = BACM_CHANNEL_ADAPI;
        if (detail->TrackingId)
            fault->tracking_id = detail->TrackingId;
        return read_api_errors(soap, detail->Errors, &fault->list);
    }
    if (api_fault) {
        const struct exc__ApiFault *detail = api_fault;

        fault->channel = BACM_CHANNEL_API_FAULT;
        if (detail->adapi__TrackingId)
            fault->tracking_id = detail->adapi__TrackingId;
        return read_operation_errors(soap, detail->OperationErrors, BACM_CHANNEL_API_FAULT,
                                     &fault->list);
    }
    return 0;
}

/* --- GetUser ------------------------------------------------------------------- */

static void *user_request(struct soap *soap, int64_t user_id)
{
    struct _cm__GetUserRequest *request = NEW(_cm__GetUserRequest, 1);

    if (!request || !user_id)
        return request;
    request->UserId = soap_malloc(soap, sizeof *request->UserId);
    if (!request->UserId)
        return NULL;
    *request->UserId = user_id;
    return request;
}

static const int64_t *copy_ids(struct bacm_arena *arena, const struct arr__ArrayOflong *from,
                               size_t *count, int *failed)
{
    size_t size = from && from->__sizelong_ > 0 ? (size_t)from->__sizelong_ : 0;
    int64_t *ids = bacm_arena_array(arena, size + 1, sizeof *ids);

    if (!ids) {
        *failed = 1;
        return NULL;
    }
    for (size_t i = 0; i < size; i++)
        ids[i] = from->long_[i];
    *count = size;
    return ids;
}

static void copy_person(bacm_user *user, struct bacm_arena *arena, const struct ent__User *person,
                        int *failed)
{
    const struct ent__PersonName *name = person->Name;
    const struct ent__ContactInfo *contact = person->ContactInfo;

    user->id = person->Id ? *person->Id : 0;
    user->customer_id = person->CustomerId ? *person->CustomerId : 0;
    user->user_name = bacm_arena_text(arena, text_or_empty(person->UserName), failed);
    user->first_name = bacm_arena_text(arena, text_or_empty(name ? name->FirstName : NULL), failed);
    user->last_name = bacm_arena_text(arena, text_or_empty(name ? name->LastName : NULL), failed);
    user->email = bacm_arena_text(arena, text_or_empty(contact ? contact->Email : NULL), failed);
    user->job_title = bacm_arena_text(arena, text_or_empty(person->JobTitle), failed);
    user->life_cycle_status =
        bacm_arena_text(arena, text_or_empty(person->UserLifeCycleStatus), failed);
}

static enum bacm_mapping_result read_user(bacm_user *user, struct bacm_arena *arena,
                                          const void *response)
{
    const struct _cm__GetUserResponse *from = response;
    int failed = 0;

    if (!from->User)
        return BACM_MAPPING_INCOMPLETE;
    copy_person(user, arena, from->User, &failed);
    copy_access(user, arena, from, &failed);
    return failed ? BACM_MAPPING_NO_MEMORY : BACM_MAPPING_DONE;
}

/* --- AddClientLinks, UpdateClientLinks ------------------------------------------- */

static LONG64 *write_long(struct soap *soap, int64_t id, bool given, bool *failed)
{
    LONG64 *copy;

    if (!given)
        return NULL;
    copy = soap_malloc(soap, sizeof *copy);
    if (!copy)
        *failed = true;
    else
        *copy = id;
    return copy;
}

static LONG64 *write_id(struct soap *soap, int64_t id, bool *failed)
{
    return write_long(soap, id, id != 0, failed);
}

static enum xsd__boolean *write_tristate(bacm_tristate value)
{
    /* Only read by the engine. */
    static enum xsd__boolean yes = xsd__boolean__true_;
    static enum xsd__boolean no = xsd__boolean__false_;

    return value == BACM_ABSENT ? NULL : value == BACM_TRUE ? &yes : &no;
}

/* Texts are borrowed from the link: the engine only reads them. */
static void write_invitation(struct soap *soap, struct ent__ClientLink *to,
                             const bacm_client_link *from, bool *failed)
{
    write_client(soap, to, from, failed);
    to->ManagingCustomerId = write_id(soap, from->managing_customer_id, failed);
    to->ManagingCustomerNumber = (char *)from->managing_customer_number;
    to->Note = (char *)from->note;
    to->Name = (char *)from->name;
    to->InviterEmail = (char *)from->inviter_email;
    to->InviterName = (char *)from->inviter_name;
    to->InviterPhone = (char *)from->inviter_phone;
    to->IsBillToClient = write_tristate(from->is_bill_to_client);
    to->StartDate = (char *)from->start_date;
    to->SuppressNotification = write_tristate(from->suppress_notification);
}

static struct gen__ArrayOfKeyValuePairOfstringstring *
write_map(struct soap *soap, const bacm_client_link *from, bool *failed)
{
    struct gen__ArrayOfKeyValuePairOfstringstring *map;
    size_t count = from->forward_compatibility_count;

    if (!from->has_forward_compatibility_map)
        return NULL;
    map = NEW(gen__ArrayOfKeyValuePairOfstringstring, 1);
    if (map && count)
        map->KeyValuePairOfstringstring = NEW(gen__KeyValuePairOfstringstring, count);
    if (!map || (count && !map->KeyValuePairOfstringstring)) {
        *failed = true;
        return NULL;
    }
    map->__sizeKeyValuePairOfstringstring = (int)count;
    for (size_t i = 0; i < count; i++) {
        map->KeyValuePairOfstringstring[i].key = (char *)from->forward_compatibility_map[i].key;
        map->KeyValuePairOfstringstring[i].value = (char *)from->forward_compatibility_map[i].value;
    }
    return map;
}

/* What a search returned, sent back as received; only the status is new. */
static void write_received(struct soap *soap, struct ent__ClientLink *to,
                           const bacm_client_link *from, bacm_link_status wanted, bool *failed)
{
    to->Status = (char *)bacm_link_status_text(wanted);
    to->LastModifiedDateTime = (char *)from->last_modified_date_time;
    to->LastModifiedByUserId =
        write_long(soap, from->last_modified_by_user_id,
                   from->last_modified_by_user_id || from->has_last_modified_by_user_id, failed);
    to->Timestamp = (char *)from->timestamp;
    to->ForwardCompatibilityMap = write_map(soap, from, failed);
}

/* What the link was found with beside the members of its type. */
static void write_extra(struct soap *soap, const struct ent__ClientLink *to,
                        const bacm_client_link *from, const struct bacm_extra **extras,
                        bool *failed)
{
    struct bacm_extra *extra;

    if (!from->other_members)
        return;
    extra = soap_malloc(soap, sizeof *extra);
    if (!extra) {
        *failed = true;
        return;
    }
    *extra = (struct bacm_extra){*extras, to, from->other_members};
    *extras = extra;
}

static void *links_request(struct soap *soap, const struct bacm_operation *operation,
                           const bacm_client_link *const *links, size_t n, bacm_link_status wanted,
                           const struct bacm_extra **extras)
{
    /* Both requests have one member of the same type. */
    bool updates = operation == &OPERATIONS[OPERATION(UpdateClientLinks)];
    struct ent__ArrayOfClientLink *array = NEW(ent__ArrayOfClientLink, 1);
    bool failed = !array;

    if (!failed) {
        array->ClientLink = NEW(ent__ClientLink, n);
        array->__sizeClientLink = (int)n;
        failed = !array->ClientLink;
    }
    for (size_t i = 0; !failed && i < n; i++) {
        write_invitation(soap, &array->ClientLink[i], links[i], &failed);
        if (updates) {
            write_received(soap, &array->ClientLink[i], links[i], wanted, &failed);
            write_received_client(&array->ClientLink[i], links[i]);
            write_extra(soap, &array->ClientLink[i], links[i], extras, &failed);
        }
    }
    if (failed)
        return NULL;
    if (updates) {
        struct _cm__UpdateClientLinksRequest *update = NEW(_cm__UpdateClientLinksRequest, 1);

        if (update)
            update->ClientLinks = array;
        return update;
    } else {
        struct _cm__AddClientLinksRequest *add = NEW(_cm__AddClientLinksRequest, 1);

        if (add)
            add->ClientLinks = array;
        return add;
    }
}

static int write_reply(struct soap *soap, const struct bacm_operation *operation,
                       const void *response, struct bacm_write_reply *reply)
{
    const struct exc__ArrayOfOperationError *whole;
    const struct exc__ArrayOfArrayOfOperationError *partial;
    struct bacm_error_list *entries;
    size_t count;

    if (operation == &OPERATIONS[OPERATION(UpdateClientLinks)]) {
        const struct _cm__UpdateClientLinksResponse *update = response;

        whole = update->OperationErrors;
        partial = update->PartialErrors;
    } else {
        const struct _cm__AddClientLinksResponse *add = response;

        whole = add->OperationErrors;
        partial = add->PartialErrors;
    }
    if (read_operation_errors(soap, whole, BACM_CHANNEL_OPERATION, &reply->operation_errors) != 0)
        return -1;
    count = partial && partial->__sizeArrayOfOperationError > 0
                ? (size_t)partial->__sizeArrayOfOperationError
                : 0;
    entries = soap_malloc(soap, (count + 1) * sizeof *entries);
    if (!entries)
        return -1;
    for (size_t i = 0; partial && i < count; i++) {
        if (read_operation_errors(soap, &partial->ArrayOfOperationError[i], BACM_CHANNEL_PARTIAL,
                                  &entries[i]) != 0)
            return -1;
    }
    reply->partial = entries;
    reply->partial_count = count;
    return 0;
}

/* --- SearchClientLinks ------------------------------------------------------------ */

static char *ids_text(struct soap *soap, const int64_t *ids, size_t count)
{
    enum { ID_SPACE = 21 };
    char *text = soap_malloc(soap, count * ID_SPACE + 1);
    size_t used = 0;

    if (!text)
        return NULL;
    for (size_t i = 0; i < count; i++)
        used +=
            (size_t)snprintf(text + used, ID_SPACE + 1, "%s%lld", i ? "," : "", (long long)ids[i]);
    return text;
}

enum { MAX_PREDICATES = 4 };

static bool add_predicate(struct soap *soap, struct ent__ArrayOfPredicate *predicates,
                          const char *field, const int64_t *ids, size_t count)
{
    struct ent__Predicate *predicate = &predicates->Predicate[predicates->__sizePredicate++];

    predicate->Field = (char *)field;
    predicate->Operator = (char *)(count > 1 ? "In" : "Equals");
    predicate->Value = ids_text(soap, ids, count);
    return predicate->Value != NULL;
}

static struct ent__ArrayOfOrderBy *write_order(struct soap *soap, const bacm_link_search *search)
{
    static const char *const fields[] = {"", "Id", "Name", "Number"};
    struct ent__ArrayOfOrderBy *ordering = NEW(ent__ArrayOfOrderBy, 1);

    if (!ordering)
        return NULL;
    ordering->OrderBy = NEW(ent__OrderBy, 1);
    if (!ordering->OrderBy)
        return NULL;
    ordering->__sizeOrderBy = 1;
    ordering->OrderBy->Field = (char *)fields[search->order];
    ordering->OrderBy->Order = (char *)(search->descending ? "Descending" : "Ascending");
    return ordering;
}

static struct ent__Paging *write_page(struct soap *soap, unsigned index, unsigned size)
{
    struct ent__Paging *page = NEW(ent__Paging, 1);
    int *numbers = soap_malloc(soap, 2 * sizeof *numbers);

    if (!page || !numbers)
        return NULL;
    numbers[0] = (int)index;
    numbers[1] = (int)size;
    page->Index = &numbers[0];
    page->Size = &numbers[1];
    return page;
}

static void *search_request(struct soap *soap, const bacm_link_search *search, unsigned page_index)
{
    struct _cm__SearchClientLinksRequest *request = NEW(_cm__SearchClientLinksRequest, 1);
    struct ent__ArrayOfPredicate *predicates = NEW(ent__ArrayOfPredicate, 1);

    if (!request || !predicates)
        return NULL;
    request->Predicates = predicates;
    predicates->Predicate = NEW(ent__Predicate, MAX_PREDICATES);
    if (!predicates->Predicate)
        return NULL;
    if (search->client_account_count &&
        !add_predicate(soap, predicates, "ClientAccountId", search->client_account_ids,
                       search->client_account_count))
        return NULL;
    if (search->client_customer_count &&
        !add_predicate(soap, predicates, "ClientCustomerId", search->client_customer_ids,
                       search->client_customer_count))
        return NULL;
    if (search->managing_customer_id &&
        !add_predicate(soap, predicates, "ManagingCustomerId", &search->managing_customer_id, 1))
        return NULL;
    if (search->direct_managing_customer_id &&
        !add_predicate(soap, predicates, "DirectManagingCustomerId",
                       &search->direct_managing_customer_id, 1))
        return NULL;
    if (search->order != BACM_ORDER_NONE) {
        request->Ordering = write_order(soap, search);
        if (!request->Ordering)
            return NULL;
    }
    request->PageInfo = write_page(soap, page_index, search->page_size);
    return request->PageInfo ? request : NULL;
}

static bacm_tristate read_tristate(const enum xsd__boolean *value)
{
    return !value ? BACM_ABSENT : *value == xsd__boolean__true_ ? BACM_TRUE : BACM_FALSE;
}

static void copy_map(struct bacm_arena *arena, bacm_client_link *to,
                     const struct gen__ArrayOfKeyValuePairOfstringstring *from, int *failed)
{
    bacm_key_value *pairs;
    size_t count = from->__sizeKeyValuePairOfstringstring > 0
                       ? (size_t)from->__sizeKeyValuePairOfstringstring
                       : 0;

    to->has_forward_compatibility_map = true;
    pairs = bacm_arena_array(arena, count + 1, sizeof *pairs);
    if (!pairs) {
        *failed = 1;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        pairs[i].key = bacm_arena_text(arena, from->KeyValuePairOfstringstring[i].key, failed);
        pairs[i].value = bacm_arena_text(arena, from->KeyValuePairOfstringstring[i].value, failed);
    }
    to->forward_compatibility_map = pairs;
    to->forward_compatibility_count = count;
}

static void copy_link(struct bacm_arena *arena, bacm_client_link *to,
                      const struct ent__ClientLink *from, int *failed)
{
    to->struct_size = sizeof *to;
    copy_client(arena, to, from, failed);
    to->managing_customer_id = from->ManagingCustomerId ? *from->ManagingCustomerId : 0;
    to->managing_customer_number = bacm_arena_text(arena, from->ManagingCustomerNumber, failed);
    to->note = bacm_arena_text(arena, from->Note, failed);
    to->name = bacm_arena_text(arena, from->Name, failed);
    to->inviter_email = bacm_arena_text(arena, from->InviterEmail, failed);
    to->inviter_name = bacm_arena_text(arena, from->InviterName, failed);
    to->inviter_phone = bacm_arena_text(arena, from->InviterPhone, failed);
    to->is_bill_to_client = read_tristate(from->IsBillToClient);
    to->start_date = bacm_arena_text(arena, from->StartDate, failed);
    to->suppress_notification = read_tristate(from->SuppressNotification);
    to->status = bacm_link_status_parse(from->Status);
    to->status_text = bacm_arena_text(arena, from->Status, failed);
    to->last_modified_date_time = bacm_arena_text(arena, from->LastModifiedDateTime, failed);
    to->last_modified_by_user_id = from->LastModifiedByUserId ? *from->LastModifiedByUserId : 0;
    to->has_last_modified_by_user_id = from->LastModifiedByUserId != NULL;
    to->timestamp = bacm_arena_text(arena, from->Timestamp, failed);
    if (from->ForwardCompatibilityMap)
        copy_map(arena, to, from->ForwardCompatibilityMap, failed);
}

static void copy_extra(struct bacm_arena *arena, bacm_client_link *to,
                       const struct ent__ClientLink *from, const struct bacm_extra *extras,
                       int *failed)
{
    for (; extras; extras = extras->next) {
        if (extras->owner == from)
            to->other_members = bacm_arena_text(arena, extras->members, failed);
    }
}

static int search_response(struct bacm_arena *arena, const void *response,
                           const struct bacm_extra *extras, bacm_client_link **links, size_t *count)
{
    const struct _cm__SearchClientLinksResponse *from = response;
    const struct ent__ArrayOfClientLink *array = from->ClientLinks;
    size_t size = array && array->__sizeClientLink > 0 ? (size_t)array->__sizeClientLink : 0;
    int failed = 0;

    *count = size;
    *links = bacm_arena_array(arena, size + 1, sizeof **links);
    if (!*links)
        return -1;
    for (size_t i = 0; i < size && !failed; i++) {
        copy_link(arena, &(*links)[i], &array->ClientLink[i], &failed);
        copy_extra(arena, &(*links)[i], &array->ClientLink[i], extras, &failed);
    }
    return failed ? -1 : 0;
}

/* The functions as the mapping of the version. */
#define SHARED_MAPPING                                                                             \
    {                                                                                              \
        user_request, read_user, links_request, write_reply, search_request, search_response,      \
            read_fault                                                                             \
    }

#endif
