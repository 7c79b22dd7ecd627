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

/* User name and password of a header, where the version has them. */
static void write_password(struct SOAP_ENV__Header *part, const struct bacm_secrets *secrets);
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

/*
 * What requests declare. The engine sends every namespace of its table with
 * each message, so each table holds no more than the operation writes.
 */
#define ENVELOPE_NAMESPACE                                                                         \
    {"SOAP-ENV", "http://schemas.xmlsoap.org/soap/envelope/", NULL, NULL},                         \
    {                                                                                              \
        "SOAP-ENC", NULL, NULL, NULL                                                               \
    }
#define XSI_NAMESPACE                                                                              \
    {                                                                                              \
        "xsi", "http://www.w3.org/2001/XMLSchema-instance", NULL, NULL                             \
    }
#define NO_XSI                                                                                     \
    {                                                                                              \
        "xsi", NULL, NULL, NULL                                                                    \
    }
#define NO_XSD                                                                                     \
    {                                                                                              \
        "xsd", NULL, NULL, NULL                                                                    \
    }
#define CM_NAMESPACE                                                                               \
    {                                                                                              \
        "cm", CUSTOMER_NAMESPACE, NULL, NULL                                                       \
    }
#define ENT_NAMESPACE                                                                              \
    {                                                                                              \
        "ent", CUSTOMER_NAMESPACE "/Entities", NULL, NULL                                          \
    }
#define GEN_NAMESPACE                                                                              \
    {                                                                                              \
        "gen", "http://schemas.datacontract.org/2004/07/System.Collections.Generic", NULL, NULL    \
    }
#define ARR_NAMESPACE                                                                              \
    {                                                                                              \
        "arr", "http://schemas.microsoft.com/2003/10/Serialization/Arrays", NULL, NULL             \
    }
#define END_OF_TABLE                                                                               \
    {                                                                                              \
        NULL, NULL, NULL, NULL                                                                     \
    }

static const struct Namespace user_namespaces[] = {ENVELOPE_NAMESPACE, NO_XSI, NO_XSD, CM_NAMESPACE,
                                                   END_OF_TABLE};
static const struct Namespace link_namespaces[] = {ENVELOPE_NAMESPACE, NO_XSI,       NO_XSD,
                                                   ENT_NAMESPACE,      CM_NAMESPACE, END_OF_TABLE};
/* A key or value that is nil is required, so it is written as nil. */
static const struct Namespace map_namespaces[] = {ENVELOPE_NAMESPACE, XSI_NAMESPACE, NO_XSD,
                                                  ENT_NAMESPACE,      GEN_NAMESPACE, CM_NAMESPACE,
                                                  END_OF_TABLE};
static const struct Namespace any_namespaces[] = {ENVELOPE_NAMESPACE, XSI_NAMESPACE, NO_XSD,
                                                  ARR_NAMESPACE,      ENT_NAMESPACE, GEN_NAMESPACE,
                                                  CM_NAMESPACE,       END_OF_TABLE};

static const struct Namespace *links_namespaces(const struct ent__ArrayOfClientLink *links)
{
    for (int i = 0; links && links->ClientLink && i < links->__sizeClientLink; i++) {
        if (links->ClientLink[i].ForwardCompatibilityMap)
            return map_namespaces;
    }
    return link_namespaces;
}

static const struct Namespace *request_namespaces(const struct bacm_operation *operation,
                                                  const void *request)
{
    switch (operation - OPERATIONS) {
    case OPERATION(GetUser):
        return user_namespaces;
    case OPERATION(SearchClientLinks):
        return link_namespaces;
    case OPERATION(AddClientLinks):
        return links_namespaces(((const struct _cm__AddClientLinksRequest *)request)->ClientLinks);
    case OPERATION(UpdateClientLinks):
        return links_namespaces(
            ((const struct _cm__UpdateClientLinksRequest *)request)->ClientLinks);
    default:
        return any_namespaces;
    }
}

/* --- header and faults -------------------------------------------------------- */

static int set_header(struct soap *soap, const struct bacm_header *header)
{
    const struct bacm_secrets *secrets = header->secrets;
    struct SOAP_ENV__Header *part = soap_new_SOAP_ENV__Header(soap, 1);

    if (!part)
        return -1;
    if (header->action) {
        part->cm__Action = soap_new__cm__Action(soap, 1);
        if (!part->cm__Action)
            return -1;
        part->cm__Action->__item = (char *)header->action;
        part->cm__Action->mustUnderstand_ = (char *)"1";
    }
    part->cm__DeveloperToken = secrets->developer_token;
    part->cm__AuthenticationToken = secrets->access_token;
    write_password(part, secrets);
    soap->header = part;
    return 0;
}

static const char *tracking_id(struct soap *soap)
{
    return soap->header && soap->header->cm__TrackingId ? soap->header->cm__TrackingId : "";
}

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

static int read_fault(struct soap *soap, struct bacm_fault *fault)
{
    const struct SOAP_ENV__Fault *from = soap->fault;
    const struct SOAP_ENV__Detail *detail = from ? from->detail : NULL;

    memset(fault, 0, sizeof *fault);
    fault->channel = BACM_CHANNEL_BARE_FAULT;
    fault->fault_code = text_or_empty(from ? from->faultcode : NULL);
    fault->fault_string = text_or_empty(from ? from->faultstring : NULL);
    fault->tracking_id = tracking_id(soap);
    if (detail && detail->adapi__AdApiFaultDetail) {
        fault->channel = BACM_CHANNEL_ADAPI;
        if (detail->adapi__AdApiFaultDetail->TrackingId)
            fault->tracking_id = detail->adapi__AdApiFaultDetail->TrackingId;
        return read_api_errors(soap, detail->adapi__AdApiFaultDetail->Errors, &fault->list);
    }
    if (detail && detail->cm__ApiFault) {
        fault->channel = BACM_CHANNEL_API_FAULT;
        if (detail->cm__ApiFault->adapi__TrackingId)
            fault->tracking_id = detail->cm__ApiFault->adapi__TrackingId;
        return read_operation_errors(soap, detail->cm__ApiFault->OperationErrors,
                                     BACM_CHANNEL_API_FAULT, &fault->list);
    }
    return 0;
}

/* --- GetUser ------------------------------------------------------------------- */

static void *user_request(struct soap *soap, int64_t user_id)
{
    struct _cm__GetUserRequest *request = soap_new__cm__GetUserRequest(soap, 1);

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

static enum bacm_mapping read_user(bacm_user *user, struct bacm_arena *arena, const void *response)
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
    map = soap_new_gen__ArrayOfKeyValuePairOfstringstring(soap, 1);
    if (map && count)
        map->KeyValuePairOfstringstring =
            soap_new_gen__KeyValuePairOfstringstring(soap, (int)count);
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

static void *links_request(struct soap *soap, const struct bacm_operation *operation,
                           const bacm_client_link *const *links, size_t n, bacm_link_status wanted)
{
    /* Both requests have one member of the same type. */
    bool updates = operation == &OPERATIONS[OPERATION(UpdateClientLinks)];
    struct ent__ArrayOfClientLink *array = soap_new_ent__ArrayOfClientLink(soap, 1);
    bool failed = !array;

    if (!failed) {
        array->ClientLink = soap_new_ent__ClientLink(soap, (int)n);
        array->__sizeClientLink = (int)n;
        failed = !array->ClientLink;
    }
    for (size_t i = 0; !failed && i < n; i++) {
        write_invitation(soap, &array->ClientLink[i], links[i], &failed);
        if (updates) {
            write_received(soap, &array->ClientLink[i], links[i], wanted, &failed);
            write_received_client(&array->ClientLink[i], links[i]);
        }
    }
    if (failed)
        return NULL;
    if (updates) {
        struct _cm__UpdateClientLinksRequest *update =
            soap_new__cm__UpdateClientLinksRequest(soap, 1);

        if (update)
            update->ClientLinks = array;
        return update;
    } else {
        struct _cm__AddClientLinksRequest *add = soap_new__cm__AddClientLinksRequest(soap, 1);

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
    struct ent__ArrayOfOrderBy *ordering = soap_new_ent__ArrayOfOrderBy(soap, 1);

    if (!ordering)
        return NULL;
    ordering->OrderBy = soap_new_ent__OrderBy(soap, 1);
    if (!ordering->OrderBy)
        return NULL;
    ordering->__sizeOrderBy = 1;
    ordering->OrderBy->Field = (char *)fields[search->order];
    ordering->OrderBy->Order = (char *)(search->descending ? "Descending" : "Ascending");
    return ordering;
}

static struct ent__Paging *write_page(struct soap *soap, unsigned index, unsigned size)
{
    struct ent__Paging *page = soap_new_ent__Paging(soap, 1);
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
    struct _cm__SearchClientLinksRequest *request = soap_new__cm__SearchClientLinksRequest(soap, 1);
    struct ent__ArrayOfPredicate *predicates = soap_new_ent__ArrayOfPredicate(soap, 1);

    if (!request || !predicates)
        return NULL;
    request->Predicates = predicates;
    predicates->Predicate = soap_new_ent__Predicate(soap, MAX_PREDICATES);
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

static int search_response(struct bacm_arena *arena, const void *response, bacm_client_link **links,
                           size_t *count)
{
    const struct _cm__SearchClientLinksResponse *from = response;
    const struct ent__ArrayOfClientLink *array = from->ClientLinks;
    size_t size = array && array->__sizeClientLink > 0 ? (size_t)array->__sizeClientLink : 0;
    int failed = 0;

    *count = size;
    *links = bacm_arena_array(arena, size + 1, sizeof **links);
    if (!*links)
        return -1;
    for (size_t i = 0; i < size && !failed; i++)
        copy_link(arena, &(*links)[i], &array->ClientLink[i], &failed);
    return failed ? -1 : 0;
}

/* What is the same function for each version, in its struct bacm_contract. */
#define SHARED_MAPPING                                                                             \
    .operations = OPERATIONS, .operation_count = &OPERATION_COUNT, .reply_namespaces = namespaces, \
    .get_user = &OPERATIONS[OPERATION(GetUser)],                                                   \
    .add_links = &OPERATIONS[OPERATION(AddClientLinks)],                                           \
    .update_links = &OPERATIONS[OPERATION(UpdateClientLinks)],                                     \
    .search_links = &OPERATIONS[OPERATION(SearchClientLinks)],                                     \
    .request_namespaces = request_namespaces, .set_header = set_header,                            \
    .tracking_id = tracking_id, .read_fault = read_fault, .user_request = user_request,            \
    .read_user = read_user, .links_request = links_request, .write_reply = write_reply,            \
    .search_request = search_request, .search_response = search_response

#endif
